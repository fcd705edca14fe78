/* The breaker's states. Who asks, and what counts as a failure: upstream.c. */
#include "breaker.h"

bool breaker_admit(struct breaker *breaker, int64_t now_ms)
{
    if (breaker->state == BREAKER_OPEN && now_ms >= breaker->closed_until_ms) {
        breaker->state = BREAKER_PROBING;
        return true;
    }
    return breaker->state == BREAKER_CLOSED;
}

void breaker_succeeded(struct breaker *breaker)
{
    /* Answers to requests sent before it opened say nothing of now: only the probe closes it. */
    if (breaker->state != BREAKER_OPEN)
        *breaker = (struct breaker){.state = BREAKER_CLOSED};
}

static void open_for(struct breaker *breaker, int64_t pause_ms, int64_t now_ms)
{
    breaker->state = BREAKER_OPEN;
    breaker->closed_until_ms = now_ms + pause_ms;
}

bool breaker_failed(struct breaker *breaker, enum problem_kind reason, int64_t retry_after_s, int64_t now_ms)
{
    bool was_open = breaker->state == BREAKER_OPEN;
    breaker->failures++;
    breaker->reason = reason;
    if (retry_after_s > 0) {
        if (retry_after_s > BREAKER_MAX_RETRY_AFTER_S)
            retry_after_s = BREAKER_MAX_RETRY_AFTER_S;
        open_for(breaker, retry_after_s * 1000, now_ms);
        return !was_open;
    }
    if (was_open || (breaker->state == BREAKER_CLOSED && breaker->failures < BREAKER_FAILURES))
        return false;
    if (breaker->pause_ms == 0)
        breaker->pause_ms = BREAKER_FIRST_PAUSE_MS;
    open_for(breaker, breaker->pause_ms, now_ms);
    breaker->pause_ms =
        breaker->pause_ms * 2 < BREAKER_MAX_PAUSE_MS ? breaker->pause_ms * 2 : BREAKER_MAX_PAUSE_MS;
    return true;
}

void breaker_withdrew(struct breaker *breaker)
{
    if (breaker->state == BREAKER_PROBING)
        breaker->state = BREAKER_OPEN;
}

int64_t breaker_retry_after_s(const struct breaker *breaker, int64_t now_ms)
{
    if (breaker->state == BREAKER_CLOSED)
        return 0;
    int64_t left_ms = breaker->closed_until_ms - now_ms;
    return left_ms > 1000 ? (left_ms + 999) / 1000 : 1;
}
