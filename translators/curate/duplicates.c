/* Finding the records that tell a show again. */
#include "duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/model/model.h"

#define DAY_S     86400
#define APART_S   3600     /* doors and show; a matinee and an evening are farther apart */
#define PASS_DAYS 3        /* between the first and the last day of most festivals */
#define MAX_NEAR  200      /* events in those days, each way; no house or act has as many */
#define MAX_BILL  10       /* acts of each that are compared */
#define MAX_NAME  512      /* bytes; a longer name is like no other */
#define MAX_WORK  50000000 /* characters compared for a document; who is not compared stays */

struct row {
    const struct event *event;
    const char *name; /* to be shown; NULL: none */
    int64_t day;
    size_t size; /* of what is compared: the work for a pair is at most the product of both sizes */
    bool stays;  /* it has been looked at, and gives way to nothing */
};

static bool is_equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool is_alike(const char *a, const char *b)
{
    return a && b && text_equal_fold(a, b);
}

static bool differs(const char *a, const char *b)
{
    return a && b && !text_equal_fold(a, b);
}

/* One of the two stands in the other: "Toyota Center", "Toyota Center - TX". */
static bool is_within(const char *a, const char *b)
{
    return a && b && (text_has_words(a, b) || text_has_words(b, a));
}

/* ---- when ---- */

static bool has_hours(const struct event *a, const struct event *b)
{
    return a->start.has_time && b->start.has_time;
}

static bool is_same_minute(const struct event *a, const struct event *b)
{
    return has_hours(a, b) && when_wall_s(&a->start) / 60 == when_wall_s(&b->start) / 60;
}

/* On one day; an unknown hour may be any. */
static bool is_same_start(const struct row *a, const struct row *b)
{
    int64_t apart_s = when_wall_s(&a->event->start) - when_wall_s(&b->event->start);

    return a->day == b->day &&
           (!has_hours(a->event, b->event) || (apart_s <= APART_S && -apart_s <= APART_S));
}

/* ---- where ---- */

/* A hundredth of a degree is some 1,000 m. */
static bool is_near(const struct place *a, const struct place *b, double degrees)
{
    double north = a->latitude - b->latitude, east = a->longitude - b->longitude;

    return a->has_geo && b->has_geo && north < degrees && -north < degrees && east < degrees &&
           -east < degrees;
}

static bool is_same_city(const struct place *a, const struct place *b)
{
    return is_alike(a->locality, b->locality) && !differs(a->region, b->region) &&
           !differs(a->country, b->country);
}

/* Halls and streets of one name are in many cities. A city may have two names, or none that is known. */
static bool may_be_one_city(const struct place *a, const struct place *b)
{
    if (is_same_city(a, b) || is_near(a, b, 0.05))
        return true;
    return (!a->locality || !b->locality) && !differs(a->region, b->region) &&
           !differs(a->country, b->country) && !(a->has_geo && b->has_geo);
}

static bool is_same_venue(const struct place *a, const struct place *b)
{
    return is_equal(a->id, b->id) || (is_alike(a->name, b->name) && may_be_one_city(a, b));
}

static bool is_same_house(const struct place *a, const struct place *b)
{
    return is_same_venue(a, b) || (is_alike(a->street, b->street) && may_be_one_city(a, b));
}

/* Where one of the two is no more than a city, the city has to do. */
static bool is_same_place(const struct place *a, const struct place *b)
{
    return is_same_house(a, b) || is_near(a, b, 0.005) ||
           (is_same_city(a, b) && (!a->name || !b->name || is_within(a->name, b->name)));
}

/* ---- who ---- */

static bool is_same_act(const struct act *a, const struct act *b)
{
    return a->id && b->id ? strcmp(a->id, b->id) == 0 : is_alike(a->name, b->name);
}

static bool has_act_ids(const struct event *event)
{
    for (size_t i = 0; i < event->n_acts && i < MAX_BILL; i++) {
        if (event->acts[i].id)
            return true;
    }
    return false;
}

static bool is_in_bill(const struct act *act, const struct event *event)
{
    for (size_t i = 0; i < event->n_acts && i < MAX_BILL; i++) {
        if (is_same_act(act, &event->acts[i]))
            return true;
    }
    return false;
}

