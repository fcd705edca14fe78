/* Reads venues, acts, names and times out of records of Songkick. What the API does otherwise than it says is
 * noted where it is dealt with. */
#include "songkick_read.h"

#include <string.h>

#include "identity.h"
#include "translators/ask/jget.h"
#include "translators/ask/mbid.h"
#include "translators/ask/plan.h"
#include "translators/ask/translator.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/curate/placeholders.h"
#include "translators/curate/ticket_words.h"
#include "translators/curate/title_words.h"
#include "translators/model/place.h"
#include "translators/model/word_key.h"
#include "translators/model/zone.h"

const char *songkick_read_id(struct arena *arena, const json_t *object)
{
    const char *id = jget_id(arena, object, "id");

    return id != NULL && text_is_number(id) ? id : NULL;
}

/* ---- places ---- */

static void set_text(const char **field, const char *text)
{
    if (text != NULL)
        *field = text;
}

static void read_geo(struct place *place, const json_t *object)
{
    double latitude, longitude;

    if (!jget_number(object, "lat", &latitude) || !jget_number(object, "lng", &longitude) ||
        !place_geo_ok(latitude, longitude))
        return;
    place->has_geo = true;
    place->latitude = latitude;
    place->longitude = longitude;
}

/* `area` is a metroArea or a city: {displayName, country: {displayName}, state: {displayName}}. A region that
 * the country does not have is none. */
static void read_country(struct arena *arena, struct place *place, const json_t *area)
{
    const char *country = jget_text(arena, area, "country.displayName");
    const char *state = jget_text(arena, area, "state.displayName");

    set_text(&place->country, country != NULL ? place_country(country) : NULL);
    set_text(&place->region, state);
    place->region =
        place->country != NULL && place->region != NULL ? place_region(place->country, place->region) : NULL;
}

void songkick_read_venue(struct arena *arena, struct place *place, const json_t *venue)
{
    const char *name = jget_text(arena, venue, "displayName");
    bool is_known = !placeholders_is_venue(name, NULL);
    int capacity = jget_count(venue, "capacity");

    if (place->id == NULL)
        place->id = songkick_read_id(arena, venue);
    set_text(&place->name, is_known ? name : NULL);
    set_text(&place->url, jget_url(arena, venue, "uri"));
    set_text(&place->website, jget_url(arena, venue, "website"));
    set_text(&place->phone, jget_text(arena, venue, "phone"));
    set_text(&place->street, placeholders_street(arena, jget_text(arena, venue, "street")));
    set_text(&place->postal_code, jget_text(arena, venue, "zip"));
    if (place->locality == NULL)
        place->locality = jget_text(arena, venue, "metroArea.displayName");
    set_text(&place->locality, jget_text(arena, venue, "city.displayName"));
    if (place->country == NULL)
        read_country(arena, place, jget(venue, "metroArea"));
    read_country(arena, place, jget(venue, "city"));
    if (is_known)
        read_geo(place, venue);
    if (capacity > 0)
        place->capacity = capacity;
}

/* "Berlin, Germany", or "Austin, TX, US" in countries with states: the town itself, where the metro area may
 * be a bigger neighbour in the next state, and all there is for some old venues. */
static void read_city(struct arena *arena, struct place *place, const char *city)
{
    const char *first = strchr(city, ','), *last = strrchr(city, ',');
    const char *country, *region;

    if (first == NULL)
        return;
    country = text_clean(arena, last + 1, strlen(last + 1), strlen(city));
    region = first < last ? text_clean(arena, first + 1, (size_t)(last - first - 1), strlen(city)) : NULL;
    place->locality = text_clean(arena, city, (size_t)(first - city), strlen(city));
    place->country = country != NULL ? place_country(country) : NULL;
    place->region = place->country != NULL && region != NULL ? place_region(place->country, region) : NULL;
}

/* ---- acts ---- */

/* The one MusicBrainz id of an artist. Where Songkick is not sure it lists all candidates: then there is
 * none. */
