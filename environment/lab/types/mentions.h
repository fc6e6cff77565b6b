/* What a source says: its words, those of the files that it includes, and how. */
#ifndef MENTIONS_H
#define MENTIONS_H

#include "text.h"

enum {
	MOST_FILES = 64,
	MOST_WORDS = 1 << 15,
};

struct mentions {
	struct {
		struct span text;
		bool is_library; /* libbpf's, not the learner's */
		char *path;
	} files[MOST_FILES];
	size_t file_count;
	struct {
		struct span text;
		bool is_library; /* no file of the learner's says it */
	} words[MOST_WORDS]; /* a hash table */
	size_t word_count;
	bool pastes; /* a file of the learner's makes words with ##, or there is too much to read */
};

/* Reads a source and what it includes from its own folder, `folders` or /usr/include. */
void read_mentions(struct mentions *mentions, const char *source, char *const *folders, size_t folder_count);

bool mentions_word(const struct mentions *mentions, struct span word);
void mention(struct mentions *mentions, struct span word, bool is_library);

#endif
