/* How often an upstream may be asked: so many times a second, so many times a day. Plain data, time is an
 * argument. */
#ifndef MARQUEE_LIMITER_H
#define MARQUEE_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#define LIMITER_MAX_SPENT_S 172800 /* the longest that an upstream is believed to have nothing left */
#define LIMITER_MAX_BACK_S  60     /* how far the clock may be set back without the word being forgotten */

struct limiter {
    unsigned per_s, per_day; /* 0: no limit */
    double tokens;           /* of this second's allowance */
    int64_t filled_ms;       /* monotonic */
    int64_t day;             /* days since 1970, UTC */
    unsigned spent_today;
    int64_t exhausted_until_s; /* the upstream's own word that nothing is left until then; 0: it gave none */
    int64_t exhausted_since_s; /* when that word came */
};

struct limiter limiter_new(unsigned per_s, unsigned per_day);

/* Takes one request out of both allowances. False: not now; *ret_wait_ms says when to ask again, or is -1
 * when the day's quota is spent. */
bool limiter_take(struct limiter *limiter, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms);

/* One request was sent without asking first. */
void limiter_count(struct limiter *limiter);

/* Requests of this UTC day. */
unsigned limiter_spent_today(const struct limiter *limiter, int64_t now_s);

/* Seconds until the day's quota is whole again. */
int64_t limiter_day_left_s(int64_t now_s);

/* The upstream says that nothing is left until a Unix time; believed up to LIMITER_MAX_SPENT_S. It is wall
 * time, because that is what upstreams say. When the clock is set back to before the word came, the word is
 * forgotten: asking once brings a new one, and waiting could take as long as the jump. */
void limiter_set_exhausted_until(struct limiter *limiter, int64_t until_s, int64_t now_s);

/* Seconds for which nothing is to be asked by the upstream's own word alone. */
int64_t limiter_exhausted_s(const struct limiter *limiter, int64_t now_s);

/* Seconds for which nothing is to be asked by the upstream's own word or because the day's quota is spent; 0:
 * it may be asked. */
int64_t limiter_spent_s(const struct limiter *limiter, int64_t now_s);

#endif
