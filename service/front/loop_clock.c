/* The loop's clock: libh2o 2.2.5 has its timers go by the wall clock. When that has jumped, every timer is
 * moved by as much. */
#include "loop_clock.h"

#include <errno.h>
#include <time.h>

#include "front_h2o.h"
#include "service/process/clock.h"
#include "translators/base/must.h"

#define CLOCK_GUARD_MS (TURN_MS + 500) /* longer than a turn takes */
#define CLOCK_SLACK_MS 1000            /* less is no jump, only a long turn */

uint64_t loop_clock_ms_of(struct timeval at)
{
    return (uint64_t)at.tv_sec * 1000 + (uint64_t)at.tv_usec / 1000;
}

struct jump {
    int64_t by_ms;
    uint64_t before_ms, after_ms; /* of the wall clock */
};

/* Forward, what was noted before the jump; back, what lies in the future now. */
static bool is_displaced(const struct jump *jump, uint64_t noted_ms)
{
    return jump->by_ms > 0 ? noted_ms <= jump->before_ms : noted_ms > jump->after_ms;
}

static int move_beginning(h2o_req_t *req, void *arg)
{
    const struct jump *jump = arg;
    struct timeval *begun = &req->timestamps.request_begin_at;
    if (!h2o_timeval_is_null(begun) && is_displaced(jump, loop_clock_ms_of(*begun)))
        begun->tv_sec += jump->by_ms / 1000;
    return 0;
}

/* libh2o's loop lives by the wall clock. When that has jumped, every timer is moved by as much, and so are
 * the beginnings of requests. */
static void mend_clock(struct thread *thread)
{
    struct jump jump = {.before_ms = thread->loop_ms, .after_ms = h2o_now(thread->loop)};
    int64_t monotonic_ms = clock_monotonic_ms();
    jump.by_ms = (int64_t)(jump.after_ms - jump.before_ms) - (monotonic_ms - thread->monotonic_ms);
    thread->loop_ms = jump.after_ms;
    thread->monotonic_ms = monotonic_ms;
    if (jump.by_ms > -CLOCK_SLACK_MS && jump.by_ms < CLOCK_SLACK_MS)
        return;
    h2o_linklist_t *timeouts = &thread->loop->_timeouts;
    for (h2o_linklist_t *at = timeouts->next; at != timeouts; at = at->next) {
        h2o_linklist_t *entries = &H2O_STRUCT_FROM_MEMBER(h2o_timeout_t, _link, at)->_entries;
        for (h2o_linklist_t *link = entries->next; link != entries; link = link->next) {
            h2o_timeout_entry_t *entry = H2O_STRUCT_FROM_MEMBER(h2o_timeout_entry_t, _link, link);
            if (is_displaced(&jump, entry->registered_at))
                entry->registered_at += (uint64_t)jump.by_ms;
        }
    }
    H2O_HTTP2_CALLBACKS.foreach_request(&thread->context, move_beginning, &jump);
}

/* Time has passed faster than it can: before any other timer finds that it is due. */
static void on_clock_guard(h2o_timeout_entry_t *entry)
{
    struct thread *thread = H2O_STRUCT_FROM_MEMBER(struct thread, clock_entry, entry);
    must(thread->magic == THREAD_MAGIC);
    mend_clock(thread);
}

void loop_clock_begin(struct thread *thread)
{
    h2o_timeout_init(thread->loop, &thread->clock_guard, CLOCK_GUARD_MS);
    thread->clock_entry.cb = on_clock_guard;
    thread->loop_ms = h2o_now(thread->loop);
    thread->monotonic_ms = clock_monotonic_ms();
}

void loop_clock_run(struct thread *thread, int32_t max_wait_ms)
{
    h2o_timeout_link(thread->loop, &thread->clock_guard, &thread->clock_entry);
    /* A signal is no error; anything else is a bug that a loop would hide at full speed. */
    must(h2o_evloop_run(thread->loop, max_wait_ms) == 0 || errno == EINTR);
    h2o_timeout_unlink(&thread->clock_entry);
    mend_clock(thread);
}

void loop_clock_end(struct thread *thread)
{
    h2o_timeout_dispose(thread->loop, &thread->clock_guard);
}
