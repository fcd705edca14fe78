/* Folding a record into the event that it tells again: what the event does not know, the record completes. */
#ifndef MARQUEE_FOLD_H
#define MARQUEE_FOLD_H

#include "translators/model/model.h"

struct arena;

/* Is `a` the richer of two records of one show? A show that takes place before one that does not, then the
 * one with an hour, with more acts, with more else; of two as rich the later one, as doors open before, or
 * the one with the shorter name. */
bool fold_is_richer(struct arena *arena, const struct event *a, const struct event *b);

/* Completes `event` by a record of the same show or festival, or by a ticket of it, as `rule` says; its id is
 * noted in folded_ids. At most `max_acts` acts are kept (0: all). Strings and lists are borrowed from the
 * record, or new in `arena`. */
void fold_into(struct arena *arena, struct event *event, const struct event *record, enum curation_rule rule,
               unsigned max_acts);

#endif
