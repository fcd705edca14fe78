/* Reads artists, places, times and offers out of records of Bandsintown. What the API does otherwise than it
 * says is noted where it is dealt with. */
#include "bandsintown_read.h"

#include <string.h>

#include "identity.h"
#include "translators/ask/jget.h"
#include "translators/ask/mbid.h"
#include "translators/ask/plan.h"
#include "translators/ask/translator.h"
#include "translators/ask/url.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/curate/placeholders.h"
#include "translators/curate/repetitions.h"
#include "translators/curate/sold_beside.h"
#include "translators/curate/ticket_words.h"
#include "translators/curate/title_words.h"
#include "translators/model/place.h"
#include "translators/model/zone.h"

#define MAX_ACTS   200 /* of one event */
#define MAX_OFFERS 16  /* of one event */
#define MAX_LINKS  32
#define MAX_SPAN_S (366 * 86400LL) /* no event is longer: a day farther off is a filler */
#define FIRST_YEAR 2000            /* of a sale; 0001 has been seen */
#define WEST_S     (12 * 3600LL)   /* how late the last zone on earth is */

/* ---- ids ---- */

const char *bandsintown_read_name_of_id(const char *id)
{
    return strncmp(id, BANDSINTOWN_NAME_PREFIX, strlen(BANDSINTOWN_NAME_PREFIX)) == 0
               ? id + strlen(BANDSINTOWN_NAME_PREFIX)
               : NULL;
}

static const char *read_digits(struct arena *arena, const json_t *object, const char *path)
{
    const char *id = jget_id(arena, object, path);

    return id != NULL && text_is_number(id) ? id : NULL;
}

const char *bandsintown_read_url(struct arena *arena, const json_t *object, const char *path)
{
    return url_without_parameter(arena, jget_url(arena, object, path), BANDSINTOWN_KEY_PARAMETER);
}

/* ---- the artist ---- */

/* Pages that are the artist's; "other" is anything. A link may be a bare handle, which is no address. */
static bool is_page_type(const char *type)
{
    static const char *const types[] = {"amazon", "bandcamp",   "deezer",  "facebook", "instagram",
                                        "itunes", "shazam",     "spotify", "tiktok",   "twitter",
                                        "tidal",  "soundcloud", "website", "youtube"};

    for (size_t i = 0; type != NULL && i < sizeof(types) / sizeof(types[0]); i++) {
        if (text_equal_fold(type, types[i]))
            return true;
    }
    return false;
}

static void read_links(struct arena *arena, const json_t *artist, struct act *act)
{
    const json_t *links = jget_list(artist, "links");

    for (size_t i = 0; i < jget_size(links) && i < MAX_LINKS; i++) {
        const json_t *link = jget_at(links, i);
        const char *type = jget_raw(link, "type");
        const char *url = is_page_type(type) ? bandsintown_read_url(arena, link, "url") : NULL;

        text_list_add(arena, &act->same_as, url);
        if (act->url == NULL && url != NULL && text_equal_fold(type, "website"))
            act->url = url;
    }
}

const char *bandsintown_read_artist_id(struct arena *arena, const json_t *artist)
{
    const char *id = read_digits(arena, artist, "id");

    return id != NULL ? arena_printf(arena, BANDSINTOWN_ID_PREFIX "%s", id) : NULL;
}

const char *bandsintown_read_mbid(struct arena *arena, const json_t *artist)
{
    const char *mbid = jget_id(arena, artist, "mbid");

    return mbid != NULL && mbid_is(mbid) ? mbid : NULL;
}

struct act bandsintown_read_artist(struct plan *plan, const struct route_args *args, const char *mbid,
                                   const json_t *artist)
{
    struct arena *arena = plan_arena(plan);
    const char *id = bandsintown_read_artist_id(arena, artist), *name = bandsintown_read_name_of_id(args->id);
    struct act act = {.name = jget_text(arena, artist, "name"), .url = args->weburl, .asked = true};

    act.id = id != NULL ? id : args->id;
    if (id == NULL && name != NULL)
        act.id = arena_printf(arena, BANDSINTOWN_NAME_PREFIX "%s", text_escape(arena, name));
    if (act.name == NULL)
        act.name = name;
    if (args->name != NULL)
        act.name = args->name;
    act.image = bandsintown_read_url(arena, artist, "image_url");
    text_list_add(arena, &act.same_as, args->weburl);
    text_list_add(arena, &act.same_as, bandsintown_read_url(arena, artist, "url"));
    text_list_add(arena, &act.same_as, bandsintown_read_url(arena, artist, "facebook_page_url"));
    read_links(arena, artist, &act);
    identity_set_mbid(arena, &act, mbid != NULL ? mbid : bandsintown_read_mbid(arena, artist));
    return act;
}

