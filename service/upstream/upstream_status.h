/* How the upstreams are, as plain data for an operator. Nothing in it is a secret. */
#ifndef MARQUEE_UPSTREAM_STATUS_H
#define MARQUEE_UPSTREAM_STATUS_H

#include <stdint.h>

#include "breaker.h"
#include "service/config/config.h"

#define UPSTREAM_STATUS_MAX (CONFIG_MAX_PROVIDERS + CONFIG_MAX_KEYS)

/* Of a provider, or of a key of its own, that has been asked since the start. Times are Unix time; 0: never.
 */
struct upstream_status {
    char section[CONFIG_SECTION_BYTES];
    enum breaker_state breaker;
    int64_t paused_s; /* nothing is asked for so long, because requests failed; 0: it may be asked */
    int64_t spent_s;  /* the same, because the quota is spent */
    unsigned asked_today, in_flight, queued;
    int64_t succeeded_s;
    int64_t failed_s;
    enum problem_kind failure; /* the latest; PROBLEM_NONE: none yet */
};

#endif
