/* What a lane is told by its tests, in a word. */
#ifndef MARQUEE_LANE_WORDS_H
#define MARQUEE_LANE_WORDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/upstream/lane.h"

static unsigned latest_ticket;

static inline enum lane_word start(struct lane *lane, int64_t now_ms)
{
    struct verdict refusal;
    int64_t wait_ms;
    return lane_start(lane, now_ms, 0, &wait_ms, &latest_ticket, &refusal);
}

/* That of the request that was started last ends. */
static inline int64_t end(struct lane *lane, enum problem_kind problem, int64_t retry_after_s, int64_t now_ms)
{
    return lane_end(lane, latest_ticket, problem, retry_after_s, now_ms);
}

static inline bool join(struct lane *lane, int64_t now_ms, struct verdict *ret_refusal)
{
    return lane_join(lane, false, now_ms, 0, ret_refusal);
}

static inline void go(struct lane *lane, int64_t now_ms)
{
    struct verdict refusal;
    assert_true(join(lane, now_ms, &refusal));
    assert_int_equal(start(lane, now_ms), LANE_GO);
}

#endif