static const char *single_mbid(struct arena *arena, const json_t *artist)
{
    const json_t *identifiers = jget_list(artist, "identifier");
    const char *mbid = jget_size(identifiers) == 1 ? jget_id(arena, jget_at(identifiers, 0), "mbid") : NULL;

    return mbid != NULL && mbid_is(mbid) ? mbid : NULL;
}

static bool has_mbid(struct plan *plan, const json_t *artist, const char *asked)
{
    const json_t *identifiers = jget_list(artist, "identifier");

    for (size_t i = 0; i < jget_size(identifiers); i++) {
        if (identity_is(plan, asked, jget_id(plan_arena(plan), jget_at(identifiers, i), "mbid")))
            return true;
    }
    return false;
}

/* The MusicBrainz id of the asked artist, as MusicBrainz has it now; NULL: the artist is asked for otherwise.
 */
static const char *asked_mbid(struct plan *plan, const struct route_args *args)
{
    const char *mbid = mbid_of_id(args->id);

    return mbid != NULL ? identity_current(plan, identity_artist(plan, mbid, false), mbid) : NULL;
}

/* An artist is asked for by id; on the page of an event or a venue it can only be known by its name. */
static bool is_asked(struct plan *plan, const struct route_args *args, enum subject subject,
                     const struct act *act, const json_t *artist)
{
    const char *mbid = mbid_of_id(args->id);

    if (subject != SUBJECT_ARTIST)
        return args->name != NULL && act->name != NULL && text_equal_fold(args->name, act->name);
    if (mbid != NULL)
        return has_mbid(plan, artist, mbid);
    return act->id != NULL && strcmp(act->id, args->id) == 0;
}

/* `shown` (NULL: none) is what a bill calls the artist. */
static void read_artist(struct plan *plan, const struct route_args *args, enum subject subject,
                        const json_t *artist, const char *shown, struct act *act)
{
    struct arena *arena = plan_arena(plan);

    act->id = songkick_read_id(arena, artist);
    act->name = jget_text(arena, artist, "displayName");
    if (act->name == NULL)
        act->name = shown;
    act->asked = is_asked(plan, args, subject, act, artist);
    if (act->asked) {
        set_text(&act->name, args->name);
        act->url = args->weburl;
        text_list_add(arena, &act->same_as, args->weburl);
    }
    text_list_add(arena, &act->same_as, jget_url(arena, artist, "uri"));
    identity_set_mbid(arena, act,
                      act->asked && asked_mbid(plan, args) != NULL ? asked_mbid(plan, args)
                                                                   : single_mbid(arena, artist));
}

static void read_act(struct plan *plan, const struct route_args *args, enum subject subject,
                     const json_t *performance, struct act *act)
{
    const char *billing = jget_raw(performance, "billing");

    read_artist(plan, args, subject, jget(performance, "artist"),
                jget_text(plan_arena(plan), performance, "displayName"), act);
    act->headliner = billing != NULL && strcmp(billing, "headline") == 0;
}

bool songkick_read_artist(struct plan *plan, const struct route_args *args, const json_t *artist,
                          struct act *ret_act)
{
    struct act act = {0};

    read_artist(plan, args, SUBJECT_ARTIST, artist, NULL, &act);
    if (!act.asked || act.name == NULL)
        return false;
    *ret_act = act;
    return true;
}

struct act songkick_read_asked_artist(struct plan *plan, const struct route_args *args)
{
    struct act act = {.id = args->id, .name = args->name, .url = args->weburl, .asked = true};

    text_list_add(plan_arena(plan), &act.same_as, args->weburl);
    identity_set_mbid(plan_arena(plan), &act, asked_mbid(plan, args));
    return act;
}

/* Where no act has the asked MusicBrainz id, one of the given name is the artist: else it would perform
 * twice. */
static void find_by_name(struct act *acts, size_t n, struct act *asked)
{
    for (size_t i = 0; i < n; i++) {
        if (acts[i].asked)
            return;
    }
    for (size_t i = 0; i < n; i++) {
        if (acts[i].name == NULL || !text_equal_fold(acts[i].name, asked->name))
            continue;
        asked->id = acts[i].id;
        asked->headliner = acts[i].headliner;
        acts[i] = *asked;
        return;
    }
}

