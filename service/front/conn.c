/* Connections: admitted, counted, shut and freed. libh2o reads and writes them. */
#include "conn.h"

#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>

#include "frames.h"
#include "front_h2o.h"
#include "service/http/proxy_protocol.h"
#include "service/listen/tls.h"
#include "service/process/clock.h"
#include "service/process/stats.h"
#include "translators/base/must.h"

#define ADMIN_MAX_CONNECTIONS   64 /* of each thread */
#define REFUSED_MAX_CONNECTIONS 16 /* of each thread, and an eighth of all connections at most */

/* What comes of it is libh2o's: it finds the socket closed and frees the connection, never before this
 * returns. */
void conn_shut(struct conn *conn)
{
    if (conn->doomed)
        return;
    conn->doomed = true;
    shutdown(h2o_socket_get_fd(conn->socket), SHUT_RDWR);
}

/* ---- from the first byte to HTTP ---- */

static struct timeval now_of(struct conn *conn)
{
    return *h2o_get_timestamp(&conn->thread->context, NULL, NULL);
}

static void open_http1(struct conn *conn)
{
    h2o_http1_accept(&conn->listener->accept, conn->socket, now_of(conn));
}

/* libh2o would read at once what has come already: not before its frames are watched. */
static void open_http2(struct conn *conn)
{
    h2o_socket_t *socket = conn->socket;
    h2o_buffer_t *input = socket->input;
    h2o_buffer_init(&socket->input, &h2o_socket_buffer_prototype);
    h2o_http2_accept(&conn->listener->accept, socket, now_of(conn));
    frames_watch(conn);
    h2o_buffer_dispose(&socket->input);
    socket->input = input;
    if (input->size > 0)
        socket->_cb.read(socket, NULL);
}

/* OpenSSL has written an alert when a handshake fails; libh2o 2.2.5 throws away what it has not sent. Where
 * the kernel has no room for it the client sees the end alone. */
