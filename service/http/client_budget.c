/* A set-associative table of token buckets under one mutex: it is touched by cold requests alone, and each
 * costs a thousand times as much. A bucket is kept as what has been spent, so that a client nobody knows and
 * one whose bucket is full again are the same: zero. */
#include "client_budget.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cache/key.h"
#include "translators/base/must.h"

#define WAYS 8
/* Spending is counted in parts so small that one per minute comes to a whole number each millisecond. */
#define MINUTE_MS 60000

struct slot {
    struct client client;
    unsigned n_parallel;
    uint64_t spent; /* in 1/MINUTE_MS of a document, at at_ms */
    int64_t at_ms;
};

struct client_budget {
    pthread_mutex_t mutex;
    uint8_t secret[16]; /* nobody outside chooses who collides */
    size_t mask;        /* of sets */
    struct slot slots[];
};

struct client_budget *client_budget_new(size_t max_clients)
{
    size_t n_sets = 1;
    while (n_sets * WAYS < max_clients)
        n_sets *= 2;
    struct client_budget *quota = must(calloc(1, sizeof(*quota) + n_sets * WAYS * sizeof(quota->slots[0])));
    must(getrandom(quota->secret, sizeof(quota->secret), 0) == sizeof(quota->secret));
    pthread_mutex_init(&quota->mutex, NULL);
    quota->mask = n_sets - 1;
    return quota;
}

void client_budget_free(struct client_budget *quota)
{
    if (quota == NULL)
        return;
    pthread_mutex_destroy(&quota->mutex);
    free(quota);
}

static struct slot *set_of(struct client_budget *quota, const struct client *client)
{
    struct cache_key key = {(const char *)client->bytes, sizeof(client->bytes)};
    return &quota->slots[(cache_key_hash(&key, quota->secret) & quota->mask) * WAYS];
}

static struct slot *find(struct slot *set, const struct client *client)
{
    for (size_t i = 0; i < WAYS; i++)
        if (memcmp(&set[i].client, client, sizeof(*client)) == 0)
            return &set[i];
    return NULL;
}

/* What has come back since is no longer spent. */
static void refill(struct slot *slot, unsigned per_minute, int64_t now_ms)
{
    uint64_t passed_ms = now_ms > slot->at_ms ? (uint64_t)(now_ms - slot->at_ms) : 0;
    uint64_t back = passed_ms > UINT32_MAX ? UINT64_MAX : passed_ms * per_minute;
    slot->spent = slot->spent > back ? slot->spent - back : 0;
    slot->at_ms = now_ms;
}

/* The slot of the least loss: nothing is under way, and the least is spent. NULL: all have work under way. */
static struct slot *evict(struct slot *set, unsigned per_minute, int64_t now_ms)
{
    struct slot *least = NULL;
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].n_parallel > 0)
            continue;
        refill(&set[i], per_minute, now_ms);
        if (least == NULL || set[i].spent < least->spent)
            least = &set[i];
    }
    return least;
}

static unsigned round_up(uint64_t amount, unsigned per)
{
    return (unsigned)((amount + per - 1) / per);
}

/* What one document costs, in the units of a slot. */
static uint64_t cost_of(const struct client_budget_limits *limits)
{
    return MINUTE_MS / (limits->share > 0 ? limits->share : 1);
}

static struct client_budget_grant judge(struct slot *slot, const struct client_budget_limits *limits,
                                        int64_t now_ms, bool is_taken)
{
    struct client_budget_grant grant = {.result = BUDGET_GRANTED};
    const unsigned per_minute = limits->per_minute;
    const unsigned share = limits->share > 0 ? limits->share : 1;
    const uint64_t one = cost_of(limits),
                   most = (limits->burst > 0 ? limits->burst : 1) * (uint64_t)MINUTE_MS;
    refill(slot, per_minute, now_ms);
    if (slot->spent > most)
        slot->spent = most;
    if (limits->max_parallel > 0 && slot->n_parallel / share >= limits->max_parallel) {
        grant.result = BUDGET_PARALLEL;
        grant.retry_after_s = 1;
    } else if (per_minute > 0 && slot->spent + one > most) {
        grant.result = BUDGET_SPENT;
        grant.retry_after_s = round_up(slot->spent + one - most, per_minute * 1000);
    } else if (is_taken) {
        slot->n_parallel++;
        slot->spent += per_minute > 0 ? one : 0;
    }
    if (per_minute > 0) {
        grant.quota = (unsigned)(most / one);
        grant.window_s = round_up(most, per_minute * 1000);
        grant.remaining = (unsigned)((most - slot->spent) / one);
        grant.reset_s = round_up(slot->spent, per_minute * 1000);
    }
    return grant;
}

