/* A circuit breaker: after consecutive failures nothing is asked for a pause, then one probe decides. Plain
 * data, no I/O, no clock: `now_ms` is monotonic time. One of it guards one upstream.
 *
 *     if (breaker_admit(&b, now_ms, &ticket)) … ask …, then breaker_succeeded() or breaker_failed();
 *
 * The ticket tells apart what was sent before a pause and what is sent after: of the former, which may end
 * much later, neither success nor failure says anything of now, and after a pause the probe alone decides. */
#ifndef MARQUEE_BREAKER_H
#define MARQUEE_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "translators/base/problem.h"

#define BREAKER_FAILURES          5 /* in a row, until it opens */
#define BREAKER_FIRST_PAUSE_MS    1000
#define BREAKER_MAX_PAUSE_MS      60000
#define BREAKER_MAX_RETRY_AFTER_S 3600 /* what an upstream may ask for; more is clamped */

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_PROBING };

struct breaker {
    enum breaker_state state;
    unsigned probes;          /* let out so far; the ticket of what is sent after that many */
    unsigned failures;        /* in a row */
    int64_t pause_ms;         /* of the next opening */
    int64_t closed_until_ms;  /* while open: no request before */
    enum problem_kind reason; /* of the latest opening */
};

/* May one request go out now? While probing only the one probe may. True: *ret_ticket is the request's. */
bool breaker_admit(struct breaker *breaker, int64_t now_ms, unsigned *ret_ticket);

void breaker_succeeded(struct breaker *breaker, unsigned ticket);

/* True when this failure opened it. `retry_after_s`: the upstream's own word, 0 when it gave none; it opens
 * at once, whatever the ticket, and makes a pause longer, never shorter. */
bool breaker_failed(struct breaker *breaker, unsigned ticket, enum problem_kind reason, int64_t retry_after_s,
                    int64_t now_ms);

/* Seconds until a request may go out, at least 1 while open; 0 while closed. */
int64_t breaker_retry_after_s(const struct breaker *breaker, int64_t now_ms);

#endif
