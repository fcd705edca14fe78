/* The way of a request through the simulator, once it is read and until it is written. */
#include "tests/simulator/dispatch.h"

#include <stdio.h>
#include <string.h>

#include "tests/simulator/memo.h"

#define DISPATCH_NAME_BYTES (2 * REQUEST_PATH_BYTES + 8)

static struct reply *dispatch_normal(struct dispatch *dispatch, const struct provider *provider,
                                     const char *rest, const struct request *request)
{
    char name[DISPATCH_NAME_BYTES];
    struct reply *reply;

    if (provider->refuse != NULL && dispatch->api_key != NULL && strcmp(dispatch->api_key, request->key) != 0)
        return provider->refuse();
    snprintf(name, sizeof(name), "%s?%s", request->path, request->query);
    reply = memo_get(dispatch->memo, name);
    if (reply == NULL) {
        reply = provider->answer(dispatch->world, rest, request);
        memo_put(dispatch->memo, name, reply);
    }
    return reply;
}

/* Takes `normal`. */
static struct reply *dispatch_hostile(struct dispatch *dispatch, const struct fault *fault,
                                      const struct request *request, struct reply *normal)
{
    struct fault_places places = dispatch->places;
    struct reply *reply;
    char name[64];

    /* No path begins without a slash, so these names are none. */
    snprintf(name, sizeof(name), "fault %s", fault->name);
    reply = fault->heavy ? memo_get(dispatch->memo, name) : NULL;
    if (reply == NULL) {
        places.request = request;
        reply = fault_edit(fault, normal, &places);
        if (fault->heavy)
            memo_put(dispatch->memo, name, reply);
    }
    reply_unref(normal);
    return reply;
}

void dispatch_call(struct dispatch *dispatch, const struct arrival *arrival, struct call *ret_call)
{
    const struct provider *provider;
    struct request request;
    struct orders orders;
    const char *rest;

    *ret_call = (struct call){.dispatch = dispatch, .way = WAY_WHOLE};
    if (!request_parse(arrival->target, arrival->target_len, &request)) {
        ret_call->reply = reply_text(400, "{\"error\":\"not a path, or too long\"}\n");
        return;
    }
    ret_call->reply = control_answer(dispatch->control, &request);
    if (ret_call->reply != NULL)
        return;
    provider = provider_of(request.path, &rest);
    if (provider == NULL) {
        ret_call->reply = reply_text(404, "{\"error\":\"no provider has this path\"}\n");
        return;
    }
    ret_call->counted = counters_begin(dispatch->counters, provider->classify(rest), &request,
                                       arrival->connection, arrival->http2);
    ret_call->counted_in = true;
    orders = control_orders(dispatch->control, &request, arrival->connection);
    ret_call->latency_ms = orders.latency_ms;
    ret_call->reply = dispatch_normal(dispatch, provider, rest, &request);
    if (!orders.hostile)
        return;
    counters_faulted(dispatch->counters);
    if (orders.fault.way >= WAY_FIRST_RAW && !arrival->raw) {
        reply_unref(ret_call->reply);
        ret_call->reply = reply_text(501, "{\"error\":\"only the raw port has this mode\"}\n");
        return;
    }
    ret_call->way = orders.fault.way;
    ret_call->reply = dispatch_hostile(dispatch, &orders.fault, &request, ret_call->reply);
}

void call_answered(struct call *call)
{
    if (!call->counted_in || call->answered)
        return;
    call->answered = true;
    counters_answered(call->dispatch->counters, &call->counted);
    counters_end(call->dispatch->counters, &call->counted);
}

void call_end(struct call *call)
{
    if (call->counted_in && !call->answered)
        counters_end(call->dispatch->counters, &call->counted);
    call->counted_in = false;
    reply_unref(call->reply);
    call->reply = NULL;
}
