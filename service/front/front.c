/* Front threads: libh2o's loops, listeners and connections behind front.h, and everything libh2o 2.2.5 needs
 * done for it. Nothing else in service/ includes h2o.h. What a request means is serve.c's business.
 *
 * Longer than 400 lines because it is the whole of the border to libh2o: thread, connection, exchange and
 * ticket hold on to each other, and splitting them would put h2o's types into a header.
 *
 *     listener --accept--> conn --request--> exchange --(later)--> ticket
 *     (thread)             freed by          freed with the        heap: outlives the exchange, which only
 *                          on_close          request's pool        forgets it
 *
 * What libh2o leaves out, and where it is made up for:
 *   - lax parsing, endless resets: guard.h, asked in on_request();
 *   - no write timeout: every exchange has a deadline, on_deadline(); TCP_USER_TIMEOUT for the rest;
 *   - HTTP/2 requests that never end, and idle connections that every frame keeps alive: end_lingering();
 *   - no cap on connections, spinning at the limit of descriptors: on_accept(), make_room();
 *   - timers by the wall clock, which all go off, or none, when it is set: mend_clock();
 *   - a graceful stop that forgets idle HTTP/1 connections and those that never end: drain_step();
 *   - reference counts that are not atomic: bodies are held by the cache's own;
 *   - answers of its own to what is no request: on_own_answer() makes problems of them. Not of one: an HTTP/1
 *     head that cannot be parsed gets a 400 in plain text that libh2o writes without asking anybody. */
#include "front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <h2o.h>
#include <h2o/http1.h>
#include <h2o/http2.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "service/http/guard.h"
#include "service/http/peers.h"
#include "service/http/problem_answer.h"
#include "service/process/stats.h"
#include "tls.h"
#include "translators/base/strings.h"

/* Without the definition h2o's headers silently describe the libuv build: other sizes, corrupted memory. */
_Static_assert(H2O_USE_LIBUV == 0, "compile with -DH2O_USE_LIBUV=0");

#define THREAD_MAGIC   0x66727431u
#define CONN_MAGIC     0x66727432u
#define EXCHANGE_MAGIC 0x66727433u
#define TICKET_MAGIC   0x66727434u

#define ACCEPTS_PER_TURN      32
#define CLOSING_ACCEPTS       4096 /* what a backlog may hold */
#define ADMIN_MAX_CONNECTIONS 64   /* of each thread */
#define MAX_ENTITY_BYTES      8192 /* read and then refused; more is a 413 of libh2o's own */
#define TURN_MS               1000
#define CLOCK_GUARD_MS        (TURN_MS + 500) /* longer than a turn takes */
#define CLOCK_SLACK_MS        1000            /* less is no jump, only a long turn */
#define BUSY_TURN_MS          50              /* while stopping, or while not accepting */
/* A connection that has been idle this long gives way when there is no room; one that is stopping waits for
 * the GOAWAY that libh2o sends after 1 s, and for a last request. */
#define IDLE_S           2
#define SHUT_PER_TURN    16
#define DRAIN_IDLE_MS    1200
#define CUT_MS           2000 /* for connections to fall apart after they were cut */
#define PINGS_BYTES      512  /* of answers to PING, at most, that a client has still to take */
#define NAME_MEMO        64   /* a power of two, well above the number of names */
#define RETRY_AFTER_TEXT "1"

enum kind { KIND_HTTPS, KIND_PLAIN, KIND_ADMIN, KINDS };

/* Where tickets come in. Outlives the thread for as long as a ticket points to it. */
struct inbox {
    pthread_mutex_t mutex;
    atomic_uint refs;
    bool open;          /* under mutex */
    atomic_uint n_sent; /* tickets sent and not yet received */
    h2o_multithread_receiver_t receiver;
};

struct listener {
    struct thread *thread;
    enum kind kind;
    h2o_socket_t *socket; /* NULL: closed */
    h2o_accept_ctx_t accept;
};

/* A response header's name as libh2o wants it, found by the address of the static text. */
struct name {
    const char *text;
    h2o_iovec_t plain;
    h2o_iovec_t *token;
};

enum stage { STAGE_SERVING, STAGE_DRAINING, STAGE_CUTTING };

struct thread {
    unsigned magic;
    struct front *front;
    pthread_t id;
    h2o_loop_t *loop;
    h2o_context_t context;
    h2o_timeout_t clock_guard; /* of the loop's timers the first, so that it runs before all others */
    h2o_timeout_entry_t clock_entry;
    uint64_t loop_ms;     /* the loop's clock when it was last looked at, and the monotonic one */
    int64_t monotonic_ms; /* at that moment */
    int64_t swept_ms;     /* when end_lingering() looked last */
    h2o_timeout_t deadline;
    struct inbox *inbox;
    struct listener *listeners;
    size_t n_listeners;
    h2o_linklist_t conns;
    size_t n_conns, n_admin;
    enum stage stage;
    int64_t cut_at_ms;   /* with STAGE_CUTTING */
    h2o_req_t *answered; /* while its answer begins: ours, and not libh2o's own */
    bool paused;         /* listeners are not read: no room */
    bool starved;        /* with `paused`: descriptors have run out */
    bool clean;          /* nothing had to be cut */
    int spare_fd;        /* given up for a moment when descriptors have run out */
    struct name names[NAME_MEMO];
};

struct front {
    struct front_options options;
    h2o_globalconf_t config;
    struct peers *peers;
    _Atomic(struct tls_context *) tls;
    atomic_uint n_conns; /* of all threads, without admin's */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int gate;                       /* under mutex: 0 threads wait, 1 they serve, -1 they end at once */
    size_t n_begun;                 /* under mutex: threads that have taken their sockets */
    _Atomic int64_t drain_until_ms; /* 0: not stopping */
    size_t n_threads;
    struct thread *threads;
};

