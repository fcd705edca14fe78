/* How many documents each client may have made: a token bucket, and a cap on what is under way at once. A
 * client is a struct client: an IPv6 client is its /64. Who begins a document spends; who gets one that is
 * warm or in the making spends nothing, so that a crowd behind one address is one client that asks once.
 * Thread-safe; time is an argument.
 *
 *     struct client_budget_grant grant = client_budget_enter(quota, &client, &limits, now_ms);
 *     if (grant.result == BUDGET_GRANTED) { … the work … client_budget_leave(quota, &client); } */
#ifndef MARQUEE_CLIENT_BUDGET_H
#define MARQUEE_CLIENT_BUDGET_H

#include <stddef.h>
#include <stdint.h>

#include "clients.h"

struct client_budget;

/* May differ from call to call: a reload changes them. */
struct client_budget_limits {
    unsigned per_minute;   /* 0: no limit of this kind */
    unsigned burst;        /* what a client that was quiet may ask for at once; at least 1 counts */
    unsigned max_parallel; /* under way at once; 0: no limit of this kind */
    unsigned share;        /* so many times as much as that may be asked for; 0 counts as 1 */
};

enum budget_result { BUDGET_GRANTED, BUDGET_SPENT, BUDGET_PARALLEL, BUDGET_FULL };

/* The result, and what the client is told of it. */
struct client_budget_grant {
    enum budget_result result; /* BUDGET_FULL: too many other clients are being served */
    unsigned quota, window_s;  /* the policy; 0: there is none, nothing is to be told */
    unsigned remaining;        /* whole documents left */
    unsigned reset_s;          /* until all of the quota is back */
    unsigned retry_after_s;    /* 0 when granted */
};

/* New table for about `max_clients` at once. Beyond, those who have spent least are forgotten; never one who
 * has work under way. */
struct client_budget *client_budget_new(size_t max_clients);
void client_budget_free(struct client_budget *quota); /* NULL is a no-op */

/* What client_budget_enter() would say; takes nothing. Of a client that nobody knows it is a grant. */
struct client_budget_grant client_budget_look(struct client_budget *quota, const struct client *client,
                                              const struct client_budget_limits *limits, int64_t now_ms);

/* Takes one document's worth. `now_ms` is monotonic. */
struct client_budget_grant client_budget_enter(struct client_budget *quota, const struct client *client,
                                               const struct client_budget_limits *limits, int64_t now_ms);
void client_budget_leave(struct client_budget *quota,
                         const struct client *client); /* of one that was granted */

/* Whose budgets a document is made on: the client's, and that of the host its pages are for, because behind a
 * file host the visitors of every tour are one client. All of them spend, or none. The client is first.
 * Anybody can name a host, so a host has the budgets of PAYERS_HOST_SHARE clients: one alone spends its own
 * before it spends a stranger's. */
#define PAYERS_HOST_SHARE 8
struct payers {
    struct client clients[2];
    size_t n;
    struct client_budget_limits limits; /* of the client */
};

/* As client_budget_look(), _enter() and _leave(). Granted, the grant is the client's; else it is that of the
 * one who is over the budget. */
struct client_budget_grant payers_look(struct client_budget *quota, const struct payers *payers,
                                       int64_t now_ms);
struct client_budget_grant payers_enter(struct client_budget *quota, const struct payers *payers,
                                        int64_t now_ms);
void payers_leave(struct client_budget *quota, const struct payers *payers);

#endif
