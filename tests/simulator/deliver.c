/* Writing answers through libh2o, well and badly. What is worse than libh2o allows: raw.c. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/simulator/exchange.h"

#define DELIVER_FILLER_BYTES 65536
#define DELIVER_LOOK_MS      250

static struct exchange *exchange_of_generator(h2o_generator_t *generator)
{
    struct exchange *exchange = H2O_STRUCT_FROM_MEMBER(struct exchange, generator, generator);

    if (exchange->magic != EXCHANGE_MAGIC)
        abort();
    return exchange;
}

static struct exchange *exchange_of_timer(struct timer *timer)
{
    struct exchange *exchange = H2O_STRUCT_FROM_MEMBER(struct exchange, timer, timer);

    if (exchange->magic != EXCHANGE_MAGIC)
        abort();
    return exchange;
}

static void deliver_later(struct exchange *exchange, unsigned delay_ms, void (*fire)(struct timer *timer))
{
    timers_add(exchange->timers, &exchange->timer, timers_now_us() + (int64_t)delay_ms * 1000, fire);
}

static void deliver_add_header(h2o_req_t *req, const char *name, const char *value, size_t value_len)
{
    h2o_add_header_by_str(&req->pool, &req->res.headers, name, strlen(name), 1, NULL, value, value_len);
}

static void deliver_start(struct exchange *exchange, size_t content_length)
{
    struct reply_header headers[REPLY_HEADERS_MAX];
    size_t n = reply_headers(exchange->call.reply, headers, exchange->scratch);
    h2o_req_t *req = exchange->req;

    call_answered(&exchange->call);
    req->res.status = (int)exchange->call.reply->status;
    req->res.reason = "Simulated";
    req->res.content_length = content_length;
    for (size_t i = 0; i < n; i++)
        deliver_add_header(req, headers[i].name, headers[i].value, strlen(headers[i].value));
    h2o_start_response(req, &exchange->generator);
}

static void deliver_body(struct exchange *exchange, size_t len, h2o_send_state_t state)
{
    h2o_iovec_t piece = h2o_iovec_init(exchange->call.reply->body + exchange->sent, len);
    bool head =
        h2o_memis(exchange->req->input.method.base, exchange->req->input.method.len, H2O_STRLIT("HEAD"));

    exchange->sent += len;
    exchange->ready = false;
    h2o_send(exchange->req, &piece, len > 0 && !head ? 1 : 0, state);
}

static void deliver_whole(struct exchange *exchange, size_t content_length)
{
    deliver_start(exchange, content_length);
    deliver_body(exchange, exchange->call.reply->len, H2O_SEND_STATE_FINAL);
}

/* ---- ways that send in pieces: each goes on when libh2o asks ---- */

static void on_proceed_cut(h2o_generator_t *generator, h2o_req_t *req)
{
    (void)generator;
    h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR);
}

static void deliver_truncated(struct exchange *exchange)
{
    size_t len = exchange->call.reply->len;

    exchange->generator.proceed = on_proceed_cut;
    deliver_start(exchange, len);
    deliver_body(exchange, len / 2, H2O_SEND_STATE_IN_PROGRESS);
}

