/* Puts a provider's limits together. The wire is upstream.c's business. */
#include "lane.h"

#define RETRY_SHARE      0.2
#define MAX_RETRY_TOKENS 10.0

struct lane lane_new(const struct provider_config *provider)
{
    return (struct lane){.provider = provider,
                         .limiter = limiter_new(provider->requests_per_s, provider->requests_per_day),
                         .retry_tokens = 1.0};
}

/* A refused key stays what it is while the breaker is open: only that tells the operator what to do. */
static struct upstream_verdict cooling(const struct lane *lane, int64_t now_ms)
{
    bool key = lane->breaker.reason == PROBLEM_UPSTREAM_KEY;
    return (struct upstream_verdict){.problem = key ? PROBLEM_UPSTREAM_KEY : PROBLEM_UPSTREAM_LIMIT,
                                     .retry_after_s = breaker_retry_after_s(&lane->breaker, now_ms)};
}

/* The upstream's own word goes before the breaker's: only it knows when its quota begins anew. */
static struct upstream_verdict spent(const struct lane *lane, int64_t now_s)
{
    int64_t left_s = limiter_spent_s(&lane->limiter, now_s);
    return (struct upstream_verdict){.problem = PROBLEM_UPSTREAM_LIMIT,
                                     .retry_after_s = left_s > 0 ? left_s : limiter_day_left_s(now_s)};
}

static unsigned spent_today(const struct lane *lane, int64_t now_s)
{
    return lane->limiter.day == now_s / 86400 ? lane->limiter.spent_today : 0;
}

bool lane_quota_low(const struct lane *lane, int64_t now_s)
{
    unsigned quota = lane->limiter.per_day;
    return quota > 0 && spent_today(lane, now_s) >= quota - quota / 20;
}

bool lane_join(struct lane *lane, bool has_copy, int64_t now_ms, int64_t now_s,
               struct upstream_verdict *ret_refusal)
{
    if (lane->limiter.spent_until_s > now_s) {
        *ret_refusal = spent(lane, now_s);
        return false;
    }
    if (lane->breaker.state == BREAKER_OPEN && now_ms < lane->breaker.closed_until_ms) {
        *ret_refusal = cooling(lane, now_ms);
        return false;
    }
    if (lane->queued >= lane->provider->max_queue) {
        *ret_refusal = (struct upstream_verdict){.problem = PROBLEM_UPSTREAM_LIMIT, .retry_after_s = 1};
        return false;
    }
    if (limiter_spent_s(&lane->limiter, now_s) > 0 || (has_copy && lane_quota_low(lane, now_s))) {
        *ret_refusal = spent(lane, now_s);
        return false;
    }
    lane->queued++;
    return true;
}

enum lane_word lane_start(struct lane *lane, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms,
                          struct upstream_verdict *ret_refusal)
{
    *ret_wait_ms = -1;
    if (lane->limiter.spent_until_s > now_s) {
        *ret_refusal = spent(lane, now_s);
        lane->queued--;
        return LANE_REFUSE;
    }
    if (lane->breaker.state == BREAKER_OPEN && now_ms < lane->breaker.closed_until_ms) {
        *ret_refusal = cooling(lane, now_ms);
        lane->queued--;
        return LANE_REFUSE;
    }
    if (lane->in_flight >= lane->provider->max_concurrent || lane->breaker.state == BREAKER_PROBING)
        return LANE_WAIT;
    if (!limiter_take(&lane->limiter, now_ms, now_s, ret_wait_ms)) {
        if (*ret_wait_ms >= 0)
            return LANE_WAIT;
        *ret_refusal = spent(lane, now_s);
        lane->queued--;
        return LANE_REFUSE;
    }
    breaker_admit(&lane->breaker, now_ms); /* the first after a pause is the probe */
    lane->queued--;
    lane->in_flight++;
    lane->retry_tokens += RETRY_SHARE;
    if (lane->retry_tokens > MAX_RETRY_TOKENS)
        lane->retry_tokens = MAX_RETRY_TOKENS;
    return LANE_GO;
}

void lane_leave(struct lane *lane)
{
    lane->queued--;
}

bool lane_retry(struct lane *lane)
{
    if (lane->retry_tokens < 1.0 || lane->breaker.state != BREAKER_CLOSED)
        return false;
    lane->retry_tokens -= 1.0;
    limiter_count(&lane->limiter);
    return true;
}

void lane_resend(struct lane *lane)
{
    limiter_count(&lane->limiter);
}

bool lane_end(struct lane *lane, enum problem_kind problem, int64_t retry_after_s, int64_t now_ms)
{
    lane->in_flight--;
    if (problem == PROBLEM_NONE || problem == PROBLEM_NOT_FOUND) {
        breaker_succeeded(&lane->breaker);
        return false;
    }
    return breaker_failed(&lane->breaker, problem, retry_after_s, now_ms);
}
