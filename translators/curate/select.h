/* Which events of a document are shown, and in which order. Pure. */
#ifndef MARQUEE_SELECT_H
#define MARQUEE_SELECT_H

#include <stdint.h>

struct arena;
struct document;

/* Sorts by date then id, leaves one of each id (the first in upstream order), drops events whose last local
 * day is over at `now_s` (Unix time) and what is beyond `limit` (0: none is). `history` is what history.h
 * remembers of their days; NULL: nothing. A translator calls it before it asks for details, so that only what
 * is shown is asked for; calling it again changes nothing. Every event has an id and a start. */
void select_events(struct arena *arena, struct document *document, int64_t now_s, unsigned limit,
                   const char *history);

#endif
