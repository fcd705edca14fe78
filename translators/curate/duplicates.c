/* Finding the records that tell a show again. */
#include "duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "alike.h"
#include "festivals.h"
#include "fold.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/model/model.h"

#define DAY_S     86400
#define NEAR_S    (90 * 60) /* second sets are 150 minutes apart and more */
#define RESALE_S  3600
#define PASS_DAYS 3   /* between the first and the last day of most festivals */
#define MAX_NEAR  200 /* events in those days, each way; no house or act has as many */

/* ---- shows ---- */

static bool is_concert(const struct record *record)
{
    return record->into == NULL && record->event->listing == LISTING_SHOW &&
           record->event->kind == EVENT_CONCERT;
}

/* "Late Show": the words by which a title tells two shows of a day apart; NULL: it has none. */
static const char *session_of(const struct record *record)
{
    static const char *const sessions[] = {
        "early show",      "late show",  "matinee",     "afternoon show", "evening show",
        "late night show", "first show", "second show", "1st show",       "2nd show",
        "early set",       "late set",   "first set",   "second set",     "1st set",
        "2nd set",         "show 1",     "show 2",      "set 1",          "set 2",
        "early",           "late"};

    for (size_t i = 0; record->event->name != NULL && i < sizeof(sessions) / sizeof(sessions[0]); i++) {
        if (text_has_words(record->event->name, sessions[i]))
            return sessions[i];
    }
    return NULL;
}

/* At the same minute only two different words set two shows apart. */
static bool are_sessions(const struct record *a, const struct record *b)
{
    const char *session_a = session_of(a), *session_b = session_of(b);

    if (session_a == session_b)
        return false;
    return (session_a != NULL && session_b != NULL) || !alike_minute(a->event, b->event);
}

static bool is_off(const struct event *event)
{
    return event->status == EVENT_CANCELLED || event->status == EVENT_POSTPONED;
}

/* Where no hour is known, or only one that stands for unknown ones, the names decide. A show that is off is
 * the one that goes on at its very minute alone. */
static bool is_same_hour(const struct record *a, const struct record *b)
{
    if (a->event->hour_suspect && b->event->hour_suspect && !alike_text(a->name, b->name))
        return false;
    if (!a->event->start.has_time && !b->event->start.has_time && !alike_text(a->name, b->name))
        return false;
    if (is_off(a->event) != is_off(b->event) && alike_has_hours(a->event, b->event))
        return alike_minute(a->event, b->event);
    return true;
}

static bool is_same_show(const struct record *a, const struct record *b)
{
    return is_same_hour(a, b) && alike_place(&a->event->place, &b->event->place) && alike_bill(a, b);
}

/* ---- groups of shows ---- */

/* The first record of a group; each record points to an earlier one of its group, or to itself. */
static size_t first_of(const size_t *groups, size_t at)
{
    while (groups[at] != at)
        at = groups[at];
    return at;
}

static void unite(size_t *groups, size_t a, size_t b)
{
    size_t first_a = first_of(groups, a), first_b = first_of(groups, b);

    if (first_a < first_b)
        groups[first_b] = first_a;
    else
        groups[first_a] = first_b;
}

/* Shows whose hours are known, each with its neighbours. */
static void unite_hours(struct records *records, size_t *groups)
{
    for (size_t i = 0; i < records->n; i++) {
        for (size_t j = i + 1;
             j < records->n && j - i <= MAX_NEAR && records->all[j].day == records->all[i].day; j++) {
            const struct record *a = &records->all[i], *b = &records->all[j];

            if (is_concert(a) && is_concert(b) && alike_has_hours(a->event, b->event) &&
                alike_start(a, b, records->apart_s) && records_may_compare(records, a, b) &&
                is_same_show(a, b) && !are_sessions(a, b))
                unite(groups, i, j);
        }
    }
}

