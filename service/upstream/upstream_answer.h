/* What an upstream answered, or why it was not asked. Plain data. */
#ifndef MARQUEE_UPSTREAM_ANSWER_H
#define MARQUEE_UPSTREAM_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "translators/ask/translator.h"
#include "translators/base/problem.h"

struct provider_config;

#define UPSTREAM_MAX_JSON_DEPTH 64 /* nesting of an answer */

/* Why a question is not asked. */
struct upstream_refusal {
    enum problem_kind problem;
    int64_t retry_after_s; /* 0: not known */
};

struct upstream_answer {
    enum problem_kind
        problem;       /* PROBLEM_NONE: `body` may be used. PROBLEM_NOT_FOUND speaks for the upstream too */
    json_t *body;      /* borrowed for the call; NULL when there is a problem */
    bool repaired;     /* the bytes were no valid JSON as they came */
    bool misshapen;    /* this question is answered oddly, and others need not be (ask/answer.h) */
    int status;        /* of HTTP; 0: no answer came */
    const char *bytes; /* decoded, the key overwritten, borrowed for the call, not NUL-terminated */
    size_t len;
    int64_t retry_after_s; /* 0: not known */
    int64_t reset_after_s; /* until the upstream gives all requests back, by its own word; 0: not said */
    bool is_spent;         /* nothing is to be asked until reset_after_s is over */
    const char *why;       /* of a problem, for the log; static, no secret in it */
    unsigned elapsed_us;   /* of the last try */
};

typedef void upstream_done_fn(void *arg, const struct upstream_answer *answer);

/* Judges what came whole (problem PROBLEM_NONE) for a question of this kind: fills all that its bytes say.
 * Where none came, the problem stays. A body is a new reference. Pure. */
void upstream_answer_judge(struct upstream_answer *answer, const struct provider_config *provider,
                           enum resource kind);

#endif
