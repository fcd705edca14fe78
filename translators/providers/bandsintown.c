/* Bandsintown's public API v3.0 (https://app.swaggerhub.com/apis/Bandsintown/PublicAPI/3.0.0, and
 * https://help.artists.bandsintown.com/en/articles/9186477-api-documentation): an artist's events to come.
 *
 * One list holds them all, without pages; there are no venues to ask for and no prices. Only the first event
 * of the list holds the artist. What the API does otherwise than it says is noted where it is dealt with. */
#include <string.h>

#include "bandsintown_read.h"
#include "identity.h"
#include "translators/ask/answer.h"
#include "translators/ask/jget.h"
#include "translators/ask/mbid.h"
#include "translators/ask/plan.h"
#include "translators/ask/provider_url.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/curate/curate.h"
#include "translators/model/model.h"

#define MAX_EVENTS 1000

/* ---- ids ---- */

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
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
    const char *name = bandsintown_read_name_of_id(id);

    if (name != NULL)
        return is_name(name);
    return mbid_of_id(id) != NULL ||
           (begins_with(id, BANDSINTOWN_ID_PREFIX) && text_is_number(id + strlen(BANDSINTOWN_ID_PREFIX)));
}

/* The artist as one part of a path. Of a name these are to be escaped twice, says the documentation, and " is
 * to be written as %27C. */
static const char *path_part(struct arena *arena, const char *id)
{
    const char *name = bandsintown_read_name_of_id(id);
    char *once, *to;

    if (name == NULL)
        return id;
    once = to = arena_alloc(arena, 3 * strlen(name) + 1);
    for (; *name != '\0'; name++) {
        const char *escaped = *name == '/'   ? "%2F"
                              : *name == '?' ? "%3F"
                              : *name == '*' ? "%2A"
                              : *name == '"' ? "'C"
                                             : NULL;
        size_t len = escaped != NULL ? strlen(escaped) : 1;

        memcpy(to, escaped != NULL ? escaped : name, len);
        to += len;
    }
    return text_escape(arena, once);
}

/* ---- the artist ---- */

static bool bandsintown_own_id(const char *text)
{
    return is_artist_id(text) && mbid_of_id(text) == NULL;
}

/* /a/4711 or /a/4711-the-paper-lanterns. The ids of events are no use: there is no route for them. */
static bool bandsintown_recognise(const char *url, struct recognised *ret)
{
    static const char artist[] = "/a/";
    char whole[PROVIDER_URL_PATH_BYTES];
    const char *path;
    char id[sizeof(BANDSINTOWN_ID_PREFIX) + TEXT_MAX_DIGITS] = BANDSINTOWN_ID_PREFIX;
    size_t n_digits;

    if (!provider_url_path(url, "bandsintown.com", whole))
        return false;
    path = provider_url_past_language(whole);
    n_digits = begins_with(path, artist) ? strspn(path + strlen(artist), "0123456789") : 0;
    if (n_digits == 0 || n_digits > TEXT_MAX_DIGITS)
        return false;
    memcpy(id + strlen(BANDSINTOWN_ID_PREFIX), path + strlen(artist), n_digits);
    return provider_url_found(ret, SUBJECT_ARTIST, id, strlen(BANDSINTOWN_ID_PREFIX) + n_digits);
}

/* The API takes no MusicBrainz ids: MusicBrainz knows the artist's page at Bandsintown, or else a name to ask
 * for, which the MusicBrainz id in the answer confirms. NULL: not known yet, or the plan has failed. */
static const char *resolve_id(struct plan *plan, const struct route_args *args)
{
    struct arena *arena = plan_arena(plan);
    const char *mbid = mbid_of_id(args->id), *id = NULL, *name;
    const json_t *known, *artist;
    struct recognised page;

    if (mbid == NULL)
        return args->id;
    known = identity_artist(plan, mbid, true);
    if (identity_linked_page(arena, known, bandsintown_recognise, &page))
        return arena_strndup(arena, page.text, strlen(page.text));
    name = identity_name(plan, mbid);
    if (name == NULL)
        return NULL;
    if (is_name(name)) {
        artist = plan_need(plan, RESOURCE_ARTIST, "artists/%s",
                           path_part(arena, arena_printf(arena, BANDSINTOWN_NAME_PREFIX "%s", name)));
        if (artist == NULL)
            return NULL;
        if (identity_is(plan, mbid, bandsintown_read_mbid(arena, artist)))
            id = bandsintown_read_artist_id(arena, artist);
    }
    if (id == NULL)
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

    if (id == NULL || bandsintown_read_name_of_id(id) == NULL)
        return id;
    artist = plan_need(plan, RESOURCE_ARTIST, "artists/%s", path_part(arena, id));
    number = bandsintown_read_artist_id(arena, artist);
    return artist != NULL && number == NULL ? id : number;
}

static bool is_asked_artist(struct arena *arena, const struct route_args *args, const json_t *artist)
{
    const char *id = bandsintown_read_artist_id(arena, artist);

    return jget_text(arena, artist, "name") != NULL && id != NULL &&
           (bandsintown_read_name_of_id(args->id) != NULL || strcmp(args->id, id) == 0);
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
    if (artist == NULL || is_asked_artist(arena, args, artist))
        return artist;
    plan_mark_incomplete(plan);
    return NULL;
}

/* ---- events ---- */