/* A show without an hour is the first of its day; it brings no two shows together. */
static void unite_hourless(struct records *records, size_t *groups)
{
    for (size_t i = 0; i < records->n; i++) {
        size_t begin = i;

        if (!is_concert(&records->all[i]) || records->all[i].event->start.has_time)
            continue;
        while (begin > 0 && i - begin < MAX_NEAR && records->all[begin - 1].day == records->all[i].day)
            begin--;
        for (size_t j = begin;
             j < records->n && j - begin <= MAX_NEAR && records->all[j].day == records->all[i].day; j++) {
            if (j != i && is_concert(&records->all[j]) && (j < i || records->all[j].event->start.has_time) &&
                records_may_compare(records, &records->all[i], &records->all[j]) &&
                is_same_show(&records->all[i], &records->all[j])) {
                unite(groups, i, j);
                break;
            }
        }
    }
}

static void settle_shows(struct records *records)
{
    size_t *groups = arena_alloc(records->arena, records->n * sizeof(*groups));
    struct record **richest = arena_alloc(records->arena, records->n * sizeof(struct record *));

    for (size_t i = 0; i < records->n; i++)
        groups[i] = i;
    unite_hours(records, groups);
    unite_hourless(records, groups);
    for (size_t i = 0; i < records->n; i++) {
        struct record **best = &richest[first_of(groups, i)];

        if (*best == NULL || fold_is_richer(records->arena, records->all[i].event, (*best)->event))
            *best = &records->all[i];
    }
    for (size_t i = 0; i < records->n; i++) {
        struct record *best = richest[first_of(groups, i)];

        if (best != &records->all[i]) {
            records->all[i].into = best;
            records->all[i].rule = CURATION_SAME_SHOW;
        }
    }
}

/* ---- what is no show ---- */

/* Nobody plays in two houses of a city at once, whatever their names are. */
static bool is_resale_of(const struct record *a, const struct record *b)
{
    const struct place *a_place = &a->event->place, *b_place = &b->event->place;

    return alike_start(a, b, RESALE_S) &&
           (alike_place(a_place, b_place) ||
            (alike_minute(a->event, b->event) && alike_city(a_place, b_place))) &&
           alike_bill(a, b);
}

/* Left behind on the day that the show was moved from. */
static bool is_resale_of_moved(const struct record *a, const struct record *b)
{
    return when_known(&b->event->previous_start) && b->event->listing == LISTING_SHOW &&
           when_same_day(&a->event->start, &b->event->previous_start) &&
           alike_place(&a->event->place, &b->event->place) && alike_bill(a, b);
}

/* Two listings without a show beside them may be those of two shows. */
static bool is_same_resale(const struct record *a, const struct record *b)
{
    bool has_no_hours = !a->event->start.has_time && !b->event->start.has_time;

    return (alike_minute(a->event, b->event) || (has_no_hours && alike_text(a->name, b->name))) &&
           is_resale_of(a, b);
}

/* The bill is the show's, or the show's name stands in the other's. */
static bool is_beside(const struct record *a, const struct record *b)
{
    return a->day == b->day && alike_place(&a->event->place, &b->event->place) &&
           (alike_bill(a, b) || (a->name != NULL && b->name != NULL && text_has_words(a->name, b->name)));
}

/* The days of a festival have its name in theirs. What an act of it plays elsewhere in those days is another
 * show. */
static bool is_pass_of(const struct record *a, const struct record *b)
{
    bool is_named = alike_within(a->name, b->name);
    bool is_in_its_days = b->day == a->day || (when_known(&a->event->end) && b->day > a->day &&
                                               b->day <= when_wall_s(&a->event->end) / DAY_S);

    return (is_named || is_in_its_days || b->event->kind == EVENT_FESTIVAL) &&
           alike_place(&a->event->place, &b->event->place) && (is_named || alike_bill(a, b));
}

/* Does `a` tell no more than `b`, which stays? */
static bool gives_way(const struct record *a, const struct record *b)
{
    enum listing is = a->event->listing, other = b->event->listing;

    if (!is_off(a->event) && is_off(b->event) &&
        (is != LISTING_RESALE || !alike_house(&a->event->place, &b->event->place)))
        return false;
    switch (is) {
    case LISTING_RESALE:
        return other == LISTING_RESALE ? is_same_resale(a, b)
                                       : is_resale_of(a, b) || is_resale_of_moved(a, b);
    case LISTING_EXTRA:
        return (other == LISTING_SHOW || other == LISTING_DAYLESS) && is_beside(a, b);
    case LISTING_PASS:
        return other != LISTING_EXTRA && is_pass_of(a, b);
    case LISTING_SHOW:
    case LISTING_DAY_TICKET:
    case LISTING_DAYLESS:
        break;
    }
    return false;
}

