/* The orders of a job: who waits for the document, and who gets what came of it. */
#include "job.h"

#include <stdio.h>
#include <string.h>

#include <utlist.h>

#include "job_steps.h"
#include "service/config/config.h"

/* A refresh asks for everything that would be stale within this part of its lifetime. */
#define REFRESH_AHEAD_PERCENT 10

bool job_join(struct job *job, struct order *order)
{
    if (job->n_orders >= job->config->limits.max_waiters_per_job)
        return false;
    /* Nobody waits for a refresh: it only makes the job look ahead. */
    if (order->refresh) {
        int64_t fresh_s = config_fresh_s(job->provider, RESOURCE_EVENTS);
        job->horizon_s = job->now_s + fresh_s * REFRESH_AHEAD_PERCENT / 100;
        order_free(order);
        return true;
    }
    DL_PREPEND2(job->orders, order, _prev, _next);
    job->n_orders++;
    return true;
}

static void finish(const struct job *job, struct order *order, struct cache_value *document,
                   const struct outcome *sample, bool first)
{
    struct outcome outcome = *sample;
    outcome.document = document != NULL ? cache_value_ref(document) : NULL;
    outcome.collapsed = !first;
    if (outcome.provider == NULL)
        outcome.provider = job->provider->translator->name;
    order_finish(order, &outcome);
}

void job_deliver(struct job *job, struct cache_value *document, const struct outcome *sample)
{
    bool first = true;
    while (job->orders != NULL) {
        struct order *order = job->orders;
        DL_DELETE2(job->orders, order, _prev, _next);
        finish(job, order, document, sample, first);
        first = false;
    }
    job->n_orders = 0;
}

static bool is_for(const struct order *order, const struct cache_key *page)
{
    struct cache_key key = route_key(&order->request);
    return key.len == page->len && memcmp(key.text, page->text, key.len) == 0;
}

void job_deliver_page(struct job *job, const struct cache_key *page, struct cache_value *document,
                      const struct outcome *sample)
{
    struct order *order, *next, *own = NULL;
    DL_FOREACH_SAFE2(job->orders, order, next, _next)
    {
        if (!is_for(order, page))
            continue;
        DL_DELETE2(job->orders, order, _prev, _next);
        DL_APPEND2(own, order, _prev, _next);
        job->n_orders--;
    }
    /* The key may be the text of one of these orders, which end with their outcome. */
    bool is_first = true;
    DL_FOREACH_SAFE2(own, order, next, _next)
    {
        finish(job, order, document, sample, is_first);
        is_first = false;
    }
}

void job_turn_to(struct job *job, const struct order *order)
{
    *job->request = order->request;
    cache_value_unref(job->old);
    job->old = NULL;
}

bool job_turn_to_next(struct job *job)
{
    if (job->orders == NULL)
        return false;
    job_turn_to(job, job->orders);
    return true;
}

void job_abandon(struct job *job, enum problem_kind problem, enum string_id why)
{
    struct outcome outcome = {.problem = problem};
    strings_write(outcome.detail, sizeof(outcome.detail), route_problem_language(job->request)->texts[why],
                  NULL);
    job_deliver(job, NULL, &outcome);
}
