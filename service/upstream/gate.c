/* Puts a provider's limits together. The wire is upstream.c's business. */
#include "gate.h"

#include <utlist.h>

#define RETRY_SHARE      0.2 /* of a retry that every request brings: at most 20 % more requests */
#define MAX_RETRY_TOKENS 10.0
#define DAY_S            86400

struct gate gate_new(const struct provider_config *provider)
{
    return (struct gate){.provider = provider,
                         .limiter = limiter_new(provider->requests_per_s, provider->requests_per_day),
                         .retry_tokens = 1.0,
                         .warned_day = -1};
}

void gate_reload(struct gate *gate, const struct provider_config *provider)
{
    gate->provider = provider;
    gate->limiter.per_s = provider->requests_per_s;
    gate->limiter.per_day = provider->requests_per_day;
}

/* A refused key stays what it is while the breaker is open: only that tells the operator what to do. */
static struct upstream_refusal cooling(const struct gate *gate, int64_t now_ms)
{
    enum problem_kind reason = gate->breaker.reason;
    bool tells = reason == PROBLEM_UPSTREAM_KEY || reason == PROBLEM_UPSTREAM_LIMIT;
    return (struct upstream_refusal){.problem = tells ? reason : PROBLEM_UPSTREAM_PAUSED,
                                     .retry_after_s = breaker_retry_after_s(&gate->breaker, now_ms)};
}

/* The upstream's own word goes before the breaker's: only it knows when its quota begins anew. */
static struct upstream_refusal spent(const struct gate *gate, int64_t now_s)
{
    int64_t left_s = limiter_spent_s(&gate->limiter, now_s);
    return (struct upstream_refusal){.problem = PROBLEM_UPSTREAM_LIMIT,
                                     .retry_after_s = left_s > 0 ? left_s : limiter_day_left_s(now_s)};
}

static bool is_low(const struct gate *gate, int64_t now_s)
{
    const struct limiter *limiter = &gate->limiter;
    return limiter->per_day > 0 &&
           limiter_spent_today(limiter, now_s) >= limiter->per_day - limiter->per_day / 20;
}

/* Nothing is to be asked, by the upstream's own word or the breaker's. */
static bool is_shut(const struct gate *gate, int64_t now_ms, int64_t now_s,
                    struct upstream_refusal *ret_refusal)
{
    if (limiter_exhausted_s(&gate->limiter, now_s) > 0) {
        *ret_refusal = spent(gate, now_s);
        return true;
    }
    if (gate->breaker.state == BREAKER_OPEN && now_ms < gate->breaker.closed_until_ms) {
        *ret_refusal = cooling(gate, now_ms);
        return true;
    }
    return false;
}

static bool may_join(const struct gate *gate, bool has_copy, int64_t now_ms, int64_t now_s,
                     struct upstream_refusal *ret_refusal)
{
    if (is_shut(gate, now_ms, now_s, ret_refusal))
        return false;
    if (gate->queued >= gate->provider->max_queue) {
        *ret_refusal = (struct upstream_refusal){.problem = PROBLEM_UPSTREAM_LIMIT, .retry_after_s = 1};
        return false;
    }
    if (limiter_spent_s(&gate->limiter, now_s) > 0 || (has_copy && is_low(gate, now_s))) {
        *ret_refusal = spent(gate, now_s);
        return false;
    }
    return true;
}

/* ---- the queue ---- */

static void enqueue(struct gate *gate, struct gate_request *request)
{
    struct gate_request *first;
    gate->queued++;
    request->_behind = NULL;
    DL_SEARCH_SCALAR2(gate->queue, first, asker, request->asker, _next);
    if (first == NULL) {
        request->_last = request;
        DL_APPEND2(gate->queue, request, _prev, _next);
    } else if (request->deadline_ms < first->deadline_ms) { /* where a redirect leads: it has waited before */
        request->_behind = first;
        request->_last = first->_last;
        DL_REPLACE_ELEM2(gate->queue, first, request, _prev, _next);
    } else {
        first->_last->_behind = request;
        first->_last = request;
    }
}

/* Takes the first of an asker out. When that was the asker's turn, the asker's next one waits until all
 * others have had theirs. */
static struct gate_request *dequeue(struct gate *gate, struct gate_request *first, bool was_turn)
{
    struct gate_request *behind = first->_behind;
    gate->queued--;
    if (behind != NULL)
        behind->_last = first->_last;
    if (behind != NULL && !was_turn) {
        DL_REPLACE_ELEM2(gate->queue, first, behind, _prev, _next);
        return first;
    }
    DL_DELETE2(gate->queue, first, _prev, _next);
    if (behind != NULL)
        DL_APPEND2(gate->queue, behind, _prev, _next);
    return first;
}

/* The one whose deadline comes first; NULL: the queue is empty. Of one asker the first has the first one,
 * since all of a provider have the same time. */