static void add_events(struct plan *plan, const struct route_args *args, const char *upstream_name,
                       const json_t *records, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    size_t n, n_added = 0, n_left_out = 0;
    struct event *events = document_open_events(arena, out, jget_size(records), MAX_EVENTS, &n);

    for (size_t i = 0; i < n; i++) {
        const json_t *record = jget_at(records, i);
        struct event event = {0};
        struct curated curated;

        if (bandsintown_read_is_left_out(arena, record, &curated)) {
            n_left_out++;
            if (curated.id != NULL)
                document_note(arena, out, &curated);
        } else if (bandsintown_read_event(plan, args, upstream_name, &out->artist, record, &event)) {
            events[n_added++] = event;
        }
    }
    document_close_events(out, n, n_added, n_left_out);
    if (document_is_rubbish(out))
        plan_fail(plan, PROBLEM_UPSTREAM_RUBBISH, STRING_EVENTS_WITHOUT_ID_OR_DATE);
}

/* ---- routes ---- */

/* The MusicBrainz id that was asked for, as MusicBrainz has it now; NULL: none was. */
static const char *mbid_now(struct plan *plan, const struct route_args *args)
{
    const char *mbid = mbid_of_id(args->id);

    return mbid != NULL ? identity_current(plan, identity_artist(plan, mbid, false), mbid) : NULL;
}

static void bandsintown_artist(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    struct route_args asked = *args;
    const json_t *records, *artist;

    out->subject = SUBJECT_ARTIST;
    asked.id = resolve_id(plan, args);
    if (args->own_keys)
        asked.id = number_of(plan, asked.id);
    if (asked.id == NULL)
        return;
    plan_is_for(plan, asked.id);
    records = plan_need(plan, RESOURCE_EVENTS, "artists/%s/events", path_part(arena, asked.id));
    if (!json_is_array(records))
        return;
    artist = find_artist(plan, &asked, records);
    out->artist = bandsintown_read_artist(plan, &asked, mbid_now(plan, args), artist);
    add_events(plan, &asked, jget_text(arena, artist, "name"), records, out);
    curate_events(arena, out,
                  &(struct curation){.now_s = asked.now_s,
                                     .apart_s = CURATION_DOORS_S,
                                     .limit = asked.limit,
                                     .max_acts = asked.max_performers,
                                     .history = asked.history});
    if (document_drop_unusable(out))
        plan_mark_incomplete(plan);
    identity_complete(plan, out, mbid_of_id(args->id));
}

/* There is no search: an artist is found by the whole name, or not at all. */
static void bandsintown_search(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    const char *name = arena_printf(arena, BANDSINTOWN_NAME_PREFIX "%s", args->query);
    const json_t *artist;

    out->subject = SUBJECT_SEARCH;
    if (!is_artist_id(name))
        return;
    artist = plan_need(plan, RESOURCE_SEARCH, "artists/%s", path_part(arena, name));
    if (artist == NULL || bandsintown_read_artist_id(arena, artist) == NULL ||
        jget_text(arena, artist, "name") == NULL)
        return;
    out->candidates = arena_alloc(arena, sizeof(*out->candidates));
    out->candidates[out->n_candidates++] = (struct candidate){
        .id = bandsintown_read_artist_id(arena, artist),
        .name = jget_text(arena, artist, "name"),
        .url = bandsintown_read_url(arena, artist, "url"),
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

        n_shaped += jget(record, "id") != NULL &&
                    (jget_raw(record, "starts_at") != NULL || jget_raw(record, "datetime") != NULL);
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
    while (len > 0 && strchr(" \t\r\n", *text) != NULL) {
        text++;
        len--;
    }
    is_message = len > 0 && len <= MAX_MESSAGE_BYTES && (*text == '{' || *text == '"');
    if (!is_message || (problem != PROBLEM_NONE && problem != PROBLEM_UPSTREAM_RUBBISH))
        return problem != PROBLEM_NONE ? problem : PROBLEM_UPSTREAM_RUBBISH;
    if (says(text, len, "not found") || says(text, len, "notfound") || says(text, len, "unknown artist"))
        return PROBLEM_NOT_FOUND;
    if (json_is_string(body) && json_string_value(body)[strspn(json_string_value(body), "\" ")] == '\0')
        return PROBLEM_NOT_FOUND;
    if (says(text, len, "not authorized") || says(text, len, "forbidden"))
        return PROBLEM_UPSTREAM_KEY;
    return says(text, len, "error") ? PROBLEM_UPSTREAM_ERROR : PROBLEM_UPSTREAM_RUBBISH;
}

static const struct route bandsintown_routes[] = {
    {
        .subject = SUBJECT_ARTIST,
        .step = bandsintown_artist,
        .id_ok = is_artist_id,
        .id_form = STRING_ID_PREFIXED,
        .digits_behind = BANDSINTOWN_ID_PREFIX,
    },
    {0},
};

static const struct route bandsintown_search_route = {.subject = SUBJECT_SEARCH, .step = bandsintown_search};

/* The terms of its data applications allow caching for a session, older ones for a day, and want its events
 * to be told from those of others. */
const struct translator bandsintown_translator = {
    .name = "bandsintown",
    .title = "Bandsintown",
    .key_note =
        "A key belongs to an artist, who finds it in the settings at https://artists.bandsintown.com/",
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
    .key_parameter = BANDSINTOWN_KEY_PARAMETER,
    .judge = bandsintown_judge,
    .routes = bandsintown_routes,
    .search = &bandsintown_search_route,
    .own_id = bandsintown_own_id,
    .recognise = bandsintown_recognise,
};
