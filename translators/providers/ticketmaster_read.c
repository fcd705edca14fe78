/* Reads places, acts, times and offers out of records of Ticketmaster. What the API does otherwise than it
 * says is noted where it is dealt with. */
#include "ticketmaster_read.h"

#include <string.h>
#include <strings.h>

#include "identity.h"
#include "ticketmaster_kind.h"
#include "translators/ask/jget.h"
#include "translators/ask/mbid.h"
#include "translators/ask/translator.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/curate/placeholders.h"
#include "translators/curate/ticket_words.h"
#include "translators/model/place.h"
#include "translators/model/zone.h"

#define MAX_ACTS     200 /* of one event; the longest line-up seen has 10 */
#define MAX_IMAGES   100 /* of one thing; there are 10 sizes of each */
#define MAX_LINKS    5   /* of one kind of one attraction */
#define MAX_PRODUCTS 20  /* of one event; 3 have been seen */
#define MAX_END_DAYS 14  /* longer than any festival; passes end years ahead */
#define DAY_S        86400

/* ---- ids ---- */

bool ticketmaster_read_is_id(const char *text)
{
    size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    return len >= 5 && len <= 40 && text[len] == '\0' && strspn(text, "0123456789_-") < len;
}

const char *ticketmaster_read_id(struct arena *arena, const json_t *object)
{
    const char *id = jget_id(arena, object, "id");

    return id != NULL && ticketmaster_read_is_id(id) ? id : NULL;
}

/* ---- places ---- */

/* "Suite 200" has a number, but is no street. */
static bool has_house_number(const char *line)
{
    static const char *const rooms[] = {"suite", "unit",  "floor", "level", "gate", "ste",     "apt",
                                        "room",  "stage", "hall",  "lot",   "bldg", "building"};

    for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
        if (strncasecmp(line, rooms[i], strlen(rooms[i])) == 0)
            return false;
    }
    return strpbrk(line, "0123456789") != NULL;
}

/* The second line is mostly a part of town; only where the first is no street it may be one, by its number.
 */
static const char *read_street(struct arena *arena, const json_t *address)
{
    static const char *const labels[] = {
        "field address:", "street address:", "physical address:", "venue address:"};
    const char *street = placeholders_street(arena, jget_text(arena, address, "line1"));
    const char *second = jget_text(arena, address, "line2");

    for (size_t i = 0; second != NULL && i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (strncasecmp(second, labels[i], strlen(labels[i])) == 0)
            second += strlen(labels[i]) + strspn(second + strlen(labels[i]), " ");
    }
    return street != NULL || second == NULL || !has_house_number(second) ? street
                                                                         : placeholders_street(arena, second);
}

void ticketmaster_read_place(struct arena *arena, const json_t *venue, struct place *place)
{
    const char *code = jget_text(arena, venue, "country.countryCode");
    const char *country = code != NULL ? place_country(code) : NULL;
    const char *state = jget_text(arena, venue, "state.stateCode");
    const char *name = jget_text(arena, venue, "name"), *city = jget_text(arena, venue, "city.name");
    bool is_known = !placeholders_is_venue(name, city);

    /* "ND" is no code of ISO's, and stands beside "Northern Ireland". */
    if (country == NULL)
        country = place_country(jget_text(arena, venue, "country.name"));
    *place = (struct place){
        .id = ticketmaster_read_id(arena, venue),
        .name = is_known ? name : NULL,
        .url = jget_url(arena, venue, "url"),
        .street = read_street(arena, jget(venue, "address")),
        .postal_code = jget_text(arena, venue, "postalCode"),
        .locality = placeholders_is_venue(city, NULL) ? NULL : city,
        .country = country,
        .tzid = jget_text(arena, venue, "timezone"),
    };
    if (place->country != NULL && state != NULL)
        place->region = place_region(place->country, state);
    state = jget_text(arena, venue, "state.name");
    if (place->country != NULL && state != NULL && place->region == NULL)
        place->region = place_region(place->country, state);
    place->has_geo = is_known && jget_number(venue, "location.latitude", &place->latitude) &&
                     jget_number(venue, "location.longitude", &place->longitude) &&
                     place_geo_ok(place->latitude, place->longitude);
}

