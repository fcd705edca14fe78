/* What a cached value says as an outcome, and releasing an outcome. How it looks to a client: respond.c and
 * problem_answer.c. */
#include "outcome.h"

#include <string.h>

void outcome_read(struct outcome *outcome, struct cache_value *value)
{
    if (value->status != PROBLEM_NOT_FOUND) {
        outcome->document = cache_value_ref(value);
        outcome->problem = (enum problem_kind)atomic_load_explicit(&value->trouble, memory_order_relaxed);
        return;
    }
    outcome->document = NULL;
    outcome->problem = PROBLEM_NOT_FOUND;
    size_t len = value->len < sizeof(outcome->detail) ? value->len : sizeof(outcome->detail) - 1;
    memcpy(outcome->detail, value->bytes, len);
    outcome->detail[len] = '\0';
}

void outcome_done(struct outcome *outcome)
{
    cache_value_unref(outcome->document);
    outcome->document = NULL;
}
