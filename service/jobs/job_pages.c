/* The step that writes a tour: all its pages at once, each an entry of its own, and the index that leads to
 * them. A tour of many dates is written in portions, so that nobody else's document waits for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "cache/cache.h"
#include "job_steps.h"
#include "service/config/config.h"
#include "service/document/representation.h"
#include "service/source/lookup.h"
#include "tour.h"
#include "translators/ask/plan.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"

/* So many pages are written in about 10 ms, most of which is compressing them. */
#define PORTION 16

#define POOR_S  60 /* for which a page without its copy is kept, and an index without the one before fresh */
#define REST_MS 1000 /* for which memcached is asked for copies */

/* Pages that are written together, by another thread when the tour is large. */
struct portion {
    size_t n;
    bool is_left[PORTION];                 /* as it is: it is not written */
    struct cache_value *previous[PORTION]; /* NULL: there is none */
    struct cache_value *pages[PORTION];    /* NULL: not written, or too large */
};

static struct outcome sample_of(const struct job *job)
{
    return (struct outcome){.source = OUTCOME_UPSTREAM,
                            .problem = job->tally.trouble,
                            .provider = job->troubled,
                            .rounds = job->rounds,
                            .upstream_requests = job->tally.upstream_requests,
                            .upstream_us = (unsigned)(job->now_ms - job->started_ms) * 1000};
}

/* Into the cache, and to those who wait for it. */
static void give(struct job *job, const struct cache_key *key, struct cache_value *value)
{
    struct outcome sample = sample_of(job);
    atomic_store(&value->trouble, (uint16_t)job->tally.trouble);
    cache_put(job->tools->cache, key, value, job->now_s);
    job_deliver_page(job, key, value, &sample);
}

/* The key of another page of the tour that the job's request is for. `request` is a copy to write into. */
static struct cache_key key_of(struct document_request *request, const char *page)
{
    size_t room = sizeof(request->key) - request->tour_key_len;
    int len = snprintf(request->key + request->tour_key_len, room, " page=%s", page);
    must(len > 0 && (size_t)len < room);
    request->key_len = request->tour_key_len + (size_t)len;
    return route_key(request);
}

/* The page of a date that is over lives on its copy alone. Where memory has none, memcached may: it is left
 * as it is, until somebody asks for it. */
static void open_page(struct job *job, size_t i, const struct cache_key *key)
{
    struct portion *portion = job->portion;
    portion->previous[i] = cache_peek(job->tools->cache, key, job->now_s);
    portion->is_left[i] = !tour_tells(job->tour, job->next_page + i, portion->previous[i]);
}

static void open_portion(struct job *job)
{
    struct portion *portion = job->portion = memory_new_zeroed(1, sizeof(*portion));
    struct document_request *request = memory_new(sizeof(*request));
    *request = *job->request;
    size_t n_left = tour_n_pages(job->tour) - job->next_page;
    portion->n = n_left < PORTION ? n_left : PORTION;
    for (size_t i = 0; i < portion->n; i++) {
        struct cache_key key = key_of(request, tour_path(job->tour, job->next_page + i));
        open_page(job, i, &key);
    }
    free(request);
}

static void write_portion(void *arg)
{
    struct job *job = CAST(struct job, arg, JOB_MAGIC);
    struct portion *portion = job->portion;
    for (size_t i = 0; i < portion->n; i++) {
        if (!portion->is_left[i])
            portion->pages[i] = tour_render(job->tour, job->next_page + i, portion->previous[i], &job->times);
    }
}

/* False: a page is too large. */
static bool is_whole(const struct portion *portion)
{
    for (size_t i = 0; i < portion->n; i++) {
        if (portion->pages[i] == NULL && !portion->is_left[i])
            return false;
    }
    return true;
}

static void store_portion(struct job *job)
{
    struct portion *portion = job->portion;
    struct document_request *request = memory_new(sizeof(*request));
    *request = *job->request;
    for (size_t i = 0; i < portion->n; i++) {
        struct cache_key key = key_of(request, tour_path(job->tour, job->next_page + i));
        if (portion->pages[i] != NULL)
            give(job, &key, portion->pages[i]);
    }
    free(request);
}

void job_drop_pages(struct job *job)
{
    for (size_t i = 0; job->portion != NULL && i < job->portion->n; i++) {
        cache_value_unref(job->portion->previous[i]);
        cache_value_unref(job->portion->pages[i]);
    }
    free(job->portion);
    job->portion = NULL;
}

/* New reference. Made without the word of memcached, it may lack dates that are over: the next one is made
 * soon. */
