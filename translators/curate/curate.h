/* From records to shows: one show once, nothing that is no show, no word that is no name.
 *
 * A provider fills a document with records and with hints (`listing`, `hour_suspect`); curation decides which
 * of them are events. format=report tells what it did with the others. Pure. */
#ifndef MARQUEE_CURATE_H
#define MARQUEE_CURATE_H

#include <stdint.h>

struct arena;
struct document;

/* Doors and show of one concert; second sets are 150 minutes apart and more. */
#define CURATION_DOORS_S (90 * 60)

struct curation {
    int64_t now_s;     /* Unix time; what is over is dropped */
    int64_t apart_s;   /* records of one show may be this far apart: the hour of the doors, of the support */
    unsigned limit;    /* at most this many events, soonest first; 0: all */
    unsigned max_acts; /* at most this many acts of an event; 0: all */
    const char *history; /* history.h; NULL: nothing is remembered */
};

/* Settles duplicates (duplicates.h), gives each event its id and selects what is shown (select.h). Which of a
 * show's records comes first, and which is the richest, changes from day to day; its id does not: it is the
 * one that the history knows, else the smallest of the records that are the show. The others are in
 * folded_ids. A translator calls it once, before it asks for details. Every record has an id and a start. */
void curate_events(struct arena *arena, struct document *document, const struct curation *curation);

#endif
