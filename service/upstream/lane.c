/* Puts a provider's limits together. The wire is upstream.c's business. */
#include "lane.h"

#define RETRY_SHARE      0.2 /* of a retry that every request brings: at most 20 % more requests */
#define MAX_RETRY_TOKENS 10.0
#define DAY_S            86400
#define LOOK_MS          50 /* what is waited for may be another thread's, which does not say when it has ended */

struct lane lane_new(const struct provider_config *provider, struct ledger *ledger)
{
    return (struct lane){.provider = provider, .account = account_open(ledger, provider)};
}

static struct account *lock(const struct lane *lane)
{
    pthread_mutex_lock(&lane->account->mutex);
    return lane->account;
}

static void unlock(struct account *account)
{
    pthread_mutex_unlock(&account->mutex);
}

/* What waited for the next place has left the queue; what is behind it asks anew. */
static void give_way(const struct lane *lane, struct account *account)
{
    if (account->next == lane)
        account->next = NULL;
}

void lane_done(struct lane *lane, struct ledger *ledger)
{
    struct account *account = lock(lane);
    if (account->prober == lane)
        breaker_withdrew(&account->breaker);
    account->in_flight -= lane->in_flight;
    give_way(lane, account);
    unlock(account);
    account_close(ledger, account);
}

/* ---- with the account locked ---- */

/* A refused key stays what it is while the breaker is open: only that tells the operator what to do. */
static struct verdict cooling(const struct account *account, int64_t now_ms)
{
    enum problem_kind reason = account->breaker.reason;
    bool tells = reason == PROBLEM_UPSTREAM_KEY || reason == PROBLEM_UPSTREAM_LIMIT;
    return (struct verdict){.problem = tells ? reason : PROBLEM_UPSTREAM_PAUSED,
                            .retry_after_s = breaker_retry_after_s(&account->breaker, now_ms)};
}

/* The upstream's own word goes before the breaker's: only it knows when its quota begins anew. */
static struct verdict spent(const struct account *account, int64_t now_s)
{
    int64_t left_s = limiter_spent_s(&account->limiter, now_s);
    return (struct verdict){.problem = PROBLEM_UPSTREAM_LIMIT,
                            .retry_after_s = left_s > 0 ? left_s : limiter_day_left_s(now_s)};
}

static bool is_low(const struct account *account, int64_t now_s)
{
    const struct limiter *limiter = &account->limiter;
    unsigned spent_today = limiter->day == now_s / DAY_S ? limiter->spent_today : 0;
    return limiter->per_day > 0 && spent_today >= limiter->per_day - limiter->per_day / 20;
}

/* Nothing is to be asked, by the upstream's own word or the breaker's. */
static bool is_shut(const struct account *account, int64_t now_ms, int64_t now_s, struct verdict *ret_refusal)
{
    if (limiter_told_left_s(&account->limiter, now_s) > 0) {
        *ret_refusal = spent(account, now_s);
        return true;
    }
    if (account->breaker.state == BREAKER_OPEN && now_ms < account->breaker.closed_until_ms) {
        *ret_refusal = cooling(account, now_ms);
        return true;
    }
    return false;
}

static bool may_join(const struct lane *lane, const struct account *account, bool has_copy, int64_t now_ms,
                     int64_t now_s, struct verdict *ret_refusal)
{
    if (is_shut(account, now_ms, now_s, ret_refusal))
        return false;
    if (lane->queued >= lane->provider->max_queue) {
        *ret_refusal = (struct verdict){.problem = PROBLEM_UPSTREAM_LIMIT, .retry_after_s = 1};
        return false;
    }
    if (limiter_spent_s(&account->limiter, now_s) > 0 || (has_copy && is_low(account, now_s))) {
        *ret_refusal = spent(account, now_s);
        return false;
    }
    return true;
}

/* Of two lanes, the one whose requests end finds its places first. So the other says that it waits, and the
 * next place is kept for it. */
static bool has_place(const struct lane *lane, struct account *account, int64_t *ret_wait_ms)
{
    bool kept = account->next != NULL && account->next != lane;
    if (account->in_flight + kept < account->max_concurrent)
        return true;
    bool for_others = kept || account->in_flight > lane->in_flight;
    if (account->next == NULL && for_others)
        account->next = lane;
    *ret_wait_ms = for_others ? LOOK_MS : -1;
    return false;
}

