/* The memcached tier: which server an operation is for, and what comes of it. Talking to a server is
 * memcached_wire.c's business, and waiting for one is workers.c's. */
#include "memcached.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "address.h"
#include "entry.h"
#include "memcached_operation.h"
#include "memcached_wire.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"
#include "workers.h"

#define TIER_MAGIC  0x6d716d74u
#define MAX_THREADS 16

struct server {
    struct memcached_wire_server wire; /* the first member: threads know the server by it */
    struct workers *workers;
    void (*on_change)(const struct memcached_server_status *status);
};

struct memcached_tier {
    unsigned magic;
    size_t max_value_bytes;
    char space[10]; /* ":" and a checksum of the options' space, behind every name */
    struct memcached_st *router;
    struct memcached_login *login; /* NULL: none */
    size_t n_servers;
    struct server servers[ADDRESS_MAX];
    uint64_t instance; /* random: no other's locks begin with it */
    atomic_uint_fast64_t locks;
    atomic_uint_fast64_t gets, hits, puts, dropped;
};

/* ---- what the threads do when an operation has ended ---- */

static void operation_free(struct operation *operation)
{
    cache_value_unref(operation->value);
    free((char *)operation->key.text);
    operation->magic = 0;
    free(operation);
}

static void finish_get(struct operation *operation, bool ran)
{
    struct memcached_batch *batch = operation->batch;
    for (size_t i = 0; i < operation->n; i++) {
        struct memcached_item *item = operation->wanted[i].item;
        item->is_answered = ran;
        operation->tier->hits += item->value != NULL;
    }
    operation_free(operation);
    if (atomic_fetch_sub(&batch->_open, 1) == 1)
        batch->on_done(batch);
}

static void do_finish(struct workers_job *workers_job, bool ran)
{
    struct operation *operation = operation_of(workers_job);
    if (operation->kind == OPERATION_GET) {
        finish_get(operation, ran);
        return;
    }
    if (operation->stored)
        operation->tier->puts++;
    if (operation->kind == OPERATION_LOCK)
        operation->on_lock(operation->arg, !ran || operation->taken);
    operation_free(operation);
}

/* ---- whether a server is there ---- */

static void describe(const struct server *server, bool down, uint64_t failures,
                     struct memcached_server_status *ret)
{
    const struct address *address = &server->wire.address;
    const char *refusal = server->wire.refusal;
    *ret = (struct memcached_server_status){.down = down, .failures = failures};
    if (down)
        ret->why = refusal != NULL ? refusal : "it gives no answer, or not in time";
    if (address->port == 0)
        snprintf(ret->name, sizeof(ret->name), "%s", address->host);
    else
        snprintf(ret->name, sizeof(ret->name), "%s:%u", address->host, address->port);
}

static void do_tell(void *arg, bool down)
{
    const struct server *server = arg;
    struct memcached_server_status status;
    describe(server, down, 0, &status);
    if (server->on_change != NULL)
        server->on_change(&status);
}

static const struct workers_slots workers_slots = {
    .do_open = memcached_wire_open,
    .do_close = memcached_wire_close,
    .do_run = memcached_wire_run,
    .do_probe = memcached_wire_probe,
    .do_cancel = memcached_wire_cancel,
    .do_finish = do_finish,
    .do_tell = do_tell,
};

/* ---- what callers do ---- */

static bool start_servers(struct memcached_tier *tier, const struct memcached_options *options,
                          const struct address *addresses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct server *server = &tier->servers[i];
        server->wire.address = addresses[i];
        server->wire.timeout_ms = options->timeout_ms;
        server->wire.max_value_bytes = options->max_value_bytes;
        server->wire.login = tier->login;
        server->on_change = options->on_change;
        server->workers = workers_new(&(struct workers_options){.slots = &workers_slots,
                                                                .arg = &server->wire,
                                                                .threads = options->threads,
                                                                .probe_ms = options->probe_ms,
                                                                .max_wait_ms = options->timeout_ms,
                                                                .max_queue = options->max_queue});
        if (server->workers == NULL)
            return false;
        tier->n_servers++;
    }
    return true;
}

