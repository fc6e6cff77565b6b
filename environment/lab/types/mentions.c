#include "mentions.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const system_folder = "/usr/include";

static size_t slot_of(const struct mentions *mentions, struct span word)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < word.length; i++)
		hash = (hash ^ (uint8_t)word.at[i]) * 16777619u;
	size_t slot = hash % MOST_WORDS;
	for (; mentions->words[slot].text.at; slot = (slot + 1) % MOST_WORDS)
		if (mentions->words[slot].text.length == word.length &&
		    memcmp(mentions->words[slot].text.at, word.at, word.length) == 0)
			break;
	return slot;
}

bool mentions_word(const struct mentions *mentions, struct span word)
{
	return mentions->words[slot_of(mentions, word)].text.at != NULL;
}

void mention(struct mentions *mentions, struct span word, bool is_library)
{
	size_t slot = slot_of(mentions, word);
	if (mentions->words[slot].text.at) {
		mentions->words[slot].is_library &= is_library;
		return;
	}
	/* Slots stay free, or a word that is not there would be looked for without end. */
	if (mentions->word_count > MOST_WORDS / 4 * 3) {
		mentions->pastes = true;
		return;
	}
	mentions->words[slot].text = word;
	mentions->words[slot].is_library = is_library;
	mentions->word_count++;
}

static bool add_file(struct mentions *mentions, const char *path)
{
	for (size_t i = 0; i < mentions->file_count; i++)
		if (strcmp(mentions->files[i].path, path) == 0)
			return true;
	struct span text;
	if (!read_file(path, &text))
		return false;
	if (mentions->file_count == MOST_FILES) {
		mentions->pastes = true;
		return true;
	}
	size_t length = strlen(system_folder);
	mentions->files[mentions->file_count].text = text;
	mentions->files[mentions->file_count].is_library = strncmp(path, system_folder, length) == 0;
	mentions->files[mentions->file_count].path = strdup(path);
	mentions->file_count++;
	return true;
}

struct search {
	struct mentions *mentions;
	char *const *folders;
	size_t folder_count;
};

static bool add_from(const struct search *search, const char *folder, int length, struct span name)
{
	char path[PATH_MAX];
	int needed = snprintf(path, sizeof path, "%.*s/%.*s", length, folder, (int)name.length, name.at);
	return needed < PATH_MAX && add_file(search->mentions, path);
}

/* A file that is not found is left to the compiler, which says so. */
static void add_included(const struct search *search, const char *from, struct span rest)
{
	const char *open = rest.at, *end = rest.at + rest.length;
	while (open < end && *open != '"' && *open != '<')
		open++;
	const char *close = open == end ? end : memchr(open + 1, *open == '<' ? '>' : '"', end - open - 1);
	if (open == end || !close)
		return;
	struct span name = { open + 1, close - open - 1 };
	if (same(name, "vmlinux.h"))
		return;
	const char *slash = strrchr(from, '/');
	bool found = *open == '"' && add_from(search, slash ? from : ".", slash ? slash - from : 1, name);
	for (size_t i = 0; i < search->folder_count && !found; i++)
		found = add_from(search, search->folders[i], strlen(search->folders[i]), name);
	if (!found)
		add_from(search, system_folder, strlen(system_folder), name);
}

/*
 * Of a library's file only what may get into the learner's program by itself counts as said: bodies of macros and functions. What it
 * declares matters if the learner names it (closure.c).
 */
static void read_words(const struct search *search, size_t which)
{
	struct mentions *mentions = search->mentions;
	bool is_library = mentions->files[which].is_library;
	struct lexer lexer = lexer_of(mentions->files[which].text);
	int depth = 0;
	bool is_directive = false;
	for (struct token token = next_token(&lexer); token.kind != END; token = next_token(&lexer)) {
		if (!token.directive)
			depth += (token.kind == '{') - (token.kind == '}');
		if (token.kind == PASTE && !is_library)
			mentions->pastes = true;
		if (token.kind == WORD && is_directive && same(token.text, "include"))
			add_included(search, mentions->files[which].path, rest_of_line(&lexer));
		else if (token.kind == WORD && (!is_library || token.directive || depth > 0))
			mention(mentions, token.text, is_library);
		is_directive = token.kind == '#' && token.directive;
	}
}

void read_mentions(struct mentions *mentions, const char *source, char *const *folders, size_t folder_count)
{
	struct search search = { mentions, folders, folder_count };
	if (!add_file(mentions, source))
		fail(source, "it cannot be read");
	for (size_t i = 0; i < mentions->file_count; i++)
		read_words(&search, i);
}
