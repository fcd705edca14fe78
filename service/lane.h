/* The way to one upstream: may a request join, may it start, may it be tried again? Breaker, rate, quota,
 * concurrency, queue and retry budget of one provider together. Plain data, no I/O, time is an argument; back
 * thread only. */
#ifndef MARQUEE_LANE_H
#define MARQUEE_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "breaker.h"
#include "config.h"
#include "limiter.h"
#include "upstream.h"

struct lane {
    const struct provider_config *provider; /* borrowed */
    struct breaker breaker;
    struct limiter limiter;
    unsigned in_flight, queued;
    double retry_tokens; /* every request brings a fifth of a retry: at most 20 % more requests */
};

struct lane lane_new(const struct provider_config *provider);

/* Is all but the last twentieth of the day's quota spent? That is kept for what nobody has a copy of. */
bool lane_quota_low(const struct lane *lane, int64_t now_s);

/* May a new request join the queue? `has_copy`: whoever asks could do without. False: *ret_refusal says why
 * not. */
bool lane_join(struct lane *lane, bool has_copy, int64_t now_ms, int64_t now_s,
               struct upstream_verdict *ret_refusal);

enum lane_word { LANE_GO, LANE_WAIT, LANE_REFUSE };

/* What the request at the head of the queue is to do. GO: it has left the queue and is under way. WAIT: not
 * yet; *ret_wait_ms is when to ask again at the latest, -1: after the next lane_end(). REFUSE: it has left
 * the queue. */
enum lane_word lane_start(struct lane *lane, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms,
                          struct upstream_verdict *ret_refusal);

/* A queued request gave up waiting. */
void lane_leave(struct lane *lane);

/* Takes one retry out of the budget. It counts against rate and quota, but does not wait for them. */
bool lane_retry(struct lane *lane);

/* A request had to be sent anew because its connection was dead: it counts in the same way, whatever is left.
 */
void lane_resend(struct lane *lane);

/* A request under way has ended, so: PROBLEM_NONE and PROBLEM_NOT_FOUND speak for the upstream. True when
 * this opened the breaker. */
bool lane_end(struct lane *lane, enum problem_kind problem, int64_t retry_after_s, int64_t now_ms);

#endif