struct conn {
    unsigned magic;
    struct thread *thread;
    h2o_socket_t *socket;
    h2o_linklist_t link, exchanges;
    enum kind kind;
    bool doomed;       /* shut down: what is still read from its buffer gets the cheapest answer */
    bool counted;      /* in peers and front->n_conns */
    bool asked;        /* a request has come, so the handshake is over */
    bool overdue;      /* a request on it was begun and not ended in time */
    int64_t active_ms; /* while there is no exchange: since when */
    struct guard_budget budget;
    struct in6_addr address;
    struct peer peer;
    bool trusted; /* a proxy that is believed where its requests come from */
    char client[INET6_ADDRSTRLEN];
};

/* Lives in memory that goes when the h2o request goes: on_exchange_gone(). */
struct exchange {
    unsigned magic;
    bool replied;
    h2o_req_t *req;
    struct conn *conn;
    struct ticket *ticket; /* NULL: none under way */
    size_t body_len;
    struct cache_value *hold;
    char *owned;
    h2o_linklist_t link;
    h2o_timeout_entry_t deadline;
    h2o_generator_t generator;
    struct request request;
    struct peer peer; /* request.peer */
};

struct ticket {
    h2o_multithread_message_t super;
    unsigned magic;
    struct inbox *inbox;       /* a reference */
    struct exchange *exchange; /* the exchange's thread only; NULL: the client has gone */
    void (*on_answer)(void *arg, struct exchange *exchange, void *message);
    void *arg, *message;
};

static void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- tickets ---- */

static struct inbox *inbox_new(void)
{
    struct inbox *inbox = must(calloc(1, sizeof(*inbox)));
    pthread_mutex_init(&inbox->mutex, NULL);
    inbox->refs = 1;
    return inbox;
}

static void inbox_unref(struct inbox *inbox)
{
    if (atomic_fetch_sub(&inbox->refs, 1) != 1)
        return;
    pthread_mutex_destroy(&inbox->mutex);
    free(inbox);
}

/* Ends a ticket on the thread that runs this: `exchange` may be NULL. */
static void ticket_finish(struct ticket *ticket, struct exchange *exchange)
{
    if (exchange != NULL) {
        exchange->ticket = NULL;
        exchange->request.now_s = h2o_get_timestamp(exchange->req->conn->ctx, NULL, NULL)->tv_sec;
    }
    ticket->on_answer(ticket->arg, exchange, ticket->message);
    inbox_unref(ticket->inbox);
    ticket->magic = 0;
    free(ticket);
}

static void on_tickets(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    struct inbox *inbox = H2O_STRUCT_FROM_MEMBER(struct inbox, receiver, receiver);
    while (!h2o_linklist_is_empty(messages)) {
        struct ticket *ticket = H2O_STRUCT_FROM_MEMBER(struct ticket, super.link, messages->next);
        if (ticket->magic != TICKET_MAGIC)
            abort();
        h2o_linklist_unlink(&ticket->super.link);
        atomic_fetch_sub(&inbox->n_sent, 1);
        ticket_finish(ticket, ticket->exchange);
    }
}

void ticket_post(struct ticket *ticket, void *message)
{
    struct inbox *inbox = ticket->inbox;
    if (ticket->magic != TICKET_MAGIC)
        abort();
    /* Once sent, the ticket and its reference may be gone before the mutex is free again. */
    atomic_fetch_add(&inbox->refs, 1);
    ticket->message = message;
    pthread_mutex_lock(&inbox->mutex);
    bool open = inbox->open;
    if (open) {
        atomic_fetch_add(&inbox->n_sent, 1);
        h2o_multithread_send_message(&inbox->receiver, &ticket->super);
    }
    pthread_mutex_unlock(&inbox->mutex);
    if (!open)
        ticket_finish(ticket, NULL);
    inbox_unref(inbox);
}

/* ---- connections ---- */

/* What comes of it is libh2o's: it finds the socket closed and frees the connection, never before this
 * returns. */
static void conn_shut(struct conn *conn)
{
    if (conn->doomed)
        return;
    conn->doomed = true;
    shutdown(h2o_socket_get_fd(conn->socket), SHUT_RDWR);
}

static void exchange_reply_empty(struct exchange *exchange);

/* Shuts a connection that has answers outstanding. HTTP/1 reads nothing while a request is under way and
 * would never notice, so what is not answered is answered, into the void. */
static void conn_cut(struct conn *conn)
{
    h2o_linklist_t *link = conn->exchanges.next;
    stats_add(conn->thread->front->options.stats, connections_cut, 1);
    conn_shut(conn);
    while (link != &conn->exchanges) {
        struct exchange *exchange = H2O_STRUCT_FROM_MEMBER(struct exchange, link, link);
        link = link->next;
        if (!exchange->replied)
            exchange_reply_empty(exchange);
    }
}

static void on_close(void *data)
{
    struct conn *conn = data;
    if (conn->magic != CONN_MAGIC || !h2o_linklist_is_empty(&conn->exchanges))
        abort();
    struct front *front = conn->thread->front;
    h2o_linklist_unlink(&conn->link);
    conn->thread->n_conns--;
    if (conn->kind == KIND_ADMIN)
        conn->thread->n_admin--;
    if (conn->counted) {
        peers_leave(front->peers, &conn->peer);
        atomic_fetch_sub(&front->n_conns, 1);
    }
    stats_add(front->options.stats, connections_open, -1);
    conn->magic = 0;
    free(conn);
}

