/* libmemcached: memory, connections, and the five things that are said to a server. libmemcached brings the
 * header of Cyrus SASL, of which only types are used: the library itself is libmemcached's. */
#include "memcached_wire.h"

#include <assert.h>
#include <libmemcached/memcached.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "memcached_operation.h"
#include "translators/base/must.h"

#define CONNECTION_MAGIC 0x6d71636eu
#define MAX_MGET         100 /* keys of one request: its bytes fit any socket buffer */
#define ENDED            (MEMCACHED_WIRE_MAX_LIFE_S + 1) /* a date long ago: what is stored with it is gone at once */
#define SLACK_BYTES      65536 /* beside a value: what libmemcached itself needs in one piece, and rounding */

struct connection {
    unsigned magic, timeout_ms;
    struct memcached_wire_server *server;
    size_t max_bytes; /* of one piece of memory */
    bool too_large;   /* the server announced more */
    bool logged_in;
    int64_t deadline_ms; /* of the answers to what was asked last */
    memcached_st *st;
    pthread_t thread;           /* that opened it: nobody else touches `st` */
    memcached_result_st result; /* embedded: memcached_fetch_result() frees one it allocated after the last */
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

/* ---- user and password ---- */

struct memcached_login {
    char *user;
    sasl_secret_t *secret; /* its length, and the bytes behind it */
    sasl_callback_t callbacks[5];
};

static int on_user(void *context, int id, const char **ret_user, unsigned *ret_len)
{
    const struct memcached_login *login = context;
    (void)id;
    *ret_user = login->user;
    if (ret_len != NULL)
        *ret_len = (unsigned)strlen(login->user);
    return SASL_OK;
}

static int on_secret(sasl_conn_t *conn, void *context, int id, sasl_secret_t **ret_secret)
{
    const struct memcached_login *login = context;
    (void)conn;
    (void)id;
    *ret_secret = login->secret;
    return SASL_OK;
}

static int on_option(void *context, const char *plugin, const char *option, const char **ret_text,
                     unsigned *ret_len)
{
    (void)context;
    (void)plugin;
    if (strcmp(option, "client_mech_list") != 0)
        return SASL_FAIL;
    *ret_text = "PLAIN";
    if (ret_len != NULL)
        *ret_len = (unsigned)strlen(*ret_text);
    return SASL_OK;
}

/* Cyrus SASL keeps callbacks of all kinds as one. */
typedef int (*callback_fn)(void);
#define CALLBACK(function) ((callback_fn)(void (*)(void))(function))

struct memcached_login *memcached_login_new(const char *user, const char *password)
{
    struct memcached_login *login = must(calloc(1, sizeof(*login)));
    const size_t len = strlen(password);
    login->user = must(strdup(user));
    login->secret = must(calloc(1, sizeof(*login->secret) + len));
    login->secret->len = len;
    memcpy(login->secret->data, password, len);
    login->callbacks[0] = (sasl_callback_t){SASL_CB_USER, CALLBACK(on_user), login};
    login->callbacks[1] = (sasl_callback_t){SASL_CB_AUTHNAME, CALLBACK(on_user), login};
    login->callbacks[2] = (sasl_callback_t){SASL_CB_PASS, CALLBACK(on_secret), login};
    login->callbacks[3] = (sasl_callback_t){SASL_CB_GETOPT, CALLBACK(on_option), login};
    login->callbacks[4] = (sasl_callback_t){SASL_CB_LIST_END, NULL, NULL};
    return login;
}

void memcached_login_free(struct memcached_login *login)
{
    if (login == NULL)
        return;
    explicit_bzero(login->secret->data, login->secret->len);
    free(login->secret);
    free(login->user);
    free(login);
}

/* ---- connections ---- */

/* `connection`: NULL for the router. */
static memcached_st *st_new(unsigned timeout_ms, struct connection *connection)
{
    memcached_st *st = must(memcached_create(NULL));
    must(memcached_set_memory_allocators(st, do_malloc, do_free, do_realloc, do_calloc, connection) ==
         MEMCACHED_SUCCESS);
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

/* The connection of this thread, for a signal on this thread; NULL: it has none. */
static _Thread_local memcached_st *volatile connected;
static _Thread_local volatile sig_atomic_t cancelled;

/* Each of libmemcached's waits reads these anew, and at 0 ends at once. poll() ends with EINTR and begins
 * anew with the new time. Setting these two behaviors stores a number, and nothing else. */
static void on_cancel(int signal)
{
    memcached_st *st = connected;
    (void)signal;
    if (st == NULL)
        return;
    cancelled = 1;
    memcached_behavior_set(st, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, 0);
    memcached_behavior_set(st, MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, 0);
}

/* Threads of workers block all signals. SIGURG does nothing to a process that does not ask for it. */
static void accept_cancel(void)
{
    struct sigaction action = {.sa_handler = on_cancel, .sa_flags = SA_RESTART};
    sigset_t cancel;
    sigemptyset(&action.sa_mask);
    sigemptyset(&cancel);
    sigaddset(&cancel, SIGURG);
    must(sigaction(SIGURG, &action, NULL) == 0);
    must(pthread_sigmask(SIG_UNBLOCK, &cancel, NULL) == 0);
}

void *memcached_wire_open(void *arg)
{
    struct memcached_wire_server *server = arg;
    struct connection *connection = must(calloc(1, sizeof(*connection)));
    connection->magic = CONNECTION_MAGIC;
    connection->server = server;
    connection->timeout_ms = server->timeout_ms;
    connection->max_bytes = server->max_value_bytes + SLACK_BYTES;
    connection->st = st_new(connection->timeout_ms, connection);
    must(memcached_result_create(connection->st, &connection->result));
    if (server->login != NULL)
        memcached_set_sasl_callbacks(connection->st, server->login->callbacks);
    must(st_add(connection->st, &server->address));
    connection->thread = pthread_self();
    cancelled = 0;
    connected = connection->st;
    accept_cancel();
    return connection;
}

void memcached_wire_close(void *arg)
{
    struct connection *connection = CAST(struct connection, arg, CONNECTION_MAGIC);
    connected = NULL;
    /* memcached_free() says goodbye to the server: not to wait for one that hangs. */
    memcached_behavior_set(connection->st, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, 0);
    memcached_result_free(&connection->result);
    memcached_free(connection->st);
    connection->magic = 0;
    free(connection);
}

void memcached_wire_cancel(void *arg)
{
    struct connection *connection = CAST(struct connection, arg, CONNECTION_MAGIC);
    pthread_kill(connection->thread, SIGURG);
}

/* NULL: it is none. */
static const char *refusal_of(const struct connection *connection, memcached_return_t rc)
{
    switch (rc) {
    case MEMCACHED_AUTH_FAILURE:
        return connection->server->login != NULL
                   ? "it refuses memcached_user with this password"
                   : "it serves nobody without a user: give memcached_user and a password";
    case MEMCACHED_AUTH_PROBLEM:
        return "there is no logging in: it offers no PLAIN, or libsasl2-modules is missing here";
    default:
        return NULL;
    }
}

/* Whether the server answered. What it answered is not judged here: of what is not listed libmemcached may
 * have left the connection in any state. */
static enum workers_result result_of(struct connection *connection, memcached_return_t rc)
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
    default:
        connection->server->refusal = refusal_of(connection, rc);
        return rc == MEMCACHED_TIMEOUT ? WORKERS_LATE : WORKERS_BROKEN;
    }
}

