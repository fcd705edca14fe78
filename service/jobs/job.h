/* THE DRIVER: one document in the making, from the first client that asks to the bytes in the cache. It knows
 * when; translators know what. Which documents are in the making: jobs.h. Back thread only.
 *
 *     struct job *job = job_new(tools, request, now_ms, now_s);
 *     job_join(job, order); // as often as clients ask for it
 *     while (!job_run(job, now_ms, now_s))
 *         wait_until(job_due_ms(job)); // or for news
 *     job_free(job);
 */
#ifndef MARQUEE_JOB_H
#define MARQUEE_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "job_tools.h"
#include "service/document/order.h"

struct job;
struct plan;

/* New job for a document of a provider that is configured. `tools` is borrowed for its life, `request` is
 * copied. */
struct job *job_new(const struct job_tools *tools, const struct document_request *request, int64_t now_ms,
                    int64_t now_s);

/* Call job_abandon() first: the program ends when orders are left. */
void job_free(struct job *job);

/* Before job_free(): takes out a plan that takes long to free. It is the caller's, and touches nothing of the
 * job any more. NULL: there is none. */
struct plan *job_take_large_plan(struct job *job);

/* Takes the order, which gets the job's outcome. False: too many are waiting, nothing was taken. */
bool job_join(struct job *job, struct order *order);

/* Moves on as far as answers allow. True when it is over: every order has its outcome. */
bool job_run(struct job *job, int64_t now_ms, int64_t now_s);

/* When job_run() must be called at the latest, in monotonic ms; 0: at once. */
int64_t job_due_ms(const struct job *job);

/* Every order gets this problem. */
void job_abandon(struct job *job, enum problem_kind problem, enum string_id why);

#endif
