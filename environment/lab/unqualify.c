/*
 * unqualify OBJECT: corrects in place what gcc 14 says of CO-RE. To read a field by a `const struct cred *` it names the type `const struct
 * cred`, for which libbpf finds no candidate in the kernel; clang names the struct itself. An object without CO-RE stays as it is.
 */
#include <elf.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct piece {
	uint8_t *at;
	size_t length;
};

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "unqualify: the object's %s is not as gcc writes it\n", what);
	exit(1);
}

/* A part of a piece that must be in it. */
static struct piece part(struct piece whole, uint64_t offset, uint64_t length, const char *what)
{
	if (offset > whole.length || length > whole.length - offset)
		fail(what);
	return (struct piece){ whole.at + offset, length };
}

static uint32_t word(struct piece piece, size_t offset)
{
	uint32_t value;
	memcpy(&value, part(piece, offset, sizeof value, "data").at, sizeof value);
	return value;
}

/* Nothing if there is no section of that name. */
static struct piece section(struct piece object, const char *name)
{
	Elf64_Ehdr header;
	Elf64_Shdr one, names;
	memcpy(&header, part(object, 0, sizeof header, "header").at, sizeof header);
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_shentsize != sizeof one)
		fail("header");
	struct piece table = part(object, header.e_shoff, (uint64_t)header.e_shnum * sizeof one, "table of sections");
	memcpy(&names, part(table, (uint64_t)header.e_shstrndx * sizeof one, sizeof one, "names").at, sizeof names);
	struct piece text = part(object, names.sh_offset, names.sh_size, "names");
	for (size_t i = 0; i < header.e_shnum; i++) {
		memcpy(&one, table.at + i * sizeof one, sizeof one);
		size_t length = strlen(name) + 1;
		if (one.sh_name <= text.length && text.length - one.sh_name >= length &&
		    memcmp(text.at + one.sh_name, name, length) == 0)
			return part(object, one.sh_offset, one.sh_size, name);
	}
	return (struct piece){ NULL, 0 };
}

/* Bytes that follow a type's first 12. */
static size_t rest_of(uint32_t info)
{
	size_t members = BTF_INFO_VLEN(info);
	switch (BTF_INFO_KIND(info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return 12;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_DATASEC:
	case BTF_KIND_ENUM64:
		return members * 12;
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return members * 8;
	default:
		return 0;
	}
}

static bool is_qualifier(uint32_t kind)
{
	return kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE || kind == BTF_KIND_RESTRICT;
}

/* For each type the one that it qualifies, in the end, or itself. */
static uint32_t *unqualified(struct piece btf, uint32_t *count)
{
	struct piece types = part(btf, word(btf, 4) + (uint64_t)word(btf, 8), word(btf, 12), ".BTF");
	uint32_t *plain = calloc(types.length / 12 + 2, sizeof *plain);
	if (!plain)
		fail("size");
	*count = 1;
	for (size_t at = 0; at < types.length; (*count)++) {
		uint32_t info = word(types, at + 4);
		plain[*count] = is_qualifier(BTF_INFO_KIND(info)) ? word(types, at + 8) : *count;
		at += 12 + rest_of(info);
	}
	for (uint32_t i = 1; i < *count; i++)
		for (uint32_t steps = 0; plain[i] < *count && plain[plain[i]] != plain[i] && steps < 8; steps++)
			plain[i] = plain[plain[i]];
	return plain;
}

int main(int argc, char *argv[])
{
	struct stat status;
	int file = argc == 2 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;
	if (file < 0 || fstat(file, &status) != 0 || status.st_size == 0)
		fail("file");
	struct piece object = { mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), status.st_size };
	if (object.at == MAP_FAILED)
		fail("file");
	struct piece btf = section(object, ".BTF"), ext = section(object, ".BTF.ext");
	/* Lengths of the header that has relocations, and of the relocations. */
	if (!btf.at || !ext.at || word(ext, 4) < 32 || word(ext, 28) == 0)
		return 0;
	uint32_t count, *plain = unqualified(btf, &count);
	struct piece all = part(ext, word(ext, 4) + (uint64_t)word(ext, 24), word(ext, 28), ".BTF.ext");
	uint32_t size = word(all, 0);
	if (size < 16)
		fail(".BTF.ext");
	for (size_t at = 4; at < all.length;) {
		uint32_t records = word(all, at + 4);
		at += 8;
		for (uint32_t i = 0; i < records; i++, at += size) {
			uint32_t type = word(all, at + 4);
			if (type < count)
				memcpy(all.at + at + 4, &plain[type], sizeof type);
		}
	}
	return 0;
}
