/* An HTTP/1.1 responder over OpenSSL that can send anything. One request after the other on a connection. */
#include "tests/simulator/raw.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/simulator/server.h"

#define RAW_CONNECTIONS_MAX 256
#define RAW_REQUEST_BYTES   16384
#define RAW_HEADER_BYTES    4096
#define RAW_IDLE_S          60
#define RAW_SEND_S          30
#define RAW_PIECE_BYTES     65536
#define RAW_FLOOD_MAX       (1ull << 40)

struct raw {
    struct raw_options options;
    atomic_uint connections;
};

struct raw_connection {
    struct raw *raw;
    SSL *tls;
    int fd;
    uint64_t number;
    char buffer[RAW_REQUEST_BYTES];
    size_t buffered;
};

/* False: the connection is over. */
static bool raw_write(struct raw_connection *connection, const void *bytes, size_t len)
{
    return len == 0 || SSL_write(connection->tls, bytes, (int)len) == (int)len;
}

static bool raw_puts(struct raw_connection *connection, const char *text)
{
    return raw_write(connection, text, strlen(text));
}

/* True when the client has gone; waits up to `wait_ms` for that. */
static bool raw_gone(const struct raw_connection *connection, int wait_ms)
{
    struct pollfd watch = {.fd = connection->fd, .events = POLLRDHUP};

    return poll(&watch, 1, wait_ms) != 0;
}

static bool raw_drip(struct raw_connection *connection, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!raw_write(connection, bytes + i, 1) || raw_gone(connection, FAULT_DRIP_MS))
            return false;
    return true;
}

/* The header up to its empty line, which is left out. `length_field` is a whole line. */
static size_t raw_header(const struct reply *reply, const char *length_field, char header[RAW_HEADER_BYTES])
{
    struct reply_header fields[REPLY_HEADERS_MAX];
    char scratch[64];
    size_t n = reply_headers(reply, fields, scratch), at;

    at = (size_t)snprintf(header, RAW_HEADER_BYTES, "HTTP/1.1 %u Simulated\r\nserver: simulator\r\n%s",
                          reply->status, length_field);
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(header + at, RAW_HEADER_BYTES - at, "%s: %s\r\n", fields[i].name,
                               fields[i].value);
    return at;
}

/* Header with a Content-Length, then `extra` fields, then the empty line. */
static bool raw_start_answer(struct raw_connection *connection, const struct reply *reply, uint64_t length)
{
    char header[RAW_HEADER_BYTES], field[64];

    snprintf(field, sizeof(field), "content-length: %llu\r\n", (unsigned long long)length);
    return raw_write(connection, header, raw_header(reply, field, header));
}

static bool raw_big_header(struct raw_connection *connection)
{
    char *value = reply_alloc(FAULT_BIG_HEADER_BYTES);
    bool ok;

    memset(value, 'h', FAULT_BIG_HEADER_BYTES);
    ok = raw_puts(connection, "x-filler: ") && raw_write(connection, value, FAULT_BIG_HEADER_BYTES) &&
         raw_puts(connection, "\r\n");
    free(value);
    return ok;
}

static bool raw_many_headers(struct raw_connection *connection)
{
    char field[40];

    for (int i = 0; i < FAULT_MANY_HEADERS; i++) {
        snprintf(field, sizeof(field), "x-filler-%d: 1\r\n", i);
        if (!raw_puts(connection, field))
            return false;
    }
    return true;
}

static bool raw_filler(struct raw_connection *connection, uint64_t bytes)
{
    static const char filler[RAW_PIECE_BYTES] = {0};

    for (uint64_t left = bytes; left > 0;) {
        size_t len = left < sizeof(filler) ? (size_t)left : sizeof(filler);

        if (!raw_write(connection, filler, len))
            return false;
        left -= len;
    }
    return true;
}

static void raw_flood(struct raw_connection *connection)
{
    static const char hints[] = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n";

    for (uint64_t i = 0; i < RAW_FLOOD_MAX; i++)
        if (!raw_write(connection, hints, sizeof(hints) - 1))
            return;
}

static void raw_reset(struct raw_connection *connection)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    SSL_set_quiet_shutdown(connection->tls, 1);
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

/* Ways after which the connection goes on: true when it does. */
static bool raw_answer_lasting(struct raw_connection *connection, const struct call *call)
{
    const struct reply *reply = call->reply;
    uint64_t length = reply->len;

    if (call->way == WAY_LENGTH_LESS)
        length /= 2;
    if (call->way == WAY_HUGE)
        length = FAULT_HUGE_BYTES;
    if (!raw_start_answer(connection, reply, length) ||
        (call->way == WAY_BIG_HEADER && !raw_big_header(connection)) ||
        (call->way == WAY_MANY_HEADERS && !raw_many_headers(connection)) || !raw_puts(connection, "\r\n"))
        return false;
    if (call->way == WAY_HUGE)
        return raw_filler(connection, FAULT_HUGE_BYTES);
    if (call->way == WAY_DRIP)
        return raw_drip(connection, reply->body, reply->len);
    return raw_write(connection, reply->body, reply->len);
}

