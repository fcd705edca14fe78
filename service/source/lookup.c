/* Rounds of the slow tier: one multi-get for all that one turn of the back thread asks for.
 *
 *     a round is    its items belong to    its other members belong to
 *     open          back thread            back thread
 *     under way     memcached thread       back thread
 *     arrived       back thread            back thread
 *     orphaned      memcached thread       memcached thread: lookups_free() came first
 *
 * The memcached thread puts a round on the list of arrived ones, under the mutex. The back thread takes it
 * off there and frees it. An orphaned round is freed by the memcached thread; the last one frees the lookups.
 * A round that is too late is answered with misses, and is freed when it arrives. Locks are treated in the
 * same way. */
#include "lookup.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "translators/base/memory.h"
#include "translators/base/must.h"

#define ROUND_MAGIC        0x726f756eu
#define LOCK_MAGIC         0x6c6f636bu
#define MAX_KEYS_PER_ROUND 256

struct round;

struct lookup {
    struct round *round;
    lookup_done_fn *on_value; /* NULL: forgotten or called */
    void *arg;
};

struct round {
    unsigned magic;
    struct lookups *owner;
    struct memcached_batch batch;
    struct round *prev, *next;  /* waiting or under way */
    struct round *next_arrived; /* arrived */
    int64_t due_ms;
    size_t n;
    struct memcached_item items[MAX_KEYS_PER_ROUND];
    struct lookup lookups[MAX_KEYS_PER_ROUND];
};

struct lock {
    unsigned magic;
    struct lookups *owner;
    struct cache_key key;  /* text owned */
    lock_done_fn *on_lock; /* NULL: forgotten or called */
    void *arg;
    uint64_t number; /* memcached's; 0: it was not asked */
    bool taken, forgotten;
    int64_t due_ms;
    struct lock *prev, *next;  /* under way */
    struct lock *next_arrived; /* arrived */
};

struct lookups {
    struct cache *cache;
    unsigned timeout_ms;
    void (*wake)(void *arg);
    void *wake_arg;
    struct round *open;    /* collecting; NULL: nothing asked yet */
    struct round *waiting; /* full ones that await the flush */
    struct round *under_way;
    struct lock *locks;    /* under way */
    pthread_mutex_t mutex; /* guards what follows, and once `freed` the two lists under way */
    struct round *arrived;
    struct lock *arrived_locks;
    bool freed; /* by the owner: what is under way ends by itself, and the last of it frees this */
};

struct lookups *lookups_new(struct cache *cache, unsigned timeout_ms, void (*wake)(void *wake_arg),
                            void *wake_arg)
{
    struct lookups *lookups = memory_new_zeroed(1, sizeof(*lookups));
    lookups->cache = cache;
    lookups->timeout_ms = timeout_ms;
    lookups->wake = wake;
    lookups->wake_arg = wake_arg;
    pthread_mutex_init(&lookups->mutex, NULL);
    return lookups;
}

static void round_free(struct round *round)
{
    for (size_t i = 0; i < round->n; i++) {
        cache_value_unref(round->items[i].value);
        free((char *)round->items[i].key.text);
    }
    free(round);
}

static struct round *take_arrived(struct lookups *lookups)
{
    pthread_mutex_lock(&lookups->mutex);
    struct round *arrived = lookups->arrived;
    lookups->arrived = NULL;
    pthread_mutex_unlock(&lookups->mutex);
    return arrived;
}

static char *copy_of(const struct cache_key *key)
{
    char *text = memory_new(key->len);
    memcpy(text, key->text, key->len);
    return text;
}

/* Ends one that has arrived. */
static void lock_free(struct lock *lock)
{
    if (lock->forgotten && lock->taken)
        lookups_unlock(lock->owner, &lock->key, lock->number);
    free((char *)lock->key.text);
    free(lock);
}

/* Called with the mutex held, and gives it back. */
static void end_if_last(struct lookups *lookups)
{
    const bool last = lookups->under_way == NULL && lookups->locks == NULL;
    pthread_mutex_unlock(&lookups->mutex);
    if (last) {
        pthread_mutex_destroy(&lookups->mutex);
        free(lookups);
    }
}

