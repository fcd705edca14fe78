/* Questions under way ("flights") and their answers. When to ask is the job's decision, how to ask the
 * upstream's, how long to keep what came store.c's. */
#include "source.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "cache/cache.h"
#include "lookup.h"
#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/process/hash.h"
#include "service/process/log.h"
#include "service/process/stats.h"
#include "service/upstream/upstream.h"
#include "store.h"
#include "translators/ask/answer.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"

#define FLIGHT_MAGIC 0x666c6967u

struct follower {
    struct flight *flight;
    struct follower *prev, *next;
    source_done_fn *on_done;
    void *arg;
    size_t question;
};

/* One question on its way to an answer. */
struct flight {
    unsigned magic;
    struct source *source;
    const struct provider_config *provider;
    enum resource kind;
    char *key; /* owned; the path is its end */
    const char *path;
    int64_t horizon_s;
    const void *asker;         /* who asked first */
    struct cache_value *stale; /* last good copy, not fresh beyond the horizon; NULL: none */
    struct follower *followers;
    struct flight *next_refused;
    struct upstream_refusal refusal;
    UT_hash_handle hh;
};

struct source {
    struct source_options with;
    int64_t now_s;
    struct flight *flights; /* by key */
    struct flight *refused; /* to be finished by source_run() */
};

struct source *source_new(const struct source_options *options)
{
    struct source *source = memory_new_zeroed(1, sizeof(*source));
    source->with = *options;
    return source;
}

static void flight_free(struct flight *flight)
{
    struct follower *follower, *next;
    DL_FOREACH_SAFE(flight->followers, follower, next)
    {
        free(follower);
    }
    cache_value_unref(flight->stale);
    config_unref(flight->provider->config);
    free(flight->key);
    free(flight);
}

void source_free(struct source *source)
{
    struct flight *flight, *next;
    if (source == NULL)
        return;
    HASH_ITER(hh, source->flights, flight, next)
    {
        HASH_DEL(source->flights, flight);
        flight_free(flight);
    }
    free(source);
}

/* What a cached value says. The body is a new reference. */
static bool answer_of_value(const struct source *source, const struct provider_config *provider,
                            enum resource kind, struct cache_value *value, struct source_answer *ret)
{
    struct cache_times times = cache_times(value, source->now_s);
    *ret = (struct source_answer){.len = value->len,
                                  .stored_s = times.stored_s,
                                  .fresh_until_s = times.fresh_until_s,
                                  .keep_until_s = times.keep_until_s};
    if (value->status == PROBLEM_NOT_FOUND) {
        ret->problem = PROBLEM_NOT_FOUND;
        ret->why = "the upstream said so a short while ago";
        return true;
    }
    struct answer answer = answer_read(provider->translator, kind, 200, (const char *)value->bytes,
                                       value->len, UPSTREAM_MAX_JSON_DEPTH);
    ret->body = answer.body;
    return answer.problem == PROBLEM_NONE;
}

bool source_peek(struct source *source, const struct provider_config *provider, enum resource kind,
                 const char *path, int64_t horizon_s, struct source_answer *ret)
{
    struct cache_key key;
    char *text = store_key_new(provider, path, &key);
    struct cache_value *value = cache_peek(source->with.cache, &key, source->now_s);
    bool found = value != NULL && cache_fresh_beyond(value, horizon_s, source->now_s) &&
                 answer_of_value(source, provider, kind, value, ret);
    cache_value_unref(value);
    free(text);
    return found;
}

void source_reject(struct source *source, const struct provider_config *provider, const char *path)
{
    struct cache_key key;
    char *text = store_key_new(provider, path, &key);
    store_as_stale(source->with.cache, &key, source->now_s);
    store_refusal(source->with.cache, provider->config, provider, path, source->now_s);
    free(text);
}

/* ---- landing ---- */

static void land(struct flight *flight, const struct source_answer *answer)
{
    HASH_DEL(flight->source->flights, flight);
    /* A follower may forget another one while it is told. */
    while (flight->followers != NULL) {
        struct follower *follower = flight->followers;
        DL_DELETE(flight->followers, follower);
        follower->on_done(follower->arg, follower->question, answer);
        free(follower);
    }
    flight_free(flight);
}

