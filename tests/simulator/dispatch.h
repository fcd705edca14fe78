/* Where every request comes, from either port: it is counted, a provider answers it, and the control path's
 * orders are applied. Knows no HTTP library. Any thread. */
#ifndef SIMULATOR_DISPATCH_H
#define SIMULATOR_DISPATCH_H

#include "tests/simulator/control.h"

struct dispatch {
    const struct tour_world *world;
    struct control *control;
    struct counters *counters;
    struct memo *memo;
    const char *api_key; /* NULL: any key is right */
    struct fault_places places;
};

/* One request and its answer. */
struct call {
    struct dispatch *dispatch;
    struct reply *reply; /* owned by the call */
    enum fault_way way;
    unsigned latency_ms;
    bool counted_in, answered;
    struct counted counted;
};

/* How the request came in. */
struct arrival {
    const char *target;
    size_t target_len;
    uint64_t connection; /* its number, in the order of opening, of both ports together */
    bool http2, raw;     /* raw: the port that can send anything */
};

/* Begins a call. Ways that only the raw port has are answered with 501 at the other. */
void dispatch_call(struct dispatch *dispatch, const struct arrival *arrival, struct call *ret_call);

void call_answered(struct call *call); /* the answer begins: ends its round, and no longer under way */
void call_end(struct call *call);      /* the client has gone or has everything; frees what it holds */

#endif