/* Under the mutex. */
static void clear_arrived(struct lookups *lookups)
{
    struct round *round, *next_round;
    struct lock *lock, *next_lock;
    LL_FOREACH_SAFE2(lookups->arrived, round, next_round, next_arrived)
    {
        DL_DELETE(lookups->under_way, round);
        round_free(round);
    }
    LL_FOREACH_SAFE2(lookups->arrived_locks, lock, next_lock, next_arrived)
    {
        DL_DELETE(lookups->locks, lock);
        lock_free(lock);
    }
    lookups->arrived = NULL;
    lookups->arrived_locks = NULL;
}

void lookups_free(struct lookups *lookups)
{
    if (lookups == NULL)
        return;
    struct round *round, *next;
    DL_FOREACH_SAFE(lookups->waiting, round, next)
    {
        round_free(round);
    }
    if (lookups->open != NULL)
        round_free(lookups->open);
    pthread_mutex_lock(&lookups->mutex);
    lookups->freed = true;
    clear_arrived(lookups);
    end_if_last(lookups);
}

/* Memcached thread. Called with the mutex held, and gives it back. */
static void tell_owner(struct lookups *lookups)
{
    if (lookups->freed) {
        clear_arrived(lookups);
        end_if_last(lookups);
        return;
    }
    lookups->wake(lookups->wake_arg);
    pthread_mutex_unlock(&lookups->mutex);
}

bool lookups_enabled(const struct lookups *lookups)
{
    return cache_memcached(lookups->cache) != NULL;
}

static struct round *round_new(struct lookups *lookups)
{
    struct round *round = memory_new(sizeof(*round));
    round->magic = ROUND_MAGIC;
    round->owner = lookups;
    round->n = 0;
    return round;
}

struct lookup *lookups_add(struct lookups *lookups, const struct cache_key *key, lookup_done_fn *on_value,
                           void *arg)
{
    struct round *round = lookups->open;
    if (round != NULL && round->n == MAX_KEYS_PER_ROUND) {
        DL_APPEND(lookups->waiting, round);
        round = NULL;
    }
    if (round == NULL)
        round = lookups->open = round_new(lookups);
    round->items[round->n] = (struct memcached_item){.key = {.text = copy_of(key), .len = key->len}};
    round->lookups[round->n] = (struct lookup){.round = round, .on_value = on_value, .arg = arg};
    return &round->lookups[round->n++];
}

void lookup_forget(struct lookup *lookup)
{
    lookup->on_value = NULL;
}

/* Memcached thread. */
static void on_round_done(struct memcached_batch *batch)
{
    struct round *round = CAST(struct round, batch->arg, ROUND_MAGIC);
    struct lookups *lookups = round->owner;
    pthread_mutex_lock(&lookups->mutex);
    LL_PREPEND2(lookups->arrived, round, next_arrived);
    tell_owner(lookups);
}

/* Memcached thread. */
static void on_lock_answer(void *arg, bool taken)
{
    struct lock *lock = CAST(struct lock, arg, LOCK_MAGIC);
    struct lookups *lookups = lock->owner;
    pthread_mutex_lock(&lookups->mutex);
    lock->taken = taken;
    LL_PREPEND2(lookups->arrived_locks, lock, next_arrived);
    tell_owner(lookups);
}

struct lock *lookups_lock(struct lookups *lookups, const struct cache_key *key, unsigned life_s,
                          int64_t now_ms, lock_done_fn *on_lock, void *arg)
{
    struct lock *lock = memory_new(sizeof(*lock));
    *lock = (struct lock){.magic = LOCK_MAGIC,
                          .owner = lookups,
                          .key = {.text = copy_of(key), .len = key->len},
                          .on_lock = on_lock,
                          .arg = arg,
                          .due_ms = now_ms + lookups->timeout_ms};
    DL_PREPEND(lookups->locks, lock);
    lock->number = memcached_tier_lock(cache_memcached(lookups->cache), key, life_s, on_lock_answer, lock);
    if (lock->number == 0)
        on_lock_answer(lock, true);
    return lock;
}