static bool has_good_copy(const struct flight *flight)
{
    return flight->stale != NULL && flight->stale->status == PROBLEM_NONE &&
           cache_judge(flight->stale, flight->source->now_s) != CACHE_GONE;
}

/* No new answer is to be had: the last good copy, or the problem. */
static void land_without(struct flight *flight, enum problem_kind problem, int64_t retry_after_s,
                         const char *why, bool is_gone)
{
    struct source *source = flight->source;
    struct source_answer answer;
    if (!is_gone && has_good_copy(flight) &&
        answer_of_value(source, flight->provider, flight->kind, flight->stale, &answer)) {
        /* A copy that is fresh all the same is no trouble to anybody. */
        if (cache_judge(flight->stale, source->now_s) == CACHE_STALE)
            answer.trouble = problem;
    } else {
        answer = (struct source_answer){.problem = problem};
    }
    answer.retry_after_s = retry_after_s;
    answer.why = why;
    json_t *body = answer.body;
    land(flight, &answer);
    json_decref(body);
}

static void report(const struct flight *flight, const struct upstream_answer *answer)
{
    log_event(LOG_WARN, answer->problem == PROBLEM_UPSTREAM_KEY ? "upstream_refused_key" : "upstream_failed",
              "provider", flight->provider->translator->name, "path", flight->path, "status",
              log_number(answer->status), "why", answer->why, "elapsed_ms",
              log_number(answer->elapsed_us / 1000), "stale_copy", flight->stale != NULL ? "yes" : "no",
              NULL);
}

/* Stores what came, and hands it out. */
static void land_with(struct flight *flight, const struct upstream_answer *answer)
{
    struct source *source = flight->source;
    const struct cache_key key = {.text = flight->key, .len = strlen(flight->key)};
    struct cache_value *value = store_answer(source->with.cache, flight->provider, flight->kind, &key,
                                             answer->bytes, answer->len, source->now_s);
    struct source_answer good = {.body = answer->body,
                                 .len = answer->len,
                                 .stored_s = value->stored_s,
                                 .fresh_until_s = value->fresh_until_s,
                                 .keep_until_s = value->keep_until_s,
                                 .asked_upstream = true};
    cache_value_unref(value);
    land(flight, &good);
}

/* An upstream may lose what it knows for a moment: then the good copy stays in use. */
static bool is_gone(const struct flight *flight, const struct upstream_answer *answer,
                    const struct cache_key *key)
{
    const struct source *source = flight->source;
    if (answer->problem != PROBLEM_NOT_FOUND || !has_good_copy(flight))
        return answer->problem == PROBLEM_NOT_FOUND;
    struct cache_times times = cache_times(flight->stale, source->now_s);
    return store_is_gone(source->with.cache, key, times.stored_s, times.keep_until_s,
                         flight->provider->config->cache.gone_after_s, source->now_s);
}

static void on_upstream_answer(void *arg, const struct upstream_answer *answer)
{
    struct flight *flight = CAST(struct flight, arg, FLIGHT_MAGIC);
    struct source *source = flight->source;
    const struct provider_config *provider = flight->provider;
    const struct cache_key key = {.text = flight->key, .len = strlen(flight->key)};
    if (answer->repaired)
        stats_add(source->with.stats, answers_repaired, 1);
    if (memory_ran_out()) { /* what the answer takes, it takes again as long as it is used */
        land_without(flight, PROBLEM_OVERLOADED, 1, "there was not enough memory for the answer", false);
        return;
    }
    if (answer->problem == PROBLEM_NONE) {
        land_with(flight, answer);
        return;
    }
    if (answer->misshapen) /* or each client that wants it would ask anew, and count for the breaker */
        store_refusal(source->with.cache, provider->config, provider, flight->path, source->now_s);
    bool gone = is_gone(flight, answer, &key);
    if (gone)
        store_absence(source->with.cache, provider->config, provider, &key, source->now_s);
    else
        report(flight, answer);
    land_without(flight, answer->problem, answer->retry_after_s, answer->why, gone);
}

/* ---- asking ---- */

