/* The stage, and the tour that is given on it. */
#include "stage.h"

#include <stdio.h>

#include "service/config/config_load.h"
#include "service/document/representation.h"
#include "service/process/log.h"
#include "service/source/hints.h"
#include "translators/ask/jget.h"
#include "translators/ask/plan.h"

#define MAX_PAGES       16
#define LOOKUP_LIMIT_MS 100

static void on_wake(void *arg)
{
    struct stage *stage = arg;
    stage->wakes++;
}

static struct config *config_new(void)
{
    struct fault fault;
    struct config *config = config_load(NULL, false, &fault);
    assert_non_null(config);
    for (size_t i = 0; i < config->n_providers; i++) {
        struct provider_config *provider = &config->providers[i];
        provider->enabled = true;
        if (provider->translator->needs_contact && provider->contact == NULL)
            provider->contact = strdup("test@example.org");
        if (provider->translator->key_parameter != NULL && provider->api_key == NULL)
            provider->api_key = strdup("key");
    }
    return config;
}

struct stage *stage_new(enum stage_tiers tiers)
{
    const struct memcached_options memcached = {.servers = FAKE_MEMCACHED_SERVERS};
    const char *why = NULL;
    struct stage *stage = calloc(1, sizeof(*stage));
    assert_non_null(stage);
    log_set_level(LOG_ERROR);
    stage->now_ms = NOW_MS;
    stage->now_s = NOW_S;
    stage->config = config_new();
    stage->provider =
        &stage->config->providers[config_provider(stage->config, translator_find("songkick", 8)) -
                                  stage->config->providers];
    stage->cache =
        cache_new(&(struct cache_options){.memory_bytes = 8u << 20,
                                          .memcached = tiers == STAGE_WITH_SLOW_TIER ? &memcached : NULL},
                  &why);
    stage->memcached = cache_memcached(stage->cache);
    stage->upstream = upstream_new(stage->config, &stage->stats);
    stage->lookups = lookups_new(stage->cache, LOOKUP_LIMIT_MS, on_wake, stage);
    stage->source = source_new(&(struct source_options){.cache = stage->cache,
                                                        .lookups = stage->lookups,
                                                        .upstream = stage->upstream,
                                                        .stats = &stage->stats});
    stage->tools = (struct job_tools){.config = stage->config,
                                      .cache = stage->cache,
                                      .lookups = stage->lookups,
                                      .source = stage->source,
                                      .stats = &stage->stats,
                                      .lock_groups = &stage->lock_groups};
    stage_turn(stage);
    return stage;
}

void stage_free(struct stage *stage)
{
    if (stage->memcached != NULL) {
        fake_memcached_answer(stage->memcached);
        fake_memcached_answer_locks(stage->memcached, true);
    }
    lookups_free(stage->lookups);
    upstream_free(stage->upstream);
    source_free(stage->source);
    cache_free(stage->cache);
    config_unref(stage->config);
    free(stage);
}

int stage_set_up(void **state)
{
    *state = stage_new(STAGE_MEMORY_ONLY);
    return 0;
}

int stage_set_up_slow(void **state)
{
    *state = stage_new(STAGE_WITH_SLOW_TIER);
    return 0;
}

int stage_tear_down(void **state)
{
    stage_free(*state);
    return 0;
}

void stage_turn(struct stage *stage)
{
    source_run(stage->source, stage->now_s);
    upstream_run(stage->upstream, stage->now_ms, stage->now_s);
    lookups_run(stage->lookups, stage->now_ms);
}

bool stage_turn_job(struct stage *stage, struct job *job)
{
    stage_turn(stage);
    bool over = job_run(job, stage->now_ms, stage->now_s);
    lookups_flush(stage->lookups, stage->now_ms, stage->now_s);
    return over;
}

void stage_sleep(struct stage *stage, int64_t ms)
{
    stage->now_s = NOW_S + (stage->now_ms - NOW_MS + ms) / 1000;
    stage->now_ms += ms;
}

struct cache_key stage_answer_key(const struct stage *stage, const char *path, char text[256])
{
    int len = snprintf(text, 256, "answer 1 %s %s", stage->provider->translator->name, path);
    return (struct cache_key){.text = text, .len = (size_t)len};
}

/* ---- the tour ---- */

/* False: the record cannot be used. */
static bool read_event(struct plan *plan, const json_t *record, struct event *event)
{
    const char *name = jget_raw(record, "name"), *venue = jget_raw(record, "venue");
    if (strcmp(name, "bad") == 0)
        return false;
    event->id = event->name = name;
    event->start = (struct moment){.year = 2030, .month = 1, .day = 1};
    event->place.name = jget_raw(plan_want(plan, RESOURCE_VENUE, "venues/%s", venue), "name");
    return true;
}

static void add_events(struct plan *plan, const json_t *records, struct document *out)
{
    size_t n = jget_size(records), n_used = 0;
    struct event *events = document_add_events(plan_arena(plan), out, n);
    for (size_t i = 0; i < n; i++)
        n_used += read_event(plan, jget_at(records, i), &events[n_used]);
    out->n_events -= n - n_used;
    out->n_bad_records += n - n_used;
}