struct client_budget_grant client_budget_enter(struct client_budget *quota, const struct client *client,
                                               const struct client_budget_limits *limits, int64_t now_ms)
{
    struct client_budget_grant grant = {.result = BUDGET_FULL, .retry_after_s = 1};
    pthread_mutex_lock(&quota->mutex);
    struct slot *set = set_of(quota, client);
    struct slot *slot = find(set, client);
    if (slot == NULL) {
        slot = evict(set, limits->per_minute, now_ms);
        if (slot != NULL)
            *slot = (struct slot){.client = *client, .at_ms = now_ms};
    }
    if (slot != NULL)
        grant = judge(slot, limits, now_ms, true);
    pthread_mutex_unlock(&quota->mutex);
    return grant;
}

struct client_budget_grant client_budget_look(struct client_budget *quota, const struct client *client,
                                              const struct client_budget_limits *limits, int64_t now_ms)
{
    struct client_budget_grant grant = {.result = BUDGET_GRANTED};
    pthread_mutex_lock(&quota->mutex);
    struct slot *slot = find(set_of(quota, client), client);
    if (slot != NULL)
        grant = judge(slot, limits, now_ms, false);
    pthread_mutex_unlock(&quota->mutex);
    return grant;
}

static void leave(struct client_budget *quota, const struct client *client, uint64_t refund)
{
    pthread_mutex_lock(&quota->mutex);
    struct slot *slot = must(find(set_of(quota, client), client));
    must(slot->n_parallel != 0);
    slot->n_parallel--;
    slot->spent -= refund < slot->spent ? refund : slot->spent;
    pthread_mutex_unlock(&quota->mutex);
}

void client_budget_leave(struct client_budget *quota, const struct client *client)
{
    leave(quota, client, 0);
}

static struct client_budget_limits limits_of(const struct payers *payers, size_t i)
{
    struct client_budget_limits limits = payers->limits;
    limits.share = i > 0 ? PAYERS_HOST_SHARE : 1;
    return limits;
}

struct client_budget_grant payers_look(struct client_budget *quota, const struct payers *payers,
                                       int64_t now_ms)
{
    struct client_budget_grant grant = {.result = BUDGET_GRANTED};
    for (size_t i = payers->n; i-- > 0 && grant.result == BUDGET_GRANTED;) {
        struct client_budget_limits limits = limits_of(payers, i);
        grant = client_budget_look(quota, &payers->clients[i], &limits, now_ms);
    }
    return grant;
}

struct client_budget_grant payers_enter(struct client_budget *quota, const struct payers *payers,
                                        int64_t now_ms)
{
    struct client_budget_grant grant = payers_look(quota, payers, now_ms);
    for (size_t i = payers->n; i-- > 0 && grant.result == BUDGET_GRANTED;) {
        struct client_budget_limits limits = limits_of(payers, i);
        grant = client_budget_enter(quota, &payers->clients[i], &limits, now_ms);
        for (size_t j = i + 1; j < payers->n && grant.result != BUDGET_GRANTED; j++) {
            limits = limits_of(payers, j);
            leave(quota, &payers->clients[j], limits.per_minute > 0 ? cost_of(&limits) : 0);
        }
    }
    return grant;
}

void payers_leave(struct client_budget *quota, const struct payers *payers)
{
    for (size_t i = 0; i < payers->n; i++)
        client_budget_leave(quota, &payers->clients[i]);
}
