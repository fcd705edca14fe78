/* A front thread: libh2o behind our own thin interface. A request comes in as plain data, an answer goes out
 * as plain data; an answer may come later, from another thread, through a ticket. Nothing else in service/
 * knows libh2o.
 *
 * What a handler does with an exchange, on the exchange's thread, exactly once:
 *     exchange_reply(exchange, &response);
 * or, when the answer comes later, from any thread, which has on_answer called on the exchange's:
 *     struct ticket *ticket = exchange_suspend(exchange, on_answer, arg);
 *     ticket_post(ticket, message);
 */
#ifndef MARQUEE_FRONT_H
#define MARQUEE_FRONT_H

#include <stdbool.h>
#include <stddef.h>

#include "service/http/proxies.h"
#include "service/http/request.h"
#include "service/http/response.h"

struct front;
struct exchange;
struct ticket;
struct tls_context;

#define FRONT_MAX_HANDSHAKE_MS 10000

struct front_options {
    unsigned threads;
    const int *https_fds, *http_fds, *admin_fds; /* listening sockets of ONE thread are at [thread * n_… ] */
    size_t n_https, n_http, n_admin;             /* listeners of each kind per thread */
    struct tls_context *tls;                     /* borrowed; swapped by front_set_tls() */
    unsigned max_connections;                    /* of all threads together */
    unsigned max_connections_per_address;
    unsigned max_requests_per_s;   /* of a connection; only unread answers count: guard.h */
    unsigned response_deadline_ms; /* from the request to the last byte written */
    unsigned request_timeout_ms;   /* for a request to be whole; of a quiet connection */
    bool http2;                    /* false: HTTP/1.1 only */
    struct proxies proxies;        /* whose X-Forwarded-For is believed */
    void (*on_request)(void *arg, struct exchange *exchange);       /* of https_fds */
    void (*on_plain_request)(void *arg, struct exchange *exchange); /* of http_fds */
    void (*on_admin_request)(void *arg, struct exchange *exchange); /* of admin_fds */
    void *arg;
    struct stats *stats; /* borrowed */
};

/* New: threads that serve at once. NULL when one cannot be started: errno. Takes the listening sockets. */
struct front *front_new(const struct front_options *options);

/* New connections get the new context from now on; borrowed like the first one, and the old one must live
 * until handshakes that have begun are over: at most FRONT_MAX_HANDSHAKE_MS. Main thread. */
void front_set_tls(struct front *front, struct tls_context *tls);

/* Stops accepting, lets requests under way finish for at most `drain_ms`, then cuts what is left. Returns
 * when every thread has ended. Main thread. True: nothing had to be cut. */
bool front_stop(struct front *front, unsigned drain_ms);
void front_free(struct front *front); /* after front_stop(); NULL is a no-op */

/* ---- an exchange: on its own thread ---- */

const struct request *exchange_request(struct exchange *exchange); /* borrowed until the reply */

/* Ends the exchange. Copies the header fields; takes response->hold, which keeps the body alive until it is
 * written. */
void exchange_reply(struct exchange *exchange, struct response *response);

/* The answer comes later. `on_answer` is called once on this thread for the one message that is posted;
 * `exchange` is NULL when the client has gone meanwhile: then only the message is to be freed. */
struct ticket *exchange_suspend(struct exchange *exchange,
                                void (*on_answer)(void *arg, struct exchange *exchange, void *message),
                                void *arg);

/* Any thread; takes the ticket. After front_stop() has begun to cut, on_answer still runs, with NULL. */
void ticket_post(struct ticket *ticket, void *message);

#endif
