/* What the memcached tier and its wire share: one operation on one server. Private to the two. */
#ifndef MARQUEE_CACHE_MEMCACHED_OPERATION_H
#define MARQUEE_CACHE_MEMCACHED_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch.h"
#include "key.h"
#include "translators/base/must.h"
#include "workers.h"

#define OPERATION_MAGIC 0x6d716a6fu
#define LOCK_SUFFIX     ":lock"
#define NAME_BYTES      (CACHE_KEY_WIRE_BYTES + sizeof(LOCK_SUFFIX))

/* The value of a lock. */
struct lock_owner {
    uint64_t instance, number;
};

struct name {
    char text[NAME_BYTES];
    size_t len;
    uint32_t server; /* index of the one that holds it */
};

struct wanted {
    struct memcached_item *item;
    struct name name;
};

enum operation_kind { OPERATION_GET, OPERATION_PUT, OPERATION_LOCK, OPERATION_UNLOCK };

struct operation {
    struct workers_job workers_job;
    unsigned magic;
    enum operation_kind kind;
    struct memcached_tier *tier;
    struct name name;          /* all but OPERATION_GET */
    unsigned life_s;           /* OPERATION_PUT, OPERATION_LOCK */
    struct cache_value *value; /* OPERATION_PUT: one reference */
    struct cache_key key;      /* OPERATION_PUT: text owned */
    struct lock_owner owner;   /* OPERATION_LOCK, OPERATION_UNLOCK */
    bool taken;                /* OPERATION_LOCK: result */
    bool stored;               /* OPERATION_PUT: result */
    void (*on_lock)(void *arg, bool taken);
    void *arg;
    struct memcached_batch *batch; /* OPERATION_GET */
    size_t n;
    struct wanted wanted[]; /* OPERATION_GET */
};

static inline struct operation *operation_of(struct workers_job *workers_job)
{
    struct operation *operation = (struct operation *)workers_job; /* its first member */
    must(operation->magic == OPERATION_MAGIC);
    return operation;
}

#endif