void lock_forget(struct lock *lock)
{
    lock->forgotten = lock->on_lock != NULL;
    lock->on_lock = NULL;
}

void lookups_unlock(struct lookups *lookups, const struct cache_key *key, uint64_t number)
{
    if (number != 0)
        memcached_tier_unlock(cache_memcached(lookups->cache), key, number);
}

static void tell_lock(struct lock *lock, bool taken)
{
    lock_done_fn *on_lock = lock->on_lock;
    lock->on_lock = NULL;
    if (on_lock != NULL)
        on_lock(lock->arg, taken, lock->number);
}

/* Calls whoever still waits; `arrived` tells values from misses. */
static void hand_out(struct round *round, bool arrived)
{
    for (size_t i = 0; i < round->n; i++) {
        lookup_done_fn *on_value = round->lookups[i].on_value;
        round->lookups[i].on_value = NULL;
        if (on_value != NULL)
            on_value(round->lookups[i].arg, arrived ? round->items[i].value : NULL,
                     arrived && round->items[i].is_answered);
    }
}

static void send_round(struct lookups *lookups, struct round *round, int64_t now_ms, int64_t now_s)
{
    round->batch = (struct memcached_batch){
        .items = round->items, .n = round->n, .on_done = on_round_done, .arg = round};
    round->due_ms = now_ms + lookups->timeout_ms;
    DL_PREPEND(lookups->under_way, round);
    /* Not started: every server is down. It is due at once, and nobody else will touch it. */
    if (!cache_get(lookups->cache, &round->batch, now_s)) {
        round->due_ms = now_ms;
        on_round_done(&round->batch);
    }
}

void lookups_flush(struct lookups *lookups, int64_t now_ms, int64_t now_s)
{
    struct round *round, *next;
    DL_FOREACH_SAFE(lookups->waiting, round, next)
    {
        DL_DELETE(lookups->waiting, round);
        send_round(lookups, round, now_ms, now_s);
    }
    round = lookups->open;
    lookups->open = NULL;
    if (round != NULL)
        send_round(lookups, round, now_ms, now_s);
}

static void run_locks(struct lookups *lookups, int64_t now_ms)
{
    pthread_mutex_lock(&lookups->mutex);
    struct lock *arrived = lookups->arrived_locks;
    lookups->arrived_locks = NULL;
    pthread_mutex_unlock(&lookups->mutex);
    struct lock *lock, *next;
    LL_FOREACH_SAFE2(arrived, lock, next, next_arrived)
    {
        DL_DELETE(lookups->locks, lock);
        tell_lock(lock, lock->taken);
        lock_free(lock);
    }
    DL_FOREACH(lookups->locks, lock)
    {
        if (now_ms >= lock->due_ms)
            tell_lock(lock, true); /* it stays until its thread lets go of it */
    }
}

void lookups_run(struct lookups *lookups, int64_t now_ms)
{
    run_locks(lookups, now_ms);
    struct round *arrived = take_arrived(lookups), *round, *next;
    LL_FOREACH_SAFE2(arrived, round, next, next_arrived)
    {
        DL_DELETE(lookups->under_way, round);
        hand_out(round, true);
        round_free(round);
    }
    DL_FOREACH(lookups->under_way, round)
    {
        if (now_ms >= round->due_ms)
            hand_out(round, false); /* it stays until its thread lets go of it */
    }
}

int64_t lookups_due_ms(const struct lookups *lookups)
{
    int64_t due_ms = -1;
    const struct round *round;
    const struct lock *lock;
    DL_FOREACH(lookups->under_way, round)
    {
        bool waited_for = false;
        for (size_t i = 0; i < round->n && !waited_for; i++)
            waited_for = round->lookups[i].on_value != NULL;
        if (waited_for && (due_ms < 0 || round->due_ms < due_ms))
            due_ms = round->due_ms;
    }
    DL_FOREACH(lookups->locks, lock)
    {
        if (lock->on_lock != NULL && (due_ms < 0 || lock->due_ms < due_ms))
            due_ms = lock->due_ms;
    }
    return due_ms;
}