/* ---- what is said to a server ---- */

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
    if (rc == MEMCACHED_SUCCESS)
        return WORKERS_DONE;
    return result_of(connection, rc) == WORKERS_LATE ? WORKERS_LATE : WORKERS_BROKEN;
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
    *ret_result = connection->too_large ? WORKERS_BROKEN : result_of(connection, rc);
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
    uint8_t *bytes = must(malloc(size));
    entry_write(&operation->key, operation->value, bytes);
    const memcached_return_t rc = memcached_set(connection->st, operation->name.text, operation->name.len,
                                                (const char *)bytes, size, (time_t)operation->life_s, 0);
    free(bytes);
    operation->stored = rc == MEMCACHED_SUCCESS;
    return result_of(connection, rc);
}

/* An existing key is NOTSTORED in the text protocol and DATA_EXISTS in the binary one. */
static enum workers_result run_lock(struct connection *connection, struct operation *operation)
{
    const memcached_return_t rc = memcached_add(connection->st, operation->name.text, operation->name.len,
                                                (const char *)&operation->owner, sizeof(operation->owner),
                                                (time_t)operation->life_s, 0);
    operation->taken = rc != MEMCACHED_NOTSTORED && rc != MEMCACHED_DATA_EXISTS;
    return result_of(connection, rc);
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
        result = result_of(
            connection, memcached_cas(connection->st, name, operation->name.len, "", 0, ENDED, 0, version));
    return result;
}