/* Ways that end the connection. */
static void raw_answer_last(struct raw_connection *connection, const struct call *call)
{
    const struct reply *reply = call->reply;
    char header[RAW_HEADER_BYTES], noise[512];
    size_t len;

    switch (call->way) {
    case WAY_HANG:
        raw_gone(connection, FAULT_HANG_S * 1000);
        raw_reset(connection);
        break;
    case WAY_RESET:
        raw_reset(connection);
        break;
    case WAY_TRUNCATED:
        if (raw_start_answer(connection, reply, reply->len) && raw_puts(connection, "\r\n"))
            raw_write(connection, reply->body, reply->len / 2);
        break;
    case WAY_LENGTH_MORE:
        if (raw_start_answer(connection, reply, reply->len + 1000) && raw_puts(connection, "\r\n"))
            raw_write(connection, reply->body, reply->len);
        break;
    case WAY_ENDLESS:
        len = raw_header(reply, "", header);
        if (raw_write(connection, header, len) && raw_puts(connection, "\r\n"))
            raw_filler(connection, FAULT_ENDLESS_BYTES);
        break;
    case WAY_GARBAGE:
        for (size_t i = 0; i < sizeof(noise); i++)
            noise[i] = (char)names_mix(i, 0x6a3ba6e);
        raw_write(connection, noise, sizeof(noise));
        break;
    case WAY_HTTP09:
        raw_write(connection, reply->body, reply->len);
        break;
    case WAY_BAD_CHUNKS:
        len = raw_header(reply, "transfer-encoding: chunked\r\n", header);
        if (raw_write(connection, header, len) && raw_puts(connection, "\r\nxyz\r\n"))
            raw_write(connection, reply->body, reply->len);
        break;
    case WAY_DRIP_HEADER:
        len = raw_header(reply, "", header);
        raw_drip(connection, header, len);
        break;
    case WAY_TRUNCATED_HEADER:
        len = raw_header(reply, "", header);
        raw_write(connection, header, len - 5);
        break;
    case WAY_1XX_FLOOD:
        raw_flood(connection);
        break;
    default:
        break;
    }
}

static bool raw_lasts(enum fault_way way)
{
    return way == WAY_WHOLE || way == WAY_DRIP || way == WAY_LENGTH_LESS || way == WAY_BIG_HEADER ||
           way == WAY_MANY_HEADERS || way == WAY_HUGE;
}

/* Reads up to the empty line. False: the connection is over, or the header too long. */
static bool raw_read_request(struct raw_connection *connection)
{
    connection->buffered = 0;
    while (connection->buffered < sizeof(connection->buffer) - 1) {
        int n = SSL_read(connection->tls, connection->buffer + connection->buffered,
                         (int)(sizeof(connection->buffer) - 1 - connection->buffered));

        if (n <= 0)
            return false;
        connection->buffered += (size_t)n;
        connection->buffer[connection->buffered] = '\0';
        if (strstr(connection->buffer, "\r\n\r\n") != NULL)
            return true;
    }
    return false;
}

/* True: the connection goes on. */
static bool raw_serve(struct raw_connection *connection)
{
    struct arrival arrival = {.connection = connection->number, .raw = true};
    struct timespec latency;
    struct call call;
    bool lasts;

    if (!raw_read_request(connection))
        return false;
    arrival.target = strchr(connection->buffer, ' ');
    if (arrival.target == NULL)
        return false;
    arrival.target_len = strcspn(++arrival.target, " \r\n");
    dispatch_call(connection->raw->options.dispatch, &arrival, &call);
    latency = (struct timespec){call.latency_ms / 1000, call.latency_ms % 1000 * 1000000L};
    nanosleep(&latency, NULL);
    if (call.way != WAY_HANG)
        call_answered(&call);
    lasts = raw_lasts(call.way);
    if (lasts)
        lasts = raw_answer_lasting(connection, &call);
    else
        raw_answer_last(connection, &call);
    call_end(&call);
    return lasts;
}

static void *raw_run_connection(void *arg)
{
    struct raw_connection *connection = arg;
    struct timeval idle = {.tv_sec = RAW_IDLE_S}, send = {.tv_sec = RAW_SEND_S};

    setsockopt(connection->fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof(idle));
    setsockopt(connection->fd, SOL_SOCKET, SO_SNDTIMEO, &send, sizeof(send));
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (SSL_set_fd(connection->tls, connection->fd) == 1 && SSL_accept(connection->tls) == 1) {
        while (raw_serve(connection))
            ;
        SSL_shutdown(connection->tls);
    }
    SSL_free(connection->tls);
    close(connection->fd);
    atomic_fetch_sub(&connection->raw->connections, 1);
    free(connection);
    return NULL;
}

static void raw_accept(struct raw *raw, int fd)
{
    struct raw_connection *connection = reply_alloc(sizeof(*connection));
    pthread_t thread;

    *connection = (struct raw_connection){.raw = raw, .tls = SSL_new(raw->options.tls), .fd = fd};
    connection->number = server_number_connection();
    counters_connection(raw->options.dispatch->counters);
    if (atomic_fetch_add(&raw->connections, 1) < RAW_CONNECTIONS_MAX && connection->tls != NULL &&
        pthread_create(&thread, NULL, raw_run_connection, connection) == 0) {
        pthread_detach(thread);
        return;
    }
    atomic_fetch_sub(&raw->connections, 1);
    SSL_free(connection->tls);
    close(fd);
    free(connection);
}

static void *raw_run(void *arg)
{
    struct raw *raw = arg;

    for (;;) {
        int fd = accept4(raw->options.listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd >= 0)
            raw_accept(raw, fd);
        else
            poll(NULL, 0, 100); /* out of descriptors, most likely */
    }
    return NULL;
}

bool raw_start(const struct raw_options *options)
{
    struct raw *raw = reply_alloc(sizeof(*raw));
    pthread_t thread;
    int error;

    raw->options = *options;
    atomic_init(&raw->connections, 0);
    error = pthread_create(&thread, NULL, raw_run, raw);
    if (error != 0) {
        errno = error;
        return false;
    }
    pthread_detach(thread);
    return true;
}
