/* A circuit breaker: after consecutive failures nothing is asked for a pause, then one probe decides. Plain
 * data, no I/O, no clock: `now_ms` is monotonic time. One of it guards one upstream; whoever shares it locks
 * it (ledger.h).
 *
 *     if (breaker_admit(&b, now_ms)) … ask …, then breaker_succeeded() or breaker_failed(); */
#ifndef MARQUEE_BREAKER_H
#define MARQUEE_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "../translators/problem.h"

#define BREAKER_FAILURES          5 /* in a row, until it opens */
#define BREAKER_FIRST_PAUSE_MS    1000
#define BREAKER_MAX_PAUSE_MS      60000
#define BREAKER_MAX_RETRY_AFTER_S 3600 /* what an upstream may ask for; more is clamped */

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_PROBING };

struct breaker {
    enum breaker_state state;
    unsigned failures;        /* in a row */
    int64_t pause_ms;         /* of the next opening */
    int64_t closed_until_ms;  /* while open: no request before */
    enum problem_kind reason; /* of the latest failure */
};

/* May one request go out now? While probing only the one probe may. */
bool breaker_admit(struct breaker *breaker, int64_t now_ms);

void breaker_succeeded(struct breaker *breaker);

/* True when this failure opened it. `retry_after_s`: the upstream's own word, 0 when it gave none; it opens
 * at once. */
bool breaker_failed(struct breaker *breaker, enum problem_kind reason, int64_t retry_after_s, int64_t now_ms);

/* The admitted request ended without saying anything about the upstream: a probe is given back. */
void breaker_withdrew(struct breaker *breaker);

/* Seconds until a request may go out, at least 1 while open; 0 while closed. */
int64_t breaker_retry_after_s(const struct breaker *breaker, int64_t now_ms);

#endif
