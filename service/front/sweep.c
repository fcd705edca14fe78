/* Once a second: ends connections that keep busy without asking for anything. */
#include "sweep.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "conn.h"
#include "front_h2o.h"
#include "loop_clock.h"
#include "service/process/stats.h"

#define REFUSED_MS  2000 /* for who found no place to ask, and to be told so */
#define PINGS_BYTES 512  /* of answers to PING, at most, that a client has still to take */

/* True: the client has still to take what the kernel holds for it, and may be slow. A few bytes are no answer
 * but those to PING, which are always on their way to who sends it all the time. */
static bool is_taking(const struct conn *conn)
{
    int n = 0;
    return ioctl(h2o_socket_get_fd(conn->socket), SIOCOUTQ, &n) == 0 && n > PINGS_BYTES;
}

/* libh2o hands a request of HTTP/2 on when it is complete, and only then does it count as processed and have
 * an exchange. One that was only given a priority has not begun; one whose fields are invalid was answered
 * without being processed. Whoever has answers under way beside it keeps them, within their deadline. */
static int mark_unfinished(h2o_req_t *req, void *arg)
{
    const uint64_t *now_ms = arg;
    struct timeval *begun = &req->timestamps.request_begin_at;
    if (h2o_timeval_is_null(begun) || !h2o_timeval_is_null(&req->processed_at.at) || req->res.status != 0)
        return 0;
    struct conn *conn = conn_of(req);
    const struct front_options *options = &conn->thread->front->options;
    uint64_t due_ms = loop_clock_ms_of(*begun) + options->request_timeout_ms;
    if (due_ms + options->response_deadline_ms <= *now_ms)
        conn->overdue = true;
    else if (due_ms <= *now_ms)
        conn->overdue |= h2o_linklist_is_empty(&conn->exchanges) && !is_taking(conn);
    return 0;
}

/* Nothing is under way, and has not been for as long as an answer may take: to the kernel an answer is over
 * when it has all of it, and the client may be slow to take it from there. Who only pings goes then too,
 * without a GOAWAY: libh2o keeps its connections to itself. */
static bool is_idle(struct conn *conn, int64_t now_ms)
{
    const struct front *front = conn->thread->front;
    if (conn->refused)
        return now_ms - conn->active_ms > REFUSED_MS;
    int64_t limit_ms = front->options.request_timeout_ms;
    if (!conn->asked)
        limit_ms += (int64_t)front->config.handshake_timeout;
    else if (limit_ms < front->options.response_deadline_ms)
        limit_ms = front->options.response_deadline_ms;
    return h2o_linklist_is_empty(&conn->exchanges) && now_ms - conn->active_ms > limit_ms + TURN_MS;
}

/* Once a second: who keeps a connection busy without asking for anything, or begins requests and does not end
 * them. libh2o's own timers end who is quiet a turn earlier; those of HTTP/2 every frame restarts. */
void sweep_run(struct thread *thread)
{
    int64_t now_ms = thread->monotonic_ms;
    if (now_ms < thread->swept_ms + TURN_MS)
        return;
    thread->swept_ms = now_ms;
    uint64_t loop_ms = h2o_now(thread->loop);
    H2O_HTTP2_CALLBACKS.foreach_request(&thread->context, mark_unfinished, &loop_ms);
    for (h2o_linklist_t *link = thread->conns.next; link != &thread->conns; link = link->next) {
        struct conn *conn = H2O_STRUCT_FROM_MEMBER(struct conn, link, link);
        if (!conn->doomed && (conn->overdue || is_idle(conn, now_ms))) {
            stats_add(thread->front->options.stats, connections_cut, 1);
            conn_shut(conn);
        }
    }
}
