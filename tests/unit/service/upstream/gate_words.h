/* What a gate is told by its tests, in a word. */
#ifndef MARQUEE_GATE_WORDS_H
#define MARQUEE_GATE_WORDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/upstream/gate.h"

#define FOREVER_MS INT64_MAX

/* Of the request that was started last. */
static unsigned latest_ticket;

static inline enum gate_word start(struct gate *gate, int64_t now_ms)
{
    gate_begin_turn(gate);
    struct gate_turn turn = gate_next(gate, now_ms, 0);
    if (turn.word == GATE_GO)
        latest_ticket = turn.request->ticket;
    return turn.word;
}

/* That of the request that was started last ends. */
static inline int64_t end(struct gate *gate, enum problem_kind problem, int64_t retry_after_s, int64_t now_ms)
{
    return gate_end(gate, latest_ticket, problem, retry_after_s, now_ms);
}

/* A request of somebody whom nothing else is known of; no more than 64 of them are in a queue. */
static inline struct gate_request *somebody(void)
{
    static struct gate_request requests[64];
    static unsigned n;
    struct gate_request *request = &requests[n++ % 64];
    *request = (struct gate_request){.deadline_ms = FOREVER_MS};
    return request;
}

static inline bool join(struct gate *gate, int64_t now_ms, struct upstream_refusal *ret_refusal)
{
    return gate_join(gate, somebody(), false, now_ms, 0, ret_refusal);
}

static inline void go(struct gate *gate, int64_t now_ms)
{
    struct upstream_refusal refusal;
    assert_true(join(gate, now_ms, &refusal));
    assert_int_equal(start(gate, now_ms), GATE_GO);
}

#endif