static void name_client(struct conn *conn, const struct sockaddr *address)
{
    const void *bytes = address->sa_family == AF_INET6
                            ? (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr
                            : (const void *)&((const struct sockaddr_in *)address)->sin_addr;
    if (inet_ntop(address->sa_family, bytes, conn->client, sizeof(conn->client)) == NULL)
        conn->client[0] = '\0';
}

/* True: the connection is counted, or need not be. */
static bool conn_admit(struct conn *conn, const struct sockaddr *address)
{
    struct thread *thread = conn->thread;
    if (conn->kind == KIND_ADMIN)
        return thread->n_admin++ < ADMIN_MAX_CONNECTIONS;
    conn->address = peer_address(address);
    conn->peer = peer_of(&conn->address);
    conn->trusted = proxies_trust(&thread->front->options.proxies, &conn->address);
    if (!peers_enter(thread->front->peers, &conn->peer))
        return false;
    conn->counted = true;
    atomic_fetch_add(&thread->front->n_conns, 1);
    return true;
}

static void conn_begin(struct listener *listener, h2o_socket_t *socket)
{
    struct thread *thread = listener->thread;
    struct front *front = thread->front;
    struct sockaddr_storage address;
    struct conn *conn = must(calloc(1, sizeof(*conn)));
    conn->magic = CONN_MAGIC;
    conn->thread = thread;
    conn->socket = socket;
    conn->kind = listener->kind;
    conn->active_ms = clock_ms();
    h2o_linklist_init_anchor(&conn->exchanges);
    h2o_linklist_insert(&thread->conns, &conn->link);
    thread->n_conns++;
    stats_add(front->options.stats, connections_open, 1);
    socket->on_close.cb = on_close;
    socket->on_close.data = conn;

    bool known = h2o_socket_getpeername(socket, (struct sockaddr *)&address) != 0;
    if (!known || !conn_admit(conn, (struct sockaddr *)&address)) {
        stats_add(front->options.stats, connections_refused, 1);
        h2o_socket_close(socket);
        return;
    }
    name_client(conn, (struct sockaddr *)&address);
    /* Sent bytes that are never acknowledged, or a window that stays shut: the kernel gives up. */
    unsigned give_up_ms = front->options.response_deadline_ms;
    setsockopt(h2o_socket_get_fd(socket), IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up_ms, sizeof(give_up_ms));
    if (listener->kind == KIND_HTTPS)
        listener->accept.ssl_ctx = tls_ssl_ctx(atomic_load(&front->tls));
    h2o_accept(&listener->accept, socket);
}

/* ---- accepting ---- */

static void on_accept(h2o_socket_t *socket, const char *err);

static bool has_room(struct front *front)
{
    return atomic_load(&front->n_conns) < front->options.max_connections;
}

/* Clients wait in the kernel's queue, and the loop does not spin over a listener it cannot serve. The admin
 * listener stays as long as there are descriptors: an operator must be able to look. */
static void pause_accepting(struct thread *thread)
{
    for (size_t i = 0; i < thread->n_listeners; i++) {
        struct listener *listener = &thread->listeners[i];
        if (listener->socket != NULL && (listener->kind != KIND_ADMIN || thread->starved))
            h2o_socket_read_stop(listener->socket);
    }
    thread->paused = true;
}

static void resume_accepting(struct thread *thread)
{
    for (size_t i = 0; i < thread->n_listeners; i++) {
        struct listener *listener = &thread->listeners[i];
        if (listener->socket != NULL)
            h2o_socket_read_start(listener->socket, on_accept);
    }
    thread->paused = false;
}

/* Shuts at most `max` connections that have had no request under way for `idle_s`. Returns how many. */
static size_t shut_idle(struct thread *thread, int64_t idle_s, size_t max)
{
    size_t n = 0;
    int64_t before_ms = clock_ms() - idle_s * 1000;
    for (h2o_linklist_t *link = thread->conns.next; link != &thread->conns && n < max; link = link->next) {
        struct conn *conn = H2O_STRUCT_FROM_MEMBER(struct conn, link, link);
        if (conn->doomed || !h2o_linklist_is_empty(&conn->exchanges) || conn->active_ms > before_ms)
            continue;
        conn_shut(conn);
        n++;
    }
    return n;
}

/* No descriptor is left: the client is told by closing, with the descriptor that was kept for this. */
static void shed_one(struct thread *thread, int listener_fd)
{
    if (thread->spare_fd != -1)
        close(thread->spare_fd);
    int fd = accept4(listener_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd != -1) {
        close(fd);
        stats_add(thread->front->options.stats, connections_refused, 1);
    }
    thread->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void on_accept(h2o_socket_t *socket, const char *err)
{
    struct listener *listener = socket->data;
    struct thread *thread = listener->thread;
    if (thread->magic != THREAD_MAGIC)
        abort();
    if (err != NULL)
        return;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        if (listener->kind != KIND_ADMIN && !has_room(thread->front)) {
            pause_accepting(thread);
            return;
        }
        h2o_socket_t *accepted = h2o_evloop_socket_accept(socket);
        if (accepted == NULL) {
            if (errno == EMFILE || errno == ENFILE) {
                thread->starved = true;
                pause_accepting(thread);
            }
            return;
        }
        conn_begin(listener, accepted);
    }
}

/* One turn without accepting: who is idle makes room for who waits. Where descriptors have run out and nobody
 * is idle, one of those who wait on each listener is sent away, so that they do not all wait for nothing. */
static void make_room(struct thread *thread)
{
    size_t n = 0;
    if (thread->starved || !has_room(thread->front))
        n = shut_idle(thread, IDLE_S, SHUT_PER_TURN);
    stats_add(thread->front->options.stats, connections_refused, (int64_t)n);
    for (size_t i = 0; i < thread->n_listeners && thread->starved && n == 0; i++)
        shed_one(thread, h2o_socket_get_fd(thread->listeners[i].socket));
    thread->starved = false;
    if (has_room(thread->front))
        resume_accepting(thread);
}

/* ---- exchanges ---- */

static struct conn *conn_of(h2o_req_t *req)
{
    struct conn *conn = req->conn->callbacks->get_socket(req->conn)->on_close.data;
    if (conn->magic != CONN_MAGIC)
        abort();
    return conn;
}

/* An answer of which nothing, or not all, was taken by the client: what resetting streams leaves behind.
 * Where the connection itself has gone it does not matter any more. */
static bool was_wasted(const struct exchange *exchange)
{
    return !exchange->replied || exchange->req->bytes_sent < exchange->body_len;
}

static void on_exchange_gone(void *data)
{
    struct exchange *exchange = data;
    if (exchange->magic != EXCHANGE_MAGIC)
        abort();
    struct conn *conn = exchange->conn;
    exchange->magic = 0;
    if (exchange->ticket != NULL)
        exchange->ticket->exchange = NULL;
    h2o_timeout_unlink(&exchange->deadline);
    h2o_linklist_unlink(&exchange->link);
    if (h2o_linklist_is_empty(&conn->exchanges))
        conn->active_ms = clock_ms();
    cache_value_unref(exchange->hold);
    free(exchange->owned);
    if (was_wasted(exchange) && !conn->doomed &&
        !guard_spend(&conn->budget, GUARD_COST_RESET, conn->thread->front->options.max_requests_per_s,
                     clock_ms() / 1000)) {
        stats_add(conn->thread->front->options.stats, connections_cut, 1);
        conn_shut(conn);
    }
}

static void on_deadline(h2o_timeout_entry_t *entry)
{
    struct exchange *exchange = H2O_STRUCT_FROM_MEMBER(struct exchange, deadline, entry);
    if (exchange->magic != EXCHANGE_MAGIC)
        abort();
    conn_cut(exchange->conn);
}

static struct exchange *exchange_new(struct conn *conn, h2o_req_t *req)
{
    struct exchange *exchange = h2o_mem_alloc_shared(&req->pool, sizeof(*exchange), on_exchange_gone);
    *exchange = (struct exchange){.magic = EXCHANGE_MAGIC, .req = req, .conn = conn};
    exchange->deadline.cb = on_deadline;
    h2o_timeout_link(conn->thread->loop, &conn->thread->deadline, &exchange->deadline);
    h2o_linklist_insert(&conn->exchanges, &exchange->link);
    conn->asked = true;
    return exchange;
}

const struct request *exchange_request(struct exchange *exchange)
{
    return &exchange->request;
}

struct ticket *exchange_suspend(struct exchange *exchange,
                                void (*on_answer)(void *arg, struct exchange *exchange, void *message),
                                void *arg)
{
    struct ticket *ticket = must(calloc(1, sizeof(*ticket)));
    if (exchange->magic != EXCHANGE_MAGIC || exchange->replied || exchange->ticket != NULL)
        abort();
    ticket->magic = TICKET_MAGIC;
    ticket->inbox = exchange->conn->thread->inbox;
    atomic_fetch_add(&ticket->inbox->refs, 1);
    ticket->exchange = exchange;
    ticket->on_answer = on_answer;
    ticket->arg = arg;
    exchange->ticket = ticket;
    return ticket;
}

/* ---- answering ---- */

static const char *reason_of(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 204:
        return "No Content";
    case 304:
        return "Not Modified";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return "Internal Server Error";
    }
}

