/* Are two records about one hour, one place, one bill? Spellings differ, ids are doubled, and what one record
 * leaves open the other may know. Pure. */
#ifndef MARQUEE_ALIKE_H
#define MARQUEE_ALIKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "translators/model/model.h"

#define ALIKE_MAX_BILL 10 /* acts of each that are compared */

struct arena;

/* A record while it is compared with others. */
struct record {
    struct event *event;
    const char *name;        /* to be shown; NULL: none, or one that is too long to compare */
    int64_t day;             /* days since 1970 of its start */
    size_t size;             /* comparing two records takes at most the product of both sizes */
    bool stays;              /* it has been looked at, and is an event of its own */
    struct record *into;     /* the record it is folded into, or left out for; NULL: none */
    enum curation_rule rule; /* why; only where it does not stay */
};

/* All records of a document, in the order of their days. */
struct records {
    struct arena *arena;
    struct document *document; /* whose notes are written */
    struct record *all;
    size_t n;
    size_t work;     /* characters compared so far */
    int64_t apart_s; /* records of one show are at most this far apart */
};

/* Is there work left to compare these two? Counts it. What is not compared stays. */
bool records_may_compare(struct records *records, const struct record *a, const struct record *b);

/* Borrows the event. */
struct record record_of(struct arena *arena, struct event *event);

bool alike_text(const char *a, const char *b); /* case aside; false for NULL */

/* One of the two names stands in the other: "Toyota Center", "Toyota Center - TX". */
bool alike_within(const char *a, const char *b);

bool alike_has_hours(const struct event *a, const struct event *b); /* both have one */
bool alike_minute(const struct event *a, const struct event *b);

/* On one day and at most `apart_s` apart; an unknown hour may be any. */
bool alike_start(const struct record *a, const struct record *b, int64_t apart_s);

bool alike_city(const struct place *a, const struct place *b);
bool alike_venue(const struct place *a, const struct place *b); /* one id, or one name in one city */
bool alike_house(const struct place *a, const struct place *b); /* one venue, or one street in one city */

/* One house, or nearly one spot; where one of the two is no more than a city, the city has to do. */
bool alike_place(const struct place *a, const struct place *b);

/* The same first act, or all acts of the shorter bill in the longer; names decide where ids of acts are
 * missing. */
bool alike_bill(const struct record *a, const struct record *b);

#endif
