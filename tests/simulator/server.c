/* libh2o's loops, TLS and sockets. What is answered: dispatch.c; how it is written: deliver.c. */
#include "tests/simulator/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/simulator/exchange.h"

#define SERVER_KEEP_ALIVE_MS 120000
#define SERVER_ACCEPTS       16      /* at a time, before the loop does something else */
#define SERVER_GOAWAY_US     2500000 /* after this libh2o has ended the connections that got a GOAWAY */
#define SERVER_WORKER_MAGIC  0x30b6e7u

struct worker {
    unsigned magic;
    struct server *server;
    h2o_context_t context;
    h2o_accept_ctx_t accept;
    struct timers timers;
    struct timer goaway_over;
    int goaway_fd; /* an eventfd: readable when a GOAWAY is asked for */
};

struct server {
    struct server_options options;
    h2o_globalconf_t config;
    struct worker workers[SERVER_THREADS_MAX];
};

struct server_handler {
    h2o_handler_t super;
    struct server *server;
};

SSL_CTX *server_tls(const char *certificate_file, const char *key_file, bool http1_only)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

    if (tls == NULL || SSL_CTX_use_certificate_chain_file(tls, certificate_file) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls, key_file, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(tls) != 1) {
        const char *reason = ERR_reason_error_string(ERR_peek_error());

        fprintf(stderr, "simulator: %s and %s are no certificate and key: %s\n", certificate_file, key_file,
                reason != NULL ? reason : "unreadable");
        SSL_CTX_free(tls);
        return NULL;
    }
    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(tls, (const unsigned char *)"simulator", 9);
    if (!http1_only)
        h2o_ssl_register_alpn_protocols(tls, h2o_http2_alpn_protocols);
    return tls;
}

int server_listen(unsigned port, unsigned *ret_port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    /* Not SO_REUSEPORT: a port in use must be an error, not a shared port. */
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 4096) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        int saved = errno;

        if (fd >= 0)
            close(fd);
        errno = saved;
        return -1;
    }
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static struct worker *server_worker(void *data)
{
    struct worker *worker = data;

    if (worker->magic != SERVER_WORKER_MAGIC)
        abort();
    return worker;
}

static void on_exchange_dispose(void *data)
{
    struct exchange *exchange = data;

    if (exchange->magic != EXCHANGE_MAGIC)
        abort();
    timer_cancel(&exchange->timer);
    call_end(&exchange->call);
    exchange->magic = 0;
}

static int on_request(h2o_handler_t *handler, h2o_req_t *req)
{
    struct server *server = ((struct server_handler *)handler)->server;
    struct worker *worker = server_worker(H2O_STRUCT_FROM_MEMBER(struct worker, context, req->conn->ctx));
    struct exchange *exchange = h2o_mem_alloc_shared(&req->pool, sizeof(*exchange), on_exchange_dispose);
    struct arrival arrival = {.target = req->path.base,
                              .target_len = req->path.len,
                              .connection = req->conn->id,
                              .http2 = req->version >= 0x200};

    memset(exchange, 0, sizeof(*exchange));
    exchange->magic = EXCHANGE_MAGIC;
    exchange->req = req;
    exchange->timers = &worker->timers;
    exchange->arrived_us = timers_now_us();
    dispatch_call(server->options.dispatch, &arrival, &exchange->call);
    exchange_deliver(exchange);
    return 0;
}

static void on_accept(h2o_socket_t *listener, const char *error)
{
    struct worker *worker = server_worker(listener->data);
    h2o_socket_t *sock;

    if (error != NULL)
        return;
    for (int i = 0; i < SERVER_ACCEPTS && (sock = h2o_evloop_socket_accept(listener)) != NULL; i++) {
        counters_connection(worker->server->options.dispatch->counters);
        h2o_accept(&worker->accept, sock);
    }
}

static void on_timer(h2o_socket_t *sock, const char *error)
{
    (void)error;
    timers_run(&server_worker(sock->data)->timers);
}

