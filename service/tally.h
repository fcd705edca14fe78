/* What the answers of one document add up to: how long it may be used, what it cost, what went wrong on the
 * way. A document is as fresh as its least fresh part. Plain data; back thread only. */
#ifndef MARQUEE_TALLY_H
#define MARQUEE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "../translators/problem.h"
#include "representation.h"
#include "source.h"

struct tally {
    int64_t fresh_until_s, keep_until_s; /* of the least fresh answer */
    int64_t retry_after_s;               /* the longest that an upstream asked for; 0: none did */
    enum problem_kind trouble;           /* why a part is a stale copy; PROBLEM_NONE: none is */
    const char *why; /* of the latest problem or trouble, for the log; NULL: all went well */
    unsigned upstream_requests;
};

struct tally tally_new(int64_t fresh_until_s, int64_t keep_until_s);
void tally_answer(struct tally *tally, const struct source_answer *answer);

/* The document's times. One that is poorer than it could be, or has a stale part, is fresh for `soon_s` only.
 * Stored now, and neither time is before that. */
struct representation_times tally_times(const struct tally *tally, bool incomplete, unsigned soon_s,
                                        int64_t now_s);

#endif
