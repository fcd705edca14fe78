/* What the answers of one document add up to: how long it may be used, how old it is, what it cost, what went
 * wrong on the way. A document is as fresh as its least fresh part. Plain data; back thread only. */
#ifndef MARQUEE_TALLY_H
#define MARQUEE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "service/document/representation.h"
#include "source.h"
#include "translators/base/problem.h"

struct tally {
    int64_t fresh_until_s, keep_until_s; /* of the least fresh answer */
    int64_t newest_s;                    /* when the latest answer came; INT64_MIN: none did */
    int64_t oldest_stale_s;              /* when the oldest stale copy came; INT64_MAX: there is none */
    int64_t retry_after_s;               /* the longest that an upstream asked for; 0: none did */
    enum problem_kind trouble;           /* why a part is a stale copy; PROBLEM_NONE: none is */
    const char *why; /* of the latest problem or trouble, for the log; NULL: all went well */
    unsigned upstream_requests;
};

struct tally tally_new(int64_t fresh_until_s, int64_t keep_until_s);
void tally_answer(struct tally *tally, const struct source_answer *answer);

/* The document's times. One that is poorer than it could be, or has a stale part, is fresh for `soon_s` only.
 * Stored now, and neither end is before that.
 *
 * It was made (RFC 9111: generated or validated) when its latest answer came: its other answers were fresh
 * then, as they still are, and nothing has been confirmed since. A stale copy speaks for no time but its own,
 * so with stale parts it was made when the oldest of them came. The oldest answer of all would say too much:
 * events asked for a second ago would be days old because of what is known of their venue. */
struct representation_times tally_times(const struct tally *tally, bool incomplete, unsigned soon_s,
                                        int64_t now_s);

#endif
