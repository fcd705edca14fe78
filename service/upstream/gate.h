/* The way to one upstream: may a request join, may it start, may it be tried again? Puts queue, concurrency,
 * breaker, rate, quota and retry budget together. A reload changes limits; what has been asked, and how the
 * upstream took it, stays. A restart forgets it. Plain data, no I/O, time is an argument. */
#ifndef MARQUEE_GATE_H
#define MARQUEE_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "breaker.h"
#include "limiter.h"
#include "service/config/config.h"
#include "upstream_answer.h"

struct gate {
    const struct provider_config *provider; /* borrowed */
    struct breaker breaker;
    struct limiter limiter;
    unsigned in_flight, queued;
    double retry_tokens;
    int64_t warned_day; /* since 1970, of the latest word that the quota is nearly spent; -1: none */
};

/* New gate, which owns nothing. The provider is borrowed until gate_reload() or as long as the gate is used.
 */
struct gate gate_new(const struct provider_config *provider);

/* From now on the gate has the limits of this provider. */
void gate_reload(struct gate *gate, const struct provider_config *provider);

/* True once a day, when only a twentieth of the day's quota is left: warn the operator. */
bool gate_quota_warns(struct gate *gate, int64_t now_s);

/* May a new request join the queue? `has_copy`: the caller has a stale copy, so the last twentieth of the
 * day's quota is not for it. False: *ret_refusal says why not. */
bool gate_join(struct gate *gate, bool has_copy, int64_t now_ms, int64_t now_s,
               struct upstream_refusal *ret_refusal);

enum gate_word { GATE_GO, GATE_WAIT, GATE_REFUSE };

/* What the request at the head of the queue is to do. GO: it has left the queue and is under way; its
 * gate_end() takes *ret_ticket back. WAIT: not yet; *ret_wait_ms says for how long at most, -1: until the
 * next gate_end(). REFUSE: it has left the queue. */
enum gate_word gate_start(struct gate *gate, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms,
                          unsigned *ret_ticket, struct upstream_refusal *ret_refusal);

/* A queued request gave up waiting. */
void gate_leave(struct gate *gate);

/* Takes one retry out of the budget. It counts against rate and quota, but does not wait for them. */
bool gate_retry(struct gate *gate);

/* A request had to be sent anew because its connection was dead: it counts in the same way, whatever is left.
 */
void gate_resend(struct gate *gate);

/* The upstream says that nothing is left until a Unix time. Returns the seconds that this is believed for. */
int64_t gate_set_exhausted_until(struct gate *gate, int64_t until_s, int64_t now_s);

/* A request under way has ended, so: PROBLEM_NONE and PROBLEM_NOT_FOUND speak for the upstream. Returns the
 * seconds for which this opened the breaker, 0 when it did not. */
int64_t gate_end(struct gate *gate, unsigned ticket, enum problem_kind problem, int64_t retry_after_s,
                 int64_t now_ms);

#endif
