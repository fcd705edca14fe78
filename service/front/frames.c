/* libh2o calls a function for each frame, whose pointer is in the connection: ours goes in front of it. */
#include "frames.h"

#include "front_h2o.h"
#include "service/process/clock.h"
#include "service/process/stats.h"
#include "translators/base/must.h"

/* After h2o.h, which it needs. */
#include <h2o/http2_internal.h>

#define HEAD_BYTES      9 /* RFC 9113 section 4.1 */
#define CREDIT          (512 * 1024)
#define COST_OF_A_FRAME 64
#define PAID_BY_ANSWER  (80 * 1024) /* a head and a body of the largest size */
#define DATA_IS_PADDED  0x8
#define MAX_LOST        1000000 /* at once: ids may skip */

struct frame {
    uint32_t length, stream;
    uint8_t type, flags;
    const uint8_t *payload;
};

/* False: it has not come whole. */
static bool read_frame(const uint8_t *src, size_t len, struct frame *ret)
{
    if (len < HEAD_BYTES)
        return false;
    *ret = (struct frame){.length = (uint32_t)src[0] << 16 | (uint32_t)src[1] << 8 | src[2],
                          .type = src[3],
                          .flags = src[4],
                          .stream = ((uint32_t)src[5] & 0x7f) << 24 | (uint32_t)src[6] << 16 |
                                    (uint32_t)src[7] << 8 | src[8],
                          .payload = src + HEAD_BYTES};
    return len >= HEAD_BYTES + ret->length;
}

static uint32_t data_bytes(const struct frame *frame)
{
    bool padded = (frame->flags & DATA_IS_PADDED) != 0 && frame->length > 0;
    uint32_t padding = padded ? 1u + frame->payload[0] : 0;
    return padding < frame->length ? frame->length - padding : 0;
}

/* Adds to what has come of the body on this stream. libh2o answers a larger one with REFUSED_STREAM, for
 * which clients send it again. */
static bool body_fits(struct frames *frames, const struct frame *frame)
{
    uint32_t i = 0;
    while (i < FRAMES_BODIES && frames->bodies[i].stream != frame->stream)
        i++;
    if (i == FRAMES_BODIES) {
        i = frames->next_body++ % FRAMES_BODIES;
        frames->bodies[i].stream = frame->stream;
        frames->bodies[i].bytes = 0;
    }
    frames->bodies[i].bytes += data_bytes(frame);
    return frames->bodies[i].bytes <= FRAMES_MAX_BODY_BYTES;
}

/* Streams that have ended and no handler ever saw: we have reset them, or the client has. Ids grow by two. */
static bool loses_few(struct conn *conn, const h2o_http2_conn_t *http2)
{
    struct frames *frames = &conn->frames;
    uint32_t n_open = http2->num_streams.pull.open, n_seen = http2->pull_stream_ids.max_open / 2 + 1;
    uint32_t n_waiting = n_open > frames->n_alive ? n_open - frames->n_alive : 0;
    uint32_t accounted = frames->n_begun + n_waiting + frames->n_lost;
    if (http2->pull_stream_ids.max_open == 0 || n_seen <= accounted)
        return true;
    uint32_t n = n_seen - accounted;
    frames->n_lost += n;
    n = n < MAX_LOST ? n : MAX_LOST;
    return guard_spend(&conn->budget, n * GUARD_COST_RESET, conn->thread->front->options.max_requests_per_s,
                       clock_monotonic_ms() / 1000);
}

static const char *fault_of(struct conn *conn, const h2o_http2_conn_t *http2, const struct frame *frame)
{
    struct frames *frames = &conn->frames;
    frames->spent += COST_OF_A_FRAME + frame->length;
    if (frames->spent > CREDIT)
        return "too many frames, and nothing that could be answered";
    if (frame->type == H2O_HTTP2_FRAME_TYPE_DATA && !body_fits(frames, frame))
        return "the body of a request is too large";
    if (!loses_few(conn, http2))
        return "too many streams that had to be reset";
    return NULL;
}

static ssize_t on_frame(h2o_http2_conn_t *http2, const uint8_t *src, size_t len, const char **err_desc)
{
    struct conn *conn = CAST(struct conn, http2->sock->on_close.data, CONN_MAGIC);
    struct frame frame;
    const char *fault = NULL;
    if (conn->doomed)
        return H2O_HTTP2_ERROR_INCOMPLETE;
    if (read_frame(src, len, &frame))
        fault = fault_of(conn, http2, &frame);
    if (fault != NULL) {
        stats_add(conn->thread->front->options.stats, connections_cut, 1);
        /* libh2o writes a GOAWAY at once, and would read on until that is taken. */
        h2o_socket_read_stop(http2->sock);
        conn->overdue = true;
        *err_desc = fault;
        return H2O_HTTP2_ERROR_ENHANCE_YOUR_CALM;
    }
    http2->_read_expect = conn->frames.expect;
    ssize_t ret = http2->_read_expect(http2, src, len, err_desc);
    conn->frames.expect = http2->_read_expect;
    http2->_read_expect = on_frame;
    return ret;
}

void frames_watch(struct conn *conn)
{
    h2o_http2_conn_t *http2 = conn->socket->data;
    conn->frames.expect = http2->_read_expect;
    http2->_read_expect = on_frame;
}

void frames_begin_request(struct frames *frames)
{
    frames->n_begun++;
    frames->n_alive++;
}

void frames_end_request(struct frames *frames, bool taken)
{
    frames->n_alive--;
    if (taken)
        frames->spent -= frames->spent < PAID_BY_ANSWER ? frames->spent : PAID_BY_ANSWER;
}