static void ask_upstream(struct flight *flight)
{
    struct source *source = flight->source;
    int64_t refused_s = store_refused_s(source->with.cache, flight->provider, flight->path, source->now_s);
    if (refused_s > 0)
        flight->refusal =
            (struct upstream_refusal){.problem = PROBLEM_UPSTREAM_RUBBISH, .retry_after_s = refused_s};
    if (refused_s > 0 || !upstream_get(source->with.upstream,
                                       &(struct upstream_question){.provider = flight->provider,
                                                                   .kind = flight->kind,
                                                                   .path = flight->path,
                                                                   .asker = flight->asker,
                                                                   .has_copy = flight->stale != NULL,
                                                                   .on_done = on_upstream_answer,
                                                                   .arg = flight},
                                       &flight->refusal)) {
        LL_PREPEND2(source->refused, flight, next_refused);
    }
}

static void on_cached(void *arg, struct cache_value *value, bool is_known)
{
    (void)is_known;
    struct flight *flight = CAST(struct flight, arg, FLIGHT_MAGIC);
    struct source_answer answer;
    if (value != NULL && cache_fresh_beyond(value, flight->horizon_s, flight->source->now_s) &&
        answer_of_value(flight->source, flight->provider, flight->kind, value, &answer)) {
        if (memory_ran_out())
            answer.problem = PROBLEM_OVERLOADED;
        land(flight, &answer);
        json_decref(answer.body);
        return;
    }
    if (value != NULL && (flight->stale == NULL || value->stored_s > flight->stale->stored_s)) {
        cache_value_unref(flight->stale);
        flight->stale = cache_value_ref(value);
    }
    ask_upstream(flight);
}

/* Starts the flight: nobody else is asking. */
static struct flight *lead(struct source *source, const struct provider_config *provider, enum resource kind,
                           char *key_text, const struct cache_key *key, size_t path_len, int64_t horizon_s,
                           const void *asker)
{
    struct flight *flight = memory_new_zeroed(1, sizeof(*flight));
    *flight = (struct flight){.magic = FLIGHT_MAGIC,
                              .source = source,
                              .provider = provider,
                              .kind = kind,
                              .key = key_text,
                              .path = key_text + key->len - path_len,
                              .horizon_s = horizon_s,
                              .asker = asker,
                              .stale = cache_peek(source->with.cache, key, source->now_s)};
    config_ref(provider->config); /* for a flight that outlives its job */
    HASH_ADD_KEYPTR(hh, source->flights, flight->key, key->len, flight);
    if (lookups_enabled(source->with.lookups))
        lookups_add(source->with.lookups, key, on_cached, flight);
    else
        ask_upstream(flight);
    return flight;
}

static struct follower *follow(struct flight *flight, source_done_fn *on_done, void *arg, size_t question)
{
    struct follower *follower = memory_new(sizeof(*follower));
    *follower = (struct follower){.flight = flight, .on_done = on_done, .arg = arg, .question = question};
    DL_PREPEND(flight->followers, follower);
    return follower;
}

struct follower *source_get(struct source *source, const struct provider_config *provider, enum resource kind,
                            const char *path, int64_t horizon_s, source_done_fn *on_done, void *arg,
                            size_t question)
{
    struct cache_key key;
    struct flight *flight;
    char *text = store_key_new(provider, path, &key);
    HASH_FIND(hh, source->flights, key.text, key.len, flight);
    if (flight == NULL)
        flight = lead(source, provider, kind, text, &key, strlen(path), horizon_s, arg);
    else
        free(text);
    return follow(flight, on_done, arg, question);
}

void source_forget(struct follower *follower)
{
    DL_DELETE(follower->flight->followers, follower);
    free(follower);
}

void source_run(struct source *source, int64_t now_s)
{
    struct flight *refused = source->refused, *flight, *next;
    source->now_s = now_s;
    source->refused = NULL;
    LL_FOREACH_SAFE2(refused, flight, next, next_refused)
    {
        land_without(flight, flight->refusal.problem, flight->refusal.retry_after_s,
                     "not asked: breaker, quota, or answered with rubbish a moment ago", false);
    }
}

bool source_busy(const struct source *source)
{
    return source->refused != NULL;
}
