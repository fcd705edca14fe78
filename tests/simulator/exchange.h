/* One request of the main port on its loop, from libh2o's callback to its last byte. */
#ifndef SIMULATOR_EXCHANGE_H
#define SIMULATOR_EXCHANGE_H

#include <h2o.h>

#include "tests/simulator/dispatch.h"
#include "tests/simulator/timers.h"

_Static_assert(H2O_USE_LIBUV == 0, "compile with -DH2O_USE_LIBUV=0: the headers must fit libh2o-evloop");

#define EXCHANGE_MAGIC 0x5e2c4a11u

struct exchange {
    unsigned magic;
    h2o_generator_t generator;
    h2o_req_t *req;
    struct timers *timers;
    int64_t arrived_us;
    struct timer timer; /* the delayed answer, or the next byte of a dripping one */
    struct call call;
    char scratch[64];
    size_t sent;   /* bytes of the body */
    uint64_t left; /* filler still to come */
    unsigned hung_ms;
    bool ready; /* libh2o takes more */
};

/* Writes the answer in the call's way; later, after the call's latency. The exchange is freed by libh2o
 * with the request's pool. */
void exchange_deliver(struct exchange *exchange);

#endif