#define PROBE          "marquee:probe"
#define LOGIN_PATIENCE 4

/* How long one answer may take; not long any more for what is cancelled. */
static void be_patient(struct connection *connection, unsigned timeout_ms)
{
    memcached_behavior_set(connection->st, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, timeout_ms);
    if (cancelled)
        memcached_behavior_set(connection->st, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, 0);
}

/* Before the first operation, because one with many keys does not say that logging in failed. The server may
 * have to ask somebody else: it has the time that workers.h gives the first run on a connection. */
static enum workers_result log_in(struct connection *connection)
{
    if (connection->server->login == NULL || connection->logged_in)
        return WORKERS_DONE;
    be_patient(connection, LOGIN_PATIENCE * connection->timeout_ms);
    const enum workers_result result =
        result_of(connection, memcached_exist(connection->st, PROBE, strlen(PROBE)));
    be_patient(connection, connection->timeout_ms);
    connection->logged_in = result == WORKERS_DONE;
    return result;
}

enum workers_result memcached_wire_run(void *arg, struct workers_job *workers_job)
{
    struct connection *connection = CAST(struct connection, arg, CONNECTION_MAGIC);
    struct operation *operation = operation_of(workers_job);
    const enum workers_result login = log_in(connection);
    if (login != WORKERS_DONE)
        return login;
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
    must_fail("an operation of one of the four kinds", __FILE__, __LINE__);
}

/* With a get, because a server may answer everything but those; and with more than a get, because a miss may
 * be what libmemcached makes of an answer that is none. */
enum workers_result memcached_wire_probe(void *arg)
{
    struct connection *connection = CAST(struct connection, arg, CONNECTION_MAGIC);
    const char *name = PROBE;
    const size_t len = strlen(name);
    enum workers_result result = log_in(connection);
    if (result == WORKERS_DONE)
        result = result_of(connection, memcached_exist(connection->st, name, len));
    if (result == WORKERS_DONE)
        result = ask(connection, &name, &len, 1);
    while (result == WORKERS_DONE && next_answer(connection, &result) != NULL)
        continue;
    return result;
}

/* ---- which server has a name ---- */

memcached_st *memcached_wire_router_new(const struct address *addresses, size_t n, unsigned timeout_ms)
{
    memcached_st *router = st_new(timeout_ms, NULL);
    for (size_t i = 0; i < n; i++) {
        if (!st_add(router, &addresses[i])) {
            memcached_free(router);
            return NULL;
        }
    }
    return router;
}

void memcached_wire_router_free(memcached_st *router)
{
    memcached_free(router);
}

uint32_t memcached_wire_route(const memcached_st *router, const char *name, size_t len)
{
    return memcached_generate_hash(router, name, len);
}