static void send_alert(struct conn *conn)
{
    if (conn->last_record.is_alert)
        (void)!send(h2o_socket_get_fd(conn->socket), conn->last_record.bytes, conn->last_record.len,
                    MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void on_handshake(h2o_socket_t *socket, const char *err)
{
    struct conn *conn = CAST(struct conn, socket->on_close.data, CONN_MAGIC);
    h2o_timeout_unlink(&conn->opening);
    if (err != NULL) {
        send_alert(conn);
        h2o_socket_close(socket);
        return;
    }
    h2o_iovec_t protocol = h2o_socket_ssl_get_selected_protocol(socket);
    if (h2o_memis(protocol.base, protocol.len, H2O_STRLIT("h2")))
        open_http2(conn);
    else
        open_http1(conn);
}

static void on_opening_timeout(h2o_timeout_entry_t *entry)
{
    struct conn *conn = H2O_STRUCT_FROM_MEMBER(struct conn, opening, entry);
    must(conn->magic == CONN_MAGIC);
    h2o_socket_close(conn->socket);
}

/* A record of TLS begins with 22, a request in plain HTTP with the letters of its method. */
static void on_first_bytes(h2o_socket_t *socket, const char *err)
{
    struct conn *conn = CAST(struct conn, socket->on_close.data, CONN_MAGIC);
    if (err != NULL) {
        h2o_socket_close(socket);
        return;
    }
    if (socket->input->size == 0)
        return;
    char first = socket->input->bytes[0];
    h2o_socket_read_stop(socket);
    if (first >= 'A' && first <= 'Z') {
        h2o_timeout_unlink(&conn->opening);
        conn->kind = KIND_PLAIN;
        open_http1(conn);
    } else {
        h2o_socket_ssl_handshake(socket, tls_ssl_ctx(atomic_load(&conn->thread->front->tls)), NULL,
                                 on_handshake);
    }
}

static void open_tls(struct conn *conn)
{
    struct thread *thread = conn->thread;
    conn->opening.cb = on_opening_timeout;
    h2o_timeout_link(thread->loop, &thread->context.handshake_timeout, &conn->opening);
    h2o_socket_read_start(conn->socket, on_first_bytes);
}

/* Keeps what OpenSSL writes, unless it is longer than an alert is. */
static long on_tls_write(BIO *bio, int what, const char *bytes, size_t len, int unused_int, long unused_long,
                         int ret, size_t *n_processed)
{
    struct conn *conn = CAST(struct conn, (void *)BIO_get_callback_arg(bio), CONN_MAGIC);
    (void)unused_int;
    (void)unused_long;
    (void)n_processed;
    if (what == BIO_CB_WRITE) {
        conn->last_record.len = len <= sizeof(conn->last_record.bytes) ? len : 0;
        memcpy(conn->last_record.bytes, bytes, conn->last_record.len);
    }
    return ret;
}

/* The BIO is libh2o's, and its data the socket. */
static void on_tls_info(const SSL *ssl, int where, int value)
{
    BIO *bio = SSL_get_wbio(ssl);
    h2o_socket_t *socket = BIO_get_data(bio);
    struct conn *conn = CAST(struct conn, socket->on_close.data, CONN_MAGIC);
    if ((where & SSL_CB_HANDSHAKE_START) != 0) {
        BIO_set_callback_arg(bio, (char *)conn);
        BIO_set_callback_ex(bio, on_tls_write);
    } else if ((where & SSL_CB_HANDSHAKE_DONE) != 0) {
        BIO_set_callback_ex(bio, NULL);
    } else if ((where & SSL_CB_WRITE_ALERT) == SSL_CB_WRITE_ALERT) {
        conn->last_record.is_alert = value >> 8 == SSL3_AL_FATAL;
    }
}

void conn_watch_handshakes(struct tls_context *tls)
{
    SSL_CTX_set_info_callback(tls_ssl_ctx(tls), on_tls_info);
}

/* ---- behind proxies ---- */

static bool conn_count(struct conn *conn)
{
    struct front *front = conn->thread->front;
    conn->client = client_of(&conn->address);
    conn->trusted = proxies_trust(&front->options.proxies, &conn->address);
    if (!clients_enter(front->clients, &conn->client))
        return false;
    conn->counted = true;
    atomic_fetch_add(&front->n_conns, 1);
    return true;
}

static void on_header_timeout(h2o_timeout_entry_t *entry)
{
    struct conn *conn = H2O_STRUCT_FROM_MEMBER(struct conn, opening, entry);
    must(conn->magic == CONN_MAGIC);
    h2o_socket_close(conn->socket);
}

/* From here on it is the client's connection, and counts as that. */
static void on_header(h2o_socket_t *socket, const char *err)
{
    struct conn *conn = CAST(struct conn, socket->on_close.data, CONN_MAGIC);
    struct proxy_protocol header;
    enum proxy_protocol_result result =
        err != NULL ? PROXY_PROTOCOL_BAD
                    : proxy_protocol_parse(socket->input->bytes, socket->input->size, &header);
    if (result == PROXY_PROTOCOL_MORE)
        return;
    if (result == PROXY_PROTOCOL_DONE && header.has_address)
        conn->address = header.address;
    if (result != PROXY_PROTOCOL_DONE || !conn_count(conn)) {
        stats_add(conn->thread->front->options.stats, connections_refused, 1);
        h2o_socket_close(socket);
        return;
    }
    h2o_socket_read_stop(socket);
    h2o_timeout_unlink(&conn->opening);
    h2o_buffer_consume(&socket->input, header.len);
    conn->kind = KIND_HTTPS;
    open_tls(conn);
    if (socket->input->size > 0)
        on_first_bytes(socket, NULL);
}

static void open_header(struct conn *conn)
{
    struct thread *thread = conn->thread;
    conn->opening.cb = on_header_timeout;
    h2o_timeout_link(thread->loop, &thread->header_timeout, &conn->opening);
    h2o_socket_read_start(conn->socket, on_header);
}

/* ---- beginning and end ---- */

/* Its place is free for somebody else. */
static void conn_leave(struct conn *conn)
{
    struct front *front = conn->thread->front;
    if (!conn->counted)
        return;
    conn->counted = false;
    clients_leave(front->clients, &conn->client);
    atomic_fetch_sub(&front->n_conns, 1);
}

static void on_close(void *data)
{
    struct conn *conn = CAST(struct conn, data, CONN_MAGIC);
    must(h2o_linklist_is_empty(&conn->exchanges));
    struct front *front = conn->thread->front;
    h2o_timeout_unlink(&conn->opening);
    h2o_linklist_unlink(&conn->link);
    conn->thread->n_conns--;
    if (conn->kind == KIND_ADMIN)
        conn->thread->n_admin--;
    if (conn->refused)
        conn->thread->n_refused--;
    conn_leave(conn);
    stats_add(front->options.stats, connections_open, -1);
    conn->magic = 0;
    free(conn);
}

/* True: the connection is counted, or need not be. */
static bool conn_admit(struct conn *conn, const struct sockaddr *address)
{
    struct thread *thread = conn->thread;
    if (conn->kind == KIND_ADMIN)
        return thread->n_admin++ < ADMIN_MAX_CONNECTIONS;
    conn->address = client_address(address);
    /* A proxy itself is not counted behind a header: its clients are. */
    return conn->kind == KIND_PROXIED || conn_count(conn);
}

/* For who found no place there are a few to be told so. Who has its share gets half of these at most, or it
 * would have others be told nothing. True: it is told so. */
static bool conn_refuse(struct conn *conn)
{
    struct thread *thread = conn->thread;
    const struct front *front = thread->front;
    size_t max = front->options.max_connections / 8;
    bool has_share = atomic_load(&front->n_conns) < front->options.max_connections;
    max = max < REFUSED_MAX_CONNECTIONS ? max : REFUSED_MAX_CONNECTIONS;
    max = max > 2 ? max : 2;
    if (conn->kind == KIND_ADMIN || thread->n_refused >= (has_share ? max / 2 : max))
        return false;
    thread->n_refused++;
    conn->refused = true;
    return true;
}

/* Some listeners are for proxies alone. */
static bool may_come(const struct listener *listener, const struct sockaddr *address)
{
    struct in6_addr peer = client_address(address);
    return (listener->kind != KIND_TRUSTED && listener->kind != KIND_PROXIED) ||
           proxies_trust(&listener->thread->front->options.proxies, &peer);
}

void conn_begin(struct listener *listener, h2o_socket_t *socket)
{
    struct thread *thread = listener->thread;
    struct front *front = thread->front;
    struct sockaddr_storage address;
    struct conn *conn = must(calloc(1, sizeof(*conn)));
    conn->magic = CONN_MAGIC;
    conn->thread = thread;
    conn->socket = socket;
    conn->kind = listener->kind;
    conn->listener = listener;
    conn->active_ms = clock_monotonic_ms();
    h2o_linklist_init_anchor(&conn->exchanges);
    h2o_linklist_insert(&thread->conns, &conn->link);
    thread->n_conns++;
    stats_add(front->options.stats, connections_open, 1);
    socket->on_close.cb = on_close;
    socket->on_close.data = conn;

    bool known = h2o_socket_getpeername(socket, (struct sockaddr *)&address) != 0 &&
                 may_come(listener, (struct sockaddr *)&address);
    if (!known || !conn_admit(conn, (struct sockaddr *)&address)) {
        stats_add(front->options.stats, connections_refused, 1);
        if (!known || !conn_refuse(conn)) {
            h2o_socket_close(socket);
            return;
        }
    }
    /* Sent bytes that are never acknowledged, or a window that stays shut: the kernel gives up. */
    unsigned give_up_ms = front->options.response_deadline_ms;
    setsockopt(h2o_socket_get_fd(socket), IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up_ms, sizeof(give_up_ms));
    if (listener->kind == KIND_HTTPS)
        open_tls(conn);
    else if (listener->kind == KIND_PROXIED)
        open_header(conn);
    else
        open_http1(conn);
}

/* Shuts at most `max` connections that have had no request under way for `idle_s`. Returns how many. */
size_t conn_shut_idle(struct thread *thread, int64_t idle_s, size_t max)
{
    size_t n = 0;
    int64_t before_ms = clock_monotonic_ms() - idle_s * 1000;
    for (h2o_linklist_t *link = thread->conns.next; link != &thread->conns && n < max; link = link->next) {
        struct conn *conn = H2O_STRUCT_FROM_MEMBER(struct conn, link, link);
        if (conn->doomed || conn->refused || !h2o_linklist_is_empty(&conn->exchanges) ||
            conn->active_ms > before_ms)
            continue;
        conn_shut(conn);
        conn_leave(conn);
        n++;
    }
    return n;
}

struct conn *conn_of(h2o_req_t *req)
{
    return CAST(struct conn, req->conn->callbacks->get_socket(req->conn)->on_close.data, CONN_MAGIC);
}
