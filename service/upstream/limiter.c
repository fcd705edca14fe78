/* A token bucket of one second's depth, and a count of the UTC day. */
#include "limiter.h"

#define DAY_S 86400

struct limiter limiter_new(unsigned per_s, unsigned per_day)
{
    return (struct limiter){.per_s = per_s, .per_day = per_day, .tokens = per_s};
}

static void fill(struct limiter *limiter, int64_t now_ms, int64_t now_s)
{
    limiter->tokens += (double)(now_ms - limiter->filled_ms) * limiter->per_s / 1000.0;
    if (limiter->tokens > limiter->per_s)
        limiter->tokens = limiter->per_s;
    limiter->filled_ms = now_ms;
    if (now_s / DAY_S != limiter->day) {
        limiter->day = now_s / DAY_S;
        limiter->spent_today = 0;
    }
}

bool limiter_take(struct limiter *limiter, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms)
{
    fill(limiter, now_ms, now_s);
    if (limiter_spent_s(limiter, now_s) > 0) {
        *ret_wait_ms = -1;
        return false;
    }
    if (limiter->per_s > 0 && limiter->tokens < 1.0) {
        *ret_wait_ms = 1 + (int64_t)((1.0 - limiter->tokens) * 1000.0 / limiter->per_s);
        return false;
    }
    limiter_count(limiter);
    return true;
}

void limiter_count(struct limiter *limiter)
{
    if (limiter->per_s > 0)
        limiter->tokens -= 1.0;
    limiter->spent_today++;
}

unsigned limiter_spent_today(const struct limiter *limiter, int64_t now_s)
{
    return limiter->day == now_s / DAY_S ? limiter->spent_today : 0;
}

int64_t limiter_day_left_s(int64_t now_s)
{
    return DAY_S - now_s % DAY_S;
}

void limiter_set_exhausted_until(struct limiter *limiter, int64_t until_s, int64_t now_s)
{
    int64_t latest_s = now_s + LIMITER_MAX_SPENT_S;
    limiter->exhausted_until_s = until_s < latest_s ? until_s : latest_s;
    limiter->exhausted_since_s = now_s;
}

int64_t limiter_exhausted_s(const struct limiter *limiter, int64_t now_s)
{
    bool holds =
        limiter->exhausted_until_s > now_s && limiter->exhausted_since_s <= now_s + LIMITER_MAX_BACK_S;
    return holds ? limiter->exhausted_until_s - now_s : 0;
}

int64_t limiter_spent_s(const struct limiter *limiter, int64_t now_s)
{
    int64_t exhausted_s = limiter_exhausted_s(limiter, now_s);
    if (exhausted_s > 0)
        return exhausted_s;
    bool spent =
        limiter->per_day > 0 && limiter->day == now_s / DAY_S && limiter->spent_today >= limiter->per_day;
    return spent ? limiter_day_left_s(now_s) : 0;
}
