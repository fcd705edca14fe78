/* The memcached tier: many keys in one multi-get a server, stores and locks, from threads of its own, because
 * libmemcached blocks. Servers share the keys by ketama; each has its own threads, queues and circuit breaker
 * (workers.h), so that one that hangs hurts its own keys only, costs `timeout_ms` once, and nothing until a
 * probe finds it back.
 *
 * The loop a caller writes:
 *     batch->n = 2; batch->items[0].key = a; batch->items[1].key = b; batch->on_done = wake_me;
 *     if (!memcached_tier_get(tier, batch, now_s)) all are misses: off, overloaded, or every server is down;
 *     ... on_done(batch) runs on a memcached thread; items[i].value is a new reference or NULL ...
 *
 * on_done functions must be quick and must not wait: the server's other keys wait with them.
 */
#ifndef MARQUEE_CACHE_MEMCACHED_H
#define MARQUEE_CACHE_MEMCACHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "batch.h"
#include "key.h"
#include "value.h"

struct memcached_tier;

/* One server, for an operator. */
struct memcached_server_status {
    char name[ADDRESS_HOST_MAX_BYTES + 12]; /* host:port, or the path of a socket */
    bool down;                              /* left alone until a probe succeeds */
    const char *why;                        /* it is down, static; NULL: it is not */
    uint64_t failures;
};

struct memcached_options {
    const char *servers; /* see address.h. Every instance must write them alike: ketama hashes the names */
    unsigned threads;    /* for each server, 1 to 16; 2 unless there is a reason */
    /* 1 or more; of one operation on one server, and of a get's or lock's wait for a thread. A put, an
     * unlock, a probe, and what has to connect first, with the lookup of the name, have four times that: a
     * server whose name takes longer stays down. */
    unsigned timeout_ms;
    unsigned probe_ms; /* a server that failed is tried again after this long */
    size_t max_queue;  /* a server's gets and locks that wait for a thread, and its puts and unlocks that do;
                          beyond, gets are misses and puts are dropped */
    /* Larger entries are not stored (memcached's -I, 1 MB by default). A server that has one, from an
     * instance with a larger maximum or before it was lowered, counts as failed when it is 64 kB above. */
    size_t max_value_bytes;
    const char *space; /* instances share entries only with those of the same space; NULL: none */
    /* To log in at every server with, by SASL's PLAIN; over TCP alone. Copied. NULL: none */
    const char *user, *password;
    /* A server went down, or came back: on a memcached thread, for a moment each. NULL: nobody asks. */
    void (*on_change)(const struct memcached_server_status *status);
};

struct memcached_stats {
    uint64_t gets, hits;     /* keys asked for and found */
    uint64_t puts;           /* values stored */
    uint64_t failures;       /* operations that a server did not answer, or not in time */
    uint64_t dropped;        /* operations not tried: breaker open, queue full, waited too long, too large */
    uint64_t breaker_opened; /* of all servers */
    unsigned servers, servers_down;
};

/* New tier with running threads; no connection is made before the first operation, so a server that is down
 * is no error. NULL when `servers` cannot be understood: *ret_why (static) says why. */
struct memcached_tier *memcached_tier_new(const struct memcached_options *options, const char **ret_why);

/* Runs what is queued for a second at most, then ends the threads. One that has not come back timeout_ms and
 * two seconds after the call is left behind, with what it works on, and calls no on_done any more. */
void memcached_tier_free(struct memcached_tier *tier); /* NULL is a no-op */

/* One multi-get per server that holds any of the keys, all servers at the same time. False: nothing was
 * started and on_done will not be called. Otherwise on_done is called once, on another thread, and nothing
 * here touches the batch before this returns: have everything set up. Entries that are gone at `now_s` are
 * misses. */
bool memcached_tier_get(struct memcached_tier *tier, struct memcached_batch *batch, int64_t now_s);

/* Stores the value until its keep_until_s (at most 30 days), later, by a thread; keeps a reference until
 * then. `now_s` gives the remaining life. Dropped silently (and counted) when the server is down, the queue
 * is full or the entry is too large. */
void memcached_tier_put(struct memcached_tier *tier, const struct cache_key *key, struct cache_value *value,
                        int64_t now_s);

/* Tries to take a lock with a life of `life_s` for one instance of many: later on_done(arg, taken) on a
 * memcached thread. Returns what memcached_tier_unlock() knows it by. 0: not started (no memcached): the
 * caller behaves as if it had the lock. So it does when the server fails on the way: then `taken` is true. A
 * lock does not hide a value of the same key. */
uint64_t memcached_tier_lock(struct memcached_tier *tier, const struct cache_key *key, unsigned life_s,
                             void (*on_done)(void *arg, bool taken), void *arg);

/* Later, after the puts of the same server before it. Leaves a lock alone that is not of that number: it may
 * have ended with its life, and be somebody else's by then. */
void memcached_tier_unlock(struct memcached_tier *tier, const struct cache_key *key, uint64_t number);

/* By index. False: there are no more. */
bool memcached_tier_server(struct memcached_tier *tier, size_t index, struct memcached_server_status *ret);

struct memcached_stats memcached_tier_stats(struct memcached_tier *tier);

#endif
