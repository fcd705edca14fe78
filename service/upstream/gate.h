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

/* A request in the queue. Its owner sets the first two and keeps it where it is until it has left the queue.
 */
struct gate_request {
    const void *asker;   /* whom it is for; compared alone, so it may be gone */
    int64_t deadline_ms; /* it waits no longer; monotonic */
    unsigned ticket;     /* of one that may go, for gate_end() */
    /* Hands off: the asker's next, and of an asker's first its last and the first of other askers. */
    struct gate_request *_behind, *_last, *_prev, *_next;
};

struct gate {
    const struct provider_config *provider; /* borrowed */
    struct gate_request *queue; /* the first of each asker, borrowed; whose turn it is comes first */
    struct breaker breaker;
    struct limiter limiter;
    unsigned in_flight, queued;
    unsigned starts_left; /* in this turn */
    double retry_tokens;
    int64_t warned_day; /* since 1970, of the latest word that the quota is nearly spent; -1: none */
};

/* New gate without a queue, which owns nothing. The provider is borrowed until gate_reload() or as long as
 * the gate is used.
 */
struct gate gate_new(const struct provider_config *provider);

/* From now on the gate has the limits of this provider. */
void gate_reload(struct gate *gate, const struct provider_config *provider);

/* True once a day, when only a twentieth of the day's quota is left: warn the operator. */
bool gate_quota_warns(struct gate *gate, int64_t now_s);

/* May a new request join the queue? It joins behind those of its asker, unless its deadline comes before
 * theirs, and the askers take turns: who asks twice does not wait for who asks four hundred times.
 * `has_copy`: the caller has a stale copy, so the last
 * twentieth of the day's quota is not for it. False: *ret_refusal says why not. */
bool gate_join(struct gate *gate, struct gate_request *request, bool has_copy, int64_t now_ms, int64_t now_s,
               struct upstream_refusal *ret_refusal);

/* WAIT: nothing for now. Else a request has left the queue: it is to GO, and is under way until its
 * gate_end(); or it is LATE, its deadline has passed; or it is REFUSED. */
enum gate_word { GATE_WAIT, GATE_GO, GATE_LATE, GATE_REFUSE };

struct gate_turn {
    enum gate_word word;
    struct gate_request *request;    /* what has left the queue */
    struct upstream_refusal refusal; /* REFUSE */
    int64_t until_ms;                /* WAIT: ask again then, or after a gate_end(); -1: the queue is empty */
};

/* To begin and to end a request takes a thread 40 us: after so many in one turn of its loop, what else it has
 * to do comes first. */
#define GATE_STARTS_A_TURN 16

/* A turn of the loop begins: so many may start. */
void gate_begin_turn(struct gate *gate);

/* Whose turn it is, and what comes of it. */
struct gate_turn gate_next(struct gate *gate, int64_t now_ms, int64_t now_s);

/* Takes one out of the queue, whatever it waits for, when the gate is done with; NULL: none is left. */
struct gate_request *gate_drop(struct gate *gate);

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
