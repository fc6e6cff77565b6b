#include "closure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the types in a piece of text. */
enum scan {
	AS_MEMBERS, /* those that the source can get at whole, others pointed to */
	AS_LIBRARY, /* the same for what a library's file declares: those of functions that the source names */
	ALL_WHOLE,
	ALL_POINTED,
};

enum { MOST_TOKENS = 4096 };

struct closure {
	const struct declarations *declarations;
	const struct mentions *mentions;
	uint8_t *needs;
	uint32_t *waiting; /* those that are needed more than was known; each gets in twice at most */
	size_t waiting_count;
};

static void want(struct closure *closure, struct span name, bool is_tag, enum need need)
{
	int64_t which = find_name(closure->declarations, name, is_tag);
	if (which < 0 || closure->needs[which] >= need)
		return;
	closure->needs[which] = need;
	closure->waiting[closure->waiting_count++] = which;
}

static bool is_tagged_by(const struct token *before, const char *word)
{
	return before->kind == WORD && same(before->text, word);
}

static bool is_qualifier(struct span word)
{
	return same(word, "const") || same(word, "volatile") || same(word, "restrict");
}

/* Whether the source can follow a pointer that is declared here: if there is none, or if it says the name behind one. */
static bool is_followed(const struct closure *closure, const struct token *tokens, size_t length)
{
	bool has_pointer = false;
	for (size_t i = 0; i < length; i++) {
		if (tokens[i].kind == ')' && i + 1 < length && tokens[i + 1].kind == '[')
			return true; /* an array needs all of its type, even if it is only pointed to */
		if (tokens[i].kind != '*')
			continue;
		has_pointer = true;
		size_t name = i + 1;
		while (name < length && tokens[name].kind == WORD && is_qualifier(tokens[name].text))
			name++;
		if (name < length && tokens[name].kind == WORD && mentions_word(closure->mentions, tokens[name].text))
			return true;
	}
	return !has_pointer;
}

/* Whether the source names a function that is declared here: `NAME(` or, as libbpf has all helpers, `(* const NAME)`. */
static bool is_called(const struct closure *closure, const struct token *tokens, size_t length)
{
	for (size_t i = 1; i + 1 < length; i++) {
		if (tokens[i].kind != WORD || is_qualifier(tokens[i].text) || !mentions_word(closure->mentions, tokens[i].text))
			continue;
		size_t before = i - 1;
		while (before > 0 && tokens[before].kind == WORD && is_qualifier(tokens[before].text))
			before--;
		bool is_pointer = before > 0 && tokens[before].kind == '*' && tokens[before - 1].kind == '(';
		bool is_function = tokens[i + 1].kind == '(' && (i + 2 == length || tokens[i + 2].kind != '*');
		if (is_function || (is_pointer && tokens[i + 1].kind == ')'))
			return true;
	}
	return false;
}

/* One member, or all of a declaration without members. */
static void scan_member(struct closure *closure, const struct token *tokens, size_t length, int end, enum scan scan)
{
	bool is_array = end == ';' && length > 0 && tokens[length - 1].kind == ']';
	bool whole = scan == ALL_WHOLE || (scan == ALL_POINTED && is_array) ||
		     (scan == AS_MEMBERS && is_followed(closure, tokens, length)) ||
		     (scan == AS_LIBRARY && is_called(closure, tokens, length));
	for (size_t i = 0; i < length; i++) {
		if (tokens[i].kind != WORD)
			continue;
		const struct token *before = i > 0 ? &tokens[i - 1] : NULL;
		if (before && (is_tagged_by(before, "struct") || is_tagged_by(before, "union"))) {
			want(closure, tokens[i].text, true, whole ? WHOLE : POINTED);
		} else if (before && is_tagged_by(before, "enum")) {
			want(closure, tokens[i].text, true, WHOLE);
		} else {
			int64_t which = find_name(closure->declarations, tokens[i].text, false);
			if (which >= 0 && closure->declarations->all[which].kind == ALIAS)
				want(closure, tokens[i].text, false, whole ? WHOLE : POINTED);
		}
	}
}

static void scan_text(struct closure *closure, struct span text, enum scan scan)
{
	static struct token tokens[MOST_TOKENS];
	size_t length = 0;
	struct lexer lexer = lexer_of(text);
	for (struct token token = next_token(&lexer); token.kind != END; token = next_token(&lexer)) {
		if (token.directive)
			continue;
		if (token.kind == ';' || token.kind == '{' || token.kind == '}' || length == MOST_TOKENS) {
			bool is_name = length == 2 && (is_tagged_by(&tokens[0], "struct") || is_tagged_by(&tokens[0], "union"));
			if (!is_name) /* struct NAME; needs nothing */
				scan_member(closure, tokens, length, token.kind, scan);
			length = 0;
		} else {
			tokens[length++] = token;
		}
	}
	scan_member(closure, tokens, length, END, scan);
}

static void scan_declaration(struct closure *closure, uint32_t which)
{
	struct span text = text_of(closure->declarations, which);
	bool is_whole = closure->needs[which] == WHOLE;
	switch (closure->declarations->all[which].kind) {
	case RECORD:
		if (is_whole)
			scan_text(closure, text, AS_MEMBERS);
		break;
	case ALIAS:
		if (memchr(text.at, '{', text.length))
			scan_text(closure, text, AS_MEMBERS);
		else
			scan_text(closure, text, is_whole ? ALL_WHOLE : ALL_POINTED);
		break;
	case FUNCTION:
		scan_text(closure, text, ALL_WHOLE);
		break;
	}
}

/* What the files of the source name themselves. A struct's name may come by a macro: `struct NAME` in one that nobody declares. */
static void scan_files(struct closure *closure)
{
	bool any_tag = false;
	for (size_t i = 0; i < closure->mentions->file_count; i++) {
		struct span text = closure->mentions->files[i].text;
		bool is_library = closure->mentions->files[i].is_library;
		if (is_library)
			scan_text(closure, text, AS_LIBRARY);
		struct token before = { END, { NULL, 0 }, false };
		struct lexer lexer = lexer_of(text);
		for (struct token token = next_token(&lexer); token.kind != END; token = next_token(&lexer)) {
			bool is_tag = before.kind == WORD && (same(before.text, "struct") || same(before.text, "union") || same(before.text, "enum"));
			if (token.kind == WORD && is_tag && (!is_library || token.directive)) {
				want(closure, token.text, true, WHOLE);
				any_tag |= token.directive && !is_library && find_name(closure->declarations, token.text, true) < 0;
			}
			before = token;
		}
	}
	for (size_t i = 0; i < MOST_WORDS; i++) {
		struct span word = closure->mentions->words[i].text;
		if (!word.at)
			continue;
		want(closure, word, false, WHOLE);
		if (any_tag)
			want(closure, word, true, WHOLE);
	}
}

uint8_t *close_over(const struct declarations *declarations, const struct mentions *mentions)
{
	struct closure closure = {
		.declarations = declarations,
		.mentions = mentions,
		.needs = calloc(declarations->count + 1, 1),
		.waiting = calloc(2 * declarations->count + 1, sizeof(uint32_t)),
	};
	if (!closure.needs || !closure.waiting)
		fail("vmlinux.h", "there is not enough memory");
	scan_files(&closure);
	while (closure.waiting_count > 0)
		scan_declaration(&closure, closure.waiting[--closure.waiting_count]);
	return closure.needs;
}