static void read_acts(struct plan *plan, const struct route_args *args, const struct document *out,
                      const json_t *performances, struct event *event)
{
    struct arena *arena = plan_arena(plan);
    size_t n = jget_size(performances);
    bool is_missing;
    struct act *acts = arena_alloc(arena, n * sizeof(*acts)), asked = songkick_read_asked_artist(plan, args);

    for (size_t i = 0; i < n; i++) {
        read_act(plan, args, out->subject, jget_at(performances, i), &acts[i]);
        if (placeholders_is_act(acts[i].name) && !(acts[i].asked && args->name != NULL))
            acts[i].name = NULL;
    }
    ticket_words_drop_acts(acts, n);
    is_missing = out->subject == SUBJECT_ARTIST && args->name != NULL;
    if (is_missing)
        find_by_name(acts, n, &asked);
    event_set_acts(arena, event, acts, n, args->max_performers, is_missing ? &asked : NULL);
}

/* ---- events ---- */

/* A name without one suffix and the space before it; the name itself where it ends otherwise. */
static const char *without_suffix(struct arena *arena, const char *name, const char *suffix)
{
    size_t len = strlen(name), suffix_len = strlen(suffix);

    if (len < suffix_len || !text_equal_fold(name + len - suffix_len, suffix))
        return name;
    len -= suffix_len;
    while (len > 0 && name[len - 1] == ' ')
        len--;
    return arena_strndup(arena, name, len);
}

/* "A with B at Venue (March 12, 2027)" -> "A with B": all there is where a concert names no acts. */
static const char *without_place_and_date(struct arena *arena, const char *name, const json_t *record)
{
    const char *venue = jget_text(arena, record, "venue.displayName");
    const char *date = strrchr(name, '(');

    if (date != NULL && date[strlen(date) - 1] == ')')
        name = without_suffix(arena, name, date);
    return venue != NULL ? without_suffix(arena, name, arena_printf(arena, " at %s", venue)) : name;
}

/* Only the displayName of a festival is a name. A concert's is made of acts, place and date, which have
 * properties of their own. */
static const char *event_name(struct arena *arena, const json_t *record, const struct event *event,
                              const char *name)
{
    if (event->kind == EVENT_CONCERT)
        name = event->n_acts == 0 && name != NULL ? without_place_and_date(arena, name, record) : NULL;
    return name != NULL && *name != '\0' ? name : NULL;
}

/* Tickets of a festival are listed as festivals of their own. */
static void read_ticket(struct arena *arena, const json_t *record, struct event *event)
{
    static const enum listing listings[] = {[TICKET_NONE] = LISTING_SHOW,
                                            [TICKET_TIER] = LISTING_SHOW,
                                            [TICKET_DAY] = LISTING_DAY_TICKET,
                                            [TICKET_DAYS] = LISTING_PASS};
    enum ticket ticket, ticket_of_series;
    const char *series = jget_text(arena, record, "series.displayName");

    event->name = ticket_words_cut(arena, event->name, true, &ticket);
    if (event->name == NULL)
        event->name = ticket_words_cut(arena, series, true, &ticket_of_series);
    event->listing = listings[ticket];
}

/* A cancelled event says so in its status or in its displayName. "ok" says nothing: the displayName may. */
static void read_name_and_status(struct arena *arena, const json_t *record, struct event *event)
{
    const char *shown = jget_text(arena, record, "displayName");
    const char *act = event->n_acts > 0 ? event->acts[0].name : NULL;
    const char *status = jget_raw(record, "status");
    struct title_words words;
    const char *bare = title_without_words(arena, shown, act, &words);

    event->status = words.status;
    if (status != NULL && strcmp(status, "cancelled") == 0)
        event->status = EVENT_CANCELLED;
    else if (status != NULL && strcmp(status, "postponed") == 0)
        event->status = EVENT_POSTPONED;
    if (words.sold_out)
        title_sells_out(arena, event);
    event->name = event_name(arena, record, event, bare);
    if (event->kind == EVENT_FESTIVAL)
        read_ticket(arena, record, event);
}

