/* The documents in the making. An order for one that has begun joins it. What happens to one of them: job.h.
 * Back thread only, but for jobs_has(). */
#ifndef MARQUEE_JOBS_H
#define MARQUEE_JOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/key.h"
#include "job.h"

struct jobs;

/* `tools` is copied; all that it points to is borrowed, but `lock_groups` is ignored. */
struct jobs *jobs_new(const struct job_tools *tools);

/* After task_pool_free() of the tools' pool. Every order under way gets PROBLEM_OVERLOADED. NULL is a no-op.
 */
void jobs_free(struct jobs *jobs);

/* What begins from now on goes by this configuration, which is borrowed like the first one. */
void jobs_reload(struct jobs *jobs, struct config *config);

/* Is the job of this key (route_job_key()) under way? Any thread. */
bool jobs_has(struct jobs *jobs, const struct cache_key *key);

/* Takes the order: joins the document already in the making, or begins one. The order's on_done is called
 * from here, when it is refused, or from a later jobs_run(). */
void jobs_submit(struct jobs *jobs, struct order *order, int64_t now_ms, int64_t now_s);

/* One turn: moves on what has got answers, and ends what has passed its deadline. */
void jobs_run(struct jobs *jobs, int64_t now_ms, int64_t now_s);

/* When jobs_run() must be called at the latest, in monotonic ms; -1: nothing is under way; a time in the
 * past: now. */
int64_t jobs_due_ms(const struct jobs *jobs);

#endif
