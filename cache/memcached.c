/* The memcached tier: the only file that knows libmemcached. What it builds on, all measured with
 * libmemcached 1.1.4:
 *
 *   - A hung server blocks every call for POLL_TIMEOUT, and is never marked as failed: hence threads and a
 *     breaker a server, in workers.c. One that sends a byte now and then blocks a call for ever, because the
 *     timeout begins anew with each: hence do_hurry().
 *   - A connection that failed may still hold half an answer, and after a failure the library sits out a time
 *     of its own: a failed connection is thrown away, memcached_st and all.
 *   - memcached_st is not thread-safe: each thread of a workers has its own, with one server in it. Only the
 *     router, which holds all servers and never connects, is shared; it is read alone after it is built.
 *   - The binary protocol, because the text protocol lets a key inject commands.
 *
 * Longer than 400 lines because libmemcached is to be known to one file.
 */
#include "memcached.h"

#include <assert.h>
#include <libmemcached/memcached.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "address.h"
#include "entry.h"
#include "workers.h"

#define TIER_MAGIC       0x6d716d74u
#define OPERATION_MAGIC  0x6d716a6fu
#define SERVER_MAGIC     0x6d716d73u
#define CONNECTION_MAGIC 0x6d71636eu
#define MAX_THREADS      16
#define MAX_MGET         100              /* keys of one request: its bytes fit any socket buffer */
#define MAX_LIFE_S       (30 * 86400)     /* above, memcached takes a time to live for a date */
#define ENDED            (MAX_LIFE_S + 1) /* a date long ago: what is stored with it is gone at once */
#define LOCK_SUFFIX      ":lock"
#define SLACK_BYTES      65536 /* beside a value: what libmemcached itself needs in one piece, and rounding */
#define NAME_BYTES       (CACHE_KEY_WIRE_BYTES + sizeof(LOCK_SUFFIX))

struct server {
    unsigned magic;
    struct memcached_tier *tier;
    struct address address;
    struct workers *workers;
};

struct memcached_tier {
    unsigned magic, timeout_ms;
    size_t max_value_bytes;
    char space[10]; /* ":" and a checksum of the options' space, behind every name */
    memcached_st *router;
    size_t n_servers;
    struct server servers[ADDRESS_MAX];
    uint64_t instance; /* random: no other's locks begin with it */
    atomic_uint_fast64_t locks;
    atomic_uint_fast64_t gets, hits, puts, dropped;
};

/* The value of a lock. */
struct lock_owner {
    uint64_t instance, number;
};

struct connection {
    unsigned magic, timeout_ms;
    size_t max_bytes;    /* of one piece of memory */
    bool too_large;      /* the server announced more */
    int64_t deadline_ms; /* of the answers to what was asked last */
    memcached_st *st;
    memcached_result_st result; /* embedded: memcached_fetch_result() frees one it allocated after the last */
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
    bool taken;                /* OPERATION_LOCK */
    void (*on_lock)(void *arg, bool taken);
    void *arg;
    struct memcached_batch *batch; /* OPERATION_GET */
    size_t n;
    struct wanted wanted[]; /* OPERATION_GET */
};

/* ---- memory for libmemcached, which by itself asserts or goes on with NULL when there is none ----
 *
 * What it takes NULL for is the room for a value: there it gives up the answer and closes the connection. So
 * what the server announces has a maximum. No other piece comes near it. */

static bool allowed(struct connection *connection, size_t size)
{
    if (connection == NULL || size <= connection->max_bytes)
        return true;
    connection->too_large = true;
    return false;
}

static void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

static void *do_malloc(const memcached_st *st, size_t size, void *arg)
{
    (void)st;
    (void)arg;
    return must(malloc(size > 0 ? size : 1));
}

static void *do_realloc(const memcached_st *st, void *memory, size_t size, void *arg)
{
    (void)st;
    return allowed(arg, size) ? must(realloc(memory, size > 0 ? size : 1)) : NULL;
}

