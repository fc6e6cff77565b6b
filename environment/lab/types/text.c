#include "text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool same(struct span a, const char *word)
{
	return strlen(word) == a.length && memcmp(a.at, word, a.length) == 0;
}

bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
}

struct span word_at(const char *at, const char *end)
{
	struct span word = { at, 0 };
	while (at + word.length < end && is_letter(at[word.length]))
		word.length++;
	return word;
}

bool read_file(const char *path, struct span *text)
{
	struct stat status;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	bool good = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
	*text = (struct span){ "", 0 };
	if (good && status.st_size > 0) {
		void *memory = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
		good = memory != MAP_FAILED;
		*text = (struct span){ memory, status.st_size };
	}
	close(file);
	return good;
}

void fail(const char *path, const char *what)
{
	fprintf(stderr, "types: %s: %s\n", path, what);
	exit(1);
}

struct lexer lexer_of(struct span text)
{
	return (struct lexer){ text.at, text.at + text.length, false, true };
}

static bool begins(const struct lexer *lexer, const char *word)
{
	size_t length = strlen(word);
	return (size_t)(lexer->end - lexer->at) >= length && memcmp(lexer->at, word, length) == 0;
}

/* Spaces, comments, and the ends of lines, where a directive ends. */
static void skip(struct lexer *lexer)
{
	while (lexer->at < lexer->end) {
		char c = *lexer->at;
		if (c == '\n') {
			lexer->directive = false;
			lexer->line_start = true;
			lexer->at++;
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
			lexer->at++;
		} else if (begins(lexer, "\\\n")) {
			lexer->at += 2;
		} else if (begins(lexer, "/*")) {
			lexer->at += 2;
			while (lexer->at < lexer->end && !begins(lexer, "*/"))
				lexer->at++;
			lexer->at += lexer->at < lexer->end ? 2 : 0;
		} else if (begins(lexer, "//")) {
			while (lexer->at < lexer->end && *lexer->at != '\n')
				lexer->at++;
		} else {
			return;
		}
	}
}

/* The end of a string or character that begins at `at`; of its line if it has none. */
static const char *after_literal(const char *at, const char *end)
{
	char quote = *at++;
	while (at < end && *at != quote && *at != '\n')
		at += *at == '\\' && at + 1 < end ? 2 : 1;
	return at < end && *at == quote ? at + 1 : at;
}

struct token next_token(struct lexer *lexer)
{
	skip(lexer);
	struct token token = { END, { lexer->at, 0 }, lexer->directive };
	if (lexer->at == lexer->end)
		return token;
	char c = *lexer->at;
	if (c == '#' && lexer->line_start)
		token.directive = lexer->directive = true;
	lexer->line_start = false;
	if (is_letter(c)) {
		token.text = word_at(lexer->at, lexer->end);
		token.kind = c >= '0' && c <= '9' ? LITERAL : WORD;
		lexer->at += token.text.length;
		return token;
	}
	const char *after = lexer->at + 1;
	token.kind = c;
	if (c == '"' || c == '\'') {
		after = after_literal(lexer->at, lexer->end);
		token.kind = LITERAL;
	} else if (begins(lexer, "##")) {
		after++;
		token.kind = PASTE;
	}
	token.text.length = after - lexer->at;
	lexer->at = after;
	return token;
}

struct span rest_of_line(struct lexer *lexer)
{
	struct span rest = { lexer->at, 0 };
	while (lexer->at < lexer->end && *lexer->at != '\n')
		lexer->at++;
	rest.length = lexer->at - rest.at;
	return rest;
}
