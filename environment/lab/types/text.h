/* Files as text, and C's tokens in them. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Not terminated by a zero. */
struct span {
	const char *at;
	size_t length;
};

bool same(struct span a, const char *word);
bool is_letter(char c);

/* An identifier that begins at `at`. */
struct span word_at(const char *at, const char *end);

/* A file in memory for as long as this process runs; false if it cannot be read. */
bool read_file(const char *path, struct span *text);

/* Ends the process with code 1. */
_Noreturn void fail(const char *path, const char *what);

enum {
	END = 0,
	WORD = 'a',
	LITERAL = '0', /* a number, a character or a string */
	PASTE = 'p',   /* ## */
	/* everything else is its own character */
};

struct lexer {
	const char *at, *end;
	bool directive; /* the token is in a line that begins with # */
	bool line_start;
};

struct token {
	int kind;
	struct span text;
	bool directive;
};

struct lexer lexer_of(struct span text);
struct token next_token(struct lexer *lexer);

/* What is left of this line. */
struct span rest_of_line(struct lexer *lexer);

#endif
