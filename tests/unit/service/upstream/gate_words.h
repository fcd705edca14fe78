/* What a gate is told by its tests, in a word. */
#ifndef MARQUEE_GATE_WORDS_H
#define MARQUEE_GATE_WORDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/upstream/gate.h"

static unsigned latest_ticket;

static inline enum gate_word start(struct gate *gate, int64_t now_ms)
{
    struct upstream_refusal refusal;
    int64_t wait_ms;
    return gate_start(gate, now_ms, 0, &wait_ms, &latest_ticket, &refusal);
}

/* That of the request that was started last ends. */
static inline int64_t end(struct gate *gate, enum problem_kind problem, int64_t retry_after_s, int64_t now_ms)
{
    return gate_end(gate, latest_ticket, problem, retry_after_s, now_ms);
}

static inline bool join(struct gate *gate, int64_t now_ms, struct upstream_refusal *ret_refusal)
{
    return gate_join(gate, false, now_ms, 0, ret_refusal);
}

static inline void go(struct gate *gate, int64_t now_ms)
{
    struct upstream_refusal refusal;
    assert_true(join(gate, now_ms, &refusal));
    assert_int_equal(start(gate, now_ms), GATE_GO);
}

#endif
