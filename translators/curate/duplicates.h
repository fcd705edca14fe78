/* One show told by several records: resale listings, upgrades under a longer name, extras, passes, a festival
 * by the day. Not here: how an upstream marks them. */
#ifndef MARQUEE_DUPLICATES_H
#define MARQUEE_DUPLICATES_H

struct arena;
struct document;

/* Leaves one event of each show, in the order they are in. In doubt both stay: to lose a concert is worse
 * than to show one thing too many. Of records of one bill at one place
 *   - a resale listing gives way to a show at most an hour apart, or to another resale listing at the same
 *     minute (hours unknown on both: of the same name);
 *   - a show gives way to one at the same minute whose name it repeats and adds words to;
 *   - of two records of one festival, by name and days, the first stays;
 *   - what may be an extra gives way to a show on its day;
 *   - a pass gives way to records of its festival, and to shows within its days.
 * One bill: the same first act, or all acts of the shorter bill in the longer; names decide where ids of acts
 * are missing. One place: a venue or street of one name in one city, or nearly one spot. What is cancelled or
 * postponed hides nothing that goes on, but its own resale at that very house; and nothing gives way to what
 * gives way itself. Shows of one act on one day that are farther apart are two. LISTING_DAYLESS events are
 * left out, but what gives way to them is gone too. Work is bounded: what is not compared stays. A translator
 * calls it before select_events(). */
void duplicates_settle(struct arena *arena, struct document *document);

#endif
