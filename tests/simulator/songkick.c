/* Songkick's API v3: which path asks for what, paging, errors. Not played: gigographies, similar artists,
 * users, metro areas, setlists. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/simulator/provider.h"
#include "tests/simulator/songkick_shapes.h"

#define SONGKICK_PER_PAGE_MAX 50
#define SONGKICK_SEARCH_FIRST 1000u
#define SONGKICK_SEARCH_LAST  4999u
#define SONGKICK_SEARCH_MAX   500

/* ---- answers ---- */

static struct reply *songkick_send(json_t *page, int max_age_s)
{
    json_t *whole = json_pack("{s:o}", "resultsPage", page);
    char *text = json_dumps(whole, JSON_COMPACT | JSON_REAL_PRECISION(10));
    struct reply *reply;

    if (text == NULL)
        abort(); /* out of memory, or a name that is not UTF-8: a fault of the simulator */
    json_decref(whole);
    reply = reply_new(200, text, strlen(text));
    reply->max_age_s = max_age_s;
    return reply;
}

static struct reply *songkick_error(unsigned status, const char *message)
{
    json_t *whole =
        json_pack("{s:{s:s, s:{s:s}}}", "resultsPage", "status", "error", "error", "message", message);
    char *text = json_dumps(whole, JSON_COMPACT);

    if (text == NULL)
        abort();
    json_decref(whole);
    return reply_new(status, text, strlen(text));
}

static struct reply *songkick_not_found(void)
{
    return songkick_error(404, "Resource not found");
}

static struct reply *songkick_refuse(void)
{
    return songkick_error(403, "Invalid or missing apikey");
}

static struct reply *songkick_one(const char *member, json_t *value)
{
    return songkick_send(json_pack("{s:s, s:{s:o}}", "status", "ok", "results", member, value), 600);
}

struct window {
    long page, per_page, first, last; /* first to last - 1 of `total`, counted from 0 */
    long total;
};

static struct window songkick_window(const struct request *request, long total)
{
    struct window window = {request_number(request, "page", 1), request_number(request, "per_page", 0), 0, 0,
                            total};

    if (window.page < 1)
        window.page = 1;
    if (window.per_page < 1 || window.per_page > SONGKICK_PER_PAGE_MAX)
        window.per_page = SONGKICK_PER_PAGE_MAX;
    window.first = (window.page - 1) * window.per_page;
    window.last = window.first + window.per_page < total ? window.first + window.per_page : total;
    return window;
}

/* Takes `list`. Without entries the member is absent, not []. */
static struct reply *songkick_page(const struct window *window, const char *member, json_t *list)
{
    json_t *results = json_object();

    if (json_array_size(list) > 0)
        json_object_set(results, member, list);
    json_decref(list);
    return songkick_send(json_pack("{s:s, s:o, s:I, s:I, s:I}", "status", "ok", "results", results, "perPage",
                                   (json_int_t)window->per_page, "page", (json_int_t)window->page,
                                   "totalEntries", (json_int_t)window->total),
                         3600);
}

static bool songkick_descending(const struct request *request)
{
    char value[REQUEST_VALUE_BYTES];

    return request_param(request, "order", value) != NULL && strcmp(value, "desc") == 0;
}

static struct reply *songkick_artist_calendar(const struct tour_world *world, uint64_t id,
                                              const struct request *request)
{
    struct tour_artist artist;
    struct kinds_record record;
    struct window window;
    json_t *list = json_array();

    if (!tour_artist(world, id, &artist)) {
        json_decref(list);
        return songkick_not_found();
    }
    window = songkick_window(request, kinds_total(&kinds_songkick, world, &artist));
    for (long i = window.first; i < window.last; i++) {
        long index = songkick_descending(request) ? window.total - 1 - i : i;

        if (kinds_at(&kinds_songkick, world, &artist, (unsigned)index, &record))
            json_array_append_new(list, songkick_event(world, &record, false));
    }
    return songkick_page(&window, "event", list);
}

static struct reply *songkick_venue_calendar(const struct tour_world *world, uint64_t id,
                                             const struct request *request)
{
    struct window window = songkick_window(request, TOUR_VENUE_CALENDAR);
    struct kinds_record record = {.kind = NULL};
    struct tour_venue venue;
    json_t *list;

    if (!tour_venue(id, &venue))
        return songkick_not_found();
    list = json_array();
    for (long i = window.first; i < window.last; i++)
        if (tour_venue_event(world, id, (unsigned)i, &record.event)) {
            record.id = record.event.id;
            json_array_append_new(list, songkick_event(world, &record, false));
        }
    return songkick_page(&window, "event", list);
}

