/* Bytes from an upstream -> JSON, judged: the one door through which upstream bodies come in.
 *
 * jansson refuses a whole document for one bad value (a huge integer, 1e999, NUL, a lone surrogate, invalid
 * UTF-8, a BOM). Where such a value can be repaired without inventing anything the page is not lost for it.
 */
#ifndef MARQUEE_ANSWER_H
#define MARQUEE_ANSWER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "translator.h"
#include "translators/base/problem.h"

struct answer {
    enum problem_kind problem; /* PROBLEM_NONE: `body` may be used */
    json_t *body;              /* new reference; NULL when there is a problem */
    unsigned
        limit_s; /* with PROBLEM_UPSTREAM_LIMIT: how long it holds, by the body (limit_s of the translator) */
    bool repaired;  /* the bytes were no valid JSON as they came */
    bool misshapen; /* PROBLEM_UPSTREAM_RUBBISH, though it is JSON with a good status: this question is
                       answered oddly, and others need not be */
};

/* Reads `len` bytes that came with an HTTP status for a question of this kind. `max_depth` bounds nesting. */
struct answer answer_read(const struct translator *translator, enum resource kind, int status,
                          const char *bytes, size_t len, size_t max_depth);

/* The default judgement by status, for a translator's judge() to build on: 2xx none; 404, 410 not found;
 * 401, 403 key; 429 limit; 3xx rubbish; 408, 504 slow; other 4xx rubbish; 5xx error. */
enum problem_kind answer_judge_status(int status);

#endif
