/* Which records of a festival give way. */
#include "festivals.h"

#include <string.h>

#include "fold.h"

#define DAY_S 86400

static int64_t last_day(const struct record *record)
{
    const struct moment *end = &record->event->end;
    int64_t day = when_known(end) ? when_wall_s(end) / DAY_S : record->day;

    /* A festival that ends in the small hours ends on the day before. */
    if (when_known(end) && end->has_time && end->hour < 8 && day > record->day)
        day--;
    return day < record->day ? record->day : day;
}

static bool is_festival(const struct record *record)
{
    return record->event->kind == EVENT_FESTIVAL && record->event->listing == LISTING_SHOW &&
           record->into == NULL;
}

static bool is_off(const struct record *record)
{
    return record->event->status == EVENT_CANCELLED || record->event->status == EVENT_POSTPONED;
}

bool festivals_have_day(const struct record *festival, const struct record *record)
{
    return record->day >= festival->day && record->day <= last_day(festival);
}

bool festivals_are_one(const struct record *a, const struct record *b)
{
    const struct place *place_a = &a->event->place, *place_b = &b->event->place;

    if (!alike_place(place_a, place_b) &&
        !(alike_city(place_a, place_b) && (place_a->name == NULL || place_b->name == NULL)))
        return false;
    return alike_within(a->name, b->name) || alike_bill(a, b);
}

static void give_way(struct record *record, struct record *to, enum curation_rule rule)
{
    record->into = to;
    record->rule = rule;
}

/* What is cancelled stands for nothing that goes on. */
static bool may_give_way(const struct record *record, const struct record *to)
{
    return is_off(record) || !is_off(to);
}

/* ---- the same days ---- */

static void settle_same_days(struct records *records, size_t at)
{
    struct record *a = &records->all[at];

    for (size_t i = at + 1; i < records->n && records->all[i].day == a->day && a->into == NULL; i++) {
        struct record *b = &records->all[i];

        if (!is_festival(b) || last_day(a) != last_day(b) || !records_may_compare(records, a, b) ||
            !festivals_are_one(a, b))
            continue;
        if (fold_is_richer(records->arena, b->event, a->event))
            give_way(a, b, CURATION_SAME_FESTIVAL);
        else
            give_way(b, a, CURATION_SAME_FESTIVAL);
    }
}

/* ---- shorter spans ---- */

/* A span of the same name within the days of another. */
static void settle_shorter(struct record *span, struct records *records)
{
    for (size_t i = 0; i < records->n; i++) {
        struct record *part = &records->all[i];

        if (part != span && is_festival(part) && last_day(part) > part->day &&
            last_day(part) - part->day < last_day(span) - span->day && festivals_have_day(span, part) &&
            last_day(part) <= last_day(span) && may_give_way(part, span) &&
            records_may_compare(records, part, span) && alike_within(part->name, span->name) &&
            festivals_are_one(part, span))
            give_way(part, span, CURATION_SAME_FESTIVAL);
    }
}

/* ---- the whole and its days ---- */

/* The days of the span that have records of their own, as bits; *ret_first is the first of these. */
static uint32_t days_listed(struct record *span, struct records *records, struct record **ret_first)
{
    uint32_t days = 0;

    *ret_first = NULL;
    for (size_t i = 0; i < records->n; i++) {
        struct record *day = &records->all[i];

        if (day == span || !is_festival(day) || last_day(day) != day->day || !festivals_have_day(span, day) ||
            !may_give_way(span, day) || !records_may_compare(records, span, day) ||
            !festivals_are_one(span, day))
            continue;
        days |= UINT32_C(1) << (day->day - span->day);
        if (*ret_first == NULL || day->day < (*ret_first)->day)
            *ret_first = day;
    }
    return days;
}

static void settle_span(struct record *span, struct records *records)
{
    int64_t n_days = last_day(span) - span->day + 1;
    struct record *first;
    uint32_t days;

    if (n_days < 2 || n_days > FESTIVALS_MAX_DAYS)
        return;
    days = days_listed(span, records, &first);
    if (days == (UINT32_C(1) << n_days) - 1)
        give_way(span, first, CURATION_ALL_DAYS);
    else if (days & 1 && may_give_way(first, span))
        give_way(first, span, CURATION_FIRST_DAY);
}

/* ---- tickets ---- */

static void settle_ticket(struct record *ticket, struct records *records)
{
    for (size_t i = 0; i < records->n; i++) {
        struct record *festival = &records->all[i];

        if (is_festival(festival) && festivals_have_day(festival, ticket) && may_give_way(ticket, festival) &&
            records_may_compare(records, ticket, festival) && festivals_are_one(ticket, festival)) {
            give_way(ticket, festival, CURATION_TICKET);
            return;
        }
    }
}

static void settle_tickets(struct records *records)
{
    for (size_t i = 0; i < records->n; i++) {
        if (records->all[i].event->listing == LISTING_DAY_TICKET)
            settle_ticket(&records->all[i], records);
    }
    for (size_t i = 0; i < records->n; i++) {
        struct event *event = records->all[i].event;

        if (event->listing == LISTING_DAY_TICKET && records->all[i].into == NULL)
            event->listing = LISTING_SHOW;
    }
}

void festivals_settle(struct records *records)
{
    settle_tickets(records);
    for (size_t i = 0; i < records->n; i++) {
        if (is_festival(&records->all[i]))
            settle_same_days(records, i);
    }
    for (size_t i = 0; i < records->n; i++) {
        if (is_festival(&records->all[i]))
            settle_shorter(&records->all[i], records);
    }
    for (size_t i = 0; i < records->n; i++) {
        if (is_festival(&records->all[i]))
            settle_span(&records->all[i], records);
    }
}