struct memcached_tier *memcached_tier_new(const struct memcached_options *options, const char **ret_why)
{
    struct address addresses[ADDRESS_MAX];
    const size_t n = address_parse_list(options->servers, addresses, ret_why);
    if (n == 0)
        return NULL;
    if (options->threads == 0 || options->threads > MAX_THREADS || options->timeout_ms == 0) {
        *ret_why = "threads or the timeout are out of range";
        return NULL;
    }
    struct memcached_tier *tier = memory_new_zeroed(1, sizeof(*tier));
    tier->magic = TIER_MAGIC;
    must(getentropy(&tier->instance, sizeof(tier->instance)) == 0);
    tier->max_value_bytes = options->max_value_bytes;
    const char *space = options->space;
    if (space != NULL)
        snprintf(tier->space, sizeof(tier->space), ":%08lx",
                 crc32(0, (const Bytef *)space, (uInt)strlen(space)) & 0xfffffffful);
    if (options->user != NULL)
        tier->login = memcached_login_new(options->user, options->password != NULL ? options->password : "");
    tier->router = memcached_wire_router_new(addresses, n, options->timeout_ms);
    if (tier->router == NULL)
        *ret_why = "libmemcached takes no such server";
    else if (start_servers(tier, options, addresses, n))
        return tier;
    else
        *ret_why = "threads cannot be started";
    memcached_tier_free(tier);
    return NULL;
}

void memcached_tier_free(struct memcached_tier *tier)
{
    if (tier == NULL)
        return;
    must(tier->magic == TIER_MAGIC);
    bool ended = true;
    for (size_t i = 0; i < tier->n_servers; i++)
        workers_stop(tier->servers[i].workers); /* all at the same time */
    for (size_t i = 0; i < tier->n_servers; i++)
        ended = workers_free(tier->servers[i].workers) && ended;
    if (!ended)
        return; /* a thread that has not come back still reads it */
    memcached_wire_router_free(tier->router);
    memcached_login_free(tier->login);
    tier->magic = 0;
    free(tier);
}

static void name_of(const struct memcached_tier *tier, const struct cache_key *key, struct name *ret)
{
    ret->len = cache_key_wire(key, ret->text);
    memcpy(ret->text + ret->len, tier->space, sizeof(tier->space));
    ret->len += strlen(tier->space);
    ret->server = memcached_wire_route(tier->router, ret->text, ret->len);
    must(ret->server < tier->n_servers);
}

/* New operation with a place in the queue of the server it is for, or NULL when that takes no more. */
static struct operation *operation_new(struct memcached_tier *tier, enum operation_kind kind,
                                       const struct name *name, enum workers_order order, size_t max_wanted)
{
    if (!workers_reserve(tier->servers[name->server].workers, order)) {
        tier->dropped++;
        return NULL;
    }
    struct operation *operation =
        memory_new_zeroed(1, sizeof(*operation) + max_wanted * sizeof(operation->wanted[0]));
    operation->magic = OPERATION_MAGIC;
    operation->kind = kind;
    operation->tier = tier;
    operation->name = *name;
    return operation;
}

static void operation_push(struct operation *operation, enum workers_order order)
{
    workers_push(operation->tier->servers[operation->name.server].workers, order, &operation->workers_job);
}

bool memcached_tier_get(struct memcached_tier *tier, struct memcached_batch *batch, int64_t now_s)
{
    must(tier->magic == TIER_MAGIC);
    struct operation *operations[ADDRESS_MAX] = {NULL};
    bool refused[ADDRESS_MAX] = {false};
    unsigned open = 0;
    for (size_t i = 0; i < batch->n; i++) {
        struct wanted wanted = {.item = &batch->items[i]};
        wanted.item->value = NULL;
        wanted.item->is_answered = false;
        name_of(tier, &wanted.item->key, &wanted.name);
        const uint32_t server = wanted.name.server;
        struct operation *operation = operations[server];
        if (operation == NULL && !refused[server]) {
            operation = operations[server] =
                operation_new(tier, OPERATION_GET, &wanted.name, WORKERS_FIRST, batch->n - i);
            refused[server] = operation == NULL;
            open += operation != NULL;
        }
        if (operation != NULL) {
            operation->batch = batch;
            operation->wanted[operation->n++] = wanted;
        }
    }
    tier->gets += batch->n;
    if (open == 0)
        return false;

    batch->_now_s = now_s;
    atomic_store(&batch->_open, open);
    for (size_t i = 0; i < tier->n_servers; i++)
        if (operations[i] != NULL)
            operation_push(operations[i], WORKERS_FIRST);
    return true;
}

