#include "declarations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct head {
	uint32_t count, name_count;
};

static const char *header_text; /* for qsort */
static const char *header_end;

static int compare(struct span a, bool a_is_tag, struct span b, bool b_is_tag)
{
	if (a_is_tag != b_is_tag)
		return a_is_tag - b_is_tag;
	int order = memcmp(a.at, b.at, a.length < b.length ? a.length : b.length);
	return order ? order : (a.length > b.length) - (a.length < b.length);
}

static struct span name_text(const struct name *name)
{
	return word_at(header_text + name->at, header_end);
}

static int compare_names(const void *a, const void *b)
{
	const struct name *left = a, *right = b;
	int order = compare(name_text(left), left->is_tag, name_text(right), right->is_tag);
	return order ? order : (left->at > right->at) - (left->at < right->at);
}

static struct declaration *all;
static struct name *names;
static uint32_t count, name_count;

static void add_name(struct span name, bool is_tag)
{
	names[name_count++] = (struct name){ name.at - header_text, count, is_tag };
}

/* What a typedef declares: behind (*, or the first name before ( [ or ; that is in no braces. */
static void add_alias(const struct token *tokens, size_t length)
{
	int depth = 0;
	for (size_t i = 1; i + 1 < length; i++) {
		depth += (tokens[i].kind == '{') - (tokens[i].kind == '}');
		if (depth > 0 || tokens[i].kind != WORD || same(tokens[i].text, "__attribute__"))
			continue;
		int next = tokens[i + 1].kind;
		bool of_type = next == '(' && i + 2 < length && tokens[i + 2].kind == '*';
		bool behind_star = i > 2 && tokens[i - 1].kind == '*' && tokens[i - 2].kind == '(';
		bool behind_const = i > 3 && same(tokens[i - 1].text, "const") && tokens[i - 2].kind == '*';
		if (behind_star || behind_const || ((next == '(' || next == '[' || next == ';') && !of_type)) {
			if (same(tokens[i].text, "const"))
				continue;
			add_name(tokens[i].text, false);
			return;
		}
	}
	fail("vmlinux.h", "a typedef declares no name that can be found");
}

static void add_constants(const struct token *tokens, size_t length)
{
	for (size_t i = 1; i + 1 < length; i++)
		if (tokens[i].kind == WORD && (tokens[i - 1].kind == '{' || tokens[i - 1].kind == ','))
			add_name(tokens[i].text, false);
}

/* The kind of a declaration; adds what it declares. */
static enum kind classify(const struct token *tokens, size_t length)
{
	const struct token *first = &tokens[0], *second = &tokens[1];
	if (length < 3)
		fail("vmlinux.h", "a declaration of two tokens");
	if (same(first->text, "enum")) {
		if (second->kind == WORD)
			add_name(second->text, true);
		add_constants(tokens, length);
		return tokens[2].kind == ';' ? FORWARD : ENUM;
	}
	if (same(first->text, "struct") || same(first->text, "union")) {
		if (second->kind != WORD)
			fail("vmlinux.h", "a struct without a name");
		add_name(second->text, true);
		return tokens[2].kind == '{' ? RECORD : FORWARD;
	}
	if (same(first->text, "typedef")) {
		add_alias(tokens, length);
		if (same(second->text, "enum"))
			add_constants(tokens, length);
		return ALIAS;
	}
	if (same(first->text, "extern")) {
		for (size_t i = 1; i + 1 < length; i++)
			if (tokens[i].kind == WORD && tokens[i + 1].kind == '(') {
				add_name(tokens[i].text, false);
				return FUNCTION;
			}
	}
	fail("vmlinux.h", "a declaration of a kind that is not known here");
}

/* Of a name that is declared ahead of its definition, the definition counts. */
static void drop_forward(void)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < name_count; i++) {
		bool again = kept > 0 && compare(name_text(&names[kept - 1]), names[kept - 1].is_tag, name_text(&names[i]), names[i].is_tag) == 0;
		if (!again)
			names[kept++] = names[i];
		else if (all[names[kept - 1].declaration].kind == FORWARD)
			names[kept - 1] = names[i];
	}
	name_count = kept;
}

static uint32_t lines_between(const char *from, const char *to)
{
	uint32_t lines = 0;
	while ((from = memchr(from, '\n', to - from)) != NULL) {
		lines++;
		from++;
	}
	return lines;
}

void write_index(const char *header_path, const char *index_path)
{
	struct span header;
	if (!read_file(header_path, &header))
		fail(header_path, "it cannot be read");
	header_text = header.at;
	header_end = header.at + header.length;
	/* Each takes two bytes of text at least, and a token one. */
	all = calloc(header.length / 2 + 2, sizeof *all);
	names = calloc(header.length / 2 + 2, sizeof *names);
	struct token *tokens = calloc(header.length + 1, sizeof *tokens);
	if (!all || !names || !tokens)
		fail(header_path, "there is not enough memory for its index");

	struct lexer lexer = lexer_of(header);
	const char *counted = header.at;
	uint32_t line = 1;
	for (;;) {
		struct token token = next_token(&lexer);
		const char *start = token.text.at;
		line += lines_between(counted, start);
		counted = start;
		all[count] = (struct declaration){ start - header.at, line, ALWAYS };
		if (token.kind == END)
			break;
		if (token.directive) {
			rest_of_line(&lexer);
			count++;
			continue;
		}
		size_t length = 0;
		for (int depth = 0;; token = next_token(&lexer)) {
			if (token.kind == END || token.directive)
				fail(header_path, "a declaration has no end");
			tokens[length++] = token;
			depth += (token.kind == '{') - (token.kind == '}');
			if (token.kind == ';' && depth == 0)
				break;
		}
		all[count].kind = classify(tokens, length);
		count++;
	}
	qsort(names, name_count, sizeof *names, compare_names);
	drop_forward();

	FILE *file = fopen(index_path, "w");
	struct head head = { count, name_count };
	if (!file || fwrite(&head, sizeof head, 1, file) != 1 || fwrite(all, sizeof *all, count + 1, file) != count + 1 ||
	    fwrite(names, sizeof *names, name_count, file) != name_count || fclose(file) != 0)
		fail(index_path, "it cannot be written");
}

struct declarations read_index(const char *header_path, const char *index_path)
{
	struct declarations read;
	struct span index;
	if (!read_file(header_path, &read.header))
		fail(header_path, "it cannot be read");
	if (!read_file(index_path, &index) || index.length < sizeof(struct head))
		fail(index_path, "it cannot be read");
	const struct head *head = (const void *)index.at;
	if (head->count == 0)
		fail("the compiler", "it has not been downloaded yet");
	read.count = head->count;
	read.name_count = head->name_count;
	read.all = (const void *)(head + 1);
	read.names = (const void *)(read.all + read.count + 1);
	if ((const char *)(read.names + read.name_count) != index.at + index.length ||
	    read.all[read.count].start != read.header.length)
		fail(index_path, "it is not the index of this header");
	return read;
}

struct span text_of(const struct declarations *declarations, uint32_t which)
{
	const struct declaration *one = &declarations->all[which];
	return (struct span){ declarations->header.at + one->start, one[1].start - one->start };
}

int64_t find_name(const struct declarations *declarations, struct span name, bool is_tag)
{
	uint32_t low = 0, high = declarations->name_count;
	const char *end = declarations->header.at + declarations->header.length;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct name *there = &declarations->names[middle];
		int order = compare(name, is_tag, word_at(declarations->header.at + there->at, end), there->is_tag);
		if (order == 0)
			return there->declaration;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}