static struct gate_request *most_urgent(const struct gate *gate)
{
    struct gate_request *urgent = gate->queue, *first;
    DL_FOREACH2(gate->queue, first, _next)
    {
        if (first->deadline_ms < urgent->deadline_ms)
            urgent = first;
    }
    return urgent;
}

static enum gate_word may_start(struct gate *gate, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms,
                                struct upstream_refusal *ret_refusal)
{
    *ret_wait_ms = -1;
    if (is_shut(gate, now_ms, now_s, ret_refusal))
        return GATE_REFUSE;
    if (gate->in_flight >= gate->provider->max_concurrent || gate->breaker.state == BREAKER_PROBING)
        return GATE_WAIT;
    if (!limiter_take(&gate->limiter, now_ms, now_s, ret_wait_ms)) {
        if (*ret_wait_ms >= 0)
            return GATE_WAIT;
        *ret_refusal = spent(gate, now_s);
        return GATE_REFUSE;
    }
    return GATE_GO;
}

static void go(struct gate *gate, int64_t now_ms, unsigned *ret_ticket)
{
    gate->in_flight++;
    gate->starts_left--;
    breaker_admit(&gate->breaker, now_ms, ret_ticket); /* the first after a pause is the probe */
    gate->retry_tokens += RETRY_SHARE;
    if (gate->retry_tokens > MAX_RETRY_TOKENS)
        gate->retry_tokens = MAX_RETRY_TOKENS;
}

/* ---- what gate.h declares ---- */

bool gate_quota_warns(struct gate *gate, int64_t now_s)
{
    bool warns = is_low(gate, now_s) && gate->warned_day != now_s / DAY_S;
    if (warns)
        gate->warned_day = now_s / DAY_S;
    return warns;
}

bool gate_join(struct gate *gate, struct gate_request *request, bool has_copy, int64_t now_ms, int64_t now_s,
               struct upstream_refusal *ret_refusal)
{
    bool may = may_join(gate, has_copy, now_ms, now_s, ret_refusal);
    if (may)
        enqueue(gate, request);
    return may;
}

void gate_begin_turn(struct gate *gate)
{
    gate->starts_left = GATE_STARTS_A_TURN;
}

struct gate_turn gate_next(struct gate *gate, int64_t now_ms, int64_t now_s)
{
    struct gate_turn turn = {.word = GATE_WAIT, .until_ms = -1};
    struct gate_request *urgent = most_urgent(gate);
    int64_t wait_ms;
    if (urgent == NULL)
        return turn;
    if (now_ms >= urgent->deadline_ms) {
        turn.word = GATE_LATE;
        turn.request = dequeue(gate, urgent, false);
        return turn;
    }
    if (gate->starts_left == 0) {
        turn.until_ms = now_ms;
        return turn;
    }
    turn.word = may_start(gate, now_ms, now_s, &wait_ms, &turn.refusal);
    if (turn.word == GATE_WAIT) {
        turn.until_ms = urgent->deadline_ms;
        if (wait_ms >= 0 && now_ms + wait_ms < turn.until_ms)
            turn.until_ms = now_ms + wait_ms;
        return turn;
    }
    turn.request = dequeue(gate, gate->queue, true);
    if (turn.word == GATE_GO)
        go(gate, now_ms, &turn.request->ticket);
    return turn;
}

struct gate_request *gate_drop(struct gate *gate)
{
    return gate->queue != NULL ? dequeue(gate, gate->queue, true) : NULL;
}

bool gate_retry(struct gate *gate)
{
    bool may = gate->retry_tokens >= 1.0 && gate->breaker.state == BREAKER_CLOSED;
    if (may) {
        gate->retry_tokens -= 1.0;
        limiter_count(&gate->limiter);
    }
    return may;
}

void gate_resend(struct gate *gate)
{
    limiter_count(&gate->limiter);
}

int64_t gate_set_exhausted_until(struct gate *gate, int64_t until_s, int64_t now_s)
{
    limiter_set_exhausted_until(&gate->limiter, until_s, now_s);
    int64_t left_s = limiter_spent_s(&gate->limiter, now_s);
    return left_s;
}

int64_t gate_end(struct gate *gate, unsigned ticket, enum problem_kind problem, int64_t retry_after_s,
                 int64_t now_ms)
{
    bool fine = problem == PROBLEM_NONE || problem == PROBLEM_NOT_FOUND, opened = false;
    if (fine)
        breaker_succeeded(&gate->breaker, ticket);
    else
        opened = breaker_failed(&gate->breaker, ticket, problem, retry_after_s, now_ms);
    int64_t pause_s = opened ? breaker_retry_after_s(&gate->breaker, now_ms) : 0;
    gate->in_flight--;
    return pause_s;
}