/* Names are static, so their address says who they are: libh2o's lookup is made once for each. */
static h2o_iovec_t *name_of(struct thread *thread, const char *text)
{
    size_t at = ((uintptr_t)text >> 2) % NAME_MEMO;
    for (int i = 0; thread->names[at].text != NULL && thread->names[at].text != text; i++) {
        if (i == NAME_MEMO)
            abort();
        at = (at + 1) % NAME_MEMO;
    }
    struct name *name = &thread->names[at];
    if (name->text == NULL) {
        const h2o_token_t *token = h2o_lookup_token(text, strlen(text));
        name->plain = h2o_iovec_init(text, strlen(text));
        name->token = token != NULL ? (h2o_iovec_t *)(uintptr_t)&token->buf : &name->plain;
        name->text = text;
    }
    return name->token;
}

/* Status and fields. The values are borrowed until they are written. */
static void fill_head(struct exchange *exchange, const struct response *response)
{
    h2o_req_t *req = exchange->req;
    struct thread *thread = exchange->conn->thread;
    bool bodiless = response->status == 204 || response->status == 304;
    bool head = exchange->request.method == METHOD_HEAD;
    exchange->replied = true;
    exchange->body_len = bodiless || head ? 0 : response->body_len;
    if (thread->stage != STAGE_SERVING)
        req->http1_is_persistent = 0;
    req->res.status = response->status;
    req->res.reason = reason_of(response->status);
    req->res.content_length = bodiless ? SIZE_MAX : response->body_len;
    h2o_vector_reserve(&req->pool, &req->res.headers, response->n_headers);
    for (size_t i = 0; i < response->n_headers; i++) {
        const struct response_header *header = &response->headers[i];
        req->res.headers.entries[i] = (h2o_header_t){
            .name = name_of(thread, header->name), .value = h2o_iovec_init(header->value, header->value_len)};
    }
    req->res.headers.size = response->n_headers;
}

