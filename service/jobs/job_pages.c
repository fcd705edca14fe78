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
    portion->is_left[i] = portion->previous[i] == NULL && tour_is_over(job->tour, job->next_page + i);
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

/* New reference. */
static struct cache_value *index_of(const struct job *job)
{
    struct cache_value *index = tour_index(job->tour, &job->times);
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

/* An order that waits for a page that was left; NULL: none does. */
static const struct order *find_left(const struct job *job, size_t *ret_page)
{
    const struct order *order;
    DL_FOREACH2(job->orders, order, _next)
    {
        for (size_t i = 0; i < tour_n_pages(job->tour); i++) {
            *ret_page = i;
            if (tour_is_over(job->tour, i) && strcmp(tour_path(job->tour, i), order->request.page) == 0)
                return order;
        }
    }
    return NULL;
}

/* Memcached has no copy, or did not say so in time: what little is known is told and, where there is a
 * memcached, not kept. */
static void give_left(struct job *job, const struct order *order, size_t index)
{
    struct document_request *request = memory_new(sizeof(*request));
    *request = order->request;
    struct cache_key key = route_key(request);
    struct outcome sample = sample_of(job);
    struct cache_value *page = tour_render(job->tour, index, NULL, &job->times);
    if (page != NULL && !lookups_enabled(job->tools->lookups))
        cache_put(job->tools->cache, &key, page, job->now_s);
    if (page == NULL)
        sample.problem = PROBLEM_TOO_LARGE;
    job_deliver_page(job, &key, page, &sample);
    cache_value_unref(page);
    free(request);
}

/* Whoever still waits asked for a page that the tour does not have, or that was written and given before the
 * order came: the index says which. Or for one that was left, which memcached may have. */
enum job_step job_step_rest(struct job *job)
{
    size_t page;
    struct outcome sample = sample_of(job);
    job_deliver_cached(job, &sample);
    const struct order *order = find_left(job, &page);
    if (order == NULL) {
        struct cache_value *index = index_of(job);
        job_deliver(job, index, &sample);
        cache_value_unref(index);
        return STEP_OVER;
    }
    if (lookups_enabled(job->tools->lookups) && !job->is_left_looked_up) {
        job_turn_to(job, order);
        return STEP_LOOKUP;
    }
    job->is_left_looked_up = false;
    give_left(job, order, page);
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
