/* Names that a learner may have meant. */
#ifndef NEAR_H
#define NEAR_H

#include "declarations.h"
#include "mentions.h"

/* Has the words that the learner says, and that nobody declares, bring those names that gcc would suggest for them. */
void mention_near(struct mentions *mentions, const struct declarations *declarations);

#endif
