#include "near.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 64 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How far a name may be from a word to be suggested for it: get_edit_distance_cutoff() in gcc. */
static size_t farthest(size_t a, size_t b)
{
	size_t longer = a > b ? a : b, shorter = least(a, b);
	if (longer <= 1)
		return 0;
	if (longer - shorter <= 1)
		return longer / 3 > 1 ? longer / 3 : 1;
	return (longer + 2) / 3;
}

/* One bit for each letter, whatever its case; digits and _ share some. */
static uint32_t letters_of(struct span word)
{
	uint32_t letters = 0;
	for (size_t i = 0; i < word.length; i++)
		letters |= 1u << (word.at[i] & 31);
	return letters;
}

static bool same_letter(char a, char b)
{
	return a == b || ((a ^ b) == 32 && is_letter(a) && is_letter(b));
}

/* Letters that are added, left out, exchanged or swapped with their neighbour; to another case costs nothing here. */
static size_t distance(struct span a, struct span b)
{
	size_t before[LONGEST + 1], last[LONGEST + 1], now[LONGEST + 1];
	for (size_t j = 0; j <= b.length; j++)
		last[j] = j;
	for (size_t i = 1; i <= a.length; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b.length; j++) {
			size_t changed = last[j - 1] + !same_letter(a.at[i - 1], b.at[j - 1]);
			now[j] = least(changed, least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && same_letter(a.at[i - 1], b.at[j - 2]) && same_letter(a.at[i - 2], b.at[j - 1]))
				now[j] = least(now[j], before[j - 2] + 1);
		}
		memcpy(before, last, sizeof last);
		memcpy(last, now, sizeof now);
	}
	return last[b.length];
}

static bool is_near(struct span word, uint32_t letters, struct span name)
{
	size_t most = farthest(word.length, name.length);
	size_t differ = word.length > name.length ? word.length - name.length : name.length - word.length;
	if (differ > most || name.length > LONGEST)
		return false;
	return (size_t)__builtin_popcount(letters ^ letters_of(name)) <= 2 * most && distance(word, name) <= most;
}

void mention_near(struct mentions *mentions, const struct declarations *declarations)
{
	const char *end = declarations->header.at + declarations->header.length;
	static struct span unknown[MOST_WORDS];
	size_t count = 0;
	for (size_t i = 0; i < MOST_WORDS; i++) {
		struct span word = mentions->words[i].text;
		if (word.at && !mentions->words[i].is_library && word.length <= LONGEST &&
		    find_name(declarations, word, false) < 0 && find_name(declarations, word, true) < 0)
			unknown[count++] = word;
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t letters = letters_of(unknown[i]);
		for (uint32_t j = 0; j < declarations->name_count && !declarations->names[j].is_tag; j++) {
			struct span name = word_at(declarations->header.at + declarations->names[j].at, end);
			if (is_near(unknown[i], letters, name))
				mention(mentions, name, true);
		}
	}
}
