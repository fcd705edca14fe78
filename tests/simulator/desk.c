/* The way of a request through the simulator, once it is read and until it is written. */
#include "tests/simulator/desk.h"

#include <stdio.h>
#include <string.h>

#include "tests/simulator/memo.h"

#define DESK_NAME_BYTES (2 * REQUEST_PATH_BYTES + 8)

static struct reply *desk_normal(struct desk *desk, const struct provider *provider, const char *rest,
                                 const struct request *request)
{
    char name[DESK_NAME_BYTES];
    struct reply *reply;

    if (provider->refuse != NULL && desk->api_key != NULL && strcmp(desk->api_key, request->key) != 0)
        return provider->refuse();
    snprintf(name, sizeof(name), "%s?%s", request->path, request->query);
    reply = memo_get(desk->memo, name);
    if (reply == NULL) {
        reply = provider->answer(desk->world, rest, request);
        memo_put(desk->memo, name, reply);
    }
    return reply;
}

/* Takes `normal`. */
static struct reply *desk_hostile(struct desk *desk, const struct fault *fault, struct reply *normal)
{
    struct reply *reply;
    char name[64];

    /* No path begins without a slash, so these names are none. */
    snprintf(name, sizeof(name), "fault %s", fault->name);
    reply = fault->heavy ? memo_get(desk->memo, name) : NULL;
    if (reply == NULL) {
        reply = fault_edit(fault, normal, &desk->places);
        if (fault->heavy)
            memo_put(desk->memo, name, reply);
    }
    reply_unref(normal);
    return reply;
}

void desk_visit(struct desk *desk, const struct arrival *arrival, struct visit *ret_visit)
{
    const struct provider *provider;
    struct request request;
    struct orders orders;
    const char *rest;

    *ret_visit = (struct visit){.desk = desk, .way = WAY_WHOLE};
    if (!request_parse(arrival->target, arrival->target_len, &request)) {
        ret_visit->reply = reply_text(400, "{\"error\":\"not a path, or too long\"}\n");
        return;
    }
    ret_visit->reply = control_answer(desk->control, &request);
    if (ret_visit->reply != NULL)
        return;
    provider = provider_of(request.path, &rest);
    if (provider == NULL) {
        ret_visit->reply = reply_text(404, "{\"error\":\"no provider has this path\"}\n");
        return;
    }
    ret_visit->counted = counters_begin(desk->counters, provider->classify(rest), &request,
                                        arrival->connection, arrival->http2);
    ret_visit->counted_in = true;
    orders = control_orders(desk->control, &request, arrival->connection);
    ret_visit->latency_ms = orders.latency_ms;
    ret_visit->reply = desk_normal(desk, provider, rest, &request);
    if (!orders.hostile)
        return;
    counters_faulted(desk->counters);
    if (orders.fault.way >= WAY_FIRST_RAW && !arrival->raw) {
        reply_unref(ret_visit->reply);
        ret_visit->reply = reply_text(501, "{\"error\":\"only the raw port has this mode\"}\n");
        return;
    }
    ret_visit->way = orders.fault.way;
    ret_visit->reply = desk_hostile(desk, &orders.fault, ret_visit->reply);
}

void visit_answered(struct visit *visit)
{
    if (!visit->counted_in || visit->answered)
        return;
    visit->answered = true;
    counters_answered(visit->desk->counters, &visit->counted);
    counters_end(visit->desk->counters, &visit->counted);
}

void visit_end(struct visit *visit)
{
    if (visit->counted_in && !visit->answered)
        counters_end(visit->desk->counters, &visit->counted);
    visit->counted_in = false;
    reply_unref(visit->reply);
    visit->reply = NULL;
}
