/* Whose budgets a document is made on: the client's, and that of the host its pages are for, because behind a
 * file host the visitors of every tour are one client. All of them spend, or none. Thread-safe. */
#ifndef MARQUEE_PAYERS_H
#define MARQUEE_PAYERS_H

#include "client_budget.h"

/* The client first. */
struct payers {
    struct client clients[2];
    size_t n;
    struct client_budget_limits limits; /* of each */
};

/* As client_budget_look(), _enter() and _leave(). Granted, the grant is the client's; else it is that of the
 * one who is over the budget. */
struct client_budget_grant payers_look(struct client_budget *quota, const struct payers *payers,
                                       int64_t now_ms);
struct client_budget_grant payers_enter(struct client_budget *quota, const struct payers *payers,
                                        int64_t now_ms);
void payers_leave(struct client_budget *quota, const struct payers *payers);

#endif
