/* How much cold work each client may ask for: a token bucket, and a cap on what is under way at once. A
 * client is a struct peer: an IPv6 client is its /64. Warm answers never come here. Thread-safe; time is an
 * argument.
 *
 *     struct quota_grant grant = quota_enter(quota, &peer, &limits, now_ms);
 *     if (grant.verdict == QUOTA_GRANTED) { … the work … quota_leave(quota, &peer); } */
#ifndef MARQUEE_QUOTA_H
#define MARQUEE_QUOTA_H

#include <stddef.h>
#include <stdint.h>

#include "peers.h"

struct quota;

/* May differ from call to call: a reload changes them. */
struct quota_limits {
    unsigned per_minute;   /* 0: no limit of this kind */
    unsigned burst;        /* what a client that was quiet may ask for at once; at least 1 counts */
    unsigned max_parallel; /* under way at once; 0: no limit of this kind */
};

enum quota_verdict { QUOTA_GRANTED, QUOTA_SPENT, QUOTA_PARALLEL, QUOTA_FULL };

/* The verdict, and what the client is told of it. */
struct quota_grant {
    enum quota_verdict verdict; /* QUOTA_FULL: too many other clients are being served */
    unsigned quota, window_s;   /* the policy; 0: there is none, nothing is to be told */
    unsigned remaining;         /* whole documents left */
    unsigned reset_s;           /* until all of the quota is back */
    unsigned retry_after_s;     /* 0 when granted */
};

/* New table for about `max_clients` at once. Beyond, those who have spent least are forgotten; never one who
 * has work under way. */
struct quota *quota_new(size_t max_clients);
void quota_free(struct quota *quota); /* NULL is a no-op */

/* Takes one document's worth. `now_ms` is monotonic. */
struct quota_grant quota_enter(struct quota *quota, const struct peer *peer,
                               const struct quota_limits *limits, int64_t now_ms);
void quota_leave(struct quota *quota, const struct peer *peer); /* of one that was granted */

#endif
