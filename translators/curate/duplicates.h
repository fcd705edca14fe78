/* One show told by several records: doors and start, two names, two ids, resale listings, extras, passes, a
 * festival by the day. Not here: how an upstream marks them. */
#ifndef MARQUEE_DUPLICATES_H
#define MARQUEE_DUPLICATES_H

#include <stdint.h>

struct arena;
struct document;

/* Leaves one event of each show, in the order they are in, completed by what its other records know (fold.h).
 * In doubt both stay: to lose a concert is worse than to show one thing too many. Of records of one bill at
 * one place (alike.h)
 *   - shows at most `apart_s` apart are one, and so are neighbours of neighbours. A show without an hour is
 * the first of its day. Titles that call one of them the early or the late show set them apart;
 *   - a resale listing gives way to a show at most an hour apart, or on the day that a show was moved from,
 *     or to another resale listing at the same minute (hours unknown on both: of the same name);
 *   - festivals are one as festivals.h says;
 *   - what may be an extra gives way to a show on its day;
 *   - a pass gives way to records of its festival, and to shows within its days.
 * What is cancelled or postponed hides nothing that goes on, but its own resale at that very house; and
 * nothing gives way to what gives way itself. LISTING_DAYLESS events are left out, but what gives way to them
 * is gone too. What was done is noted (document_note()). Work is bounded: what is not compared stays. At most
 * `max_acts` acts of an event are kept (0: all). Every event has an id and a start. */
void duplicates_settle(struct arena *arena, struct document *document, int64_t apart_s, unsigned max_acts);

#endif