/* {date, time, datetime}: the local date and time are what the posters say; of `datetime` only the offset is
 * new, where it agrees with them. */
static bool read_moment(const json_t *object, struct moment *ret_moment)
{
    struct moment moment = {0}, exact = {0};

    when_parse_datetime(jget_raw(object, "datetime"), &exact);
    if (when_parse_date(jget_raw(object, "date"), &moment)) {
        when_parse_time(jget_raw(object, "time"), &moment);
        if (when_same_day(&exact, &moment) && (!moment.has_time || when_compare(&moment, &exact) == 0))
            moment = exact;
    } else {
        moment = exact;
    }
    when_distrust_midnight(&moment);
    *ret_moment = moment;
    return when_known(&moment);
}

/* Only a bare age is one: "18+", "18" and "18 and up" -> "18-", as schema.org writes a range without an end;
 * anything longer is a sentence. "+" is the word "and" in a key. */
static const char *age_range(struct arena *arena, const char *text)
{
    static const char *const before[] = {"age", "ages", "aged", "over", "strictly"};
    static const char *const behind[] = {
        "",          "and",     "and only", "only",           "and up",          "and over", "and older",
        "and above", "or over", "or older", "years and over", "years and older", "plus",     "or above"};
    struct word_key key;
    const char *age, *rest;
    size_t digits;

    word_key_make(text != NULL ? text : "", text != NULL ? strlen(text) : 0, &key);
    age = word_key_past_one_of(key.text, before, sizeof(before) / sizeof(before[0]));
    age = age != NULL ? age : key.text;
    digits = strspn(age, "0123456789");
    rest = age + digits + (age[digits] == ' ');
    if (digits < 1 || digits > 2 || age[0] == '0' || (rest == age + digits && *rest != '\0') ||
        !word_key_is_one_of(rest, behind, sizeof(behind) / sizeof(behind[0])))
        return NULL;
    return arena_printf(arena, "%.*s-", (int)digits, age);
}

bool songkick_read_is_online(struct arena *arena, const json_t *record, struct curated *ret_curated)
{
    *ret_curated = (struct curated){.id = songkick_read_id(arena, record),
                                    .name = jget_text(arena, record, "displayName"),
                                    .rule = CURATION_ONLINE};
    read_moment(jget(record, "start"), &ret_curated->start);
    return placeholders_is_online(jget_text(arena, record, "venue.displayName"));
}

bool songkick_read_event(struct plan *plan, const struct route_args *args, const struct document *out,
                         const json_t *record, struct event *event)
{
    struct arena *arena = plan_arena(plan);
    const char *type = jget_raw(record, "type"), *city = jget_text(arena, record, "location.city");
    struct place nearby;

    event->id = songkick_read_id(arena, record);
    if (event->id == NULL || !read_moment(jget(record, "start"), &event->start))
        return false;
    event->kind = type != NULL && strcmp(type, "Festival") == 0 ? EVENT_FESTIVAL : EVENT_CONCERT;
    read_acts(plan, args, out, jget_list(record, "performance"), event);
    read_name_and_status(arena, record, event);
    event->url = jget_url(arena, record, "uri");
    event->age_range = age_range(arena, jget_text(arena, record, "ageRestriction"));
    if (!read_moment(jget(record, "end"), &event->end) || when_compare(&event->end, &event->start) < 0)
        event->end = (struct moment){0};
    if (city != NULL)
        read_city(arena, &event->place, city);
    songkick_read_venue(arena, &event->place, jget(record, "venue"));

    /* `location` is the middle of the city: no address of the venue, but near enough to know its zone. */
    nearby = event->place;
    if (!nearby.has_geo)
        read_geo(&nearby, jget(record, "location"));
    if (!nearby.has_geo)
        read_geo(&nearby, jget(record, "venue"));
    zone_settle(&nearby, &event->start);
    zone_settle(&nearby, &event->end);
    event->place.has_city_geo = nearby.has_geo;
    event->place.city_latitude = nearby.latitude;
    event->place.city_longitude = nearby.longitude;
    return true;
}
