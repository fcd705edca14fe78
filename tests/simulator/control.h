/* The control path: which hostile modes and latencies apply to which requests, changed at run time. Any
 * thread.
 *
 *   /control/set?latency_ms=100                latency of everything
 *   /control/set?mode=M[&match=TEXT][&times=N][&latency_ms=L]
 *                                              mode M for requests whose path and query contain TEXT, N times
 *   /control/set?latency_ms=L&match=TEXT       latency of those alone
 *   /control/set?mode=ok                       no modes and no latencies any more
 *   /control/counters[?paths=1]                see counters.h
 *   /control/reset[?all=1]                     counters and canary to zero; with all: mode=ok as well
 *   /control/canary                            how often a redirect was followed
 *   /control/goaway                            every HTTP/2 connection gets a GOAWAY
 * Of several rules the one set last applies. Everything answers JSON. */
#ifndef SIMULATOR_CONTROL_H
#define SIMULATOR_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/simulator/counters.h"
#include "tests/simulator/faults.h"

struct control;

/* What applies to one request. */
struct orders {
    bool hostile;
    struct fault fault; /* when hostile */
    unsigned latency_ms;
};

struct control *control_new(struct counters *counters,
                            unsigned latency_ms); /* lives as long as the process */

/* `goaway` is called, on any thread, when a GOAWAY is asked for. */
void control_on_goaway(struct control *control, void (*goaway)(void *arg), void *arg);

/* `connection` numbers connections in the order they were opened. */
struct orders control_orders(struct control *control, const struct request *request, uint64_t connection);

/* New: the answer to a request below /control/; NULL: it is not one. */
struct reply *control_answer(struct control *control, const struct request *request);

/* Opens the canary's port on 127.0.0.1 and starts its thread. Returns the port; 0: errno. */
unsigned control_start_canary(struct control *control);

#endif
