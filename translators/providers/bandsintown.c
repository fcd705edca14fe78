/* Bandsintown's public API v3.0 (https://app.swaggerhub.com/apis/Bandsintown/PublicAPI/3.0.0, and
 * https://help.artists.bandsintown.com/en/articles/9186477-api-documentation): an artist's events to come.
 *
 * One list holds them all, without pages; there are no venues to ask for and no prices. Only the first event
 * of the list holds the artist. What the API does otherwise than it says is noted where it is dealt with.
 *
 * Longer than 400 lines because one provider is one file: asking and reading change together. */
#include <string.h>

#include "identity.h"
#include "translators/ask/answer.h"
#include "translators/ask/jget.h"
#include "translators/ask/mbid.h"
#include "translators/ask/plan.h"
#include "translators/ask/provider_url.h"
#include "translators/ask/url.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/curate/duplicates.h"
#include "translators/curate/placeholders.h"
#include "translators/curate/select.h"
#include "translators/curate/title_words.h"
#include "translators/model/model.h"
#include "translators/model/place.h"
#include "translators/model/zone.h"

#define ID_PREFIX   "id_"
#define NAME_PREFIX "name:"

#define KEY_PARAMETER "app_id"
#define MAX_EVENTS    1000
#define MAX_ACTS      200 /* of one event */
#define MAX_OFFERS    16  /* of one event */
#define MAX_LINKS     32
#define MAX_SPAN_S    (366 * 86400LL) /* no event is longer: a day farther off is a filler */
#define FIRST_YEAR    2000            /* of a sale; 0001 has been seen */
#define WEST_S        (12 * 3600LL)   /* how late the last zone on earth is */

/* ---- ids ---- */

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The name in "name:…"; NULL when the id is of another form. */
static const char *name_of(const char *id)
{
    return begins_with(id, NAME_PREFIX) ? id + strlen(NAME_PREFIX) : NULL;
}

/* A name stands where an id can stand, so one that reads as an id would ask for somebody else; and a URL
 * cannot hold the parts . and .. */
static bool is_name(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && name[0] != ' ' && name[len - 1] != ' ' && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0 && !begins_with(name, "id_") && !begins_with(name, "fbid_") &&
           !begins_with(name, "mbid_");
}

static bool is_artist_id(const char *id)
{
    const char *name = name_of(id);

    if (name)
        return is_name(name);
    return mbid_of_id(id) || (begins_with(id, ID_PREFIX) && text_is_number(id + strlen(ID_PREFIX)));
}

/* The artist as one part of a path. Of a name these are to be escaped twice, says the documentation, and " is
 * to be written as %27C. */
static const char *path_part(struct arena *arena, const char *id)
{
    const char *name = name_of(id);
    char *once, *to;

    if (!name)
        return id;
    once = to = arena_alloc(arena, 3 * strlen(name) + 1);
    for (; *name != '\0'; name++) {
        const char *escaped = *name == '/'   ? "%2F"
                              : *name == '?' ? "%3F"
                              : *name == '*' ? "%2A"
                              : *name == '"' ? "'C"
                                             : NULL;
        size_t len = escaped ? strlen(escaped) : 1;

        memcpy(to, escaped ? escaped : name, len);
        to += len;
    }
    return text_escape(arena, once);
}

static const char *read_digits(struct arena *arena, const json_t *object, const char *path)
{
    const char *id = jget_id(arena, object, path);

    return id && text_is_number(id) ? id : NULL;
}

/* Every address of an answer holds the key that it was asked with. */
static const char *read_url(struct arena *arena, const json_t *object, const char *path)
{
    return url_without_parameter(arena, jget_url(arena, object, path), KEY_PARAMETER);
}

/* ---- the artist ---- */

/* Pages that are the artist's; "other" is anything. A link may be a bare handle, which is no address. */
static bool is_page_type(const char *type)
{
    static const char *const types[] = {"amazon", "bandcamp",   "deezer",  "facebook", "instagram",
                                        "itunes", "shazam",     "spotify", "tiktok",   "twitter",
                                        "tidal",  "soundcloud", "website", "youtube"};

    for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++) {
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
        const char *url = is_page_type(type) ? read_url(arena, link, "url") : NULL;

        text_list_add(arena, &act->same_as, url);
        if (!act->url && url && text_equal_fold(type, "website"))
            act->url = url;
    }
}