/* libh2o sends GOAWAY once in the life of a context; what it remembers of that is undone, so that new
 * connections live and the next order works too. */
static void on_goaway_over(struct timer *timer)
{
    struct worker *worker = server_worker(H2O_STRUCT_FROM_MEMBER(struct worker, goaway_over, timer));

    worker->context.shutdown_requested = 0;
    worker->context.http2._graceful_shutdown_timeout.cb = NULL;
}

static void on_goaway(h2o_socket_t *sock, const char *error)
{
    struct worker *worker = server_worker(sock->data);
    uint64_t count;

    (void)error;
    (void)!read(worker->goaway_fd, &count, sizeof(count));
    if (worker->goaway_over.prev != NULL)
        return;
    h2o_context_request_shutdown(&worker->context);
    timers_add(&worker->timers, &worker->goaway_over, timers_now_us() + SERVER_GOAWAY_US, on_goaway_over);
}

/* Asked for by the control path, on any thread. */
static void server_goaway(void *arg)
{
    struct server *server = arg;

    for (unsigned i = 0; i < server->options.threads; i++)
        (void)!write(server->workers[i].goaway_fd, &(uint64_t){1}, sizeof(uint64_t));
}

static void server_watch(struct worker *worker, int fd, h2o_socket_cb on_readable)
{
    h2o_socket_t *sock = h2o_evloop_socket_create(worker->context.loop, fd, H2O_SOCKET_FLAG_DONT_READ);

    sock->data = worker;
    h2o_socket_read_start(sock, on_readable);
}

static void *server_run(void *arg)
{
    struct worker *worker = server_worker(arg);
    struct server *server = worker->server;

    h2o_context_init(&worker->context, h2o_evloop_create(), &server->config);
    worker->accept.ctx = &worker->context;
    worker->accept.hosts = server->config.hosts;
    worker->accept.ssl_ctx = server->options.tls;
    timers_init(&worker->timers);
    server_watch(worker, worker->timers.fd, on_timer);
    server_watch(worker, worker->goaway_fd, on_goaway);
    server_watch(worker, dup(server->options.listener), on_accept);
    while (h2o_evloop_run(worker->context.loop, INT32_MAX) == 0 || errno == EINTR)
        ;
    abort();
}

static void server_configure(struct server *server)
{
    h2o_hostconf_t *host;
    h2o_pathconf_t *path;
    struct server_handler *handler;

    h2o_config_init(&server->config);
    server->config.server_name = h2o_iovec_init(H2O_STRLIT("simulator"));
    server->config.max_request_entity_size = 4096;
    server->config.http1.req_timeout = SERVER_KEEP_ALIVE_MS;
    server->config.http2.idle_timeout = SERVER_KEEP_ALIVE_MS;
    server->config.http2.max_concurrent_requests_per_connection = 100;
    host = h2o_config_register_host(&server->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    path = h2o_config_register_path(host, "/", 0);
    handler = (struct server_handler *)h2o_create_handler(path, sizeof(*handler));
    handler->super.on_req = on_request;
    handler->server = server;
}

uint64_t server_number_connection(void)
{
    /* libh2o numbers its own connections with this counter, in this way. */
    return __sync_add_and_fetch(&h2o_connection_id, 1);
}

bool server_start(const struct server_options *options)
{
    struct server *server = reply_alloc(sizeof(*server));
    pthread_t thread;

    memset(server, 0, sizeof(*server));
    server->options = *options;
    server_configure(server);
    for (unsigned i = 0; i < options->threads; i++) {
        struct worker *worker = &server->workers[i];

        worker->magic = SERVER_WORKER_MAGIC;
        worker->server = server;
        worker->goaway_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (worker->goaway_fd < 0)
            return false;
    }
    control_on_goaway(options->dispatch->control, server_goaway, server);
    for (unsigned i = 0; i < options->threads; i++) {
        int error = pthread_create(&thread, NULL, server_run, &server->workers[i]);

        if (error != 0) {
            errno = error;
            return false;
        }
        pthread_detach(thread);
    }
    return true;
}