/* A house with several rooms has several concerts at a time, and many an act opens for two others: it is the
 * first act that counts, or the whole of the shorter bill. */
static bool is_same_bill(const struct row *a, const struct row *b)
{
    const struct event *shorter = a->event->n_acts <= b->event->n_acts ? a->event : b->event;
    const struct event *longer = shorter == a->event ? b->event : a->event;

    if (!has_act_ids(shorter) || !has_act_ids(longer))
        return is_alike(a->name, b->name);
    if (is_same_act(&shorter->acts[0], &longer->acts[0]))
        return true;
    for (size_t i = 0; i < shorter->n_acts; i++) {
        if (i == MAX_BILL || !is_in_bill(&shorter->acts[i], longer))
            return false;
    }
    return true;
}

/* ---- which gives way ---- */

static bool is_off(const struct event *event)
{
    return event->status == EVENT_CANCELLED || event->status == EVENT_POSTPONED;
}

/* Nobody plays in two houses of a city at once, whatever their names are. */
static bool is_resale_of(const struct row *a, const struct row *b)
{
    const struct place *a_place = &a->event->place, *b_place = &b->event->place;

    return is_same_start(a, b) &&
           (is_same_place(a_place, b_place) ||
            (is_same_minute(a->event, b->event) && is_same_city(a_place, b_place))) &&
           is_same_bill(a, b);
}

/* Two listings without a show beside them may be those of two shows. */
static bool is_same_resale(const struct row *a, const struct row *b)
{
    bool has_no_hours = !a->event->start.has_time && !b->event->start.has_time;

    return (is_same_minute(a->event, b->event) || (has_no_hours && is_alike(a->name, b->name))) &&
           is_resale_of(a, b);
}

/* An hour that stands for unknown ones is no hour to go by. */
static bool is_longer_name_of(const struct row *a, const struct row *b)
{
    return !a->event->hour_suspect && is_same_minute(a->event, b->event) &&
           is_same_venue(&a->event->place, &b->event->place) && is_same_bill(a, b) && a->name && b->name &&
           strlen(a->name) > strlen(b->name) && text_has_words(a->name, b->name);
}

static bool is_same_festival(const struct row *a, const struct row *b)
{
    return a->event->kind == EVENT_FESTIVAL && b->event->kind == EVENT_FESTIVAL && a->day == b->day &&
           when_known(&a->event->end) && when_same_day(&a->event->end, &b->event->end) &&
           is_alike(a->event->name, b->event->name) && is_same_place(&a->event->place, &b->event->place);
}

/* The bill is the show's, or the show's name stands in the other's. */
static bool is_beside(const struct row *a, const struct row *b)
{
    return a->day == b->day && is_same_place(&a->event->place, &b->event->place) &&
           (is_same_bill(a, b) || (a->name && b->name && text_has_words(a->name, b->name)));
}

/* The days of a festival have its name in theirs. What an act of it plays elsewhere in those days is another
 * show. */
static bool is_pass_of(const struct row *a, const struct row *b)
{
    bool is_named = is_within(a->name, b->name);
    bool is_in_its_days = b->day == a->day || (when_known(&a->event->end) && b->day > a->day &&
                                               b->day <= when_wall_s(&a->event->end) / DAY_S);

    return (is_named || is_in_its_days || b->event->kind == EVENT_FESTIVAL) &&
           is_same_place(&a->event->place, &b->event->place) && (is_named || is_same_bill(a, b));
}

/* Does `a` tell no more than `b`, which stays? */
static bool gives_way(const struct row *a, const struct row *b)
{
    enum listing is = a->event->listing, other = b->event->listing;

    if (is_equal(a->event->id, b->event->id))
        return false;
    if (!is_off(a->event) && is_off(b->event) &&
        (is != LISTING_RESALE || !is_same_house(&a->event->place, &b->event->place)))
        return false;
    switch (is) {
    case LISTING_SHOW:
        return other == LISTING_SHOW && (is_longer_name_of(a, b) || is_same_festival(a, b));
    case LISTING_RESALE:
        return other == LISTING_RESALE ? is_same_resale(a, b) : is_resale_of(a, b);
    case LISTING_EXTRA:
        return (other == LISTING_SHOW || other == LISTING_DAYLESS) && is_beside(a, b);
    case LISTING_PASS:
        return other != LISTING_EXTRA && is_pass_of(a, b);
    case LISTING_DAYLESS:
        break;
    }
    return false;
}