/* ---- places ---- */

/* Any of these stands where there is no street, no postal code or no venue. */
static bool is_repetition(struct arena *arena, const json_t *venue, const char *text)
{
    static const char *const members[] = {"country", "city", "region", "location"};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const char *member = jget_text(arena, venue, members[i]);

        if (member != NULL && text_equal_fold(member, text))
            return true;
    }
    return false;
}

static const char *own_text(struct arena *arena, const json_t *venue, const char *member)
{
    const char *text = jget_text(arena, venue, member);

    return text != NULL && !is_repetition(arena, venue, text) ? text : NULL;
}

/* Where an event has a title the venue's name is that title again, and the venue is not known; unless the
 * title is the venue's. The coordinates are the city's. */
static void read_place(struct arena *arena, const json_t *venue, const char *title, struct place *place)
{
    const char *name = own_text(arena, venue, "name"), *city = jget_text(arena, venue, "city");
    const char *location = jget_text(arena, venue, "location");
    const char *country = jget_text(arena, venue, "country"), *region = jget_text(arena, venue, "region");

    if (name != NULL && !(title != NULL && text_equal_fold(name, title) && !repetitions_is_venue(name)) &&
        !placeholders_is_venue(name, city))
        place->name = name;
    place->street = placeholders_street(arena, own_text(arena, venue, "street_address"));
    place->postal_code = own_text(arena, venue, "postal_code");
    place->locality = repetitions_city(arena, placeholders_is_venue(city, NULL) ? NULL : city, location);
    place->country = country != NULL ? place_country(country) : NULL;
    place->region = place->country != NULL && region != NULL ? place_region(place->country, region) : NULL;
    place->has_city_geo = jget_number(venue, "latitude", &place->city_latitude) &&
                          jget_number(venue, "longitude", &place->city_longitude) &&
                          place_geo_ok(place->city_latitude, place->city_longitude);
}

static bool is_streaming(struct arena *arena, const json_t *record)
{
    static const char *const members[] = {"venue.name", "venue.location", "venue.city"};
    const char *type = jget_raw(record, "venue.type");

    if (jget_bool(record, "bandsintown_plus") || (type != NULL && text_equal_fold(type, "Virtual")))
        return true;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (placeholders_is_online(jget_text(arena, record, members[i])))
            return true;
    }
    return false;
}

bool bandsintown_read_is_left_out(struct arena *arena, const json_t *record, struct curated *ret_curated)
{
    const char *title = jget_text(arena, record, "title");
    bool is_online = is_streaming(arena, record);

    *ret_curated = (struct curated){.id = read_digits(arena, record, "id"),
                                    .name = title,
                                    .rule = is_online ? CURATION_ONLINE : CURATION_SEASON};
    when_parse_datetime(jget_raw(record, "starts_at"), &ret_curated->start);
    return is_online || (title != NULL && sold_beside_of_name(title) == SOLD_BESIDE_SEASON);
}

/* ---- times ---- */

/* Local to the venue, without zone. */
static bool read_moment(const json_t *record, const char *member, struct moment *ret_moment)
{
    const char *text = jget_raw(record, member);

    if (!when_parse_datetime(text, ret_moment) && !when_parse_date(text, ret_moment))
        return false;
    when_distrust_midnight(ret_moment);
    return true;
}

static bool is_within_span(const struct moment *from, const struct moment *to)
{
    int64_t span_s = when_wall_s(to) - when_wall_s(from);

    return span_s >= 0 && span_s <= MAX_SPAN_S;
}

/* A day of the festival that the show is part of; false where none is given, and for a filler. */
static bool read_festival_day(const json_t *record, const char *member, const struct moment *show,
                              struct moment *ret_day)
{
    return read_moment(record, member, ret_day) &&
           (is_within_span(ret_day, show) || is_within_span(show, ret_day));
}