static void *do_calloc(const memcached_st *st, size_t n, size_t size, void *arg)
{
    (void)st;
    (void)arg;
    return must(n > 0 && size > 0 ? calloc(n, size) : calloc(1, 1));
}

static void do_free(const memcached_st *st, void *memory, void *arg)
{
    (void)st;
    (void)arg;
    free(memory);
}

/* ---- connections ---- */

/* `connection`: NULL for the router. */
static memcached_st *st_new(unsigned timeout_ms, struct connection *connection)
{
    memcached_st *st = memcached_create(NULL);
    if (st == NULL || memcached_set_memory_allocators(st, do_malloc, do_free, do_realloc, do_calloc,
                                                      connection) != MEMCACHED_SUCCESS)
        abort();
    const struct {
        memcached_behavior_t behavior;
        uint64_t value;
    } settings[] = {
        {MEMCACHED_BEHAVIOR_BINARY_PROTOCOL, 1},
        {MEMCACHED_BEHAVIOR_KETAMA, 1},
        {MEMCACHED_BEHAVIOR_TCP_NODELAY, 1},
        {MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, timeout_ms},
        {MEMCACHED_BEHAVIOR_POLL_TIMEOUT, timeout_ms},
        {MEMCACHED_BEHAVIOR_SND_TIMEOUT, timeout_ms * 1000ull},
        {MEMCACHED_BEHAVIOR_RCV_TIMEOUT, timeout_ms * 1000ull},
    };
    for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
        memcached_behavior_set(st, settings[i].behavior, settings[i].value);
    return st;
}

static bool st_add(memcached_st *st, const struct address *address)
{
    const memcached_return_t rc = address->port == 0
                                      ? memcached_server_add_unix_socket(st, address->host)
                                      : memcached_server_add(st, address->host, (in_port_t)address->port);
    return rc == MEMCACHED_SUCCESS;
}

static void *do_open(void *arg)
{
    const struct server *server = arg;
    assert(server->magic == SERVER_MAGIC);
    struct connection *connection = calloc(1, sizeof(*connection));
    if (connection == NULL)
        abort();
    connection->magic = CONNECTION_MAGIC;
    connection->timeout_ms = server->tier->timeout_ms;
    connection->max_bytes = server->tier->max_value_bytes + SLACK_BYTES;
    connection->st = st_new(connection->timeout_ms, connection);
    if (memcached_result_create(connection->st, &connection->result) == NULL ||
        !st_add(connection->st, &server->address))
        abort();
    return connection;
}

static void do_close(void *arg)
{
    struct connection *connection = arg;
    assert(connection->magic == CONNECTION_MAGIC);
    /* memcached_free() says goodbye to the server: not to wait for one that hangs. */
    memcached_behavior_set(connection->st, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, 0);
    memcached_result_free(&connection->result);
    memcached_free(connection->st);
    connection->magic = 0;
    free(connection);
}

/* Each of libmemcached's waits reads these anew, and at 0 ends at once: the only members of an st that
 * another thread touches. The wait that has begun ends with the first byte or at its old time. */
static void do_hurry(void *arg)
{
    struct connection *connection = arg;
    assert(connection->magic == CONNECTION_MAGIC);
    memcached_behavior_set(connection->st, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, 0);
    memcached_behavior_set(connection->st, MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, 0);
}

/* Whether the server answered. What it answered is not judged here: of what is not listed libmemcached may
 * have left the connection in any state. */
static enum workers_result result_of(memcached_return_t rc)
{
    switch (rc) {
    case MEMCACHED_SUCCESS:
    case MEMCACHED_STORED:
    case MEMCACHED_DELETED:
    case MEMCACHED_END:
    case MEMCACHED_NOTFOUND:
    case MEMCACHED_NOTSTORED:
    case MEMCACHED_DATA_EXISTS:
    case MEMCACHED_E2BIG:
    case MEMCACHED_SERVER_MEMORY_ALLOCATION_FAILURE:
        return WORKERS_DONE;
    case MEMCACHED_TIMEOUT:
        return WORKERS_LATE;
    default:
        return WORKERS_BROKEN;
    }
}

