/* Where every request comes, from either port: it is counted, a provider answers it, and the control path's
 * orders are applied. Knows no HTTP library. Any thread. */
#ifndef SIMULATOR_DESK_H
#define SIMULATOR_DESK_H

#include "tests/simulator/control.h"

struct desk {
    const struct tour_world *world;
    struct control *control;
    struct counters *counters;
    struct memo *memo;
    const char *api_key; /* NULL: any key is right */
    struct fault_places places;
};

/* One request at the desk. */
struct visit {
    struct desk *desk;
    struct reply *reply; /* owned by the visit */
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

/* Begins a visit. Ways that only the raw port has are answered with 501 at the other. */
void desk_visit(struct desk *desk, const struct arrival *arrival, struct visit *ret_visit);

void visit_answered(struct visit *visit); /* the answer begins: ends its round, and no longer under way */
void visit_end(struct visit *visit);      /* the client has gone or has everything; frees what it holds */

#endif
