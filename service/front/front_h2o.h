/* What the files of the border to libh2o share: thread, front, listener, connection and exchange, which hold
 * on to each other. Nobody else includes it. Each belongs to its front thread but for what is marked.
 *
 *     listener --accept--> conn --request--> exchange --(later)--> ticket
 *     (thread)             freed by          freed with the        heap: outlives the exchange, which only
 *                          on_close          request's pool        forgets it
 */
#ifndef MARQUEE_FRONT_H2O_H
#define MARQUEE_FRONT_H2O_H

#include <h2o.h>
#include <h2o/http1.h>
#include <h2o/http2.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "front_options.h"
#include "service/http/clients.h"
#include "service/http/guard.h"
#include "service/http/request.h"
#include "service/http/response.h"

/* Without the definition h2o's headers silently describe the libuv build: other sizes, corrupted memory. */
_Static_assert(H2O_USE_LIBUV == 0, "compile with -DH2O_USE_LIBUV=0");

#define THREAD_MAGIC   0x66727431u
#define CONN_MAGIC     0x66727432u
#define EXCHANGE_MAGIC 0x66727433u

#define CONN_MAX_ALERT_BYTES 64 /* sealed as well */

#define TURN_MS 1000 /* a turn of the loop takes at most */

/* KIND_TRUSTED: plain HTTP from proxies that end TLS. KIND_PROXIED: TLS behind a PROXY header, after which a
 * connection is one of KIND_HTTPS. */
enum kind { KIND_HTTPS, KIND_PLAIN, KIND_ADMIN, KIND_TRUSTED, KIND_PROXIED, KINDS };

struct listener {
    struct thread *thread;
    enum kind kind;
    h2o_socket_t *socket; /* NULL: closed */
    h2o_accept_ctx_t accept;
};

/* The name of a response field as libh2o wants it: its own token, or `plain` where it has none. */
struct name {
    h2o_iovec_t plain;
    h2o_iovec_t *token;
};

enum stage { STAGE_SERVING, STAGE_DRAINING, STAGE_CUTTING };

struct thread {
    unsigned magic;
    struct front *front;
    pthread_t id;
    h2o_loop_t *loop;
    h2o_context_t context;
    h2o_timeout_t clock_guard; /* of the loop's timers the first, so that it runs before all others */
    h2o_timeout_entry_t clock_entry;
    uint64_t loop_ms;     /* the loop's clock when it was last looked at, and the monotonic one */
    int64_t monotonic_ms; /* at that moment */
    int64_t swept_ms;     /* when sweep_run() looked last */
    h2o_timeout_t deadline;
    h2o_timeout_t header_timeout; /* of a PROXY header */
    struct ticket_inbox *inbox;
    struct listener *listeners;
    size_t n_listeners;
    h2o_linklist_t conns;
    size_t n_conns, n_admin;
    size_t n_refused;   /* of n_conns: those that get 503 */
    int64_t no_idle_ms; /* when nobody was found idle although all places are taken */
    enum stage stage;
    int64_t cut_at_ms;         /* with STAGE_CUTTING */
    h2o_req_t *answered;       /* while its answer begins: ours, and not libh2o's own */
    bool starved;              /* descriptors have run out: listeners are not read */
    bool clean;                /* nothing had to be cut */
    int spare_fd;              /* given up for a moment when descriptors have run out */
    struct name names[FIELDS]; /* by enum response_field */
};

/* What the threads of a front wait for when they begin. */
enum gate {
    GATE_SHUT,     /* they wait */
    GATE_OPEN,     /* they serve */
    GATE_ABANDONED /* they end at once: not all of them could be started */
};

struct front {
    struct front_options options;
    h2o_globalconf_t config;
    struct clients *clients;
    _Atomic(struct tls_context *) tls;
    atomic_uint n_conns;        /* of all threads, without admin's and refused ones */
    _Atomic int64_t crowded_ms; /* when somebody found no place */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    enum gate gate;                 /* under mutex */
    size_t n_begun;                 /* under mutex: threads that have taken their sockets */
    _Atomic int64_t drain_until_ms; /* 0: not stopping */
    size_t n_threads;
    struct thread *threads;
};

#define FRAMES_BODIES 8 /* as many as the credit can pay for */

struct st_h2o_http2_conn_t;

/* What frames.c knows of a connection; zeroed at its start. */
struct frames {
    ssize_t (*expect)(struct st_h2o_http2_conn_t *http2, const uint8_t *src, size_t len,
                      const char **err_desc);
    uint32_t spent;            /* of the credit */
    uint32_t n_begun, n_alive; /* requests that have come to a handler, and those that are not over yet */
    uint32_t n_lost;           /* streams that never did */
    struct {
        uint32_t stream, bytes;
    } bodies[FRAMES_BODIES]; /* under way; the oldest is forgotten */
    uint32_t next_body;
};

struct conn {
    unsigned magic;
    struct thread *thread;
    h2o_socket_t *socket;
    h2o_linklist_t link, exchanges;
    enum kind kind; /* the listener's; KIND_PLAIN for plain HTTP that came to a port for TLS */
    struct listener *listener;
    bool doomed;       /* shut down: what is still read from its buffer gets the cheapest answer */
    bool refused;      /* found no place: gets 503 and goes */
    bool counted;      /* in clients and front->n_conns */
    bool asked;        /* a request has come, so the handshake is over */
    bool overdue;      /* a request on it was begun and not ended in time */
    int64_t active_ms; /* while there is no exchange: since when */
    struct guard_budget budget;
    struct frames frames;        /* HTTP/2 */
    h2o_timeout_entry_t opening; /* until the protocol is known */
    struct {
        unsigned char bytes[CONN_MAX_ALERT_BYTES];
        size_t len;
        bool is_alert; /* the last record that OpenSSL wrote is a fatal alert */
    } last_record;     /* of a handshake */
    struct in6_addr address;
    struct client client;
    bool trusted; /* a proxy that is believed where its requests come from */
};

/* Lives in memory that goes when the h2o request goes: on_exchange_gone(). */
struct exchange {
    unsigned magic;
    bool replied;
    h2o_req_t *req;
    struct conn *conn;
    struct ticket *ticket; /* NULL: none under way */
    size_t body_len;
    struct cache_value *hold;
    char *owned;
    h2o_linklist_t link;
    h2o_timeout_entry_t deadline;
    h2o_generator_t generator;
    struct request request;
    struct client client; /* request.client */
};

#endif
