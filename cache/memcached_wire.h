/* What a memcached thread says to its server and reads from it: the only file that knows libmemcached. The
 * functions are slots of workers.h; each may block for the time that is written there.
 *
 * What it builds on, all measured with libmemcached 1.1.4:
 *   - A hung server blocks every call for POLL_TIMEOUT, and is never marked as failed: hence threads and a
 *     breaker a server, in workers.c. One that sends a byte now and then blocks a call for ever, because the
 *     timeout begins anew with each: hence memcached_wire_cancel().
 *   - A connection that failed may still hold half an answer, and after a failure the library sits out a time
 *     of its own: a failed connection is thrown away, memcached_st and all.
 *   - memcached_st is not thread-safe: each connection has its own, with one server in it. Only the router,
 *     which holds all servers and never connects, is shared; it is read alone after it is built.
 *   - The binary protocol, because the text protocol lets a key inject commands. */
#ifndef MARQUEE_CACHE_MEMCACHED_WIRE_H
#define MARQUEE_CACHE_MEMCACHED_WIRE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "workers.h"

#define MEMCACHED_WIRE_MAX_LIFE_S (30 * 86400) /* above, memcached takes a time to live for a date */

/* User and password, by SASL's PLAIN alone: of the other mechanisms some share state between threads, and
 * what a server offers is not to choose. libmemcached logs in over TCP, and not on a Unix socket. */
struct memcached_login;
struct memcached_login *memcached_login_new(const char *user, const char *password); /* copies both */
void memcached_login_free(struct memcached_login *login); /* wipes it; NULL is a no-op */

/* What a connection is opened with. */
struct memcached_wire_server {
    struct address address;
    unsigned timeout_ms;
    size_t max_value_bytes;        /* a server that announces a value 64 kB larger counts as failed */
    struct memcached_login *login; /* NULL: none */
    /* Out: why it does not serve us although it answers, for an operator (static); NULL: it does not answer.
     * As the last operation that failed had it. */
    _Atomic(const char *) refusal;
};

/* New connection, not connected yet, for the calling thread alone. `arg` is a struct memcached_wire_server,
 * borrowed until memcached_wire_close(); in the other functions it is the connection. */
void *memcached_wire_open(void *arg);
void memcached_wire_close(void *arg);

/* `workers_job` is a struct operation (memcached_operation.h): does it, and writes its result into it. */
enum workers_result memcached_wire_run(void *arg, struct workers_job *workers_job);
enum workers_result memcached_wire_probe(void *arg);

/* Any thread, while the connection's own is in one of the two: that ends soon. A signal (SIGURG) on the own
 * thread does it, so that no other thread writes what libmemcached uses. */
void memcached_wire_cancel(void *arg);

/* ---- which server has a name ---- */

struct memcached_st;

/* New router over all servers; connects to none. NULL: libmemcached takes no such server. */
struct memcached_st *memcached_wire_router_new(const struct address *addresses, size_t n,
                                               unsigned timeout_ms);
void memcached_wire_router_free(struct memcached_st *router);

/* Index of the server, by ketama. Any thread. */
uint32_t memcached_wire_route(const struct memcached_st *router, const char *name, size_t len);

#endif