/* ---- acts ---- */

/* The widest picture of a ratio (NULL: of any). `fallback` ones show a genre, not this artist or event. */
static const char *widest_image(struct arena *arena, const json_t *object, const char *ratio)
{
    const json_t *images = jget_list(object, "images");
    const char *widest = NULL;
    double width, max_width = 0;

    for (size_t i = 0; i < jget_size(images) && i < MAX_IMAGES; i++) {
        const json_t *image = jget_at(images, i);
        const char *is = jget_raw(image, "ratio");
        const char *url = jget_bool(image, "fallback") ? NULL : jget_url(arena, image, "url");

        if (url == NULL || (ratio != NULL && (is == NULL || strcmp(is, ratio) != 0)) ||
            !jget_number(image, "width", &width) || width <= max_width)
            continue;
        widest = url;
        max_width = width;
    }
    return widest;
}

static void read_links(struct arena *arena, const json_t *links, struct act *act)
{
    static const char *const kinds[] = {"homepage", "wiki",     "spotify",   "itunes", "lastfm",
                                        "youtube",  "facebook", "instagram", "twitter"};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const json_t *pages = jget_list(links, kinds[i]);

        for (size_t j = 0; j < jget_size(pages) && j < MAX_LINKS; j++) {
            const char *url = jget_url(arena, jget_at(pages, j), "url");

            if (i == 0 && act->url == NULL)
                act->url = url;
            text_list_add(arena, &act->same_as, url);
        }
    }
}

const char *ticketmaster_read_mbid(struct arena *arena, const json_t *attraction)
{
    const json_t *all = jget_list(attraction, "externalLinks.musicbrainz");
    const char *mbid = jget_size(all) == 1 ? jget_id(arena, jget_at(all, 0), "id") : NULL;

    return mbid != NULL && mbid_is(mbid) ? mbid : NULL;
}

/* An artist is asked for by id; on the page of an event or a venue it can only be known by its name. */
static bool is_asked(const struct ticketmaster_reading *reading, const struct act *act)
{
    const char *name = reading->args->name;

    if (reading->out->subject != SUBJECT_ARTIST)
        return name != NULL && act->name != NULL && text_equal_fold(name, act->name);
    return act->id != NULL && reading->asked_id != NULL && strcmp(act->id, reading->asked_id) == 0;
}

void ticketmaster_read_act(const struct ticketmaster_reading *reading, const json_t *attraction,
                           struct act *act)
{
    const struct route_args *args = reading->args;
    struct arena *arena = reading->arena;

    *act = (struct act){.id = ticketmaster_read_id(arena, attraction),
                        .name = jget_text(arena, attraction, "name")};
    act->asked = is_asked(reading, act);
    if (act->asked) {
        act->name = args->name != NULL ? args->name : act->name;
        act->url = args->weburl;
        text_list_add(arena, &act->same_as, args->weburl);
    }
    text_list_add(arena, &act->same_as, jget_url(arena, attraction, "url"));
    read_links(arena, jget(attraction, "externalLinks"), act);
    identity_set_mbid(arena, act, ticketmaster_read_mbid(arena, attraction));
    act->image = widest_image(arena, attraction, NULL);
}

struct act ticketmaster_read_asked_artist(const struct ticketmaster_reading *reading)
{
    const struct route_args *args = reading->args;
    struct act act = {.id = reading->asked_id, .name = args->name, .url = args->weburl, .asked = true};

    text_list_add(reading->arena, &act.same_as, args->weburl);
    identity_set_mbid(reading->arena, &act, mbid_of_id(args->id));
    return act;
}