static const char *read_artist_id(struct arena *arena, const json_t *artist)
{
    const char *id = read_digits(arena, artist, "id");

    return id ? arena_printf(arena, ID_PREFIX "%s", id) : NULL;
}

static const char *read_mbid(struct arena *arena, const json_t *artist)
{
    const char *mbid = jget_id(arena, artist, "mbid");

    return mbid && mbid_is(mbid) ? mbid : NULL;
}

static bool bandsintown_own_id(const char *text)
{
    return is_artist_id(text) && !mbid_of_id(text);
}

/* /a/4711 or /a/4711-the-paper-lanterns. The ids of events are no use: there is no route for them. */
static bool bandsintown_recognise(const char *url, struct recognised *ret)
{
    static const char artist[] = "/a/";
    char whole[PROVIDER_URL_PATH_BYTES];
    const char *path;
    char id[sizeof(ID_PREFIX) + TEXT_MAX_DIGITS] = ID_PREFIX;
    size_t n_digits;

    if (!provider_url_path(url, "bandsintown.com", whole))
        return false;
    path = provider_url_past_language(whole);
    n_digits = begins_with(path, artist) ? strspn(path + strlen(artist), "0123456789") : 0;
    if (n_digits == 0 || n_digits > TEXT_MAX_DIGITS)
        return false;
    memcpy(id + strlen(ID_PREFIX), path + strlen(artist), n_digits);
    return provider_url_found(ret, "artist", id, strlen(ID_PREFIX) + n_digits);
}

/* The API takes no MusicBrainz ids: MusicBrainz knows the artist's page at Bandsintown, or else a name to ask
 * for, which the MusicBrainz id in the answer confirms. NULL: not known yet, or the plan has failed. */
static const char *resolve_id(struct plan *plan, const struct route_args *args)
{
    struct arena *arena = plan_arena(plan);
    const char *mbid = mbid_of_id(args->id), *id = NULL, *name;
    const json_t *known, *artist;
    struct recognised page;

    if (!mbid)
        return args->id;
    known = identity_artist(plan, mbid, true);
    if (identity_linked_page(arena, known, bandsintown_recognise, &page))
        return arena_strndup(arena, page.text, strlen(page.text));
    name = identity_name(plan, mbid);
    if (!name)
        return NULL;
    if (is_name(name)) {
        artist = plan_need(plan, RESOURCE_ARTIST, "artists/%s",
                           path_part(arena, arena_printf(arena, NAME_PREFIX "%s", name)));
        if (!artist)
            return NULL;
        if (read_mbid(arena, artist) && text_equal_fold(read_mbid(arena, artist), mbid))
            id = read_artist_id(arena, artist);
    }
    if (!id)
        plan_fail(plan, PROBLEM_NOT_FOUND, STRING_KNOWS_NO_MBID);
    return id;
}

/* Only by its number is an artist's own key found. A name stays what it is when the answer has no number.
 * NULL: not known yet, or the plan has failed. */
static const char *number_of(struct plan *plan, const char *id)
{
    struct arena *arena = plan_arena(plan);
    const json_t *artist;
    const char *number;

    if (!id || !name_of(id))
        return id;
    artist = plan_need(plan, RESOURCE_ARTIST, "artists/%s", path_part(arena, id));
    number = read_artist_id(arena, artist);
    return artist && !number ? id : number;
}

/* `artist` may be NULL: then what the request says is all that is known. A name has no id of its own, and
 * stands in for one. `mbid` is what was asked for, if it was. */
static struct act read_artist(struct plan *plan, const struct route_args *args, const char *mbid,
                              const json_t *artist)
{
    struct arena *arena = plan_arena(plan);
    const char *id = read_artist_id(arena, artist), *name = name_of(args->id);
    struct act act = {.name = jget_text(arena, artist, "name"), .url = args->weburl, .asked = true};

    act.id = id ? id : args->id;
    if (!id && name)
        act.id = arena_printf(arena, NAME_PREFIX "%s", text_escape(arena, name));
    if (!act.name)
        act.name = name;
    if (args->name)
        act.name = args->name;
    act.image = read_url(arena, artist, "image_url");
    text_list_add(arena, &act.same_as, args->weburl);
    text_list_add(arena, &act.same_as, read_url(arena, artist, "url"));
    text_list_add(arena, &act.same_as, read_url(arena, artist, "facebook_page_url"));
    read_links(arena, artist, &act);
    identity_set_mbid(arena, &act, mbid ? mbid : read_mbid(arena, artist));
    return act;
}

