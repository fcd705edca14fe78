/* What each rule lets a record add. */
#include "fold.h"

#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"

#define MAX_OFFERS   16
#define DOORS_MIN_S  (15 * 60) /* doors open this much before the show, or more */
#define DOORS_MAX_S  (90 * 60)
#define MAX_ALL_ACTS 500 /* of a folded bill; the longest line-ups have 400 */

/* ---- which is richer ---- */

static bool takes_place(const struct event *event)
{
    return event->status != EVENT_CANCELLED && event->status != EVENT_POSTPONED;
}

static bool has_sure_hour(const struct event *event)
{
    return event->start.has_time && !event->hour_suspect;
}

static bool has_price(const struct event *event)
{
    for (size_t i = 0; i < event->n_offers; i++) {
        if (event->offers[i].has_price)
            return true;
    }
    return false;
}

/* How much else is known. */
static int details(const struct event *event)
{
    return (event->place.name != NULL) + (event->place.street != NULL) + when_known(&event->end) +
           when_known(&event->doors) + (event->description != NULL) + (event->age_range != NULL) +
           (event->images.n > 0) + (event->n_offers > 0) + has_price(event);
}

static size_t name_len(struct arena *arena, const struct event *event)
{
    const char *name = event_display_name(arena, event);

    return name != NULL ? strlen(name) : SIZE_MAX;
}

bool fold_is_richer(struct arena *arena, const struct event *a, const struct event *b)
{
    if (takes_place(a) != takes_place(b))
        return takes_place(a);
    if (has_sure_hour(a) != has_sure_hour(b))
        return has_sure_hour(a);
    if (a->n_acts != b->n_acts)
        return a->n_acts > b->n_acts;
    if (details(a) != details(b))
        return details(a) > details(b);
    if (when_compare(&a->start, &b->start) != 0)
        return when_compare(&a->start, &b->start) > 0;
    return name_len(arena, a) < name_len(arena, b);
}

/* ---- completing ---- */

static void set_text(const char **field, const char *text)
{
    if (*field == NULL)
        *field = text;
}

/* The acts of the event, then those that only the record has. Who is a headliner the event says. */
static void complete_acts(struct arena *arena, struct event *event, const struct event *record,
                          unsigned max_acts)
{
    size_t n = 0, n_left_out = event->n_acts_left_out;
    struct act *acts;

    if (record->n_acts == 0 || n_left_out > 0 || event->n_acts + record->n_acts > MAX_ALL_ACTS)
        return;
    acts = arena_alloc(arena, (event->n_acts + record->n_acts) * sizeof(*acts));
    for (size_t i = 0; i < event->n_acts; i++)
        acts[n++] = event->acts[i];
    for (size_t i = 0; i < record->n_acts; i++) {
        acts[n] = record->acts[i];
        acts[n++].headliner = false;
    }
    event_set_acts(arena, event, acts, n, max_acts, NULL);
    if (record->n_acts_left_out > event->n_acts_left_out)
        event->n_acts_left_out = record->n_acts_left_out;
}

static bool has_offer(const struct event *event, const struct offer *offer)
{
    for (size_t i = 0; i < event->n_offers; i++) {
        const char *url = event->offers[i].url;

        if (offer->url == NULL || (url != NULL && strcmp(url, offer->url) == 0))
            return true;
    }
    return false;
}

static void complete_offers(struct arena *arena, struct event *event, const struct event *record)
{
    size_t n = event->n_offers;
    struct offer *offers;

    if (record->n_offers == 0 || event->status == EVENT_CANCELLED)
        return;
    offers = arena_alloc(arena, (n + record->n_offers) * sizeof(*offers));
    if (n > 0)
        memcpy(offers, event->offers, n * sizeof(*offers));
    for (size_t i = 0; i < record->n_offers && n < MAX_OFFERS; i++) {
        if (n == 0 || !has_offer(event, &record->offers[i]))
            offers[n++] = record->offers[i];
    }
    event->offers = offers;
    event->n_offers = n;
}

/* Of two hours of one show the earlier is that of the doors. */
static void complete_hours(struct event *event, const struct event *record)
{
    const struct moment *earlier = when_known(&record->doors) ? &record->doors : &record->start;
    int64_t apart_s = when_wall_s(&event->start) - when_wall_s(earlier);

    if (!when_known(&event->end) && when_compare(&record->end, &event->start) > 0)
        event->end = record->end;
    if (!event->start.has_time && record->start.has_time && when_same_day(&event->start, &record->start)) {
        event->start = record->start;
        event->hour_suspect = record->hour_suspect;
        event->doors = record->doors;
    } else if (event->start.has_time && earlier->has_time && !record->hour_suspect &&
               !when_known(&event->doors) && apart_s >= DOORS_MIN_S && apart_s <= DOORS_MAX_S) {
        event->doors = *earlier;
    }
}

/* A venue that is known takes the place of one that is not; what is known of one and the same adds up. */
static void complete_place(struct place *place, const struct place *other)
{
    if (place->name == NULL && other->name != NULL) {
        *place = *other;
        return;
    }
    set_text(&place->street, other->name != NULL ? other->street : NULL);
    set_text(&place->postal_code, place->street == other->street ? other->postal_code : NULL);
    set_text(&place->locality, other->locality);
    if (place->country != NULL && other->country != NULL && strcmp(place->country, other->country) == 0)
        set_text(&place->region, other->region);
    set_text(&place->tzid, other->tzid);
    if (!place->has_geo && other->has_geo && other->name != NULL) {
        place->has_geo = true;
        place->latitude = other->latitude;
        place->longitude = other->longitude;
    }
}

/* The shorter of two names, where it stands in the longer. */
static void complete_name(struct arena *arena, struct event *event, const struct event *record)
{
    const char *name = event_display_name(arena, event), *other = event_display_name(arena, record);

    if (other != NULL && (name == NULL || (event->name != NULL && strlen(other) < strlen(name) &&
                                           text_has_words(name, other))))
        event->name = other;
}

static void complete_rest(struct event *event, const struct event *record)
{
    set_text(&event->description, record->description);
    set_text(&event->url, record->url);
    set_text(&event->age_range, record->age_range);
    if (event->organizer_name == NULL) {
        event->organizer_name = record->organizer_name;
        event->organizer_url = record->organizer_url;
    }
    event->is_free = event->is_free || record->is_free;
    if (event->images.n == 0)
        event->images = record->images;
    if (!when_known(&event->previous_start))
        event->previous_start = record->previous_start;
    complete_place(&event->place, &record->place);
}

void fold_into(struct arena *arena, struct event *event, const struct event *record, enum curation_rule rule,
               unsigned max_acts)
{
    text_list_add(arena, &event->folded_ids, record->id);
    for (size_t i = 0; i < record->folded_ids.n; i++)
        text_list_add(arena, &event->folded_ids, record->folded_ids.items[i]);
    if (rule == CURATION_RESALE || rule == CURATION_ALL_DAYS || record->listing == LISTING_PASS)
        return;
    complete_offers(arena, event, record);
    if (rule == CURATION_TICKET)
        return;
    complete_acts(arena, event, record, max_acts);
    complete_rest(event, record);
    if (rule == CURATION_SAME_SHOW)
        complete_name(arena, event, record);
    complete_hours(event, record);
}