/* ---- what the threads do ---- */

/* An entry of `key`, or NULL for what is no such entry or gone. */
static struct cache_value *read_value(const struct cache_key *key, memcached_result_st *result, int64_t now_s)
{
    struct cache_value *value =
        entry_read(key, (const uint8_t *)memcached_result_value(result), memcached_result_length(result));
    if (value != NULL && cache_judge(value, now_s) == CACHE_GONE) {
        cache_value_unref(value);
        value = NULL;
    }
    return value;
}

/* Gives the answer to the first key after `*at` that it belongs to; answers come in the order of the keys. */
static void take_answer(struct operation *operation, memcached_result_st *result, size_t *at)
{
    const char *name = memcached_result_key_value(result);
    const size_t len = memcached_result_key_length(result);
    for (size_t i = 0; i < operation->n; i++) {
        struct wanted *wanted = &operation->wanted[(*at + i) % operation->n];
        if (wanted->item->value != NULL || wanted->name.len != len ||
            memcmp(wanted->name.text, name, len) != 0)
            continue;
        wanted->item->value = read_value(&wanted->item->key, result, operation->batch->_now_s);
        *at = (*at + i + 1) % operation->n;
        return;
    }
}

/* The time of the answers begins behind it: it connects, when the connection is new. */
static enum workers_result ask(struct connection *connection, const char *const *names, const size_t *lens,
                               size_t n)
{
    const memcached_return_t rc = memcached_mget(connection->st, names, lens, n);
    connection->deadline_ms = workers_clock_ms() + connection->timeout_ms;
    return rc == MEMCACHED_SUCCESS ? WORKERS_DONE : rc == MEMCACHED_TIMEOUT ? WORKERS_LATE : WORKERS_BROKEN;
}

/* The next answer to ask(), or NULL after the last: *ret_result says how it ended. The poll timeout bounds
 * the wait for some bytes, the workers's patience that for one answer, and the deadline that for all that
 * one ask() was for. */
static memcached_result_st *next_answer(struct connection *connection, enum workers_result *ret_result)
{
    memcached_return_t rc;
    *ret_result = WORKERS_LATE;
    if (workers_clock_ms() > connection->deadline_ms)
        return NULL;
    memcached_result_st *result = memcached_fetch_result(connection->st, &connection->result, &rc);
    *ret_result = connection->too_large ? WORKERS_BROKEN : result_of(rc);
    return result;
}

static enum workers_result run_get(struct connection *connection, struct operation *operation)
{
    enum workers_result result = WORKERS_DONE;
    for (size_t done = 0, n; done < operation->n && result == WORKERS_DONE; done += n) {
        const char *names[MAX_MGET];
        size_t lens[MAX_MGET], at = done;
        for (n = 0; n < MAX_MGET && done + n < operation->n; n++) {
            names[n] = operation->wanted[done + n].name.text;
            lens[n] = operation->wanted[done + n].name.len;
        }
        result = ask(connection, names, lens, n);
        while (result == WORKERS_DONE && next_answer(connection, &result) != NULL)
            take_answer(operation, &connection->result, &at);
    }
    return result;
}

static enum workers_result run_put(struct connection *connection, struct operation *operation)
{
    const size_t size = entry_size(&operation->key, operation->value);
    uint8_t *bytes = malloc(size);
    if (bytes == NULL)
        abort();
    entry_write(&operation->key, operation->value, bytes);
    const memcached_return_t rc = memcached_set(connection->st, operation->name.text, operation->name.len,
                                                (const char *)bytes, size, (time_t)operation->life_s, 0);
    free(bytes);
    if (rc == MEMCACHED_SUCCESS)
        operation->tier->puts++;
    return result_of(rc);
}

/* An existing key is NOTSTORED in the text protocol and DATA_EXISTS in the binary one. */
static enum workers_result run_lock(struct connection *connection, struct operation *operation)
{
    const memcached_return_t rc = memcached_add(connection->st, operation->name.text, operation->name.len,
                                                (const char *)&operation->owner, sizeof(operation->owner),
                                                (time_t)operation->life_s, 0);
    operation->taken = rc != MEMCACHED_NOTSTORED && rc != MEMCACHED_DATA_EXISTS;
    return result_of(rc);
}