static bool is_asked_artist(struct arena *arena, const struct route_args *args, const json_t *artist)
{
    const char *id = read_artist_id(arena, artist);

    return jget_text(arena, artist, "name") && id && (name_of(args->id) || strcmp(args->id, id) == 0);
}

/* The artist in the first event that has one, else from the artist's own resource. NULL: open or refused. */
static const json_t *find_artist(struct plan *plan, const struct route_args *args, const json_t *records)
{
    struct arena *arena = plan_arena(plan);
    const json_t *artist;

    for (size_t i = 0; i < jget_size(records) && i < MAX_EVENTS; i++) {
        artist = jget(jget_at(records, i), "artist");
        if (is_asked_artist(arena, args, artist))
            return artist;
    }
    artist = plan_want(plan, RESOURCE_ARTIST, "artists/%s", path_part(arena, args->id));
    if (!artist || is_asked_artist(arena, args, artist))
        return artist;
    plan_mark_incomplete(plan);
    return NULL;
}

/* ---- places ---- */

/* Any of these stands where there is no street, no postal code or no venue. */
static bool is_repetition(struct arena *arena, const json_t *venue, const char *text)
{
    static const char *const members[] = {"country", "city", "region", "location"};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const char *member = jget_text(arena, venue, members[i]);

        if (member && text_equal_fold(member, text))
            return true;
    }
    return false;
}

static const char *own_text(struct arena *arena, const json_t *venue, const char *member)
{
    const char *text = jget_text(arena, venue, member);

    return text && !is_repetition(arena, venue, text) ? text : NULL;
}

/* Where an event has a title the venue's name is that title again, and the venue is not known. The
 * coordinates are the city's, so they are nobody's. */
static void read_place(struct arena *arena, const json_t *venue, const char *title, struct place *place)
{
    const char *name = own_text(arena, venue, "name"), *city = jget_text(arena, venue, "city");
    const char *location = jget_text(arena, venue, "location");
    const char *country = jget_text(arena, venue, "country"), *region = jget_text(arena, venue, "region");

    if (name && !(title && text_equal_fold(name, title)) && !placeholders_is_venue(name, city))
        place->name = name;
    place->street = placeholders_street(arena, own_text(arena, venue, "street_address"));
    place->postal_code = own_text(arena, venue, "postal_code");
    place->locality = placeholders_is_venue(city, NULL) ? NULL : city;
    if (!place->locality && location && strchr(location, ','))
        place->locality = text_clean(arena, location, strcspn(location, ","), strlen(location));
    place->country = country ? place_country(country) : NULL;
    place->region = place->country && region ? place_region(place->country, region) : NULL;
}

/* A show that is sent over the net is at no place; what stands in one's stead varies. */
static bool is_streaming(struct arena *arena, const json_t *record)
{
    static const char *const members[] = {"venue.name", "venue.location", "venue.city"};
    const char *type = jget_raw(record, "venue.type");

    if (jget_bool(record, "bandsintown_plus") || (type && text_equal_fold(type, "Virtual")))
        return true;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (placeholders_is_online(jget_text(arena, record, members[i])))
            return true;
    }
    return false;
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
    if (rule && strcmp(rule, "date") == 0)
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
        if (strchr(jget_raw(record, "ends_at"), 'T') && !ends_at.has_time)
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
        if ((type && text_equal_fold(type, sold_out[i])) || (status && text_equal_fold(status, sold_out[i])))
            return AVAILABILITY_SOLD_OUT;
    }
    return status && text_equal_fold(status, "available") ? AVAILABILITY_IN_STOCK : AVAILABILITY_UNKNOWN;
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
        struct offer read = {.url = read_url(arena, offer, "url"), .valid_from = sale};

        read.availability = sold_out ? AVAILABILITY_SOLD_OUT : read_availability(offer);
        if (read.availability == AVAILABILITY_IN_STOCK && !begun)
            read.availability = AVAILABILITY_UNKNOWN;
        if (read.url)
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
        if (asked_found || !acts[i].name ||
            !((upstream_name && text_equal_fold(acts[i].name, upstream_name)) ||
              (artist->name && text_equal_fold(acts[i].name, artist->name)))) {
            if (placeholders_is_act(acts[i].name))
                acts[i].name = NULL;
            continue;
        }
        acts[i] = *artist;
        asked_found = true;
    }
    event_set_acts(arena, event, acts, n, args->max_performers, artist->name ? artist : NULL);
}