/* Festivals, tours and "Special Guests" are attractions too, but do not perform. */
static bool performs(const struct ticketmaster_reading *reading, const json_t *record,
                     const json_t *attraction, const struct act *act)
{
    if (act->asked && (reading->args->name != NULL || !placeholders_is_act(act->name)))
        return true;
    return !ticketmaster_kind_is_festival(attraction) && !ticketmaster_kind_is_tour(attraction) &&
           !ticketmaster_kind_is_own_festival(reading->arena, record, attraction) &&
           !placeholders_is_act(act->name);
}

/* Attractions stand in billing order. */
static void read_acts(const struct ticketmaster_reading *reading, const json_t *record, struct event *event)
{
    const json_t *attractions = jget_list(record, "_embedded.attractions");
    size_t n = jget_size(attractions) < MAX_ACTS ? jget_size(attractions) : MAX_ACTS;
    struct act *acts = arena_alloc(reading->arena, n * sizeof(*acts)),
               asked = ticketmaster_read_asked_artist(reading);
    bool is_missing = reading->out->subject == SUBJECT_ARTIST && asked.name != NULL;

    for (size_t i = 0; i < n; i++) {
        ticketmaster_read_act(reading, jget_at(attractions, i), &acts[i]);
        if (!performs(reading, record, jget_at(attractions, i), &acts[i]))
            acts[i].name = NULL;
    }
    ticket_words_drop_acts(acts, n);
    event_set_acts(reading->arena, event, acts, n, reading->args->max_performers, is_missing ? &asked : NULL);
}

/* ---- times ---- */

/* How far the local time is from the same moment in UTC: its offset, where that can be one. */
static void set_offset(struct moment *local, const struct moment *utc)
{
    int64_t apart_s = when_wall_s(local) - when_wall_s(utc) + utc->offset_min * 60;

    if (!local->has_time || !utc->has_offset || apart_s % 900 != 0 || apart_s < -14 * 3600 ||
        apart_s > 14 * 3600)
        return;
    local->has_offset = true;
    local->offset_min = (int)(apart_s / 60);
}

/* {localDate, localTime, dateTime, timeTBA, noSpecificTime}: what the posters say is local; dateTime is the
 * same in UTC, and alone in some ends. */
static bool read_moment(const struct place *place, const json_t *object, struct moment *ret_moment)
{
    struct moment moment, utc = {0};
    bool has_utc = when_parse_datetime(jget_raw(object, "dateTime"), &utc) && utc.has_offset;

    if (when_parse_date(jget_raw(object, "localDate"), &moment)) {
        if (when_parse_time(jget_raw(object, "localTime"), &moment) && has_utc)
            set_offset(&moment, &utc);
    } else if (has_utc && zone_localise_at(place, &utc)) {
        moment = utc;
    } else {
        return false;
    }
    if (jget_bool(object, "timeTBA") || jget_bool(object, "noSpecificTime"))
        moment.has_time = moment.has_offset = false;
    when_distrust_midnight(&moment);
    zone_settle(place, &moment);
    *ret_moment = moment;
    return true;
}

/* Of a postponed show `start` is emptied, and the day that it had is kept beside it. Of a rescheduled one the
 * day before is there, too. */
static bool read_start(const json_t *dates, struct event *event)
{
    struct moment initial;
    bool has_initial = read_moment(&event->place, jget(dates, "initialStartDate"), &initial);

    if (!read_moment(&event->place, jget(dates, "start"), &event->start)) {
        if (!has_initial || event->status != EVENT_POSTPONED)
            return false;
        event->start = initial;
    }
    if (has_initial && event->status == EVENT_RESCHEDULED && !when_same_day(&initial, &event->start))
        event->previous_start =
            (struct moment){.year = initial.year, .month = initial.month, .day = initial.day};
    return true;
}

/* A guessed end is none; nor is one so far away that it is a pass's; nor one whose hour is not known, on the
 * day of the start or in the night behind it. */
static void read_end(const json_t *dates, struct event *event)
{
    struct moment end;
    int64_t days;

    if (jget_bool(dates, "end.approximate") || !read_moment(&event->place, jget(dates, "end"), &end) ||
        when_compare(&end, &event->start) <= 0)
        return;
    days = (when_wall_s(&end) - when_wall_s(&event->start)) / DAY_S;
    if (days > MAX_END_DAYS || (event->start.has_time && !end.has_time && days < 1))
        return;
    event->end = end;
}

