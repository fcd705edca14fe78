/* Whose budgets a document is made on. */

#include "payers.h"

struct client_budget_grant payers_look(struct client_budget *quota, const struct payers *payers,
                                       int64_t now_ms)
{
    struct client_budget_grant grant = {.result = BUDGET_GRANTED};
    for (size_t i = payers->n; i-- > 0 && grant.result == BUDGET_GRANTED;)
        grant = client_budget_look(quota, &payers->clients[i], &payers->limits, now_ms);
    return grant;
}

struct client_budget_grant payers_enter(struct client_budget *quota, const struct payers *payers,
                                        int64_t now_ms)
{
    struct client_budget_grant grant = payers_look(quota, payers, now_ms);
    for (size_t i = payers->n; i-- > 0 && grant.result == BUDGET_GRANTED;) {
        grant = client_budget_enter(quota, &payers->clients[i], &payers->limits, now_ms);
        for (size_t j = i + 1; j < payers->n && grant.result != BUDGET_GRANTED; j++)
            client_budget_leave(quota, &payers->clients[j]);
    }
    return grant;
}

void payers_leave(struct client_budget *quota, const struct payers *payers)
{
    for (size_t i = 0; i < payers->n; i++)
        client_budget_leave(quota, &payers->clients[i]);
}
