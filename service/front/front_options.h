/* What a front is told when it is made. Plain data; front.h says what comes of it. */
#ifndef MARQUEE_FRONT_OPTIONS_H
#define MARQUEE_FRONT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "service/http/proxies.h"

struct exchange;
struct stats;
struct tls_context;

struct front_options {
    unsigned threads;
    const int *https_fds, *http_fds, *admin_fds; /* listening sockets of ONE thread are at [thread * n_… ] */
    const int
        *trusted_fds; /* plain HTTP of `proxies` that end TLS; others are closed before a byte is read */
    const int *proxied_fds; /* TLS behind a PROXY header of `proxies`; the same */
    size_t n_https, n_http, n_admin, n_trusted, n_proxied; /* listeners of each kind per thread */
    struct tls_context *tls;  /* borrowed; swapped by front_set_tls(); NULL: no listener of TLS */
    unsigned max_connections; /* of all threads together */
    unsigned max_connections_per_address;
    unsigned max_requests_per_s;   /* of a connection; only unread answers count: guard.h */
    unsigned response_deadline_ms; /* from the request to the last byte written */
    unsigned request_timeout_ms;   /* for a request to be whole; of a quiet connection */
    bool http2;                    /* false: HTTP/1.1 only */
    struct proxies proxies;        /* whose X-Forwarded-For is believed */
    void (*on_request)(void *arg, struct exchange *exchange); /* of https_fds, trusted_fds and proxied_fds */
    void (*on_plain_request)(void *arg, struct exchange *exchange); /* of http_fds */
    void (*on_admin_request)(void *arg, struct exchange *exchange); /* of admin_fds */
    void *arg;
    struct stats *stats; /* borrowed */
};

#endif
