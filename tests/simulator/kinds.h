/* The kinds of records that real calendars have: one show told twice, a ticket that looks like a show, a word
 * that stands for a name. README.md lists them. Every third event of a tour with kinds
 * (tour_artist.has_kinds) is told by one of them, in up to KINDS_MAX_RECORDS records. Each provider has a
 * table of its own. All pure. */
#ifndef SIMULATOR_KINDS_H
#define SIMULATOR_KINDS_H

#include "tests/simulator/tour.h"

#define KINDS_MAX_RECORDS 3
#define KINDS_PART        1000 /* ids of an event's records are so far apart; tours with kinds have fewer events */

/* What a provider writes of an event. A member that is NULL, "" or 0 says nothing: the provider writes what
 * the event has. Texts are static unless they are arrays. */
struct kinds_record {
    const char *kind; /* its name; NULL: an event that is told plainly */
    uint64_t id;      /* of the record: that of the event for the first of its records */
    struct tour_event event;
    char name[2 * NAME_BYTES];
    const char *guest;                /* last on the bill, and nobody */
    char tour[2 * NAME_BYTES];        /* first on the bill, and a tour */
    const char *city, *location_city; /* `location_city`: where it is spelt better */
    const char *region, *country, *country_code;
    char description[2 * NAME_BYTES];
    bool is_free;
    const char *status;         /* a word of the provider */
    struct tour_date first_day; /* on which it was to be; year 0: nothing is said */
    bool is_dayless;            /* its day is told as first_day alone */
    uint64_t upsell_id;         /* the record that this one names as sold beside it */
    bool is_resale;
    bool has_other_venue_id;
    bool is_sale_over;
    bool has_plain_images; /* of no ratio */
};

enum kind_of_event { KIND_OF_ANY, KIND_OF_CONCERT, KIND_OF_FESTIVAL };

struct kind {
    const char *name;
    unsigned n_records;
    enum kind_of_event of;
    /* Changes record number `part`, from 0 to n_records - 1, which tells the event plainly so far. */
    void (*tell)(struct kinds_record *record, unsigned part, const struct tour_artist *artist);
};

struct kinds {
    const struct kind *all;
    size_t n;
};

extern const struct kinds kinds_bandsintown, kinds_songkick, kinds_ticketmaster;

/* How many records the event has: 1 where the artist has no kinds, or the event is of none. */
unsigned kinds_count(const struct kinds *kinds, const struct tour_artist *artist,
                     const struct tour_event *event);

/* Record number `part` of the event. */
void kinds_tell(const struct kinds *kinds, const struct tour_artist *artist, const struct tour_event *event,
                unsigned part, struct kinds_record *ret_record);

/* The records of a whole tour, event by event: how many there are, and number `index` of them. False at the
 * end. */
unsigned kinds_total(const struct kinds *kinds, const struct tour_world *world,
                     const struct tour_artist *artist);
bool kinds_at(const struct kinds *kinds, const struct tour_world *world, const struct tour_artist *artist,
              unsigned index, struct kinds_record *ret_record);

/* The record with this id. False: there is none. */
bool kinds_find(const struct kinds *kinds, const struct tour_world *world, uint64_t id,
                struct kinds_record *ret_record);

/* ---- for the tables ---- */

/* Moves start and end by days; the hour is not known then, because the offset may be another. */
void kinds_move_days(struct tour_event *event, long days);

/* The festival lasts so many days. */
void kinds_set_days(struct tour_event *event, long n_days);

/* The hour is known, and so many minutes later; earlier when negative. It stays on its day. */
void kinds_move_minutes(struct tour_event *event, int minutes);

/* A venue without number that is called so, which has no coordinates. */
void kinds_set_venue(struct tour_event *event, const char *name);

#endif
