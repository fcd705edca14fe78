/* The clocks of the service. Whoever needs a time in the middle of something gets it as an argument from
 * where its thread looked last. Any thread. */
#ifndef MARQUEE_CLOCK_H
#define MARQUEE_CLOCK_H

#include <stdint.h>

/* A clock that nobody sets: for bounds and pauses. */
int64_t clock_monotonic_ms(void);

/* Unix time: for freshness, dates and what upstreams say. Not time(), which lags some milliseconds behind
 * what libh2o reads: a document that a front thread has just called stale would be fresh elsewhere. */
int64_t clock_unix_s(void);

#endif
