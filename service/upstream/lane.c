/* Puts a provider's limits together. The wire is upstream.c's business. */
#include "lane.h"

#define RETRY_SHARE      0.2 /* of a retry that every request brings: at most 20 % more requests */
#define MAX_RETRY_TOKENS 10.0
#define DAY_S            86400

struct lane lane_new(const struct provider_config *provider)
{
    return (struct lane){.provider = provider,
                         .limiter = limiter_new(provider->requests_per_s, provider->requests_per_day),
                         .retry_tokens = 1.0,
                         .warned_day = -1};
}

void lane_reload(struct lane *lane, const struct provider_config *provider)
{
    lane->provider = provider;
    lane->limiter.per_s = provider->requests_per_s;
    lane->limiter.per_day = provider->requests_per_day;
}

/* A refused key stays what it is while the breaker is open: only that tells the operator what to do. */
static struct verdict cooling(const struct lane *lane, int64_t now_ms)
{
    enum problem_kind reason = lane->breaker.reason;
    bool tells = reason == PROBLEM_UPSTREAM_KEY || reason == PROBLEM_UPSTREAM_LIMIT;
    return (struct verdict){.problem = tells ? reason : PROBLEM_UPSTREAM_PAUSED,
                            .retry_after_s = breaker_retry_after_s(&lane->breaker, now_ms)};
}

/* The upstream's own word goes before the breaker's: only it knows when its quota begins anew. */
static struct verdict spent(const struct lane *lane, int64_t now_s)
{
    int64_t left_s = limiter_spent_s(&lane->limiter, now_s);
    return (struct verdict){.problem = PROBLEM_UPSTREAM_LIMIT,
                            .retry_after_s = left_s > 0 ? left_s : limiter_day_left_s(now_s)};
}

static bool is_low(const struct lane *lane, int64_t now_s)
{
    const struct limiter *limiter = &lane->limiter;
    unsigned spent_today = limiter->day == now_s / DAY_S ? limiter->spent_today : 0;
    return limiter->per_day > 0 && spent_today >= limiter->per_day - limiter->per_day / 20;
}

/* Nothing is to be asked, by the upstream's own word or the breaker's. */
static bool is_shut(const struct lane *lane, int64_t now_ms, int64_t now_s, struct verdict *ret_refusal)
{
    if (limiter_told_left_s(&lane->limiter, now_s) > 0) {
        *ret_refusal = spent(lane, now_s);
        return true;
    }
    if (lane->breaker.state == BREAKER_OPEN && now_ms < lane->breaker.closed_until_ms) {
        *ret_refusal = cooling(lane, now_ms);
        return true;
    }
    return false;
}

static bool may_join(const struct lane *lane, bool has_copy, int64_t now_ms, int64_t now_s,
                     struct verdict *ret_refusal)
{
    if (is_shut(lane, now_ms, now_s, ret_refusal))
        return false;
    if (lane->queued >= lane->provider->max_queue) {
        *ret_refusal = (struct verdict){.problem = PROBLEM_UPSTREAM_LIMIT, .retry_after_s = 1};
        return false;
    }
    if (limiter_spent_s(&lane->limiter, now_s) > 0 || (has_copy && is_low(lane, now_s))) {
        *ret_refusal = spent(lane, now_s);
        return false;
    }
    return true;
}

static enum lane_word may_start(struct lane *lane, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms,
                                struct verdict *ret_refusal)
{
    *ret_wait_ms = -1;
    if (is_shut(lane, now_ms, now_s, ret_refusal))
        return LANE_REFUSE;
    if (lane->in_flight >= lane->provider->max_concurrent || lane->breaker.state == BREAKER_PROBING)
        return LANE_WAIT;
    if (!limiter_take(&lane->limiter, now_ms, now_s, ret_wait_ms)) {
        if (*ret_wait_ms >= 0)
            return LANE_WAIT;
        *ret_refusal = spent(lane, now_s);
        return LANE_REFUSE;
    }
    return LANE_GO;
}

static void go(struct lane *lane, int64_t now_ms, unsigned *ret_ticket)
{
    lane->in_flight++;
    breaker_admit(&lane->breaker, now_ms, ret_ticket); /* the first after a pause is the probe */
    lane->retry_tokens += RETRY_SHARE;
    if (lane->retry_tokens > MAX_RETRY_TOKENS)
        lane->retry_tokens = MAX_RETRY_TOKENS;
}

/* ---- what lane.h declares ---- */

bool lane_quota_warns(struct lane *lane, int64_t now_s)
{
    bool warns = is_low(lane, now_s) && lane->warned_day != now_s / DAY_S;
    if (warns)
        lane->warned_day = now_s / DAY_S;
    return warns;
}

bool lane_join(struct lane *lane, bool has_copy, int64_t now_ms, int64_t now_s, struct verdict *ret_refusal)
{
    bool may = may_join(lane, has_copy, now_ms, now_s, ret_refusal);
    lane->queued += may;
    return may;
}

enum lane_word lane_start(struct lane *lane, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms,
                          unsigned *ret_ticket, struct verdict *ret_refusal)
{
    enum lane_word word = may_start(lane, now_ms, now_s, ret_wait_ms, ret_refusal);
    if (word == LANE_GO)
        go(lane, now_ms, ret_ticket);
    lane->queued -= word != LANE_WAIT;
    return word;
}

void lane_leave(struct lane *lane)
{
    lane->queued--;
}

bool lane_retry(struct lane *lane)
{
    bool may = lane->retry_tokens >= 1.0 && lane->breaker.state == BREAKER_CLOSED;
    if (may) {
        lane->retry_tokens -= 1.0;
        limiter_count(&lane->limiter);
    }
    return may;
}

void lane_resend(struct lane *lane)
{
    limiter_count(&lane->limiter);
}

int64_t lane_told_spent(struct lane *lane, int64_t until_s, int64_t now_s)
{
    limiter_told_spent(&lane->limiter, until_s, now_s);
    int64_t left_s = limiter_spent_s(&lane->limiter, now_s);
    return left_s;
}

int64_t lane_end(struct lane *lane, unsigned ticket, enum problem_kind problem, int64_t retry_after_s,
                 int64_t now_ms)
{
    bool fine = problem == PROBLEM_NONE || problem == PROBLEM_NOT_FOUND, opened = false;
    if (fine)
        breaker_succeeded(&lane->breaker, ticket);
    else
        opened = breaker_failed(&lane->breaker, ticket, problem, retry_after_s, now_ms);
    int64_t pause_s = opened ? breaker_retry_after_s(&lane->breaker, now_ms) : 0;
    lane->in_flight--;
    return pause_s;
}
