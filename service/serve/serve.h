/* The glue of the hot path: what happens to one request, from the front's exchange to its answer.
 *
 *     exchange -> route_parse() -> cache_peek() --hit--> respond.c                (same thread, at once)
 *                                       |
 *                                 miss: back_submit(), then on_answer() on the exchange's thread
 *                                 stale: the copy at once, and one refresh order
 *
 * The callbacks are for struct front_options; `arg` is the struct serve. Any front thread. */
#ifndef MARQUEE_SERVE_H
#define MARQUEE_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "serve_options.h"

struct config;
struct exchange;
struct serve;
struct tours;

struct serve *serve_new(const struct serve_options *options);
void serve_free(struct serve *serve); /* after the front has ended; NULL is a no-op */

/* Requests from now on go by another configuration, borrowed like the first one, which may be in use for a
 * moment still. Main thread. */
void serve_swap(struct serve *serve, const struct config *config, const struct tours *tours);

/* /readyz says whether new clients should come here: not before the first call with true. Any thread. */
void serve_set_ready(struct serve *serve, bool ready);

void serve_on_request(void *arg, struct exchange *exchange);       /* HTTPS: the service itself */
void serve_on_plain_request(void *arg, struct exchange *exchange); /* HTTP: redirects, nothing else */
void serve_on_admin_request(void *arg, struct exchange *exchange); /* status, probes, metrics */

#endif
