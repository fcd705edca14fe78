/* One show told by several records: resale listings, upgrades under a longer name, passes, a festival by the
 * day. Not here: how an upstream marks them. */
#ifndef MARQUEE_TWIN_H
#define MARQUEE_TWIN_H

struct arena;
struct document;

/* Leaves one event of each show, in the order they are in. Of an act's records at one place
 *   - a resale listing gives way to a show, or another resale listing, at most an hour apart;
 *   - a show gives way to one at the same minute whose name it repeats and adds words to;
 *   - of two records of one festival, by name and days, the first stays;
 *   - a pass gives way to whatever else is there in those days.
 * Shows of one act on one day that are farther apart are two. LISTING_DAYLESS events are left out, but what
 * gives way to them is gone too. A translator calls it before document_select(). */
void twin_settle(struct arena *arena, struct document *document);

#endif