/* Only what title and acts do not say. */
static const char *read_description(struct arena *arena, const json_t *record, const struct event *event)
{
    const char *description = jget_text(arena, record, "description");
    const char *title = jget_text(arena, record, "title");

    if (!description || (title && text_equal_fold(description, title)) ||
        (event->name && text_equal_fold(description, event->name)))
        return NULL;
    for (size_t i = 0; i < event->n_acts; i++) {
        if (text_equal_fold(description, event->acts[i].name))
            return NULL;
    }
    return description;
}

/* Titles are mostly festivals' names, but not always. */
static bool is_festival(const json_t *record, const struct event *event)
{
    const char *rule = jget_raw(record, "datetime_display_rule");
    struct moment day;

    return read_festival_day(record, "festival_start_date", &event->start, &day) ||
           read_festival_day(record, "festival_end_date", &event->start, &day) ||
           (event->name && rule && strcmp(rule, "range") == 0);
}

/* 19:00 stands in 39 of 93 events seen, which is more shows than begin then. Where the end is a day the start
 * is given as one, too. */
static bool is_suspect(const struct moment *start, const struct moment *end)
{
    return start->has_time && start->hour == 19 && start->minute == 0 && (!when_known(end) || end->has_time);
}

/* False: the record cannot be used. */
static bool read_event(struct plan *plan, const struct route_args *args, const char *upstream_name,
                       const struct act *artist, const json_t *record, struct event *event)
{
    struct arena *arena = plan_arena(plan);
    const char *title = jget_text(arena, record, "title");
    struct title_words words;

    event->id = read_digits(arena, record, "id");
    if (!event->id || !read_start(record, &event->start))
        return false;
    read_end(record, &event->start, &event->end);
    event->name = title_without_words(arena, title, artist->name, &words);
    event->status = words.status;
    event->kind = is_festival(record, event) ? EVENT_FESTIVAL : EVENT_CONCERT;
    event->url = read_url(arena, record, "url");
    read_acts(plan, args, upstream_name, artist, record, event);
    event->description = read_description(arena, record, event);
    read_place(arena, jget(record, "venue"), title, &event->place);
    event->hour_suspect = is_suspect(&event->start, &event->end);
    zone_settle(&event->place, &event->start);
    zone_settle(&event->place, &event->end);
    if (event->status != EVENT_CANCELLED)
        read_offers(arena, args, record, event);
    if (words.sold_out)
        title_sells_out(arena, event);
    return true;
}

static void add_events(struct plan *plan, const struct route_args *args, const char *upstream_name,
                       const json_t *records, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    size_t n, n_added = 0, n_streaming = 0;
    struct event *events = document_open_events(arena, out, jget_size(records), MAX_EVENTS, &n);

    for (size_t i = 0; i < n; i++) {
        const json_t *record = jget_at(records, i);
        struct event event = {0};

        if (is_streaming(arena, record))
            n_streaming++;
        else if (read_event(plan, args, upstream_name, &out->artist, record, &event))
            events[n_added++] = event;
    }
    document_close_events(out, n, n_added, n_streaming);
    if (document_is_rubbish(out))
        plan_fail(plan, PROBLEM_UPSTREAM_RUBBISH, STRING_EVENTS_WITHOUT_ID_OR_DATE);
}

/* ---- routes ---- */

static void bandsintown_artist(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    struct route_args asked = *args;
    const json_t *records, *artist;

    out->subject = SUBJECT_ARTIST;
    asked.id = resolve_id(plan, args);
    if (args->own_keys)
        asked.id = number_of(plan, asked.id);
    if (!asked.id)
        return;
    plan_is_for(plan, asked.id);
    records = plan_need(plan, RESOURCE_EVENTS, "artists/%s/events", path_part(arena, asked.id));
    if (!json_is_array(records))
        return;
    artist = find_artist(plan, &asked, records);
    out->artist = read_artist(plan, &asked, mbid_of_id(args->id), artist);
    add_events(plan, &asked, jget_text(arena, artist, "name"), records, out);
    duplicates_settle(arena, out);
    select_events(arena, out, asked.now_s, asked.limit, asked.history);
    if (document_drop_unusable(out))
        plan_mark_incomplete(plan);
    identity_complete(plan, out);
}