/* The hour of the artist's show is no hour of a festival that began on a day before. */
static bool read_start(const json_t *record, struct moment *start)
{
    const char *rule = jget_raw(record, "datetime_display_rule");
    struct moment festival;

    if (!read_moment(record, "starts_at", start) && !read_moment(record, "datetime", start))
        return false;
    if (rule != NULL && strcmp(rule, "date") == 0)
        start->has_time = false;
    if (read_festival_day(record, "festival_start_date", start, &festival) &&
        !when_same_day(&festival, start) && when_compare(&festival, start) < 0)
        *start = festival;
    return true;
}

/* The later of the two ends, which need not agree. 23:59:59 and 00:00:00 stand for the end of a day: the
 * latter for that of the day before. */
static void read_end(const json_t *record, const struct moment *start, struct moment *end)
{
    struct moment ends_at, festival;

    if (read_moment(record, "ends_at", &ends_at)) {
        if (strchr(jget_raw(record, "ends_at"), 'T') != NULL && !ends_at.has_time)
            ends_at = when_of_wall_s(when_wall_s(&ends_at) - 1);
        if (ends_at.hour == 23 && ends_at.minute == 59)
            ends_at.has_time = false;
        if (is_within_span(start, &ends_at))
            *end = ends_at;
    }
    if (read_festival_day(record, "festival_end_date", start, &festival) && when_compare(&festival, end) > 0)
        *end = festival;
    if (!is_within_span(start, end) || (!end->has_time && when_same_day(start, end)))
        *end = (struct moment){0};
}

/* ---- offers ---- */

/* When sale to the public begins. Some answers give it in UTC and some in the local time of the place, so its
 * hour is good for nothing but to say that it is surely over: then *ret_begun. */
static struct moment read_sale(const json_t *record, int64_t now_s, bool *ret_begun)
{
    struct moment sale;

    *ret_begun = true;
    if (!read_moment(record, "on_sale_datetime", &sale) || sale.year < FIRST_YEAR)
        return (struct moment){0};
    *ret_begun = when_wall_s(&sale) + WEST_S <= now_s;
    sale.has_time = false;
    return sale;
}

static enum availability read_availability(const json_t *offer)
{
    static const char *const sold_out[] = {"Sold Out", "sold_out"};
    const char *type = jget_raw(offer, "type"), *status = jget_raw(offer, "status");

    for (size_t i = 0; i < sizeof(sold_out) / sizeof(sold_out[0]); i++) {
        if ((type != NULL && text_equal_fold(type, sold_out[i])) ||
            (status != NULL && text_equal_fold(status, sold_out[i])))
            return AVAILABILITY_SOLD_OUT;
    }
    return status != NULL && text_equal_fold(status, "available") ? AVAILABILITY_IN_STOCK
                                                                  : AVAILABILITY_UNKNOWN;
}

/* Tickets without prices. What is not on sale yet is not available, whatever its status. */
static void read_offers(struct arena *arena, const struct route_args *args, const json_t *record,
                        struct event *event)
{
    const json_t *offers = jget_list(record, "offers");
    bool sold_out = jget_bool(record, "sold_out"), begun;
    struct moment sale = read_sale(record, args->now_s, &begun);

    event->offers = arena_alloc(arena, MAX_OFFERS * sizeof(*event->offers));
    for (size_t i = 0; i < jget_size(offers) && event->n_offers < MAX_OFFERS; i++) {
        const json_t *offer = jget_at(offers, i);
        struct offer read = {.url = bandsintown_read_url(arena, offer, "url"), .valid_from = sale};

        read.availability = sold_out ? AVAILABILITY_SOLD_OUT : read_availability(offer);
        if (read.availability == AVAILABILITY_IN_STOCK && !begun)
            read.availability = AVAILABILITY_UNKNOWN;
        if (read.url != NULL)
            event->offers[event->n_offers++] = read;
    }
    if (sold_out && event->n_offers == 0)
        event->offers[event->n_offers++] = (struct offer){.availability = AVAILABILITY_SOLD_OUT};
}

/* ---- events ---- */