static void on_proceed_filler(h2o_generator_t *generator, h2o_req_t *req)
{
    static const char filler[DELIVER_FILLER_BYTES] = {0};
    struct exchange *exchange = exchange_of_generator(generator);
    size_t len = exchange->left < sizeof(filler) ? (size_t)exchange->left : sizeof(filler);
    h2o_iovec_t piece = h2o_iovec_init(filler, len);

    exchange->left -= len;
    h2o_send(req, &piece, 1, exchange->left == 0 ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

static void deliver_filler(struct exchange *exchange, uint64_t bytes, size_t content_length)
{
    exchange->left = bytes;
    exchange->generator.proceed = on_proceed_filler;
    deliver_start(exchange, content_length);
    on_proceed_filler(&exchange->generator, exchange->req);
}

static void on_drip(struct timer *timer)
{
    struct exchange *exchange = exchange_of_timer(timer);
    size_t len = exchange->call.reply->len;
    bool last = exchange->sent + 1 >= len;

    if (!exchange->ready || !last)
        deliver_later(exchange, FAULT_DRIP_MS, on_drip);
    if (exchange->ready)
        deliver_body(exchange, exchange->sent < len ? 1 : 0,
                     last ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

static void on_proceed_drip(h2o_generator_t *generator, h2o_req_t *req)
{
    (void)req;
    exchange_of_generator(generator)->ready = true;
}

static void deliver_drip(struct exchange *exchange)
{
    exchange->generator.proceed = on_proceed_drip;
    exchange->ready = true;
    deliver_start(exchange, exchange->call.reply->len);
    on_drip(&exchange->timer);
}

/* ---- ways that break the connection ---- */

static int deliver_fd(const struct exchange *exchange)
{
    h2o_conn_t *conn = exchange->req->conn;

    return h2o_socket_get_fd(conn->callbacks->get_socket(conn));
}

/* A connected TCP socket that is told to connect to nothing sends a reset. */
static void deliver_reset(struct exchange *exchange)
{
    struct sockaddr nothing = {.sa_family = AF_UNSPEC};

    (void)!connect(deliver_fd(exchange), &nothing, sizeof(nothing));
    /* Over HTTP/1.1 libh2o notices only when it writes. */
    deliver_whole(exchange, exchange->call.reply->len);
}

/* For the same reason it is looked now and then whether the client of a hanging request is still there. */
static void on_hang(struct timer *timer)
{
    struct exchange *exchange = exchange_of_timer(timer);
    struct pollfd watch = {.fd = deliver_fd(exchange), .events = POLLRDHUP};

    exchange->hung_ms += DELIVER_LOOK_MS;
    if (exchange->hung_ms < FAULT_HANG_S * 1000 && poll(&watch, 1, 0) == 0)
        deliver_later(exchange, DELIVER_LOOK_MS, on_hang);
    else
        deliver_reset(exchange);
}

/* ---- too much header ---- */

static void deliver_big_header(struct exchange *exchange)
{
    h2o_req_t *req = exchange->req;
    char *value = h2o_mem_alloc_pool(&req->pool, FAULT_BIG_HEADER_BYTES);

    memset(value, 'h', FAULT_BIG_HEADER_BYTES);
    deliver_add_header(req, "x-filler", value, FAULT_BIG_HEADER_BYTES);
    deliver_whole(exchange, exchange->call.reply->len);
}

static void deliver_many_headers(struct exchange *exchange)
{
    h2o_req_t *req = exchange->req;

    for (int i = 0; i < FAULT_MANY_HEADERS; i++) {
        char *name = h2o_mem_alloc_pool(&req->pool, 24);

        snprintf(name, 24, "x-filler-%d", i);
        deliver_add_header(req, name, "1", 1);
    }
    deliver_whole(exchange, exchange->call.reply->len);
}

static void deliver_now(struct exchange *exchange)
{
    size_t len = exchange->call.reply->len;

    switch (exchange->call.way) {
    case WAY_HANG:
        deliver_later(exchange, DELIVER_LOOK_MS, on_hang);
        return;
    case WAY_RESET:
        deliver_reset(exchange);
        return;
    case WAY_TRUNCATED:
        deliver_truncated(exchange);
        return;
    case WAY_DRIP:
        deliver_drip(exchange);
        return;
    case WAY_LENGTH_MORE:
        exchange->req->http1_is_persistent = 0; /* else it would be a hang */
        deliver_whole(exchange, len + 1000);
        return;
    case WAY_LENGTH_LESS:
        deliver_whole(exchange, len / 2);
        return;
    case WAY_BIG_HEADER:
        deliver_big_header(exchange);
        return;
    case WAY_MANY_HEADERS:
        deliver_many_headers(exchange);
        return;
    case WAY_HUGE:
        deliver_filler(exchange, FAULT_HUGE_BYTES, FAULT_HUGE_BYTES);
        return;
    case WAY_ENDLESS:
        deliver_filler(exchange, FAULT_ENDLESS_BYTES, SIZE_MAX);
        return;
    default: /* the dispatch lets no raw way come here */
        deliver_whole(exchange, len);
    }
}

static void on_latency_over(struct timer *timer)
{
    deliver_now(exchange_of_timer(timer));
}

void exchange_deliver(struct exchange *exchange)
{
    if (exchange->call.latency_ms > 0)
        /* From the arrival: making the answer is part of the latency. */
        timers_add(exchange->timers, &exchange->timer,
                   exchange->arrived_us + (int64_t)exchange->call.latency_ms * 1000, on_latency_over);
    else
        deliver_now(exchange);
}
