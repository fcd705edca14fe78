/* The breaker's states. Who asks, and what counts as a failure: upstream.c. */
#include "breaker.h"

bool breaker_admit(struct breaker *breaker, int64_t now_ms, unsigned *ret_ticket)
{
    bool probes = breaker->state == BREAKER_OPEN && now_ms >= breaker->closed_until_ms;
    if (probes) {
        breaker->state = BREAKER_PROBING;
        breaker->probes++;
    }
    *ret_ticket = breaker->probes;
    return probes || breaker->state == BREAKER_CLOSED;
}

static bool is_late(const struct breaker *breaker, unsigned ticket)
{
    return breaker->state == BREAKER_OPEN || ticket != breaker->probes;
}

void breaker_succeeded(struct breaker *breaker, unsigned ticket)
{
    if (!is_late(breaker, ticket))
        *breaker = (struct breaker){.state = BREAKER_CLOSED, .probes = breaker->probes};
}

static bool open_for(struct breaker *breaker, enum problem_kind reason, int64_t pause_ms, int64_t now_ms)
{
    bool was_open = breaker->state == BREAKER_OPEN;
    if (was_open && now_ms + pause_ms <= breaker->closed_until_ms)
        return false;
    breaker->state = BREAKER_OPEN;
    breaker->closed_until_ms = now_ms + pause_ms;
    breaker->reason = reason;
    return !was_open;
}

bool breaker_failed(struct breaker *breaker, unsigned ticket, enum problem_kind reason, int64_t retry_after_s,
                    int64_t now_ms)
{
    if (retry_after_s > BREAKER_MAX_RETRY_AFTER_S)
        retry_after_s = BREAKER_MAX_RETRY_AFTER_S;
    if (retry_after_s > 0)
        return open_for(breaker, reason, retry_after_s * 1000, now_ms);
    if (is_late(breaker, ticket))
        return false;
    breaker->failures++;
    if (breaker->state == BREAKER_CLOSED && breaker->failures < BREAKER_FAILURES)
        return false;
    int64_t pause_ms = breaker->pause_ms > 0 ? breaker->pause_ms : BREAKER_FIRST_PAUSE_MS;
    breaker->pause_ms = pause_ms * 2 < BREAKER_MAX_PAUSE_MS ? pause_ms * 2 : BREAKER_MAX_PAUSE_MS;
    return open_for(breaker, reason, pause_ms, now_ms);
}

int64_t breaker_retry_after_s(const struct breaker *breaker, int64_t now_ms)
{
    if (breaker->state == BREAKER_CLOSED)
        return 0;
    int64_t left_ms = breaker->closed_until_ms - now_ms;
    return left_ms > 1000 ? (left_ms + 999) / 1000 : 1;
}
