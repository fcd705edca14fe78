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
    job_deliver(job, outcome.document, &outcome);
    outcome_done(&outcome);
    if (cache_fresh_beyond(value, job->horizon_s, job->now_s))
        return true;
    /* Of copies as good as each other memory gives away the one that it has, which is the one to mark. */
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
    for (size_t i = 0; i < MEMORIES; i++)
        all &= job->recalls[i].lookup == NULL;
    return all;
}

static void on_document(void *arg, struct cache_value *value)
{
    struct job *job = CAST(struct job, arg, JOB_MAGIC);
    job->document_lookup = NULL;
    job->found = value != NULL ? cache_value_ref(value) : NULL;
    job_wake(job);
}

static void on_memory(void *arg, struct cache_value *value)
{
    struct recall *recall = arg;
    must(recall->job->magic == JOB_MAGIC);
    recall->lookup = NULL;
    recall->value = value != NULL ? cache_value_ref(value) : NULL;
    job_wake(recall->job);
}

enum step job_step_lookup(struct job *job)
{
    const struct job_tools *tools = job->tools;
    struct cache_key key = route_key(job->request);
    struct cache_value *value = cache_peek(tools->cache, &key, job->now_s);
    bool over = value != NULL && take_document(job, value, OUTCOME_MEMORY);
    bool has_slow_tier = lookups_enabled(tools->lookups);
    cache_value_unref(value);
    if (over)
        return STEP_OVER;
    if (has_slow_tier)
        job->document_lookup = lookups_add(tools->lookups, &key, on_document, job);
    for (enum memory memory = 0; memory < MEMORIES; memory++) {
        char text[REMEMBER_KEY_MAX_BYTES];
        struct recall *recall = &job->recalls[memory];
        key = hints_key(memory, job->request, text);
        recall->job = job;
        if (recall->value == NULL)
            recall->value = cache_peek(tools->cache, &key, job->now_s);
        if (recall->value == NULL && has_slow_tier)
            recall->lookup = lookups_add(tools->lookups, &key, on_memory, recall);
    }
    return has_slow_tier ? STEP_AWAIT_LOOKUP : STEP_LOCK;
}

enum step job_step_await_lookup(struct job *job)
{
    struct cache_value *found = job->found;
    job->found = NULL;
    bool over = found != NULL && take_document(job, found, OUTCOME_MEMCACHED);
    cache_value_unref(found);
    if (over)
        return STEP_OVER;
    return all_looked_up(job) ? STEP_LOCK : STEP_AWAIT_LOOKUP;
}

void job_forget_lookups(struct job *job)
{
    if (job->document_lookup != NULL)
        lookup_forget(job->document_lookup);
    job->document_lookup = NULL;
    for (size_t i = 0; i < MEMORIES; i++) {
        if (job->recalls[i].lookup != NULL)
            lookup_forget(job->recalls[i].lookup);
        job->recalls[i].lookup = NULL;
    }
}