static bool is_told_by(struct records *records, const struct record *a, const struct record *b)
{
    return b->stays && records_may_compare(records, a, b) && gives_way(a, b);
}

/* ---- what the upstream itself calls a thing ---- */

static int by_event_id(const void *left, const void *right)
{
    const struct record *a = *(struct record *const *)left, *b = *(struct record *const *)right;

    return strcmp(a->event->id, b->event->id);
}

static bool names(const struct event *event, const char *id)
{
    for (size_t i = 0; i < event->sold_beside_ids.n; i++) {
        if (strcmp(event->sold_beside_ids.items[i], id) == 0)
            return true;
    }
    return false;
}

/* Two records that name each other may both be shows. */
static void settle_named(struct records *records)
{
    struct record **sorted = arena_alloc(records->arena, records->n * sizeof(struct record *));

    for (size_t i = 0; i < records->n; i++)
        sorted[i] = &records->all[i];
    qsort(sorted, records->n, sizeof(struct record *), by_event_id);
    for (size_t i = 0; i < records->n; i++) {
        struct record *show = &records->all[i];
        const struct text_list *ids = &show->event->sold_beside_ids;

        for (size_t j = 0; j < ids->n; j++) {
            struct event event = {.id = ids->items[j]};
            struct record wanted = {.event = &event}, *key = &wanted;
            struct record **thing = bsearch(&key, sorted, records->n, sizeof(struct record *), by_event_id);

            if (thing == NULL || *thing == show || (*thing)->into != NULL || show->into != NULL ||
                names((*thing)->event, show->event->id))
                continue;
            (*thing)->into = show;
            (*thing)->rule = CURATION_SOLD_BESIDE;
        }
    }
}

/* What tells the record of those near it; NULL: nothing. */
static struct record *find_near(struct records *records, struct record *all, const struct record *record)
{
    size_t at = (size_t)(record - all);
    int64_t reach = record->event->listing == LISTING_PASS ? PASS_DAYS : 0;

    for (size_t i = at; i-- > 0 && at - i <= MAX_NEAR && record->day - all[i].day <= reach;) {
        if (is_told_by(records, record, &all[i]))
            return &all[i];
    }
    for (size_t i = at + 1; i < records->n && i - at <= MAX_NEAR && all[i].day - record->day <= reach; i++) {
        if (is_told_by(records, record, &all[i]))
            return &all[i];
    }
    return NULL;
}

static struct record *find_moved(struct records *records, struct record *all, const struct record *resale)
{
    for (size_t i = 0; i < records->n && resale->event->listing == LISTING_RESALE; i++) {
        if (when_known(&all[i].event->previous_start) && is_told_by(records, resale, &all[i]))
            return &all[i];
    }
    return NULL;
}

/* ---- the order ---- */

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Equal days in the order of the document. */
static int by_day(const void *left, const void *right)
{
    const struct record *a = left, *b = right;
    int order = compare(a->day, b->day);

    return order != 0 ? order : (a->event > b->event) - (a->event < b->event);
}

static int rank_of(const struct record *record)
{
    static const int ranks[] = {[LISTING_SHOW] = 0,   [LISTING_DAY_TICKET] = 0, [LISTING_DAYLESS] = 0,
                                [LISTING_RESALE] = 1, [LISTING_EXTRA] = 2,      [LISTING_PASS] = 3};

    return ranks[record->event->listing];
}

/* Who may give way comes behind all that it may give way to: of passes the later day, of what is alike the
 * later in the document. */
static int by_rank(const void *left, const void *right)
{
    const struct record *a = *(struct record *const *)left, *b = *(struct record *const *)right;
    int order = rank_of(a) - rank_of(b);

    if (order == 0 && a->event->listing == LISTING_PASS)
        order = compare(a->day, b->day);
    return order != 0 ? order : (a->event > b->event) - (a->event < b->event);
}

