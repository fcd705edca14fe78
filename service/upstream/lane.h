/* The way to one upstream: may a request join, may it start, may it be tried again? Puts queue, concurrency,
 * breaker, rate, quota and retry budget together. A reload changes limits; what has been asked, and how the
 * upstream took it, stays. A restart forgets it. Plain data, no I/O, time is an argument. */
#ifndef MARQUEE_LANE_H
#define MARQUEE_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "breaker.h"
#include "limiter.h"
#include "service/config/config.h"
#include "verdict.h"

struct lane {
    const struct provider_config *provider; /* borrowed */
    struct breaker breaker;
    struct limiter limiter;
    unsigned in_flight, queued;
    double retry_tokens;
    int64_t warned_day; /* since 1970, of the latest word that the quota is nearly spent; -1: none */
};

/* New lane, which owns nothing. The provider is borrowed until lane_reload() or as long as the lane is used.
 */
struct lane lane_new(const struct provider_config *provider);

/* From now on the lane has the limits of this provider. */
void lane_reload(struct lane *lane, const struct provider_config *provider);

/* Is the operator to be told that all but the last twentieth of the day's quota is spent? True once a day. */
bool lane_quota_warns(struct lane *lane, int64_t now_s);

/* May a new request join the queue? `has_copy`: whoever asks could do without, and the last twentieth of the
 * day's quota is not for it. False: *ret_refusal says why not. */
bool lane_join(struct lane *lane, bool has_copy, int64_t now_ms, int64_t now_s, struct verdict *ret_refusal);

enum lane_word { LANE_GO, LANE_WAIT, LANE_REFUSE };

/* What the request at the head of the queue is to do. GO: it has left the queue and is under way; its
 * lane_end() takes *ret_ticket back. WAIT: not yet; *ret_wait_ms says for how long at most, -1: until the
 * next lane_end(). REFUSE: it has left the queue. */
enum lane_word lane_start(struct lane *lane, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms,
                          unsigned *ret_ticket, struct verdict *ret_refusal);

/* A queued request gave up waiting. */
void lane_leave(struct lane *lane);

/* Takes one retry out of the budget. It counts against rate and quota, but does not wait for them. */
bool lane_retry(struct lane *lane);

/* A request had to be sent anew because its connection was dead: it counts in the same way, whatever is left.
 */
void lane_resend(struct lane *lane);

/* The upstream says that nothing is left until a Unix time. Returns the seconds that this is believed for. */
int64_t lane_told_spent(struct lane *lane, int64_t until_s, int64_t now_s);

/* A request under way has ended, so: PROBLEM_NONE and PROBLEM_NOT_FOUND speak for the upstream. Returns the
 * seconds for which this opened the breaker, 0 when it did not. */
int64_t lane_end(struct lane *lane, unsigned ticket, enum problem_kind problem, int64_t retry_after_s,
                 int64_t now_ms);

#endif