static void tour(struct plan *plan, const struct route_args *args, struct document *out)
{
    double n_pages = 1;
    (void)args;
    out->subject = SUBJECT_ARTIST;
    for (unsigned page = 1; page <= n_pages && page <= MAX_PAGES; page++) {
        const json_t *answer = plan_need(plan, RESOURCE_EVENTS, "pages/%u", page);
        if (page == 1)
            jget_number(answer, "pages", &n_pages);
        if (n_pages < 1)
            plan_fail(plan, PROBLEM_UPSTREAM_RUBBISH, STRING_EVENTS_WITHOUT_ID_OR_DATE);
        add_events(plan, jget_list(answer, "events"), out);
        if (jget_bool(answer, "supplement")) {
            const json_t *who =
                plan_want_from(plan, translator_named("musicbrainz"), RESOURCE_ARTIST, TOUR_SUPPLEMENT);
            out->artist.mbid = jget_raw(who, "id");
        }
    }
    if (out->n_bad_records > 0)
        plan_mark_incomplete(plan);
}

static bool render(const struct document *document, const struct render_options *options, struct arena *arena,
                   struct buffer *out, const char **ret_why)
{
    (void)options;
    (void)arena;
    (void)ret_why;
    for (size_t i = 0; i < document->n_events; i++) {
        const struct event *event = &document->events[i];
        buffer_printf(out, "%s@%s ", event->name, event->place.name != NULL ? event->place.name : "?");
    }
    buffer_printf(out, "%s", document->artist.mbid != NULL ? "+" : "");
    return true;
}

struct document_request tour_request(const char *id)
{
    static const struct route route = {.subject = SUBJECT_ARTIST, .step = tour};
    static const struct format format = {.name = "tour", .media_type = "text/plain", .render = render};
    struct document_request request = {
        .translator = translator_find("songkick", 8), .route = &route, .format = &format};
    snprintf(request.id, sizeof(request.id), "%s", id);
    request.key_len = (size_t)snprintf(request.key, sizeof(request.key), "a tour of %s", id);
    return request;
}

static const char *page_text(unsigned pages, const char *events, const char *supplement)
{
    static char text[16384];
    int len = snprintf(text, sizeof(text), "{" TOUR_SHAPE ",\"pages\":%u,\"supplement\":%s,\"events\":[",
                       pages, supplement);
    const char *comma = "";
    while (*events != '\0') {
        size_t name = strcspn(events, "@"), all = strcspn(events, " ");
        assert_true(name < all && (size_t)len + all + 40 < sizeof(text));
        len += snprintf(text + len, sizeof(text) - (size_t)len, "%s{\"name\":\"%.*s\",\"venue\":\"%.*s\"}",
                        comma, (int)name, events, (int)(all - name - 1), events + name + 1);
        events += all + strspn(events + all, " ");
        comma = ",";
    }
    snprintf(text + len, sizeof(text) - (size_t)len, "]}");
    return text;
}

const char *tour_page(unsigned pages, const char *events)
{
    return page_text(pages, events, "false");
}

const char *tour_page_with_supplement(unsigned pages, const char *events)
{
    return page_text(pages, events, "true");
}

const char *tour_venue(const char *name)
{
    static char text[256];
    snprintf(text, sizeof(text), "{" TOUR_SHAPE ",\"name\":\"%s\"}", name);
    return text;
}

void assert_tour(const struct cache_value *document, const char *want)
{
    struct representation representation;
    assert_non_null(document);
    assert_true(representation_open(document, &representation));
    assert_int_equal(representation.body[ENCODING_IDENTITY].len, strlen(want));
    assert_memory_equal(representation.body[ENCODING_IDENTITY].bytes, want, strlen(want));
}

struct cache_value *tour_document(const char *text, int64_t stored_s, int64_t fresh_until_s,
                                  int64_t keep_until_s)
{
    return representation_new("text/plain", text, strlen(text), false, PROBLEM_NONE, NULL,
                              &(struct representation_times){.made_s = stored_s,
                                                             .stored_s = stored_s,
                                                             .fresh_until_s = fresh_until_s,
                                                             .keep_until_s = keep_until_s});
}

/* ---- guests ---- */

static void on_guest_told(void *arg, struct outcome *outcome)
{
    struct guest *guest = arg;
    if (guest->told++ == 0)
        guest->outcome = *outcome;
    else
        outcome_done(outcome);
}

struct order *guest_order(struct guest *guest, const struct document_request *request)
{
    return order_new(request, on_guest_told, guest);
}

struct order *refresh_order(const struct document_request *request)
{
    return order_new(request, NULL, NULL);
}

void guest_leave(struct guest *guest)
{
    outcome_done(&guest->outcome);
    *guest = (struct guest){0};
}

void guest_end(struct job *job, struct guest *guest)
{
    assert_int_equal(guest->told, 1);
    job_free(job);
    guest_leave(guest);
}
