/* The steps of a job before its plan: looking in the tiers of the cache, and agreeing with other instances on
 * who asks upstream. What comes after: job.c. */
#include "job_steps.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "cache/cache.h"
#include "service/source/lookup.h"
#include "translators/base/must.h"

/* Who takes the lock asks upstream; the others look again now and then, at most for this long or half their
 * time. So much may a lock cost that an instance left behind when it was killed; with a life much shorter,
 * two would ask of an upstream that is slow. */
#define LOCK_LIFE_S  5
#define LOCK_WAIT_MS 3000
#define LOCK_POLL_MS 50

/* Jobs of this process that have one lock: the formats of one artist, for which the same is asked upstream. A
 * lock is for other instances; which of them has it is all the same to kin, whose questions are put once. */
struct kin {
    unsigned n_jobs, n_asking, n_holding;
    size_t key_len;
    char key[REMEMBER_KEY_MAX_BYTES];
    UT_hash_handle hh;
};

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
    job->ready = true;
}

static void on_memory(void *arg, struct cache_value *value)
{
    struct recall *recall = arg;
    must(recall->job->magic == JOB_MAGIC);
    recall->lookup = NULL;
    recall->value = value != NULL ? cache_value_ref(value) : NULL;
    recall->job->ready |= all_looked_up(recall->job);
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
    job->ready = false;
    job->then = STEP_TAKE;
    return has_slow_tier ? STEP_AWAIT : STEP_LOCK;
}

enum step job_step_take(struct job *job)
{
    struct cache_value *found = job->found;
    job->found = NULL;
    bool over = found != NULL && take_document(job, found, OUTCOME_MEMCACHED);
    cache_value_unref(found);
    if (over)
        return STEP_OVER;
    job->ready = false;
    return all_looked_up(job) ? STEP_LOCK : STEP_AWAIT;
}

static void on_lock(void *arg, bool taken, uint64_t number)
{
    struct job *job = CAST(struct job, arg, JOB_MAGIC);
    job->lock.under_way = NULL;
    job->lock.is_held = taken;
    job->lock.number = number;
    job->ready = true;
    job->kin->n_asking--;
    job->kin->n_holding += taken;
}

static struct cache_key lock_key(const struct job *job)
{
    return (struct cache_key){.text = job->kin->key, .len = job->kin->key_len};
}

static void join_kin(struct job *job)
{
    struct kin **all = job->tools->kin;
    char text[REMEMBER_KEY_MAX_BYTES];
    struct cache_key key = hints_key(MEMORY_HINTS, job->request, text);
    HASH_FIND(hh, *all, key.text, key.len, job->kin);
    if (job->kin == NULL) {
        struct kin *kin = job->kin = must(calloc(1, sizeof(*kin)));
        kin->key_len = key.len;
        memcpy(kin->key, key.text, key.len);
        HASH_ADD_KEYPTR(hh, *all, kin->key, kin->key_len, kin);
    }
    job->kin->n_jobs++;
}

/* Whoever had the lock before may have left the document. */
static enum step have_lock(struct job *job)
{
    bool waited = job->lock.again_ms != 0;
    job->lock.again_ms = 0;
    return waited ? STEP_LOOKUP : STEP_PLAN;
}

enum step job_step_lock(struct job *job)
{
    job->ready = false;
    job->then = STEP_AGREE;
    /* When the time is up there is nothing left to agree on; and at every turn after it on_deadline() would
     * forget the answer that this asks for. */
    if (!lookups_enabled(job->tools->lookups) || job->now_ms >= job->deadline_ms)
        return STEP_PLAN;
    if (job->kin == NULL)
        join_kin(job);
    if (job->kin->n_holding > 0)
        return have_lock(job);
    job->kin->n_asking++;
    struct cache_key key = lock_key(job);
    job->lock.under_way = lookups_lock(job->tools->lookups, &key, LOCK_LIFE_S, job->now_ms, on_lock, job);
    return STEP_AWAIT;
}

enum step job_step_agree(struct job *job)
{
    job->ready = false;
    if (job->kin->n_holding > 0)
        return have_lock(job);
    if (job->orders == NULL && job->kin->n_asking == 0 && job->now_ms < job->deadline_ms)
        return STEP_OVER; /* a refresh, and another instance is at it */
    if (job->now_ms - job->started_ms >= LOCK_WAIT_MS ||
        2 * job->now_ms >= job->started_ms + job->deadline_ms)
        return STEP_PLAN;
    job->lock.again_ms = job->now_ms + LOCK_POLL_MS;
    job->then = STEP_LOCK;
    return STEP_AWAIT;
}

bool job_waits_for_lock(const struct job *job)
{
    return job->step == STEP_AWAIT && job->then == STEP_LOCK;
}

void job_unlock(struct job *job)
{
    struct kin *kin = job->kin;
    if (kin == NULL)
        return;
    if (job->lock.is_held) {
        struct cache_key key = lock_key(job);
        lookups_unlock(job->tools->lookups, &key, job->lock.number);
        kin->n_holding--;
    }
    job->lock.is_held = false;
    job->kin = NULL;
    if (--kin->n_jobs == 0) {
        HASH_DEL(*job->tools->kin, kin);
        free(kin);
    }
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
    if (job->lock.under_way != NULL) {
        lock_forget(job->lock.under_way);
        job->kin->n_asking--;
    }
    job->lock.under_way = NULL;
}
