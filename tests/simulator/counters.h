/* What was asked of the simulator, how often, and how much of it at the same time. Any thread.
 *
 * Rounds: a request that arrives before any request of the current round was answered belongs to that round;
 * the first one after an answer opens the next. So two rounds mean that something was asked because of an
 * answer. Only meaningful with a latency well above the client's own work. */
#ifndef SIMULATOR_COUNTERS_H
#define SIMULATOR_COUNTERS_H

#include <stdbool.h>

#include "tests/simulator/provider.h"

struct counters;

/* One request under way. */
struct counted {
    unsigned generation, round;
    int path; /* -1: there was no room to count its path */
    enum path_class kind;
};

struct counters *counters_new(void); /* lives as long as the process */
void counters_reset(struct counters *counters);
void counters_connection(struct counters *counters); /* one was accepted */

/* `connection` is the number of the one it came on. */
struct counted counters_begin(struct counters *counters, enum path_class kind, const struct request *request,
                              uint64_t connection, bool http2);
void counters_faulted(struct counters *counters);                                 /* got a hostile answer */
void counters_answered(struct counters *counters, const struct counted *counted); /* its answer begins */
void counters_end(struct counters *counters, const struct counted *counted);      /* no longer under way */

/* New: all counters as JSON; with one entry per path when `paths`. */
struct reply *counters_reply(struct counters *counters, bool paths);

#endif