static struct cache_value *index_of(const struct job *job)
{
    struct representation_times times = job->times;
    const bool is_unsure = job->hints[HINT_ADDRESSES].is_unsure;
    if (is_unsure && times.fresh_until_s > times.stored_s + POOR_S)
        times.fresh_until_s = times.stored_s + POOR_S;
    struct cache_value *index = tour_index(job->tour, &times);
    index->is_unsure = is_unsure;
    atomic_store(&index->trouble, (uint16_t)job->tally.trouble);
    return index;
}

static void store_index(struct job *job)
{
    struct cache_key key = route_job_key(job->request);
    struct cache_value *index = index_of(job);
    cache_put(job->tools->cache, &key, index, job->now_s);
    cache_value_unref(index);
}

enum job_step job_step_pages(struct job *job)
{
    if (job->tour == NULL)
        job->tour = tour_new(job->config, job->request, job->plan, job->hints[HINT_ADDRESSES].value,
                             job->provider->keep_s);
    open_portion(job);
    return job_work(job, job_is_large(job), write_portion, STEP_STORE_PAGES);
}

/* Whoever has the last page finds the index. */
enum job_step job_step_store_pages(struct job *job)
{
    if (!is_whole(job->portion)) {
        job->failure = PROBLEM_TOO_LARGE;
        return STEP_PROBLEM;
    }
    const bool is_last = job->next_page + job->portion->n == tour_n_pages(job->tour);
    if (is_last)
        store_index(job);
    store_portion(job);
    job->next_page += job->portion->n;
    job_drop_pages(job);
    return is_last ? STEP_REST : STEP_AWAIT_TURN;
}

/* Is it a page that was left? */
static bool is_left(const struct job *job, const char *path, size_t *ret_page)
{
    for (size_t i = 0; i < tour_n_pages(job->tour); i++) {
        *ret_page = i;
        if (tour_is_over(job->tour, i) && strcmp(tour_path(job->tour, i), path) == 0)
            return true;
    }
    return false;
}

/* The first order that waits for a page that was left; NULL: none does. */
static const struct order *find_left(const struct job *job)
{
    const struct order *order, *first = NULL;
    size_t page;
    DL_FOREACH2(job->orders, order, _next)
    {
        if (is_left(job, order->request.page, &page))
            first = order; /* the latest is in front */
    }
    return first;
}

/* To whoever waits for the job's own page, which was left. Without a copy it tells little more than the day,
 * and is kept for a minute by memory alone: memcached may have a copy that it did not give in time. */
static void give_left(struct job *job, const struct cache_value *copy)
{
    size_t page;
    struct cache_key key = route_key(job->request);
    struct outcome sample = sample_of(job);
    struct representation_times times = job->times;
    if (!is_left(job, job->request->page, &page))
        return;
    const bool tells = tour_tells(job->tour, page, copy);
    if (!tells)
        times.fresh_until_s = times.keep_until_s = times.stored_s + POOR_S;
    struct cache_value *value = tour_render(job->tour, page, copy, &times);
    if (value != NULL && tells)
        cache_put(job->tools->cache, &key, value, job->now_s);
    else if (value != NULL)
        cache_note(job->tools->cache, &key, value);
    else
        sample.problem = PROBLEM_TOO_LARGE;
    job_deliver_page(job, &key, value, &sample);
    cache_value_unref(value);
}

/* Whoever still waits asked for a page that the tour does not have, or that was written and given before the
 * order came: the index says which. Or for one that was left, which memcached may have. */
enum job_step job_step_rest(struct job *job)
{
    struct outcome sample = sample_of(job);
    job_deliver_cached(job, &sample);
    const struct order *order = find_left(job);
    if (order == NULL) {
        struct cache_value *index = index_of(job);
        job_deliver(job, index, &sample);
        cache_value_unref(index);
        return STEP_OVER;
    }
    job_turn_to(job, order);
    if (job->rest_until_ms == 0)
        job->rest_until_ms = job->now_ms + REST_MS;
    if (lookups_enabled(job->tools->lookups) && job->now_ms < job->rest_until_ms)
        return job_step_look_for_copy(job);
    give_left(job, NULL);
    return STEP_REST;
}

enum job_step job_step_await_copy(struct job *job)
{
    if (job->document_lookup != NULL)
        return STEP_AWAIT_COPY;
    struct cache_value *found = job->found;
    job->found = NULL;
    give_left(job, found);
    cache_value_unref(found);
    return STEP_REST;
}

/* Of pages each client gets its own last good copy. */
void job_deliver_cached(struct job *job, const struct outcome *sample)
{
    struct order *rest = job->orders;
    while (rest != NULL) {
        struct cache_key key = route_key(&rest->request);
        struct cache_value *value = cache_peek(job->tools->cache, &key, job->now_s);
        rest = rest->_next;
        if (value != NULL) {
            /* The order, and others for this page, are over: the list is looked at from its beginning. */
            job_deliver_page(job, &key, value, sample);
            rest = job->orders;
        }
        cache_value_unref(value);
    }
}