/* The demonstration first, then the artists from 1000 to 4999: half of them are tribute bands of the others.
 */
static struct reply *songkick_search(const struct tour_world *world, const struct request *request)
{
    char value[REQUEST_VALUE_BYTES];
    const char *query = request_param(request, "query", value);
    uint64_t found[SONGKICK_SEARCH_MAX];
    struct tour_artist artist;
    json_t *list = json_array();
    struct window window;
    long total = 0;

    for (uint64_t id = SONGKICK_SEARCH_FIRST - 2; query != NULL && id <= SONGKICK_SEARCH_LAST; id++) {
        uint64_t real = id < SONGKICK_SEARCH_FIRST ? TOUR_DEMO_ARTIST + id - (SONGKICK_SEARCH_FIRST - 2) : id;

        if (total < SONGKICK_SEARCH_MAX && tour_artist(world, real, &artist) &&
            strcasestr(artist.name, query) != NULL)
            found[total++] = real;
    }
    window = songkick_window(request, total);
    for (long i = window.first; i < window.last; i++)
        if (tour_artist(world, found[i], &artist))
            json_array_append_new(list, songkick_artist(&artist, false, true));
    return songkick_page(&window, "artist", list);
}

/* ---- routes ---- */

/* A resource's number and what follows it: "/artists/17/calendar.json" -> 17, "/calendar.json". */
static bool songkick_id(const char *text, uint64_t *ret_id, const char **ret_rest)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 18)
        return false;
    *ret_id = strtoull(text, NULL, 10);
    *ret_rest = text + digits;
    return true;
}

static struct reply *songkick_artists(const struct tour_world *world, const char *text,
                                      const struct request *request)
{
    char mbid[TOUR_MBID_BYTES] = "";
    struct tour_artist artist;
    const char *rest = NULL;
    uint64_t id = 0;

    if (strncmp(text, "mbid:", 5) == 0 && strlen(text + 5) >= sizeof(mbid) - 1) {
        memcpy(mbid, text + 5, sizeof(mbid) - 1);
        mbid[sizeof(mbid) - 1] = '\0';
        rest = text + 5 + sizeof(mbid) - 1;
        /* The calendar of an unknown MBID is empty, not missing. */
        if (!tour_artist_of_mbid(mbid, &id) && strcmp(rest, "/calendar.json") == 0) {
            struct window window = songkick_window(request, 0);

            return songkick_page(&window, "event", json_array());
        }
    } else if (!songkick_id(text, &id, &rest)) {
        return songkick_not_found();
    }
    if (strcmp(rest, "/calendar.json") == 0)
        return songkick_artist_calendar(world, id, request);
    if (strcmp(rest, ".json") == 0 && tour_artist(world, id, &artist))
        return songkick_one("artist", songkick_artist(&artist, false, true));
    return songkick_not_found();
}

static struct reply *songkick_answer(const struct tour_world *world, const char *path,
                                     const struct request *request)
{
    struct kinds_record record;
    struct tour_venue venue;
    const char *rest;
    uint64_t id;

    if (strcmp(path, "/search/artists.json") == 0)
        return songkick_search(world, request);
    if (strncmp(path, "/artists/", 9) == 0)
        return songkick_artists(world, path + 9, request);
    if (strncmp(path, "/venues/", 8) == 0 && songkick_id(path + 8, &id, &rest)) {
        if (strcmp(rest, "/calendar.json") == 0)
            return songkick_venue_calendar(world, id, request);
        if (strcmp(rest, ".json") == 0 && tour_venue(id, &venue))
            return songkick_one("venue", songkick_venue_details(&venue));
    }
    if (strncmp(path, "/events/", 8) == 0 && songkick_id(path + 8, &id, &rest) &&
        strcmp(rest, ".json") == 0 && kinds_find(&kinds_songkick, world, id, &record))
        return songkick_one("event", songkick_event(world, &record, true));
    return songkick_not_found();
}

static enum path_class songkick_classify(const char *path)
{
    if (strncmp(path, "/search/", 8) == 0)
        return CLASS_SEARCH;
    if (strstr(path, "/calendar.json") != NULL)
        return CLASS_CALENDAR;
    if (strncmp(path, "/venues/", 8) == 0)
        return CLASS_VENUE;
    if (strncmp(path, "/artists/", 9) == 0)
        return CLASS_ARTIST;
    if (strncmp(path, "/events/", 8) == 0)
        return CLASS_EVENT;
    return CLASS_OTHER;
}

const struct provider provider_songkick = {
    .prefix = "/songkick/api/3.0",
    .classify = songkick_classify,
    .answer = songkick_answer,
    .refuse = songkick_refuse,
};