static void settle_rest(struct records *records)
{
    static const enum curation_rule rules[] = {[LISTING_RESALE] = CURATION_RESALE,
                                               [LISTING_EXTRA] = CURATION_SOLD_BESIDE,
                                               [LISTING_PASS] = CURATION_TICKET};
    struct record *all = records->all;
    struct record **ranked = arena_alloc(records->arena, records->n * sizeof(struct record *));

    for (size_t i = 0; i < records->n; i++)
        ranked[i] = &all[i];
    qsort(ranked, records->n, sizeof(struct record *), by_rank);
    for (size_t i = 0; i < records->n; i++) {
        struct record *record = ranked[i], *told_by;

        record->stays = record->into == NULL && rank_of(record) == 0;
        if (record->into != NULL || record->stays)
            continue;
        told_by = find_near(records, all, record);
        told_by = told_by != NULL ? told_by : find_moved(records, all, record);
        record->stays = told_by == NULL;
        if (told_by == NULL)
            continue;
        record->into = told_by;
        record->rule = rules[record->event->listing];
    }
}

/* ---- what comes of it ---- */

/* The event that a record ends in: what it gave way to may have given way itself. */
static struct record *end_of(struct record *record)
{
    while (record->into != NULL)
        record = record->into;
    return record;
}

static bool is_left_out(const struct record *record)
{
    return record->event->listing == LISTING_DAYLESS || record->rule == CURATION_SOLD_BESIDE;
}

static void note(struct arena *arena, struct document *document, struct record *record, unsigned max_acts)
{
    struct record *end = end_of(record);
    struct curated curated = {record->event->id, record->name, record->event->start, record->rule, NULL};

    if (record->event->listing == LISTING_DAYLESS || end->event->listing == LISTING_DAYLESS)
        curated.rule = CURATION_NO_DAY;
    else if (end == record)
        return;
    else if (!is_left_out(record))
        curated.event_id = end->event->id;
    /* A record that two pages of an answer hold. */
    if (end != record && strcmp(end->event->id, record->event->id) == 0)
        return;
    document_note(arena, document, &curated);
    if (curated.event_id != NULL)
        fold_into(arena, end->event, record->event, record->rule, max_acts);
}

/* Two events that look like one, and why there are two: somebody will ask. */
static void note_separate(struct records *records, const struct record *stays)
{
    for (const struct record *other = stays + 1;
         other < records->all + records->n && other - stays <= MAX_NEAR && other->day == stays->day;
         other++) {
        struct curated curated = {other->event->id, other->name, other->event->start, CURATION_SEPARATE,
                                  stays->event->id};

        if (other->stays && alike_has_hours(stays->event, other->event) &&
            alike_start(stays, other, NEAR_S) && records_may_compare(records, stays, other) &&
            alike_place(&stays->event->place, &other->event->place) && alike_bill(stays, other))
            document_note(records->arena, records->document, &curated);
    }
}

void duplicates_settle(struct arena *arena, struct document *document, int64_t apart_s, unsigned max_acts)
{
    struct records records = {.arena = arena,
                              .document = document,
                              .all = arena_alloc(arena, document->n_events * sizeof(*records.all)),
                              .n = document->n_events,
                              .apart_s = apart_s};
    bool *stays = arena_alloc(arena, records.n * sizeof(*stays));

    for (size_t i = 0; i < records.n; i++)
        records.all[i] = record_of(arena, &document->events[i]);
    qsort(records.all, records.n, sizeof(*records.all), by_day);
    settle_named(&records);
    settle_shows(&records);
    festivals_settle(&records);
    settle_rest(&records);
    for (size_t i = 0; i < records.n; i++) {
        struct record *record = &records.all[i];

        stays[record->event - document->events] =
            record->into == NULL && record->event->listing != LISTING_DAYLESS;
        note(arena, document, record, max_acts);
    }
    for (size_t i = 0; i < records.n; i++) {
        if (records.all[i].stays)
            note_separate(&records, &records.all[i]);
    }
    document->n_events = 0;
    for (size_t i = 0; i < records.n; i++) {
        if (stays[i])
            document->events[document->n_events++] = document->events[i];
    }
}