/* The line-up is names alone, the artist's among them, in no order of billing that anybody promised. */
static void read_acts(struct plan *plan, const struct route_args *args, const char *upstream_name,
                      const struct act *artist, const json_t *record, struct event *event)
{
    struct arena *arena = plan_arena(plan);
    const json_t *lineup = jget_list(record, "lineup");
    size_t n = jget_size(lineup) < MAX_ACTS ? jget_size(lineup) : MAX_ACTS;
    struct act *acts = arena_alloc(arena, (n + 1) * sizeof(*acts));
    bool asked_found = false;

    for (size_t i = 0; i < n; i++) {
        const json_t *member = jget_at(lineup, i);

        acts[i].name = jget_text(arena, member, json_is_object(member) ? "name" : "");
        if (asked_found || acts[i].name == NULL ||
            !((upstream_name != NULL && text_equal_fold(acts[i].name, upstream_name)) ||
              (artist->name != NULL && text_equal_fold(acts[i].name, artist->name)))) {
            if (placeholders_is_act(acts[i].name))
                acts[i].name = NULL;
            continue;
        }
        acts[i] = *artist;
        asked_found = true;
    }
    ticket_words_drop_acts(acts, n);
    event_set_acts(arena, event, acts, n, args->max_performers, artist->name != NULL ? artist : NULL);
}

/* Only what title and acts do not say. */
static const char *read_description(struct arena *arena, const json_t *record, const struct event *event)
{
    const char *description = jget_text(arena, record, "description");
    const char *title = jget_text(arena, record, "title");

    if (description == NULL || (title != NULL && text_equal_fold(description, title)) ||
        (event->name != NULL && text_equal_fold(description, event->name)))
        return NULL;
    for (size_t i = 0; i < event->n_acts; i++) {
        if (text_equal_fold(description, event->acts[i].name))
            return NULL;
    }
    return repetitions_cut_description(arena, description, &event->place);
}

/* "Lantern Festival - Saturday Ticket" is the festival. */
static void read_ticket(struct arena *arena, struct event *event)
{
    enum ticket ticket;
    const char *name = ticket_words_cut(arena, event->name, event->kind == EVENT_FESTIVAL, &ticket);

    if (name == NULL || ticket == TICKET_NONE)
        return;
    event->name = name;
    if (event->kind == EVENT_FESTIVAL && ticket != TICKET_TIER)
        event->listing = ticket == TICKET_DAY ? LISTING_DAY_TICKET : LISTING_PASS;
}

/* Where the title is the venue's name, it is no title. */
static bool is_club_night(struct arena *arena, const json_t *record, const char *title)
{
    const char *venue = jget_text(arena, record, "venue.name");

    return title != NULL && venue != NULL && text_equal_fold(title, venue) && repetitions_is_venue(title);
}

/* Titles are mostly festivals' names, but not always. */
static bool is_festival(const json_t *record, const struct event *event)
{
    const char *rule = jget_raw(record, "datetime_display_rule");
    struct moment day;

    return read_festival_day(record, "festival_start_date", &event->start, &day) ||
           read_festival_day(record, "festival_end_date", &event->start, &day) ||
           (event->name != NULL && rule != NULL && strcmp(rule, "range") == 0);
}

/* 19:00 stands in 39 of 93 events seen, which is more shows than begin then. Where the end is a day the start
 * is given as one, too. */
static bool is_suspect(const struct moment *start, const struct moment *end)
{
    return start->has_time && start->hour == 19 && start->minute == 0 && (!when_known(end) || end->has_time);
}

bool bandsintown_read_event(struct plan *plan, const struct route_args *args, const char *upstream_name,
                            const struct act *artist, const json_t *record, struct event *event)
{
    struct arena *arena = plan_arena(plan);
    const char *title = jget_text(arena, record, "title");
    struct title_words words;

    event->id = read_digits(arena, record, "id");
    if (event->id == NULL || !read_start(record, &event->start))
        return false;
    read_end(record, &event->start, &event->end);
    event->name = title_without_words(arena, title, artist->name, &words);
    if (is_club_night(arena, record, title))
        event->name = NULL;
    event->status = words.status;
    event->kind = is_festival(record, event) ? EVENT_FESTIVAL : EVENT_CONCERT;
    event->listing = sold_beside_listing(event);
    read_ticket(arena, event);
    event->url = bandsintown_read_url(arena, record, "url");
    read_acts(plan, args, upstream_name, artist, record, event);
    read_place(arena, jget(record, "venue"), title, &event->place);
    event->description = read_description(arena, record, event);
    event->is_free = jget_bool(record, "free");
    event->hour_suspect = is_suspect(&event->start, &event->end);
    zone_settle(&event->place, &event->start);
    zone_settle(&event->place, &event->end);
    if (event->status != EVENT_CANCELLED)
        read_offers(arena, args, record, event);
    if (words.sold_out)
        title_sells_out(arena, event);
    return true;
}
