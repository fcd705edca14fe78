/* The neutral model: what marquee knows about events, whoever said it. Translators fill it, renderers read
 * it.
 *
 * Unknown is NULL, a false has_…, or an unknown moment: no renderer ever sees "" or a made-up value. Strings
 * and lists are borrowed from the plan that filled the document. */
#ifndef MARQUEE_MODEL_H
#define MARQUEE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "subject.h"
#include "when.h"

struct arena;

enum event_kind { EVENT_CONCERT, EVENT_FESTIVAL };
enum event_status { EVENT_SCHEDULED, EVENT_CANCELLED, EVENT_POSTPONED, EVENT_RESCHEDULED };
enum availability {
    AVAILABILITY_UNKNOWN,
    AVAILABILITY_IN_STOCK,
    AVAILABILITY_SOLD_OUT,
    AVAILABILITY_PRE_ORDER
};

/* What a record of an upstream is: of one show there may be several. */
enum listing {
    LISTING_SHOW,
    LISTING_RESALE,     /* tickets of a show that has, or should have, a record of its own */
    LISTING_EXTRA,      /* by its name perhaps sold beside a show, perhaps one */
    LISTING_PASS,       /* admission to all days of a festival, or to several nights */
    LISTING_DAY_TICKET, /* admission to one day of a festival */
    LISTING_DAYLESS     /* a show whose day, as it stands here, is none to be published */
};

/* What curation did with a record of the upstream. */
enum curation_rule {
    CURATION_SAME_SHOW,     /* one bill, place and time: folded */
    CURATION_SAME_FESTIVAL, /* one festival, place and days: folded */
    CURATION_FIRST_DAY,     /* the first day of a festival that is listed whole: folded */
    CURATION_ALL_DAYS,      /* a festival listed whole, whose days are all listed: folded into the first */
    CURATION_TICKET,        /* a ticket of a festival or of several nights: folded */
    CURATION_RESALE,        /* somebody else's tickets of a show: folded */
    CURATION_SEPARATE,      /* like the event, but its title says that it is another show: stays */
    CURATION_SOLD_BESIDE,   /* sold beside a show: left out, as all that follow */
    CURATION_SEASON,        /* sold for many shows on a made-up day */
    CURATION_NO_DAY,        /* its day is not known yet */
    CURATION_ONLINE,        /* takes place over the net alone */
    CURATION_NO_CONCERT,    /* no music, a test, or a pass to nothing that is listed */
    CURATION_RULES
};

/* A record that is no event of its own, or stands beside one that is like it: for format=report. */
struct curated {
    const char *id, *name; /* of the record; NULL: none */
    struct moment start;
    enum curation_rule rule;
    const char *event_id; /* of the event that it was folded into or stands beside; NULL: it was left out */
};

struct text_list {
    const char **items;
    size_t n;
};

struct place {
    const char *id;   /* the provider's; NULL: this is no venue but a city or an unknown spot */
    const char *name; /* of the venue; NULL when only the city is known */
    const char *url;  /* the provider's page */
    const char *website;
    const char *phone;
    const char *street, *postal_code, *locality;
    const char *region;  /* ISO 3166-2 part without the country, where the upstream gives one */
    const char *country; /* ISO 3166-1 alpha-2 */
    const char *tzid;    /* IANA zone, where the upstream names it */
    bool has_geo;
    double latitude, longitude;
    bool has_city_geo; /* the middle of the city is known: it tells the zone, and is published nowhere */
    double city_latitude, city_longitude;
    int capacity; /* 0: unknown */
};

struct act {
    const char *id; /* the provider's */
    const char *name;
    const char *url;          /* own site */
    struct text_list same_as; /* provider's page, MusicBrainz, … */
    const char *image;
    const char *mbid; /* MusicBrainz id, where there is exactly one; a UUID */
    bool headliner;
    bool asked; /* the artist that the request is about */
};

struct offer {
    const char *url;
    bool has_price;       /* then `currency` is known too */
    double price;         /* the lowest, fees included */
    double high_price;    /* 0: not known */
    const char *currency; /* ISO 4217 */
    enum availability availability;
    struct moment valid_from; /* when the sale begins, or began */
};

