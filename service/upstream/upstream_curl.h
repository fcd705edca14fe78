/* What the files of the wire to the providers share: pool.c, redirect.c, transfer.c and upstream.c, which
 * alone know libcurl. Nobody else includes it. Back thread only. */
#ifndef MARQUEE_UPSTREAM_CURL_H
#define MARQUEE_UPSTREAM_CURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "gate.h"
#include "limit_fields.h"
#include "service/config/config.h"
#include "translators/base/buffer.h"
#include "upstream_answer.h"

#define TRANSFER_MAGIC     0x74726e73u
#define MAX_POOLS_PER_LANE 4 /* one in use, the others draining */
/* More than a configuration has: documents begun before reloads may ask by theirs. */
#define MAX_LANES  (4 * (CONFIG_MAX_PROVIDERS + CONFIG_MAX_KEYS))
#define MAX_EVENTS 64

struct lane;

/* A connection pool: one multi handle. It is retired, not reused, after a timeout or an answer that is no
 * HTTP: libcurl would go on putting requests on a dead HTTP/2 connection, or on one with leftovers. */
struct pool {
    struct upstream *upstream;
    CURLM *multi; /* NULL: the slot is free */
    unsigned id;  /* lane and slot, for epoll */
    unsigned running;
    bool retired;
    bool has_read;      /* from HTTP/2 since pool_look_again() */
    int64_t timer_ms;   /* when libcurl wants to be called; -1: not at all */
    struct wire *wires; /* its sockets */
    unsigned n_looks;
};

struct transfer {
    unsigned magic;
    struct lane *lane;
    struct pool *pool; /* NULL: queued */
    CURL *easy;
    struct transfer *prev, *next; /* of the running ones */
    struct gate_request request;
    enum resource kind;
    char *path;
    struct buffer body;
    struct limit_fields limit_fields;
    unsigned tries;    /* of this hop */
    unsigned sendings; /* of this try */
    unsigned hops;     /* redirects followed */
    bool over_max, lost;
    bool has_copy; /* whoever asks could do without */
    upstream_done_fn *on_done;
    void *arg;
};

struct lane {
    struct config *config; /* a reference: the gate's provider is in it; NULL: the slot is free */
    struct gate gate;
    struct upstream *upstream;
    struct pool pools[MAX_POOLS_PER_LANE];
    unsigned current;
    int64_t retired_ms;
    int64_t wait_ms; /* the lane's word: look at the queue again then; -1: no need */
    char *url_prefix,
        *url_suffix;           /* around the path; the suffix holds the key and goes nowhere but to libcurl */
    struct redactor *redactor; /* of the key; NULL: there is none */
    char *user_agent;
    struct transfer *running;
    size_t body_bytes;             /* held by all that are running */
    int64_t succeeded_s, failed_s; /* Unix time of the latest answer of each kind; 0: none */
    enum problem_kind failure;     /* the latest */
};

struct upstream {
    struct config *config; /* a reference */
    struct stats *stats;
    CURLSH *share; /* TLS sessions survive a retired pool */
    struct curl_slist *headers;
    int epoll_fd, wake_fd;
    struct epoll_event events[MAX_EVENTS];
    int n_events;
    int64_t now_ms, now_s; /* of the latest upstream_run() */
    size_t n_lanes;        /* slots in use, with free ones in between */
    struct lane lanes[MAX_LANES];
};

/* ---- pool.c ---- */

/* New pool in a free slot of the lane. */
void pool_open(struct pool *pool, struct lane *lane);
void pool_close(struct pool *pool); /* without transfers; a free slot is a no-op */

/* New work goes to a new pool from now on. When every slot is still draining, the old pool stays in use. */
void pool_replace(struct lane *lane);

/* The same for a pool that stalled, if it is the one in use, and not too soon after the time before. */
void pool_retire(struct lane *lane, const struct pool *stalled, int64_t now_ms);

/* Has libcurl look into its connections again, unless it asks to be called at once or has read nothing since.
 *
 * libcurl 7.88.1 to 8.0.1 can read bytes of an HTTP/2 connection and give them to nobody. It stops amid what
 * it has read when the 16 kB for one transfer are full (NGHTTP2_ERR_PAUSE in lib/http2.c), and when that
 * transfer has taken them, it forgets the rest (since its commit 3103de2053): it sets no timer, and
 * cf_h2_data_pending() compares the wrong way round. The rest is other transfers'. They wait until their time
 * is over, or until the socket has something new. libcurl 8.1.0 stops no more (its commit 744dcf22fa). An
 * older one has to be told once more that the sockets are readable, before it sleeps, for as long as
 * something comes of it. */
void pool_look_again(struct pool *pool, int64_t now_ms);

/* ---- transfer.c ---- */

/* Puts a transfer into its lane's queue. False: the gate does not let it join, for this reason. */
bool transfer_queue(struct transfer *transfer, struct upstream_refusal *ret_refusal);

/* Sends a transfer that has left the lane's queue. */
void transfer_start(struct transfer *transfer, int64_t now_ms);

/* libcurl has done with it: it is sent again, or queued again for where a redirect leads, or its on_done is
 * called and it is freed. */
void transfer_ended(struct transfer *transfer, CURLcode code, int64_t now_ms);

/* Its on_done is called, though it was never sent, and it is freed. */
void transfer_refuse(struct transfer *transfer, enum problem_kind problem, int64_t retry_after_s,
                     const char *why);

/* Takes a running one out of its pool and its lane and frees it; its on_done is not called. */
void transfer_drop(struct transfer *transfer);
void transfer_free(struct transfer *transfer); /* in no list */

#endif
