/* The back thread: everything cold. Orders come into its inbox; jobs, single-flight, upstream and rendering
 * of small documents live on it without locks, large ones are written by the task pool; what comes of an
 * order is handed to the order's on_done. */
#ifndef MARQUEE_BACK_H
#define MARQUEE_BACK_H

#include <stdbool.h>

#include "service/document/order.h"
#include "service/upstream/upstream_status.h"

struct back;
struct cache;
struct config;
struct stats;

/* New thread, running. Keeps a reference to the configuration; cache and stats are borrowed until
 * back_free(). */
struct back *back_new(struct config *config, struct cache *cache, struct stats *stats);

/* What begins from now on goes by this configuration, of which a reference is kept; what is under way ends by
 * the one that it began with, and later orders for it join it. Any thread. */
void back_reload(struct back *back, struct config *config);

/* Ends the thread: orders under way get PROBLEM_OVERLOADED. NULL is a no-op. */
void back_free(struct back *back);

/* Is the job of this key (route_job_key()) under way? An order for it would join it. Any thread. */
bool back_is_making(struct back *back, const struct cache_key *key);

/* Writes how the upstreams were a second ago at most; returns how many. Any thread; asks nobody. */
size_t back_status(struct back *back, struct upstream_status ret[UPSTREAM_STATUS_MAX]);

/* Any thread. Takes the order when true; false: the inbox is full or the thread is ending, nothing was taken.
 */
bool back_submit(struct back *back, struct order *order);

#endif