/* There is no search: an artist is found by the whole name, or not at all. */
static void bandsintown_search(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    const char *name = arena_printf(arena, NAME_PREFIX "%s", args->query);
    const json_t *artist;

    out->subject = SUBJECT_SEARCH;
    if (!is_artist_id(name))
        return;
    artist = plan_need(plan, RESOURCE_SEARCH, "artists/%s", path_part(arena, name));
    if (!artist || !read_artist_id(arena, artist) || !jget_text(arena, artist, "name"))
        return;
    out->candidates = arena_alloc(arena, sizeof(*out->candidates));
    out->candidates[out->n_candidates++] = (struct candidate){
        .id = read_artist_id(arena, artist),
        .name = jget_text(arena, artist, "name"),
        .url = read_url(arena, artist, "url"),
        .n_upcoming = jget_count(artist, "upcoming_event_count"),
    };
}

/* ---- terms ---- */

#define MAX_MESSAGE_BYTES 1024

/* Does a short text hold these words, which are in lower case? */
static bool says(const char *text, size_t len, const char *words)
{
    size_t words_len = strlen(words);

    for (size_t i = 0; i + words_len <= len; i++) {
        size_t same = 0;

        while (same < words_len && (text[i + same] | 0x20) == (words[same] | 0x20))
            same++;
        if (same == words_len)
            return true;
    }
    return false;
}

/* Has an answer the shape for its question? */
static bool is_of_kind(enum resource kind, const json_t *body)
{
    size_t n = json_array_size(body), n_shaped = 0;

    if (kind != RESOURCE_EVENTS)
        return jget_raw(body, "name") != NULL;
    for (size_t i = 0; i < n && n_shaped == 0; i++) {
        const json_t *record = jget_at(body, i);

        n_shaped += jget(record, "id") && (jget_raw(record, "starts_at") || jget_raw(record, "datetime"));
    }
    return json_is_array(body) && (n == 0 || n_shaped > 0);
}

/* Errors mostly come with status 200, and many are no JSON: {warn=Not found}, {error=Not Found},
 * {"errorMessage":"[NotFound] The artist was not found"}, the JSON string "". So what is neither a list nor
 * an artist is judged by its words; but only a message, for pages of other servers say such things too. */
static enum problem_kind bandsintown_judge(enum resource kind, int status, const json_t *body,
                                           const char *text, size_t len)
{
    enum problem_kind problem = answer_judge_status(status);
    bool is_message;

    if (problem == PROBLEM_NONE && is_of_kind(kind, body))
        return PROBLEM_NONE;
    while (len > 0 && strchr(" \t\r\n", *text)) {
        text++;
        len--;
    }
    is_message = len > 0 && len <= MAX_MESSAGE_BYTES && (*text == '{' || *text == '"');
    if (!is_message || (problem != PROBLEM_NONE && problem != PROBLEM_UPSTREAM_RUBBISH))
        return problem != PROBLEM_NONE ? problem : PROBLEM_UPSTREAM_RUBBISH;
    if (says(text, len, "not found") || says(text, len, "notfound"))
        return PROBLEM_NOT_FOUND;
    if (json_is_string(body) && json_string_value(body)[strspn(json_string_value(body), "\" ")] == '\0')
        return PROBLEM_NOT_FOUND;
    if (says(text, len, "not authorized") || says(text, len, "forbidden"))
        return PROBLEM_UPSTREAM_KEY;
    return says(text, len, "error") ? PROBLEM_UPSTREAM_ERROR : PROBLEM_UPSTREAM_RUBBISH;
}

static const struct route bandsintown_routes[] = {
    {
        .resource = "artist",
        .step = bandsintown_artist,
        .id_ok = is_artist_id,
        .id_form = STRING_ID_PREFIXED,
    },
    {0},
};

static const struct route bandsintown_search_route = {.resource = "search", .step = bandsintown_search};

/* The terms of its data applications allow caching for a session, older ones for a day, and want its events
 * to be told from those of others. */
const struct translator bandsintown_translator = {
    .name = "bandsintown",
    .title = "Bandsintown",
    .attribution = "Tour dates by Bandsintown",
    .attribution_url = "https://www.bandsintown.com/",
    .keep_ceiling_s = 24 * 3600,
    .fresh_s =
        {
            [RESOURCE_EVENTS] = 3600,
            [RESOURCE_ARTIST] = 3600,
            [RESOURCE_SEARCH] = 3600,
        },
    .may_mix = false,
    .base_url = "https://rest.bandsintown.com",
    .key_parameter = KEY_PARAMETER,
    .judge = bandsintown_judge,
    .routes = bandsintown_routes,
    .search = &bandsintown_search_route,
    .own_id = bandsintown_own_id,
    .recognise = bandsintown_recognise,
};