static void send_response(struct exchange *exchange, const struct response *response)
{
    h2o_req_t *req = exchange->req;
    fill_head(exchange, response);
    h2o_iovec_t body = h2o_iovec_init(response->body, exchange->body_len);
    exchange->conn->thread->answered = req;
    h2o_start_response(req, &exchange->generator);
    h2o_send(req, &body, exchange->body_len > 0, H2O_SEND_STATE_FINAL);
    /* Both protocols have written the fields down by now; what the values point to may go. */
    req->res.headers.size = 0;
}

void exchange_reply(struct exchange *exchange, struct response *response)
{
    if (exchange->magic != EXCHANGE_MAGIC || exchange->replied || exchange->ticket != NULL)
        abort();
    exchange->hold = response->hold;
    exchange->owned = response->owned;
    response->hold = NULL;
    response->owned = NULL;
    send_response(exchange, response);
}

/* For a client that is being cut off or has earned no more. A ticket that is under way finds nobody. */
static void exchange_reply_empty(struct exchange *exchange)
{
    struct response response;
    response_begin(&response, 503);
    response_add_text(&response, "retry-after", RETRY_AFTER_TEXT);
    exchange->req->http1_is_persistent = 0;
    if (exchange->ticket != NULL)
        exchange->ticket->exchange = NULL;
    exchange->ticket = NULL;
    send_response(exchange, &response);
}

/* ---- requests ---- */

static struct slice slice_of(h2o_iovec_t vec)
{
    return (struct slice){vec.base, vec.len};
}

/* True: it is not the first line of its field. */
static bool pick(const h2o_header_t *header, struct slice *ret_value)
{
    bool again = ret_value->text != NULL;
    *ret_value = slice_of(header->value);
    return again;
}

/* All lines of a list as one (RFC 9110 section 5.3). */
static struct slice join_lines(h2o_req_t *req, const h2o_token_t *name)
{
    size_t len = 0, room = 0;
    for (size_t i = 0; i < req->headers.size; i++)
        if (req->headers.entries[i].name == &name->buf)
            room += req->headers.entries[i].value.len + 1;
    if (room == 0)
        return (struct slice){NULL, 0};
    char *text = h2o_mem_alloc_pool(&req->pool, room);
    for (size_t i = 0; i < req->headers.size; i++) {
        const h2o_iovec_t *value = &req->headers.entries[i].value;
        if (req->headers.entries[i].name != &name->buf)
            continue;
        memcpy(text + len, value->base, value->len);
        len += value->len;
        text[len++] = ',';
    }
    return (struct slice){text, len - 1};
}

/* One walk over the fields: counts them for the guard and picks what matters. Another one for who sends a
 * list in many lines, unless that is refused for its size. */
static struct guard_fields read_fields(h2o_req_t *req, struct request *request)
{
    struct guard_fields fields = {0};
    bool repeated = false;
    for (size_t i = 0; i < req->headers.size; i++) {
        const h2o_header_t *header = &req->headers.entries[i];
        guard_add_field(&fields, header->name->len, header->value.len);
        if (header->name == &H2O_TOKEN_ACCEPT_ENCODING->buf)
            repeated |= pick(header, &request->accept_encoding);
        else if (header->name == &H2O_TOKEN_IF_NONE_MATCH->buf)
            repeated |= pick(header, &request->if_none_match);
        else if (header->name == &H2O_TOKEN_IF_MODIFIED_SINCE->buf)
            request->if_modified_since = slice_of(header->value);
    }
    if (repeated && guard_fields_fit(&fields)) {
        request->accept_encoding = join_lines(req, H2O_TOKEN_ACCEPT_ENCODING);
        request->if_none_match = join_lines(req, H2O_TOKEN_IF_NONE_MATCH);
    }
    return fields;
}

/* The bytes of an HTTP/1 request lie in the socket's buffer until it is answered; one with a body has been
 * moved, and is refused for that. */
static const char *head_fault(const struct conn *conn, const h2o_req_t *req)
{
    const h2o_buffer_t *input = conn->socket->input;
    const char *head = req->input.method.base;
    if (req->version >= 0x200 || head < input->bytes || head >= input->bytes + input->size)
        return NULL;
    return guard_head_fault(head, (size_t)(input->bytes + input->size - head));
}

/* A proxy may add a field of its own instead of adding to the one that is there, so the last is the nearest.
 */
static struct peer client_of(const struct conn *conn, const h2o_req_t *req)
{
    struct proxies_walk walk = {.address = conn->address};
    if (!conn->trusted)
        return conn->peer;
    for (size_t i = req->headers.size; i-- > 0;) {
        const h2o_header_t *header = &req->headers.entries[i];
        if (header->name == &H2O_TOKEN_X_FORWARDED_FOR->buf &&
            !proxies_follow(&conn->thread->front->options.proxies, &walk, header->value.base,
                            header->value.len))
            break;
    }
    return peer_of(&walk.address);
}

/* https://fetch.spec.whatwg.org/#cors-preflight-request */
static bool is_preflight(const h2o_req_t *req)
{
    return h2o_find_header_by_str(&req->headers, H2O_STRLIT("origin"), -1) != -1 &&
           h2o_find_header_by_str(&req->headers, H2O_STRLIT("access-control-request-method"), -1) != -1;
}