struct event {
    const char *id; /* the provider's */
    enum event_kind kind;
    enum event_status status;
    enum listing listing;
    const char *name;        /* its own, of a festival or a titled event; NULL: after the headliners */
    const char *description; /* only what date, place and acts do not say */
    const char *url;         /* the provider's page, query untouched */
    const char *age_range;
    struct moment start, end, doors;
    bool hour_suspect; /* the hour of `start` may be what the upstream writes where it knows none */
    struct moment previous_start; /* where the upstream or the memory of an earlier answer knows it */
    struct place place;
    struct act *acts; /* billing order */
    size_t n_acts, n_acts_left_out;
    struct offer *offers;
    size_t n_offers;
    struct text_list images;
    bool is_free; /* nobody pays; false: not known */
    const char *organizer_name, *organizer_url;
    struct text_list sold_beside_ids; /* of records that the upstream says are sold beside this show */
    struct text_list folded_ids;      /* of the records that were folded into this one */
    int64_t seen_s, changed_s; /* by the memory of revisions (revisions.h): when it was first seen, and when
                                  what is known of it last changed; whole minutes; 0: not remembered */
};

/* One artist that a search found. */
struct candidate {
    const char *id, *name;
    const char *url;           /* the provider's page; NULL: none */
    const char *detail;        /* what else tells namesakes apart, in a few words; NULL: nothing */
    const char *on_tour_until; /* the same by a day, "2027-07-07"; NULL: not known */
    int n_upcoming;            /* events to come; -1: not known */
};

struct document {
    enum subject subject;
    const char *provider; /* translator's name */
    struct act artist;    /* of SUBJECT_ARTIST: the given name and site win over the upstream's */
    struct place venue;   /* of SUBJECT_VENUE */
    struct event *events;
    size_t n_events;
    struct candidate *candidates; /* of SUBJECT_SEARCH: best first */
    size_t n_candidates;
    size_t n_good_records; /* upstream records that are events, those left out for a reason too */
    size_t n_bad_records;  /* and those that could not be used */
    struct curated *curated;
    size_t n_curated;
    int64_t now_s; /* when events were selected; 0: they were not */
};

/* Room for `n` more events at the end; returns the first of them, zeroed. Pointers into `events` from before
 * are no longer valid. */
struct event *document_add_events(struct arena *arena, struct document *document, size_t n);

/* Room for what `n_records` records of an upstream become, `max` of them at most: *ret_n, the others count as
 * bad. The translator fills it from the front and says by document_close_events() what came of it. */
struct event *document_open_events(struct arena *arena, struct document *document, size_t n_records,
                                   size_t max, size_t *ret_n);

/* Of room for `n` events `n_added` are filled, which is all that the document keeps; `n_left_out` records
 * more were good, but are not shown. Whatever else there was could not be used. */
void document_close_events(struct document *document, size_t n, size_t n_added, size_t n_left_out);

/* Notes what curation did with a record. Texts are borrowed. A document holds DOCUMENT_MAX_CURATED of them,
 * what is beyond is not noted. */
#define DOCUMENT_MAX_CURATED 1000
void document_note(struct arena *arena, struct document *document, const struct curated *curated);

/* Records came, and not one is an event: then the answer is rubbish, and an old document is better than an
 * empty one. Where events were left out (they are over, streamed, no concerts) the empty list is the truth.
 */
bool document_is_rubbish(const struct document *document);

/* Makes the document's artist the one its events know: of the asked one's acts the one with the most pages.
 * Where no event has it, the artist stays as it is. */
void document_find_artist(struct document *document);

/* Drops events that no format could show, because they have no name or nothing is known of their place, and
 * counts them as bad records. A translator calls it last, when all details are in. True when a record, of
 * these or before, was bad: then the document is incomplete. */
bool document_drop_unusable(struct document *document);

/* Gives an event its `n` acts, each once, those without a name left out. At most `max` (0: all) are kept, the
 * asked one always among them. An upstream can leave out the very artist its list of events is of: `missing`
 * (NULL: nobody) comes first where no act is the asked one, but is no headliner, because nobody said so. */
void event_set_acts(struct arena *arena, struct event *event, const struct act *acts, size_t n, unsigned max,
                    const struct act *missing);

/* Shorter ids first: for ids that are numbers this is their order, for others it is an order. As strcmp(). */
int event_compare_ids(const char *a, const char *b);

/* The name to show: the event's own, otherwise the headliners' joined with ", " (the asked artist by its
 * given name), otherwise all acts'; at most ten names. NULL when nothing is known. Borrowed from the event or
 * new in `arena`. */
const char *event_display_name(struct arena *arena, const struct event *event);

/* Appends a text unless it is NULL or already there, or the list holds 32. */
void text_list_add(struct arena *arena, struct text_list *list, const char *text);

#endif