/* There is no delete that compares: the lock is looked at, and where it is ours stored again with an end in
 * the past, unless it has changed meanwhile. */
static enum workers_result run_unlock(struct connection *connection, struct operation *operation)
{
    const char *name = operation->name.text;
    enum workers_result result = ask(connection, &name, &operation->name.len, 1);
    bool ours = false;
    uint64_t version = 0;
    while (result == WORKERS_DONE && next_answer(connection, &result) != NULL) {
        ours = memcached_result_length(&connection->result) == sizeof(operation->owner) &&
               memcmp(memcached_result_value(&connection->result), &operation->owner,
                      sizeof(operation->owner)) == 0;
        version = memcached_result_cas(&connection->result);
    }
    if (result == WORKERS_DONE && ours)
        result =
            result_of(memcached_cas(connection->st, name, operation->name.len, "", 0, ENDED, 0, version));
    return result;
}

static struct operation *operation_of(struct workers_job *workers_job)
{
    struct operation *operation = (struct operation *)workers_job; /* its first member */
    assert(operation->magic == OPERATION_MAGIC);
    return operation;
}

static enum workers_result do_run(void *arg, struct workers_job *workers_job)
{
    struct connection *connection = arg;
    assert(connection->magic == CONNECTION_MAGIC);
    struct operation *operation = operation_of(workers_job);
    switch (operation->kind) {
    case OPERATION_GET:
        return run_get(connection, operation);
    case OPERATION_PUT:
        return run_put(connection, operation);
    case OPERATION_LOCK:
        return run_lock(connection, operation);
    case OPERATION_UNLOCK:
        return run_unlock(connection, operation);
    }
    abort();
}

/* With a get, because a server may answer everything but those; and with more than a get, because a miss may
 * be what libmemcached makes of an answer that is none. */
static enum workers_result do_probe(void *arg)
{
    struct connection *connection = arg;
    assert(connection->magic == CONNECTION_MAGIC);
    const char *name = "marquee:probe";
    const size_t len = strlen(name);
    enum workers_result result = result_of(memcached_exist(connection->st, name, len));
    if (result == WORKERS_DONE)
        result = ask(connection, &name, &len, 1);
    while (result == WORKERS_DONE && next_answer(connection, &result) != NULL)
        continue;
    return result;
}

static void operation_free(struct operation *operation)
{
    cache_value_unref(operation->value);
    free((char *)operation->key.text);
    operation->magic = 0;
    free(operation);
}

static void finish_get(struct operation *operation)
{
    struct memcached_batch *batch = operation->batch;
    for (size_t i = 0; i < operation->n; i++)
        operation->tier->hits += operation->wanted[i].item->value != NULL;
    operation_free(operation);
    if (atomic_fetch_sub(&batch->_open, 1) == 1)
        batch->on_done(batch);
}

static void do_finish(struct workers_job *workers_job, bool ran)
{
    struct operation *operation = operation_of(workers_job);
    if (operation->kind == OPERATION_GET) {
        finish_get(operation);
        return;
    }
    if (operation->kind == OPERATION_LOCK)
        operation->on_lock(operation->arg, !ran || operation->taken);
    operation_free(operation);
}

static const struct workers_slots workers_slots = {
    .do_open = do_open,
    .do_close = do_close,
    .do_run = do_run,
    .do_probe = do_probe,
    .do_hurry = do_hurry,
    .do_finish = do_finish,
};