/* Doors open on the day, before the start, by the same clock. */
static void read_doors(const json_t *record, struct event *event)
{
    const struct moment *start = &event->start;
    struct moment doors;

    if (!read_moment(&event->place, jget(record, "doorsTimes"), &doors) || !doors.has_time ||
        !start->has_time || when_compare(&doors, start) > 0 ||
        when_wall_s(start) - when_wall_s(&doors) >= DAY_S)
        return;
    if (!doors.has_offset && start->has_offset) {
        doors.has_offset = true;
        doors.offset_min = start->offset_min;
    }
    event->doors = doors;
}

/* ---- offers ---- */

/* Prices with fees win over prices without; other types than "standard" are not what everybody pays. */
static void read_price(struct arena *arena, const json_t *record, struct offer *offer)
{
    const json_t *ranges = jget_list(record, "priceRanges");
    bool with_fees = false;

    for (size_t i = 0; i < jget_size(ranges) && i < MAX_LINKS; i++) {
        const json_t *range = jget_at(ranges, i);
        const char *type = jget_raw(range, "type"), *currency = jget_text(arena, range, "currency");
        bool has_fees = type != NULL && text_has_words(type, "including fees");
        double min, max;

        if ((type != NULL && !text_has_words(type, "standard")) || currency == NULL ||
            strlen(currency) != 3 || strspn(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3 ||
            !jget_number(range, "min", &min) || min <= 0 || min > 1e9)
            continue;
        if (offer->has_price && (has_fees < with_fees || (has_fees == with_fees && min >= offer->price)))
            continue;
        with_fees = has_fees;
        offer->has_price = true;
        offer->price = min;
        offer->currency = currency;
        offer->high_price = jget_number(range, "max", &max) && max >= min && max <= 1e9 ? max : 0;
    }
}

/* "offsale" is before, after or between sales: none of these says that an event is sold out. A sale that
 * began in 1900 has always been open. */
static void read_offer(const struct ticketmaster_reading *reading, const json_t *record, struct event *event)
{
    const json_t *sale = jget(record, "sales.public");
    const char *code = jget_raw(record, "dates.status.code");
    struct offer *offer;
    struct moment from = {0}, until = {0};
    bool is_over = when_parse_datetime(jget_raw(sale, "endDateTime"), &until) && until.has_offset &&
                   when_wall_s(&until) - until.offset_min * 60 <= reading->args->now_s;
    bool is_announced = !jget_bool(sale, "startTBD") && !jget_bool(sale, "startTBA") &&
                        when_parse_datetime(jget_raw(sale, "startDateTime"), &from) && from.has_offset &&
                        from.year > 1970;

    if (event->url == NULL || event->status == EVENT_CANCELLED)
        return;
    offer = arena_alloc(reading->arena, sizeof(*offer));
    offer->url = event->url;
    read_price(reading->arena, record, offer);
    if (code != NULL && strcmp(code, "onsale") == 0 && !is_over &&
        !(is_announced && when_wall_s(&from) - from.offset_min * 60 > reading->args->now_s))
        offer->availability = AVAILABILITY_IN_STOCK;
    if (is_announced) {
        zone_localise_at(&event->place, &from);
        offer->valid_from = from;
    }
    event->offers = offer;
    event->n_offers = 1;
}

/* ---- events ---- */

/* A title that is no more than the name of the first act gives way to what that act is called here. The first
 * attraction need not be the first act: it may be a festival, or stand behind an artist that was left out. */
static void read_name(struct arena *arena, const json_t *record, const char *title, struct event *event)
{
    const json_t *attraction = jget_at(jget_list(record, "_embedded.attractions"), 0);
    const char *first = jget_text(arena, attraction, "name"), *id = ticketmaster_read_id(arena, attraction);

    event->name = title;
    if (event->name != NULL && first != NULL && text_equal_fold(event->name, first) && id != NULL &&
        event->n_acts > 0 && event->acts[0].id != NULL && strcmp(event->acts[0].id, id) == 0) {
        event->name = NULL;
        event->acts[0].headliner = true;
    }
}

/* What the show's own record names as sold beside it, in whatever language. */
static void read_products(struct arena *arena, const json_t *record, struct event *event)
{
    const json_t *products = jget_list(record, "products");

    for (size_t i = 0; i < jget_size(products) && i < MAX_PRODUCTS; i++)
        text_list_add(arena, &event->sold_beside_ids, ticketmaster_read_id(arena, jget_at(products, i)));
}

static void read_images(struct arena *arena, const json_t *record, struct event *event)
{
    static const char *const ratios[] = {"16_9", "4_3", "3_2", "1_1"};

    for (size_t i = 0; i < sizeof(ratios) / sizeof(ratios[0]); i++)
        text_list_add(arena, &event->images, widest_image(arena, record, ratios[i]));
    if (event->images.n == 0)
        text_list_add(arena, &event->images, widest_image(arena, record, NULL));
}

/* Is this zone kept in the country of the place on the day that `start` says? */
static bool is_zone_there(const struct place *place, const char *tzid, const json_t *start)
{
    const struct place country = {.country = place->country};
    struct moment noon;

    if (zone_is_kept_in(place->country, tzid))
        return true;
    if (!when_parse_date(jget_raw(start, "localDate"), &noon) &&
        !when_parse_datetime(jget_raw(start, "dateTime"), &noon))
        return false;
    noon.has_time = true;
    noon.hour = 12;
    noon.has_offset = zone_offset_at(tzid, &noon, &noon.offset_min);
    return noon.has_offset && zone_offset_possible(&country, &noon);
}

/* The event's own zone wins over the venue's; one that the country does not keep is the mistake of either. */
static void settle_zone(struct arena *arena, const json_t *dates, struct place *place)
{
    const json_t *start = jget(dates, "start");
    const char *own = jget_text(arena, dates, "timezone");

    if (own != NULL && is_zone_there(place, own, start))
        place->tzid = own;
    else if (place->tzid != NULL && !is_zone_there(place, place->tzid, start))
        place->tzid = NULL;
}

bool ticketmaster_read_event(const struct ticketmaster_reading *reading, const json_t *record,
                             struct event *event)
{
    struct arena *arena = reading->arena;
    const json_t *dates = jget(record, "dates");
    const json_t *venue = jget_at(jget_list(record, "_embedded.venues"), 0);
    struct ticketmaster_title title = ticketmaster_kind_title(arena, record);

    *event = (struct event){.id = ticketmaster_read_id(arena, record)};
    ticketmaster_read_place(arena, venue != NULL ? venue : jget(record, "place"), &event->place);
    settle_zone(arena, dates, &event->place);
    event->status = ticketmaster_kind_status(record, &title.words);
    if (event->id == NULL || !read_start(dates, event))
        return false;
    event->kind =
        ticketmaster_kind_is_festival(record) ||
                ticketmaster_kind_is_festival(jget_at(jget_list(record, "_embedded.attractions"), 0))
            ? EVENT_FESTIVAL
            : EVENT_CONCERT;
    event->url = jget_url(arena, record, "url");
    read_acts(reading, record, event);
    read_name(arena, record, title.text, event);
    event->listing = ticketmaster_kind_listing(arena, record, event);
    if (event->listing == LISTING_PASS || (title.ticket != TICKET_NONE && title.text == NULL))
        event->name = ticketmaster_kind_festival(arena, record);
    if (event->listing == LISTING_PASS)
        event->kind = EVENT_FESTIVAL;
    read_products(arena, record, event);
    read_end(dates, event);
    read_doors(record, event);
    read_offer(reading, record, event);
    if (title.words.sold_out)
        title_sells_out(arena, event);
    read_images(arena, record, event);
    return true;
}
