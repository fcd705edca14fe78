/* THE DRIVER: one document in the making, from the first client that asks to the bytes in the cache. It knows
 * when; translators know what. Back thread only. */
#ifndef MARQUEE_JOB_H
#define MARQUEE_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "back.h"

struct cache;
struct config;
struct jobs;
struct lookups;
struct source;
struct stats;

struct jobs_options {
    const struct config *config;
    struct cache *cache;
    struct lookups *lookups;
    struct source *source;
    struct stats *stats;
};

struct jobs *jobs_new(const struct jobs_options *options); /* all borrowed */

/* Every order under way gets PROBLEM_OVERLOADED. NULL is a no-op. */
void jobs_free(struct jobs *jobs);

/* Takes the order: joins the document already in the making, or begins one. The order's on_done is called
 * from here or from a later jobs_run(). */
void jobs_submit(struct jobs *jobs, struct order *order, int64_t now_ms, int64_t now_s);

/* One turn: moves on what has got answers, and ends what has passed its deadline. */
void jobs_run(struct jobs *jobs, int64_t now_ms, int64_t now_s);

/* When jobs_run() must be called at the latest, in monotonic ms; -1: nothing is under way; a time in the
 * past: now. */
int64_t jobs_due_ms(const struct jobs *jobs);

#endif
