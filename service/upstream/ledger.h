/* What is being and has been asked of each upstream, and how it took it: requests under way, breaker, rate,
 * quota and retry budget. An account lives as long as somebody holds it, so it outlasts a reload: the new
 * configuration opens its accounts before the old one closes its own, and while both are at work, both count
 * into the same. A restart forgets them. */
#ifndef MARQUEE_LEDGER_H
#define MARQUEE_LEDGER_H

#include <pthread.h>
#include <stdint.h>

#include "breaker.h"
#include "limiter.h"
#include "service/config/config.h"

#define LEDGER_IDENTITY_BYTES 32

struct account {
    pthread_mutex_t mutex; /* guards what follows, up to the ledger's own */
    struct breaker breaker;
    const void *prober; /* whose request the latest probe was */
    struct limiter limiter;
    unsigned in_flight, max_concurrent;
    const void
        *next; /* who had to wait for the requests of others and has the next free place; NULL: nobody */
    double retry_tokens;
    int64_t warned_day; /* since 1970, of the latest word that the quota is nearly spent; -1: none */
    uint8_t _identity[LEDGER_IDENTITY_BYTES];
    unsigned _n_holders;
    struct account *_next;
};

/* All zero: an empty one, which owns nothing. No more accounts than there are lanes. */
struct ledger {
    struct account *_first;
};

/* The account of this section at this address with this key: whoever replaces a refused or a spent key begins
 * a new one. Takes the provider's limits over. Held until account_close(). One thread opens and closes all
 * accounts of a ledger. */
struct account *account_open(struct ledger *ledger, const struct provider_config *provider);
void account_close(struct ledger *ledger, struct account *account);

#endif