/* ---- what callers do ---- */
static bool start_servers(struct memcached_tier *tier, const struct memcached_options *options,
                          const struct address *addresses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct server *server = &tier->servers[i];
        *server = (struct server){.magic = SERVER_MAGIC, .tier = tier, .address = addresses[i]};
        server->workers = workers_new(&(struct workers_options){.slots = &workers_slots,
                                                                .arg = server,
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
    struct memcached_tier *tier = calloc(1, sizeof(*tier));
    if (tier == NULL)
        abort();
    tier->magic = TIER_MAGIC;
    if (getentropy(&tier->instance, sizeof(tier->instance)) != 0)
        abort();
    tier->timeout_ms = options->timeout_ms;
    tier->max_value_bytes = options->max_value_bytes;
    const char *space = options->space;
    if (space != NULL)
        snprintf(tier->space, sizeof(tier->space), ":%08lx",
                 crc32(0, (const Bytef *)space, (uInt)strlen(space)) & 0xfffffffful);
    tier->router = st_new(options->timeout_ms, NULL);
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        ok = ok && st_add(tier->router, &addresses[i]);
    if (!ok) {
        *ret_why = "libmemcached takes no such server";
    } else if (!start_servers(tier, options, addresses, n)) {
        *ret_why = "threads cannot be started";
        ok = false;
    }
    if (!ok) {
        memcached_tier_free(tier);
        return NULL;
    }
    return tier;
}

void memcached_tier_free(struct memcached_tier *tier)
{
    if (tier == NULL)
        return;
    assert(tier->magic == TIER_MAGIC);
    bool ended = true;
    for (size_t i = 0; i < tier->n_servers; i++)
        workers_stop(tier->servers[i].workers); /* all at the same time */
    for (size_t i = 0; i < tier->n_servers; i++)
        ended = workers_free(tier->servers[i].workers) && ended;
    if (!ended)
        return; /* a thread that has not come back still reads it */
    memcached_free(tier->router);
    tier->magic = 0;
    free(tier);
}

static void name_of(const struct memcached_tier *tier, const struct cache_key *key, struct name *ret)
{
    ret->len = cache_key_wire(key, ret->text);
    memcpy(ret->text + ret->len, tier->space, sizeof(tier->space));
    ret->len += strlen(tier->space);
    ret->server = memcached_generate_hash(tier->router, ret->text, ret->len);
    assert(ret->server < tier->n_servers);
}

/* New operation with a place in the queue of the server it is for, or NULL when that takes no more. */
static struct operation *operation_new(struct memcached_tier *tier, enum operation_kind kind,
                                       const struct name *name, enum workers_order order, size_t max_wanted)
{
    if (!workers_reserve(tier->servers[name->server].workers, order)) {
        tier->dropped++;
        return NULL;
    }
    struct operation *operation = calloc(1, sizeof(*operation) + max_wanted * sizeof(operation->wanted[0]));
    if (operation == NULL)
        abort();
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
    assert(tier->magic == TIER_MAGIC);
    struct operation *operations[ADDRESS_MAX] = {NULL};
    bool refused[ADDRESS_MAX] = {false};
    unsigned open = 0;
    for (size_t i = 0; i < batch->n; i++) {
        struct wanted wanted = {.item = &batch->items[i]};
        wanted.item->value = NULL;
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
    assert(tier->magic == TIER_MAGIC);
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
    operation->life_s = life_s < MAX_LIFE_S ? (unsigned)life_s : MAX_LIFE_S;
    operation->value = cache_value_ref(value);
    char *text = malloc(key->len);
    if (text == NULL)
        abort();
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
    assert(tier->magic == TIER_MAGIC && life_s > 0);
    struct name name;
    lock_name_of(tier, key, &name);
    struct operation *operation = operation_new(tier, OPERATION_LOCK, &name, WORKERS_FIRST, 0);
    if (operation == NULL)
        return 0;
    const uint64_t number = atomic_fetch_add(&tier->locks, 1) + 1;
    operation->owner = (struct lock_owner){tier->instance, number};
    operation->life_s = life_s < MAX_LIFE_S ? life_s : MAX_LIFE_S;
    operation->on_lock = on_done;
    operation->arg = arg;
    operation_push(operation, WORKERS_FIRST);
    return number;
}

void memcached_tier_unlock(struct memcached_tier *tier, const struct cache_key *key, uint64_t number)
{
    assert(tier->magic == TIER_MAGIC);
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
    assert(tier->magic == TIER_MAGIC);
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
