/* Which declarations a source needs, and how much of each. */
#ifndef CLOSURE_H
#define CLOSURE_H

#include "declarations.h"
#include "mentions.h"

enum need {
	NOT,
	POINTED, /* enough to point to it */
	WHOLE,
};

/* A need for each declaration. */
uint8_t *close_over(const struct declarations *declarations, const struct mentions *mentions);

#endif