static struct guard_fault read_request(struct exchange *exchange)
{
    h2o_req_t *req = exchange->req;
    struct request *request = &exchange->request;
    struct guard_fields fields = read_fields(req, request);
    struct guard_input input = {
        .method = slice_of(req->input.method),
        .target = guard_origin_form(slice_of(req->input.path)),
        .authority = slice_of(req->input.authority),
        /* An empty frame ends many an HTTP/2 request; in HTTP/1 even an empty body
         * is one that another server may take for something else. */
        .has_entity = req->entity.base != NULL && (req->version < 0x200 || req->entity.len > 0),
        /* A proxy may pass on what it got over another connection. */
        .wrong_scheme = exchange->conn->kind == KIND_HTTPS && !exchange->conn->trusted &&
                        req->input.scheme != &H2O_URL_SCHEME_HTTPS};
    request->method = guard_method(input.method);
    request->preflight = request->method == METHOD_OPTIONS && is_preflight(req);
    request->target = input.target;
    request->authority = input.authority;
    request->client = (struct slice){exchange->conn->client, strlen(exchange->conn->client)};
    exchange->peer = client_of(exchange->conn, req);
    request->peer = &exchange->peer;
    request->https = exchange->conn->kind == KIND_HTTPS;
    request->now_s = req->processed_at.at.tv_sec;
    const char *fault = head_fault(exchange->conn, req);
    if (fault != NULL)
        return (struct guard_fault){400, fault};
    return guard_check(&input, &fields);
}

static int on_request(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    struct conn *conn = conn_of(req);
    const struct front_options *options = &conn->thread->front->options;
    struct exchange *exchange = exchange_new(conn, req);
    if (conn->doomed) {
        exchange_reply_empty(exchange);
        return 0;
    }
    struct guard_fault fault = read_request(exchange);
    if (fault.status != 0) {
        struct response response;
        stats_add(options->stats, requests_refused, 1);
        /* Whatever follows on this connection may be the rest of what was refused. */
        req->http1_is_persistent = 0;
        problem_respond_refusal(&exchange->request, fault.status, fault.detail, &response);
        exchange_reply(exchange, &response);
        return 0;
    }
    if (conn->kind == KIND_HTTPS)
        options->on_request(options->arg, exchange);
    else if (conn->kind == KIND_PLAIN)
        options->on_plain_request(options->arg, exchange);
    else
        options->on_admin_request(options->arg, exchange);
    return 0;
}

/* ---- answers of libh2o's own ---- */

struct own_answer {
    h2o_ostream_t super;
    struct response response;
};

static void send_own_answer(h2o_ostream_t *self, h2o_req_t *req, h2o_iovec_t *bufs, size_t n_bufs,
                            h2o_send_state_t state)
{
    struct own_answer *answer = H2O_STRUCT_FROM_MEMBER(struct own_answer, super, self);
    h2o_iovec_t body = h2o_iovec_init(answer->response.body, answer->response.body_len);
    (void)bufs;
    h2o_ostream_send_next(self, req, &body, n_bufs > 0, state);
}

/* Called for every answer. One that is not ours is to a request that was never handed on: in HTTP/1 to a body
 * that is too large, in chunks that are none, of no readable Content-Length or an unknown Transfer-Encoding,
 * and to an unknown Expect; in HTTP/2 to fields with invalid characters. */
static void on_own_answer(h2o_filter_t *self, h2o_req_t *req, h2o_ostream_t **slot)
{
    (void)self;
    struct conn *conn = conn_of(req);
    if (conn->thread->answered != req) {
        int status = req->res.status;
        struct exchange *exchange = exchange_new(conn, req);
        struct own_answer *answer = (void *)h2o_add_ostream(req, sizeof(*answer), slot);
        exchange->request.method = guard_method(slice_of(req->input.method));
        exchange->request.target = guard_origin_form(slice_of(req->input.path));
        exchange->request.https = conn->kind == KIND_HTTPS;
        stats_add(conn->thread->front->options.stats, requests_refused, 1);
        problem_respond_refusal(&exchange->request, status,
                                strings_say(status == 413 ? STRING_GUARD_BODY : STRING_GUARD_HTTP),
                                &answer->response);
        exchange->owned = answer->response.owned;
        fill_head(exchange, &answer->response);
        answer->super.do_send = send_own_answer;
        slot = &answer->super.next;
    }
    conn->thread->answered = NULL;
    h2o_setup_next_ostream(req, slot);
}

/* ---- lingering ---- */

static uint64_t ms_of(struct timeval at)
{
    return (uint64_t)at.tv_sec * 1000 + (uint64_t)at.tv_usec / 1000;
}

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
    uint64_t due_ms = ms_of(*begun) + options->request_timeout_ms;
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
    int64_t handshake_ms = conn->asked ? 0 : (int64_t)front->config.handshake_timeout;
    int64_t limit_ms = front->options.response_deadline_ms > front->options.request_timeout_ms
                           ? front->options.response_deadline_ms
                           : front->options.request_timeout_ms;
    return h2o_linklist_is_empty(&conn->exchanges) &&
           now_ms - conn->active_ms > handshake_ms + limit_ms + TURN_MS;
}

/* Once a second: who keeps a connection busy without asking for anything, or begins requests and does not end
 * them. libh2o's own timers end who is quiet a turn earlier; those of HTTP/2 every frame restarts. */
static void end_lingering(struct thread *thread)
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

/* ---- stopping ---- */

/* Connections that have already been made are served to their end: closing the listener would reset them. */
static void close_listeners(struct thread *thread)
{
    for (size_t i = 0; i < thread->n_listeners; i++) {
        struct listener *listener = &thread->listeners[i];
        if (listener->socket == NULL)
            continue;
        h2o_socket_t *accepted;
        for (int n = 0;
             n < CLOSING_ACCEPTS && (accepted = h2o_evloop_socket_accept(listener->socket)) != NULL; n++)
            conn_begin(listener, accepted);
        h2o_socket_read_stop(listener->socket);
        h2o_socket_close(listener->socket);
        listener->socket = NULL;
    }
}

