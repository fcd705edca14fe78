/* Finding the records that tell a show again. */
#include "twin.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "model.h"
#include "text.h"

#define DAY_S     86400
#define APART_S   3600 /* doors and show; a matinee and an evening are farther apart */
#define PASS_DAYS 3    /* between the first and the last day of most festivals */
#define MAX_NEAR  200  /* events in those days, each way; no house or act has as many */
#define MAX_BILL  20   /* acts of each that are compared */

struct row {
    const struct event *event;
    const char *name; /* to be shown; NULL: none */
    int64_t day;
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

static bool is_same_day(const struct moment *a, const struct moment *b)
{
    return a->year == b->year && a->month == b->month && a->day == b->day;
}

/* ---- where ---- */

static bool is_near(double a, double b)
{
    return a - b < 0.005 && b - a < 0.005; /* some 500 m */
}

static bool is_same_city(const struct place *a, const struct place *b)
{
    return is_alike(a->locality, b->locality) && !differs(a->region, b->region) &&
           !differs(a->country, b->country);
}

static bool is_same_venue(const struct place *a, const struct place *b)
{
    return is_equal(a->id, b->id) || is_alike(a->name, b->name);
}

/* Where one of the two is no more than a city, the city has to do. */
static bool is_same_place(const struct place *a, const struct place *b)
{
    if (is_same_venue(a, b) || is_alike(a->street, b->street))
        return true;
    if (is_same_city(a, b) && (!a->name || !b->name || is_within(a->name, b->name)))
        return true;
    return a->has_geo && b->has_geo && is_near(a->latitude, b->latitude) &&
           is_near(a->longitude, b->longitude);
}

/* ---- who ---- */

/* A house with several rooms has several concerts at a time: the same act plays in one of them. */
static bool is_same_bill(const struct row *a, const struct row *b)
{
    for (size_t i = 0; i < a->event->n_acts && i < MAX_BILL; i++) {
        for (size_t j = 0; j < b->event->n_acts && j < MAX_BILL; j++) {
            if (is_equal(a->event->acts[i].id, b->event->acts[j].id))
                return true;
        }
    }
    return is_alike(a->name, b->name);
}

/* ---- which gives way ---- */

/* Nobody plays in two houses of a city at once, whatever their names are. */
static bool is_resale_of(const struct row *a, const struct row *b)
{
    const struct place *a_place = &a->event->place, *b_place = &b->event->place;

    if (!is_same_start(a, b) || !is_same_bill(a, b))
        return false;
    if (is_same_place(a_place, b_place))
        return true;
    return is_same_minute(a->event, b->event) && is_same_city(a_place, b_place);
}

/* An hour that stands for unknown ones is no hour to go by. */
static bool is_longer_name_of(const struct row *a, const struct row *b)
{
    return !a->event->hour_suspect && a->name && b->name && strlen(a->name) > strlen(b->name) &&
           text_has_words(a->name, b->name) && is_same_minute(a->event, b->event) &&
           is_same_venue(&a->event->place, &b->event->place) && is_same_bill(a, b);
}

static bool is_same_festival(const struct row *a, const struct row *b)
{
    return a->event->kind == EVENT_FESTIVAL && b->event->kind == EVENT_FESTIVAL && a->day == b->day &&
           when_known(&a->event->end) && is_same_day(&a->event->end, &b->event->end) &&
           is_alike(a->event->name, b->event->name) && is_same_place(&a->event->place, &b->event->place);
}

/* Day tickets of a festival have its name in theirs. */
static bool is_pass_of(const struct row *a, const struct row *b)
{
    return is_same_place(&a->event->place, &b->event->place) &&
           (is_same_bill(a, b) || is_within(a->name, b->name));
}

/* Does `a` tell no more than `b`? Of two that are alike the first one stays, but an hour is worth more. */
static bool gives_way(const struct row *a, const struct row *b)
{
    enum listing is = a->event->listing, other = b->event->listing;
    int hours = (int)b->event->start.has_time - (int)a->event->start.has_time;
    bool is_first = b->event < a->event;

    if (is_equal(a->event->id, b->event->id) || is == LISTING_DAYLESS)
        return false;
    if (is == LISTING_PASS)
        return (other != LISTING_PASS || b->day < a->day || (b->day == a->day && is_first)) &&
               is_pass_of(a, b);
    if (other == LISTING_PASS || a->day != b->day)
        return false;
    if (is == LISTING_RESALE)
        return (other != LISTING_RESALE || hours > 0 || (hours == 0 && is_first)) && is_resale_of(a, b);
    if (other == LISTING_RESALE)
        return false;
    return is_longer_name_of(a, b) || (is_first && is_same_festival(a, b));
}

static bool is_told(const struct row *rows, size_t n, size_t at)
{
    int64_t reach = rows[at].event->listing == LISTING_PASS ? PASS_DAYS : 0;

    for (size_t i = at; i-- > 0 && at - i <= MAX_NEAR && rows[at].day - rows[i].day <= reach;) {
        if (gives_way(&rows[at], &rows[i]))
            return true;
    }
    for (size_t i = at + 1; i < n && i - at <= MAX_NEAR && rows[i].day - rows[at].day <= reach; i++) {
        if (gives_way(&rows[at], &rows[i]))
            return true;
    }
    return false;
}

/* Equal days in the order of the document. */
static int by_day(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return (a->event > b->event) - (a->event < b->event);
}

void twin_settle(struct arena *arena, struct document *document)
{
    size_t n = document->n_events;
    struct row *rows = arena_alloc(arena, n * sizeof(*rows));
    bool *told = arena_alloc(arena, n * sizeof(*told));

    for (size_t i = 0; i < n; i++) {
        const struct event *event = &document->events[i];

        rows[i] = (struct row){event, event_display_name(arena, event), when_wall_s(&event->start) / DAY_S};
    }
    qsort(rows, n, sizeof(*rows), by_day);
    for (size_t i = 0; i < n; i++)
        told[rows[i].event - document->events] = is_told(rows, n, i);
    document->n_events = 0;
    for (size_t i = 0; i < n; i++) {
        if (!told[i] && document->events[i].listing != LISTING_DAYLESS)
            document->events[document->n_events++] = document->events[i];
    }
}
