/*
 * Makes a small vmlinux.h for one source: of the kernel's types only those that the source can reach. To read all of them takes gcc half
 * a minute in an emulated processor, and it writes all that it has read into the object.
 *
 *   types index VMLINUX_H INDEX                      once: where each name is declared
 *   types take VMLINUX_H INDEX SOURCE [FOLDER]...    the small header for SOURCE, on standard output; it may include files of FOLDERs
 *   types near VMLINUX_H INDEX SOURCE [FOLDER]...    the same with names that SOURCE may have meant, for gcc to suggest
 *
 * Exit codes: 0; 1 something could not be read; 2 nobody can tell what SOURCE needs, as it makes names with ##.
 *
 * A declaration is needed whole if the source names it, or if one that is needed whole has something of its type by value, or by a
 * pointer that the source can follow: a source gets at what `struct mm_struct *mm` points to only if it says `mm`. For all other
 * pointers `struct NAME;` is enough. What is kept is in its old order and has the line of the whole header, so messages are the same.
 */
#include "closure.h"
#include "near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_pointed(const struct declarations *declarations, const uint8_t *needs)
{
	for (uint32_t i = 0; i < declarations->count; i++) {
		if (!needs[i] || (declarations->all[i].kind != RECORD && declarations->all[i].kind != FORWARD))
			continue;
		struct lexer lexer = lexer_of(text_of(declarations, i));
		struct span keyword = next_token(&lexer).text, name = next_token(&lexer).text;
		printf("%.*s %.*s;\n", (int)keyword.length, keyword.at, (int)name.length, name.at);
	}
}

static void print_header(const struct declarations *declarations, const uint8_t *needs, const char *path)
{
	uint32_t line = 0;
	bool began = false;
	for (uint32_t i = 0; i < declarations->count; i++) {
		const struct declaration *one = &declarations->all[i];
		bool is_whole = one->kind == ALWAYS || (needs[i] == WHOLE && one->kind != FORWARD) || (needs[i] && one->kind == ALIAS);
		if (!is_whole)
			continue;
		if (!began && one->kind != ALWAYS) {
			print_pointed(declarations, needs);
			began = true;
			line = 0;
		}
		if (one->line != line)
			printf("#line %u \"%s\"\n", one->line, path);
		struct span text = text_of(declarations, i);
		fwrite(text.at, 1, text.length, stdout);
		line = one[1].line;
	}
}

int main(int argc, char *argv[])
{
	if (argc == 4 && strcmp(argv[1], "index") == 0) {
		write_index(argv[2], argv[3]);
		return 0;
	}
	bool near = argc > 1 && strcmp(argv[1], "near") == 0;
	if (argc < 5 || (!near && strcmp(argv[1], "take") != 0)) {
		fprintf(stderr, "usage: types index VMLINUX_H INDEX | types take|near VMLINUX_H INDEX SOURCE [FOLDER]...\n");
		return 1;
	}
	static struct mentions mentions;
	struct declarations declarations = read_index(argv[2], argv[3]);
	read_mentions(&mentions, argv[4], argv + 5, argc - 5);
	if (near)
		mention_near(&mentions, &declarations);
	if (mentions.pastes)
		return 2;
	print_header(&declarations, close_over(&declarations, &mentions), argv[2]);
	if (fflush(stdout) != 0)
		fail("standard output", "it cannot be written");
	return 0;
}