void memcached_tier_put(struct memcached_tier *tier, const struct cache_key *key, struct cache_value *value,
                        int64_t now_s)
{
    must(tier->magic == TIER_MAGIC);
    if (entry_size(key, value) > tier->max_value_bytes) {
        tier->dropped++;
        return;
    }
    if (value->keep_until_s <= now_s)
        return;
    struct name name;
    name_of(tier, key, &name);
    struct operation *operation = operation_new(tier, OPERATION_PUT, &name, WORKERS_LATER, 0);
    if (operation == NULL)
        return;
    const int64_t life_s = value->keep_until_s - now_s;
    operation->life_s = life_s < MEMCACHED_WIRE_MAX_LIFE_S ? (unsigned)life_s : MEMCACHED_WIRE_MAX_LIFE_S;
    operation->value = cache_value_ref(value);
    char *text = memory_new(key->len);
    memcpy(text, key->text, key->len);
    operation->key = (struct cache_key){.text = text, .len = key->len};
    operation_push(operation, WORKERS_LATER);
}

/* The lock lives beside the value, on the same server, under a name of its own. */
static void lock_name_of(const struct memcached_tier *tier, const struct cache_key *key, struct name *ret)
{
    name_of(tier, key, ret);
    memcpy(ret->text + ret->len, LOCK_SUFFIX, sizeof(LOCK_SUFFIX));
    ret->len += sizeof(LOCK_SUFFIX) - 1;
}

uint64_t memcached_tier_lock(struct memcached_tier *tier, const struct cache_key *key, unsigned life_s,
                             void (*on_done)(void *arg, bool taken), void *arg)
{
    must(tier->magic == TIER_MAGIC && life_s > 0);
    struct name name;
    lock_name_of(tier, key, &name);
    struct operation *operation = operation_new(tier, OPERATION_LOCK, &name, WORKERS_FIRST, 0);
    if (operation == NULL)
        return 0;
    const uint64_t number = atomic_fetch_add(&tier->locks, 1) + 1;
    operation->owner = (struct lock_owner){tier->instance, number};
    operation->life_s = life_s < MEMCACHED_WIRE_MAX_LIFE_S ? life_s : MEMCACHED_WIRE_MAX_LIFE_S;
    operation->on_lock = on_done;
    operation->arg = arg;
    operation_push(operation, WORKERS_FIRST);
    return number;
}

void memcached_tier_unlock(struct memcached_tier *tier, const struct cache_key *key, uint64_t number)
{
    must(tier->magic == TIER_MAGIC);
    struct name name;
    lock_name_of(tier, key, &name);
    struct operation *operation = operation_new(tier, OPERATION_UNLOCK, &name, WORKERS_LATER, 0);
    if (operation == NULL)
        return;
    operation->owner = (struct lock_owner){tier->instance, number};
    operation_push(operation, WORKERS_LATER);
}

struct memcached_stats memcached_tier_stats(struct memcached_tier *tier)
{
    must(tier->magic == TIER_MAGIC);
    struct memcached_stats stats = {.gets = tier->gets,
                                    .hits = tier->hits,
                                    .puts = tier->puts,
                                    .dropped = tier->dropped,
                                    .servers = (unsigned)tier->n_servers};
    for (size_t i = 0; i < tier->n_servers; i++) {
        const struct workers_stats workers = workers_stats(tier->servers[i].workers);
        stats.failures += workers.failures;
        stats.dropped += workers.expired;
        stats.breaker_opened += workers.opened;
        stats.servers_down += workers.down;
    }
    return stats;
}

bool memcached_tier_server(struct memcached_tier *tier, size_t index, struct memcached_server_status *ret)
{
    if (index >= tier->n_servers)
        return false;
    const struct server *server = &tier->servers[index];
    const struct workers_stats workers = workers_stats(server->workers);
    describe(server, workers.down, workers.failures, ret);
    return true;
}
