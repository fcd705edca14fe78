/* The first steps of a job: is the document in a tier of the cache, and what is known of its last making? */
#include "job_steps.h"

#include "cache/cache.h"
#include "service/source/lookup.h"
#include "translators/base/must.h"

/* Gives the waiting clients what the value says. True when that ends the job: the value is fresh enough. */
static bool take_document(struct job *job, struct cache_value *value, enum outcome_source from)
{
    struct outcome outcome = {.source = from};
    enum cache_state state = cache_judge(value, job->now_s);
    if (state == CACHE_GONE)
        return false;
    if (state == CACHE_STALE)
        outcome.source = OUTCOME_STALE;
    outcome_read(&outcome, value);
    struct cache_key key = route_key(job->request);
    if (route_is_page(job->request))
        job_deliver_page(job, &key, outcome.document, &outcome);
    else
        job_deliver(job, outcome.document, &outcome);
    outcome_done(&outcome);
    if (cache_fresh_beyond(value, job->horizon_s, job->now_s))
        return true;
    /* If both copies are equal, keep the one from memory: refresh marks are set on it. */
    bool better = job->old == NULL || cache_better(value, job->old, job->now_s);
    if (better && value->status != PROBLEM_NOT_FOUND) {
        cache_value_unref(job->old);
        job->old = cache_value_ref(value);
    }
    return false;
}

/* Every lookup of the job has come back. */
static bool all_looked_up(const struct job *job)
{
    bool all = job->document_lookup == NULL;
    for (size_t i = 0; i < HINT_KINDS; i++)
        all &= job->hints[i].lookup == NULL;
    return all;
}

static void on_document(void *arg, struct cache_value *value, bool is_known)
{
    (void)is_known;
    struct job *job = CAST(struct job, arg, JOB_MAGIC);
    job->document_lookup = NULL;
    job->found = value != NULL ? cache_value_ref(value) : NULL;
    job_wake(job);
}

static void on_hint(void *arg, struct cache_value *value, bool is_known)
{
    struct hint_lookup *hint = arg;
    must(hint->job->magic == JOB_MAGIC);
    hint->lookup = NULL;
    hint->is_unsure = !is_known;
    if (value != NULL) {
        cache_value_unref(hint->value); /* there is none, or it is unsure */
        hint->value = cache_value_ref(value);
    }
    job_wake(hint->job);
}

enum job_step job_step_lookup(struct job *job)
{
    const struct job_tools *tools = job->tools;
    struct cache_key key = route_key(job->request);
    struct cache_value *value = cache_peek(tools->cache, &key, job->now_s);
    bool over = value != NULL && take_document(job, value, OUTCOME_MEMORY);
    bool has_slow_tier = lookups_enabled(tools->lookups);
    cache_value_unref(value);
    if (over)
        return job_turn_to_next(job) ? STEP_LOOKUP : STEP_OVER;
    if (has_slow_tier)
        job->document_lookup = lookups_add(tools->lookups, &key, on_document, job);
    for (enum hint i = 0; i < HINT_KINDS; i++) {
        char text[HINTS_KEY_MAX_BYTES];
        struct hint_lookup *hint = &job->hints[i];
        if (i == HINT_ADDRESSES && !route_is_page(job->request))
            continue;
        key = hints_key(i, job->request, text);
        hint->job = job;
        if (hint->value == NULL)
            hint->value = cache_peek(tools->cache, &key, job->now_s);
        bool is_wanted = hint->value == NULL || hint->value->is_unsure;
        if (is_wanted && hint->lookup == NULL && has_slow_tier) {
            hint->is_unsure = true;
            hint->lookup = lookups_add(tools->lookups, &key, on_hint, hint);
        }
    }
    return has_slow_tier ? STEP_AWAIT_LOOKUP : STEP_LOCK;
}

enum job_step job_step_await_lookup(struct job *job)
{
    struct cache_value *found = job->found;
    job->found = NULL;
    bool over = found != NULL && take_document(job, found, OUTCOME_MEMCACHED);
    cache_value_unref(found);
    if (over)
        return job_turn_to_next(job) ? STEP_LOOKUP : STEP_OVER;
    return all_looked_up(job) ? STEP_LOCK : STEP_AWAIT_LOOKUP;
}

enum job_step job_step_look_for_copy(struct job *job)
{
    struct cache_key key = route_key(job->request);
    job->document_lookup = lookups_add(job->tools->lookups, &key, on_document, job);
    return STEP_AWAIT_COPY;
}

void job_forget_lookups(struct job *job)
{
    if (job->document_lookup != NULL)
        lookup_forget(job->document_lookup);
    job->document_lookup = NULL;
    for (size_t i = 0; i < HINT_KINDS; i++) {
        if (job->hints[i].lookup != NULL)
            lookup_forget(job->hints[i].lookup);
        job->hints[i].lookup = NULL;
    }
}
