/* Making and ending orders. Carrying them to the back thread is back.c's. */
#include "order.h"

#include <stdlib.h>

#include "translators/base/memory.h"

struct order *order_new(const struct document_request *request, order_done_fn *on_done, void *arg)
{
    struct order *order = memory_new_zeroed(1, sizeof(*order));
    order->request = *request;
    order->refresh = on_done == NULL;
    order->on_done = on_done;
    order->arg = arg;
    return order;
}

void order_finish(struct order *order, struct outcome *outcome)
{
    if (order->on_done != NULL)
        order->on_done(order->arg, outcome);
    else
        outcome_done(outcome);
    order_free(order);
}

void order_free(struct order *order)
{
    free(order);
}