static void cut_all(struct thread *thread)
{
    for (h2o_linklist_t *link = thread->conns.next; link != &thread->conns; link = link->next) {
        struct conn *conn = H2O_STRUCT_FROM_MEMBER(struct conn, link, link);
        if (!h2o_linklist_is_empty(&conn->exchanges))
            thread->clean = false;
        conn_cut(conn);
    }
}

/* One turn of the way out: accept no more, let requests finish, cut what is left. False: it is over. */
static bool drain_step(struct thread *thread, int64_t drain_until_ms)
{
    int64_t now_ms = clock_ms();
    if (thread->stage == STAGE_SERVING) {
        thread->stage = STAGE_DRAINING;
        thread->cut_at_ms = now_ms + DRAIN_IDLE_MS;
        close_listeners(thread);
        h2o_context_request_shutdown(&thread->context);
    }
    if (thread->n_conns == 0)
        return false;
    if (thread->stage == STAGE_DRAINING && now_ms >= drain_until_ms) {
        thread->stage = STAGE_CUTTING;
        thread->cut_at_ms = now_ms + CUT_MS;
        cut_all(thread);
    } else if (thread->stage == STAGE_DRAINING && now_ms >= thread->cut_at_ms) {
        shut_idle(thread, 0, thread->n_conns);
    }
    return thread->stage != STAGE_CUTTING || now_ms < thread->cut_at_ms;
}

/* ---- the clock ---- */

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
    if (!h2o_timeval_is_null(begun) && is_displaced(jump, ms_of(*begun)))
        begun->tv_sec += jump->by_ms / 1000;
    return 0;
}

/* libh2o's loop lives by the wall clock. When that has jumped, every timer is moved by as much, and so are
 * the beginnings of requests. */
static void mend_clock(struct thread *thread)
{
    struct jump jump = {.before_ms = thread->loop_ms, .after_ms = h2o_now(thread->loop)};
    int64_t monotonic_ms = clock_ms();
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
    if (thread->magic != THREAD_MAGIC)
        abort();
    mend_clock(thread);
}

/* ---- threads ---- */

static void add_listeners(struct thread *thread, enum kind kind, const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct listener *listener = &thread->listeners[thread->n_listeners++];
        listener->thread = thread;
        listener->kind = kind;
        listener->accept = (h2o_accept_ctx_t){.ctx = &thread->context, .hosts = thread->front->config.hosts};
        listener->socket = h2o_evloop_socket_create(thread->loop, fds[i], H2O_SOCKET_FLAG_DONT_READ);
        listener->socket->data = listener;
        h2o_socket_read_start(listener->socket, on_accept);
    }
}

/* Runs on the thread itself: libh2o's buffers belong to the thread that made them. */
static void thread_begin(struct thread *thread)
{
    struct front *front = thread->front;
    const struct front_options *options = &front->options;
    size_t index = (size_t)(thread - front->threads);
    thread->loop = h2o_evloop_create();
    h2o_timeout_init(thread->loop, &thread->clock_guard, CLOCK_GUARD_MS);
    thread->clock_entry.cb = on_clock_guard;
    thread->loop_ms = h2o_now(thread->loop);
    thread->monotonic_ms = clock_ms();
    h2o_context_init(&thread->context, thread->loop, &front->config);
    h2o_timeout_init(thread->loop, &thread->deadline, options->response_deadline_ms);
    h2o_multithread_register_receiver(thread->context.queue, &thread->inbox->receiver, on_tickets);
    thread->inbox->open = true;
    thread->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    add_listeners(thread, KIND_HTTPS, options->https_fds + index * options->n_https, options->n_https);
    add_listeners(thread, KIND_PLAIN, options->http_fds + index * options->n_http, options->n_http);
    add_listeners(thread, KIND_ADMIN, options->admin_fds + index * options->n_admin, options->n_admin);
}

static void run_once(struct thread *thread, int32_t max_wait_ms)
{
    h2o_timeout_link(thread->loop, &thread->clock_guard, &thread->clock_entry);
    /* A signal is no error; anything else is a bug that a loop would hide at full speed. */
    if (h2o_evloop_run(thread->loop, max_wait_ms) != 0 && errno != EINTR)
        abort();
    h2o_timeout_unlink(&thread->clock_entry);
    mend_clock(thread);
}

static void thread_end(struct thread *thread)
{
    struct inbox *inbox = thread->inbox;
    pthread_mutex_lock(&inbox->mutex);
    inbox->open = false;
    pthread_mutex_unlock(&inbox->mutex);
    while (atomic_load(&inbox->n_sent) > 0)
        run_once(thread, BUSY_TURN_MS);
    if (thread->spare_fd != -1)
        close(thread->spare_fd);
    /* Connections that survived being cut are left to the end of the process, and their context with them. */
    if (thread->n_conns > 0)
        return;
    h2o_multithread_queue_t *queue = thread->context.queue;
    h2o_multithread_unregister_receiver(queue, &inbox->receiver);
    h2o_timeout_dispose(thread->loop, &thread->deadline);
    h2o_timeout_dispose(thread->loop, &thread->clock_guard);
    /* The second GOAWAY is due 1 s after the first, whether or not there is still anybody to get it. */
    h2o_timeout_unlink(&thread->context.http2._graceful_shutdown_timeout);
    h2o_context_dispose(&thread->context);
    free(queue); /* h2o_multithread_destroy_queue() does not */
    h2o_evloop_destroy(thread->loop);
}

