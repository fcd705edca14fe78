/* What an upstream answered, and who is told. Plain data. */
#ifndef MARQUEE_UPSTREAM_ANSWER_H
#define MARQUEE_UPSTREAM_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "translators/base/problem.h"
#include "verdict.h"

struct upstream_answer {
    enum problem_kind problem; /* PROBLEM_NONE: an HTTP answer arrived whole, whatever its status */
    int status;
    const char *bytes; /* decoded, the key overwritten, borrowed for the call, not NUL-terminated */
    size_t len;
    int64_t retry_after_s; /* 0: not given */
    int64_t reset_after_s; /* until the upstream gives all requests back, by its own word; 0: not said */
    const char *why;       /* of a problem, for the log; no secret in it */
    unsigned elapsed_us;   /* of the last try */
};

/* Says what it makes of the answer, for breaker and limits. */
typedef struct verdict upstream_done_fn(void *arg, const struct upstream_answer *answer);

#endif