static enum lane_word may_start(const struct lane *lane, struct account *account, int64_t now_ms,
                                int64_t now_s, int64_t *ret_wait_ms, struct verdict *ret_refusal)
{
    *ret_wait_ms = -1;
    if (is_shut(account, now_ms, now_s, ret_refusal))
        return LANE_REFUSE;
    if (!has_place(lane, account, ret_wait_ms))
        return LANE_WAIT;
    if (account->breaker.state == BREAKER_PROBING) {
        *ret_wait_ms = LOOK_MS;
        return LANE_WAIT;
    }
    if (!limiter_take(&account->limiter, now_ms, now_s, ret_wait_ms)) {
        if (*ret_wait_ms >= 0)
            return LANE_WAIT;
        *ret_refusal = spent(account, now_s);
        return LANE_REFUSE;
    }
    return LANE_GO;
}

static void go(struct lane *lane, struct account *account, int64_t now_ms, unsigned *ret_ticket)
{
    lane->in_flight++;
    account->in_flight++;
    breaker_admit(&account->breaker, now_ms, ret_ticket); /* the first after a pause is the probe */
    if (account->breaker.state == BREAKER_PROBING)
        account->prober = lane;
    account->retry_tokens += RETRY_SHARE;
    if (account->retry_tokens > MAX_RETRY_TOKENS)
        account->retry_tokens = MAX_RETRY_TOKENS;
}

/* ---- what lane.h declares ---- */

bool lane_quota_warns(struct lane *lane, int64_t now_s)
{
    struct account *account = lock(lane);
    bool warns = is_low(account, now_s) && account->warned_day != now_s / DAY_S;
    if (warns)
        account->warned_day = now_s / DAY_S;
    unlock(account);
    return warns;
}

bool lane_join(struct lane *lane, bool has_copy, int64_t now_ms, int64_t now_s, struct verdict *ret_refusal)
{
    struct account *account = lock(lane);
    bool may = may_join(lane, account, has_copy, now_ms, now_s, ret_refusal);
    unlock(account);
    lane->queued += may;
    return may;
}

enum lane_word lane_start(struct lane *lane, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms,
                          unsigned *ret_ticket, struct verdict *ret_refusal)
{
    struct account *account = lock(lane);
    enum lane_word word = may_start(lane, account, now_ms, now_s, ret_wait_ms, ret_refusal);
    if (word == LANE_GO)
        go(lane, account, now_ms, ret_ticket);
    if (word != LANE_WAIT)
        give_way(lane, account);
    unlock(account);
    lane->queued -= word != LANE_WAIT;
    return word;
}

void lane_leave(struct lane *lane)
{
    struct account *account = lock(lane);
    give_way(lane, account);
    unlock(account);
    lane->queued--;
}

bool lane_retry(struct lane *lane)
{
    struct account *account = lock(lane);
    bool may = account->retry_tokens >= 1.0 && account->breaker.state == BREAKER_CLOSED;
    if (may) {
        account->retry_tokens -= 1.0;
        limiter_count(&account->limiter);
    }
    unlock(account);
    return may;
}

void lane_resend(struct lane *lane)
{
    struct account *account = lock(lane);
    limiter_count(&account->limiter);
    unlock(account);
}

int64_t lane_told_spent(struct lane *lane, int64_t until_s, int64_t now_s)
{
    struct account *account = lock(lane);
    limiter_told_spent(&account->limiter, until_s, now_s);
    int64_t left_s = limiter_spent_s(&account->limiter, now_s);
    unlock(account);
    return left_s;
}

int64_t lane_end(struct lane *lane, unsigned ticket, enum problem_kind problem, int64_t retry_after_s,
                 int64_t now_ms)
{
    bool fine = problem == PROBLEM_NONE || problem == PROBLEM_NOT_FOUND, opened = false;
    struct account *account = lock(lane);
    if (fine)
        breaker_succeeded(&account->breaker, ticket);
    else
        opened = breaker_failed(&account->breaker, ticket, problem, retry_after_s, now_ms);
    int64_t pause_s = opened ? breaker_retry_after_s(&account->breaker, now_ms) : 0;
    account->in_flight--;
    lane->in_flight--;
    unlock(account);
    return pause_s;
}