/* May `a` give way to `b`, by what costs nothing to compare, and is there work left? */
static bool is_to_compare(const struct row *a, const struct row *b, size_t *work)
{
    bool is_concert = a->event->listing == LISTING_SHOW && a->event->kind == EVENT_CONCERT;

    if (!b->stays || (is_concert && !is_same_minute(a->event, b->event)))
        return false;
    *work += 1 + a->size * b->size;
    return *work <= MAX_WORK;
}

/* `rows` are in the order of their days. */
static bool is_told(const struct row *rows, size_t n, size_t at, size_t *work)
{
    const struct row *row = &rows[at];
    int64_t reach = row->event->listing == LISTING_PASS ? PASS_DAYS : 0;

    for (size_t i = at; i-- > 0 && at - i <= MAX_NEAR && row->day - rows[i].day <= reach;) {
        if (is_to_compare(row, &rows[i], work) && gives_way(row, &rows[i]))
            return true;
    }
    for (size_t i = at + 1; i < n && i - at <= MAX_NEAR && rows[i].day - row->day <= reach; i++) {
        if (is_to_compare(row, &rows[i], work) && gives_way(row, &rows[i]))
            return true;
    }
    return false;
}

/* ---- the order ---- */

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Equal days in the order of the document. */
static int by_day(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int order = compare(a->day, b->day);

    return order != 0 ? order : (a->event > b->event) - (a->event < b->event);
}

/* Who may give way comes behind all that it may give way to: of shows the longer name, of passes the later
 * day, of what is alike the later in the document. */
static int by_rank(const void *left, const void *right)
{
    static const int ranks[] = {[LISTING_SHOW] = 0,
                                [LISTING_DAYLESS] = 0,
                                [LISTING_RESALE] = 1,
                                [LISTING_EXTRA] = 2,
                                [LISTING_PASS] = 3};
    const struct row *a = *(struct row *const *)left, *b = *(struct row *const *)right;
    enum listing listing = a->event->listing;
    int order = ranks[listing] - ranks[b->event->listing];

    if (order == 0 && ranks[listing] == 0)
        order = compare(a->name ? (int64_t)strlen(a->name) : 0, b->name ? (int64_t)strlen(b->name) : 0);
    if (order == 0 && listing == LISTING_PASS)
        order = compare(a->day, b->day);
    return order != 0 ? order : (a->event > b->event) - (a->event < b->event);
}

static struct row row_of(struct arena *arena, const struct event *event)
{
    struct row row = {event, event_display_name(arena, event), when_wall_s(&event->start) / DAY_S, 0, false};
    size_t n_acts = event->n_acts < MAX_BILL ? event->n_acts : MAX_BILL;

    if (row.name && strlen(row.name) > MAX_NAME)
        row.name = NULL;
    row.size = (row.name ? strlen(row.name) : 0) + 4 * n_acts;
    row.size += event->place.name ? strlen(event->place.name) : 0;
    return row;
}

void duplicates_settle(struct arena *arena, struct document *document)
{
    size_t n = document->n_events, work = 0;
    struct row *rows = arena_alloc(arena, n * sizeof(*rows));
    struct row **ranked = arena_alloc(arena, n * sizeof(struct row *));
    bool *stays = arena_alloc(arena, n * sizeof(*stays));

    for (size_t i = 0; i < n; i++)
        rows[i] = row_of(arena, &document->events[i]);
    qsort(rows, n, sizeof(*rows), by_day);
    for (size_t i = 0; i < n; i++)
        ranked[i] = &rows[i];
    qsort(ranked, n, sizeof(struct row *), by_rank);
    for (size_t i = 0; i < n; i++)
        ranked[i]->stays = !is_told(rows, n, (size_t)(ranked[i] - rows), &work);
    for (size_t i = 0; i < n; i++)
        stays[rows[i].event - document->events] = rows[i].stays && rows[i].event->listing != LISTING_DAYLESS;
    document->n_events = 0;
    for (size_t i = 0; i < n; i++) {
        if (stays[i])
            document->events[document->n_events++] = document->events[i];
    }
}
