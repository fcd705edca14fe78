/* The steps of a job that agree with other instances on which of them asks upstream. */
#include "job_steps.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

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

static void on_lock(void *arg, bool taken, uint64_t number)
{
    struct job *job = CAST(struct job, arg, JOB_MAGIC);
    job->lock.under_way = NULL;
    job->lock.is_held = taken;
    job->lock.number = number;
    job->kin->n_asking--;
    job->kin->n_holding += taken;
    job_wake(job);
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
    return STEP_AWAIT_LOCK;
}

enum step job_step_await_lock(struct job *job)
{
    if (job->kin->n_holding > 0)
        return have_lock(job);
    if (job->orders == NULL && job->kin->n_asking == 0 && job->now_ms < job->deadline_ms)
        return STEP_OVER; /* a refresh, and another instance is at it */
    if (job->now_ms - job->started_ms >= LOCK_WAIT_MS ||
        2 * job->now_ms >= job->started_ms + job->deadline_ms)
        return STEP_PLAN;
    job->lock.again_ms = job->now_ms + LOCK_POLL_MS;
    return STEP_AWAIT_RELEASE;
}

enum step job_step_await_release(struct job *job)
{
    (void)job;
    return STEP_LOCK;
}

void job_forget_lock(struct job *job)
{
    if (job->lock.under_way != NULL) {
        lock_forget(job->lock.under_way);
        job->kin->n_asking--;
    }
    job->lock.under_way = NULL;
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