static bool wait_for_gate(struct front *front)
{
    pthread_mutex_lock(&front->mutex);
    while (front->gate == 0)
        pthread_cond_wait(&front->changed, &front->mutex);
    bool go = front->gate > 0;
    pthread_mutex_unlock(&front->mutex);
    return go;
}

static void tell_begun(struct front *front)
{
    pthread_mutex_lock(&front->mutex);
    front->n_begun++;
    pthread_cond_broadcast(&front->changed);
    pthread_mutex_unlock(&front->mutex);
}

static void *thread_main(void *arg)
{
    struct thread *thread = arg;
    struct front *front = thread->front;
    if (thread->magic != THREAD_MAGIC || !wait_for_gate(front))
        return NULL;
    thread_begin(thread);
    tell_begun(front);
    for (;;) {
        int64_t drain_until_ms = atomic_load(&front->drain_until_ms);
        if (drain_until_ms != 0 && !drain_step(thread, drain_until_ms))
            break;
        run_once(thread, drain_until_ms != 0 || thread->paused ? BUSY_TURN_MS : TURN_MS);
        end_lingering(thread);
        if (thread->paused && thread->stage == STAGE_SERVING)
            make_room(thread);
    }
    thread_end(thread);
    return NULL;
}

/* ---- the front ---- */

static void configure(struct front *front)
{
    h2o_globalconf_t *config = &front->config;
    unsigned timeout_ms = front->options.request_timeout_ms;
    h2o_config_init(config);
    config->server_name = h2o_iovec_init("", 0);
    config->max_request_entity_size = MAX_ENTITY_BYTES;
    config->handshake_timeout = timeout_ms < FRONT_MAX_HANDSHAKE_MS ? timeout_ms : FRONT_MAX_HANDSHAKE_MS;
    config->http1.req_timeout = timeout_ms;
    config->http1.upgrade_to_http2 = 0;
    config->http2.idle_timeout = timeout_ms;
    h2o_hostconf_t *host = h2o_config_register_host(config, h2o_iovec_init(H2O_STRLIT(GUARD_NO_HOST)), 65535);
    /* No path is registered, so that every request, however odd its path, comes to the one handler. */
    h2o_create_handler(&host->fallback_path, sizeof(h2o_handler_t))->on_req = on_request;
    h2o_create_filter(&host->fallback_path, sizeof(h2o_filter_t))->on_setup_ostream = on_own_answer;
}

/* With a gate of 1, returns when every thread serves: the caller's list of sockets is not read after that. */
static void open_gate(struct front *front, int gate)
{
    pthread_mutex_lock(&front->mutex);
    front->gate = gate;
    pthread_cond_broadcast(&front->changed);
    while (gate > 0 && front->n_begun < front->n_threads)
        pthread_cond_wait(&front->changed, &front->mutex);
    pthread_mutex_unlock(&front->mutex);
}

static struct thread *prepare_thread(struct front *front)
{
    const struct front_options *options = &front->options;
    struct thread *thread = &front->threads[front->n_threads];
    thread->magic = THREAD_MAGIC;
    thread->front = front;
    thread->inbox = inbox_new();
    thread->listeners =
        must(calloc(options->n_https + options->n_http + options->n_admin + 1, sizeof(*thread->listeners)));
    thread->clean = true;
    h2o_linklist_init_anchor(&thread->conns);
    return thread;
}

struct front *front_new(const struct front_options *options)
{
    struct front *front = must(calloc(1, sizeof(*front)));
    front->options = *options;
    front->tls = options->tls;
    front->peers = peers_new(options->max_connections, options->max_connections_per_address);
    front->threads = must(calloc(options->threads, sizeof(*front->threads)));
    pthread_mutex_init(&front->mutex, NULL);
    pthread_cond_init(&front->changed, NULL);
    configure(front);

    /* Signals are for the main thread. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int error = 0;
    for (unsigned i = 0; i < options->threads && error == 0; i++) {
        struct thread *thread = prepare_thread(front);
        error = pthread_create(&thread->id, NULL, thread_main, thread);
        if (error == 0)
            front->n_threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    open_gate(front, error == 0 ? 1 : -1);
    if (error == 0)
        return front;
    for (size_t i = 0; i < front->n_threads; i++)
        pthread_join(front->threads[i].id, NULL);
    front_free(front);
    errno = error;
    return NULL;
}

void front_set_tls(struct front *front, struct tls_context *tls)
{
    atomic_store(&front->tls, tls);
}

bool front_stop(struct front *front, unsigned drain_ms)
{
    bool clean = true;
    atomic_store(&front->drain_until_ms, clock_ms() + drain_ms);
    for (size_t i = 0; i < front->n_threads; i++) {
        struct inbox *inbox = front->threads[i].inbox;
        pthread_mutex_lock(&inbox->mutex);
        if (inbox->open)
            h2o_multithread_send_message(&inbox->receiver, NULL); /* only wakes the loop */
        pthread_mutex_unlock(&inbox->mutex);
    }
    for (size_t i = 0; i < front->n_threads; i++) {
        pthread_join(front->threads[i].id, NULL);
        clean &= front->threads[i].clean;
    }
    return clean;
}

void front_free(struct front *front)
{
    if (front == NULL)
        return;
    for (unsigned i = 0; i < front->options.threads; i++) {
        if (front->threads[i].inbox == NULL)
            continue;
        inbox_unref(front->threads[i].inbox);
        free(front->threads[i].listeners);
    }
    h2o_config_dispose(&front->config);
    pthread_cond_destroy(&front->changed);
    pthread_mutex_destroy(&front->mutex);
    peers_free(front->peers);
    free(front->threads);
    free(front);
}
