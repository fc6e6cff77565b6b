/* The declarations of the whole vmlinux.h, and an index by the names that they declare. */
#ifndef DECLARATIONS_H
#define DECLARATIONS_H

#include "text.h"

enum kind {
	ALWAYS,   /* lines of the preprocessor, and comments */
	ENUM,     /* with its constants */
	RECORD,   /* struct NAME { … }; or union */
	FORWARD,  /* struct NAME; or union */
	ALIAS,    /* typedef */
	FUNCTION, /* extern */
};

struct declaration {
	uint32_t start; /* its text ends where the next one's begins */
	uint32_t line;  /* from 1 */
	uint32_t kind;
};

struct name {
	uint32_t at; /* where the whole header says it */
	uint32_t declaration;
	uint32_t is_tag; /* behind struct, union or enum */
};

struct declarations {
	struct span header;
	uint32_t count, name_count;
	const struct declaration *all; /* and one more, which begins at the end */
	const struct name *names;      /* sorted */
};

void write_index(const char *header_path, const char *index_path);
struct declarations read_index(const char *header_path, const char *index_path);

struct span text_of(const struct declarations *declarations, uint32_t which);

/* Which declaration declares a name; -1 if none does. */
int64_t find_name(const struct declarations *declarations, struct span name, bool is_tag);

#endif
