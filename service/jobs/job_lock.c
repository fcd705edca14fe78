/* The steps of a job that agree with other instances on which of them asks upstream. */
#include "job_steps.h"

#include <stdlib.h>
#include <string.h>

#include "service/process/hash.h"
#include "service/source/lookup.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"

/* Who takes the lock asks upstream; the others look again now and then, at most for this long or half their
 * time. So much may a lock cost that an instance left behind when it was killed; with a life much shorter,
 * two would ask of an upstream that is slow. */
#define LOCK_LIFE_S  5
#define LOCK_WAIT_MS 3000
#define LOCK_POLL_MS 50

/* Jobs of this process that have one lock: the formats of one artist, for which the same is asked upstream.
 * The lock is there for other instances. The jobs of one group share it, because source.c asks their
 * questions once. */
struct lock_group {
    unsigned n_jobs, n_asking, n_holding;
    size_t key_len;
    char key[HINTS_KEY_MAX_BYTES];
    UT_hash_handle hh;
};

static void on_lock(void *arg, bool taken, uint64_t number)
{
    struct job *job = CAST(struct job, arg, JOB_MAGIC);
    job->lock.under_way = NULL;
    job->lock.is_held = taken;
    job->lock.number = number;
    job->group->n_asking--;
    job->group->n_holding += taken;
    job_wake(job);
}

static struct cache_key lock_key(const struct job *job)
{
    return (struct cache_key){.text = job->group->key, .len = job->group->key_len};
}

static void join_group(struct job *job)
{
    struct lock_group **all = job->tools->lock_groups;
    char text[HINTS_KEY_MAX_BYTES];
    struct cache_key key = hints_key(HINT_QUESTIONS, job->request, text);
    HASH_FIND(hh, *all, key.text, key.len, job->group);
    if (job->group == NULL) {
        struct lock_group *group = job->group = memory_new_zeroed(1, sizeof(*group));
        group->key_len = key.len;
        memcpy(group->key, key.text, key.len);
        HASH_ADD_KEYPTR(hh, *all, group->key, group->key_len, group);
    }
    job->group->n_jobs++;
}

/* Whoever had the lock before may have left the document. */
static enum job_step have_lock(struct job *job)
{
    bool waited = job->lock.again_ms != 0;
    job->lock.again_ms = 0;
    return waited ? STEP_LOOKUP : STEP_PLAN;
}

enum job_step job_step_lock(struct job *job)
{
    /* When the time is up there is nothing left to agree on; and at every turn after it on_deadline() would
     * forget the answer that this asks for. */
    if (!lookups_enabled(job->tools->lookups) || job->now_ms >= job->deadline_ms)
        return STEP_PLAN;
    if (job->group == NULL)
        join_group(job);
    if (job->group->n_holding > 0)
        return have_lock(job);
    job->group->n_asking++;
    struct cache_key key = lock_key(job);
    job->lock.under_way = lookups_lock(job->tools->lookups, &key, LOCK_LIFE_S, job->now_ms, on_lock, job);
    return STEP_AWAIT_LOCK;
}

enum job_step job_step_await_lock(struct job *job)
{
    if (job->group->n_holding > 0)
        return have_lock(job);
    if (job->orders == NULL && job->group->n_asking == 0 && job->now_ms < job->deadline_ms)
        return STEP_OVER; /* a refresh, and another instance is at it */
    if (job->now_ms - job->started_ms >= LOCK_WAIT_MS ||
        2 * job->now_ms >= job->started_ms + job->deadline_ms)
        return STEP_PLAN;
    job->lock.again_ms = job->now_ms + LOCK_POLL_MS;
    return STEP_AWAIT_RELEASE;
}

enum job_step job_step_await_release(struct job *job)
{
    (void)job;
    return STEP_LOCK;
}

void job_forget_lock(struct job *job)
{
    if (job->lock.under_way != NULL) {
        lock_forget(job->lock.under_way);
        job->group->n_asking--;
    }
    job->lock.under_way = NULL;
}

void job_unlock(struct job *job)
{
    struct lock_group *group = job->group;
    if (group == NULL)
        return;
    if (job->lock.is_held) {
        struct cache_key key = lock_key(job);
        lookups_unlock(job->tools->lookups, &key, job->lock.number);
        group->n_holding--;
    }
    job->lock.is_held = false;
    job->group = NULL;
    if (--group->n_jobs == 0) {
        HASH_DEL(*job->tools->lock_groups, group);
        free(group);
    }
}
