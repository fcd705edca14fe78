/* The yardstick of `make bench`: libh2o answering every request with one answer from memory, on one thread,
 * with the service's own TLS settings. It looks at nothing of a request, so what a server spends beyond it is
 * spent on deciding what to answer. No limits, no timeouts of its own: not for anything but the benchmark.
 *
 *     bare ANSWER CERTIFICATE KEY
 *
 * ANSWER is a file: the status, the header fields as "name: value", an empty line, the body; lines end with a
 * newline. Listens on a free port of 127.0.0.1 and writes "ready PORT". Ends with a signal. */
#include <arpa/inet.h>
#include <errno.h>
#include <h2o.h>
#include <h2o/http1.h>
#include <h2o/http2.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "service/listen/tls.h"

/* Without the definition h2o's headers silently describe the libuv build: other sizes, corrupted memory. */
_Static_assert(H2O_USE_LIBUV == 0, "compile with -DH2O_USE_LIBUV=0");

#define BARE_MAGIC       0x62617265u
#define MAX_ANSWER_BYTES (16u << 20)
#define MAX_FIELDS       64
#define LISTEN_BACKLOG   1024

struct answer {
    int status;
    size_t n_fields;
    h2o_iovec_t names[MAX_FIELDS]; /* of fields that are no token of libh2o */
    h2o_header_t fields[MAX_FIELDS];
    h2o_iovec_t body;
};

struct bare {
    unsigned magic;
    h2o_accept_ctx_t accept;
};

struct handler {
    h2o_handler_t super;
    h2o_generator_t generator;
    const struct answer *answer;
};

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "bare: %s: %s\n", what, why);
    exit(2);
}

static void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

/* ---- the answer ---- */

static char *read_file(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail(path, strerror(errno));
    char *bytes = must(malloc(MAX_ANSWER_BYTES));
    *ret_len = fread(bytes, 1, MAX_ANSWER_BYTES, file);
    if (ferror(file) || *ret_len == MAX_ANSWER_BYTES)
        fail(path, "cannot be read, or has 16 MB");
    fclose(file);
    return bytes;
}

/* Cuts the next line off; false at the end of the file. */
static bool take_line(h2o_iovec_t *rest, h2o_iovec_t *ret_line)
{
    char *newline = memchr(rest->base, '\n', rest->len);
    if (newline == NULL)
        return false;
    *ret_line = h2o_iovec_init(rest->base, (size_t)(newline - rest->base));
    rest->len -= ret_line->len + 1;
    rest->base = newline + 1;
    return true;
}

static void add_field(struct answer *answer, const char *path, h2o_iovec_t line)
{
    size_t name_len = h2o_strstr(line.base, line.len, ": ", 2);
    if (name_len == SIZE_MAX || answer->n_fields == MAX_FIELDS)
        fail(path, "a line is no header field, or there are more than 64");
    const h2o_token_t *token = h2o_lookup_token(line.base, name_len);
    size_t at = answer->n_fields++;
    answer->names[at] = h2o_iovec_init(line.base, name_len);
    answer->fields[at].name = token != NULL ? (h2o_iovec_t *)(uintptr_t)&token->buf : &answer->names[at];
    answer->fields[at].value = h2o_iovec_init(line.base + name_len + 2, line.len - name_len - 2);
}

/* What it points to lives as long as the program. */
static void answer_load(struct answer *answer, const char *path)
{
    h2o_iovec_t rest, line;
    rest.base = read_file(path, &rest.len);
    if (!take_line(&rest, &line))
        fail(path, "no status");
    answer->status = (int)strtol(line.base, NULL, 10);
    while (take_line(&rest, &line) && line.len > 0)
        add_field(answer, path, line);
    answer->body = rest;
}

/* ---- the server ---- */

static int on_request(h2o_handler_t *self, h2o_req_t *req)
{
    struct handler *handler = (struct handler *)self;
    const struct answer *answer = handler->answer;
    h2o_iovec_t body = answer->body;
    req->res.status = answer->status;
    req->res.reason = "OK";
    req->res.content_length = body.len;
    h2o_vector_reserve(&req->pool, &req->res.headers, answer->n_fields);
    memcpy(req->res.headers.entries, answer->fields, answer->n_fields * sizeof(answer->fields[0]));
    req->res.headers.size = answer->n_fields;
    h2o_start_response(req, &handler->generator);
    h2o_send(req, &body, 1, H2O_SEND_STATE_FINAL);
    return 0;
}

static void on_accept(h2o_socket_t *listener, const char *err)
{
    struct bare *bare = listener->data;
    if (bare->magic != BARE_MAGIC)
        abort();
    h2o_socket_t *accepted;
    while (err == NULL && (accepted = h2o_evloop_socket_accept(listener)) != NULL)
        h2o_accept(&bare->accept, accepted);
}

static int listen_anywhere(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd == -1 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(fd, LISTEN_BACKLOG) != 0 || getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        fail("127.0.0.1", strerror(errno));
    printf("ready %u\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        fail("usage", "bare ANSWER CERTIFICATE KEY");
    struct answer *answer = must(calloc(1, sizeof(*answer)));
    answer_load(answer, argv[1]);
    struct fault fault;
    size_t site;
    struct tls_context *tls =
        tls_new(&(struct tls_options){.certificate = argv[2], .key = argv[3], .http2 = true}, &site, &fault);
    if (tls == NULL)
        fail("TLS", fault.text);

    h2o_globalconf_t config;
    h2o_config_init(&config);
    config.server_name = h2o_iovec_init("", 0); /* as in service/front/front.c: no Server field */
    h2o_hostconf_t *host = h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    struct handler *handler = (struct handler *)h2o_create_handler(&host->fallback_path, sizeof(*handler));
    handler->super.on_req = on_request;
    handler->answer = answer;

    h2o_context_t context;
    h2o_context_init(&context, h2o_evloop_create(), &config);
    struct bare bare = {.magic = BARE_MAGIC,
                        .accept = {.ctx = &context, .hosts = config.hosts, .ssl_ctx = tls_ssl_ctx(tls)}};
    h2o_socket_t *listener =
        h2o_evloop_socket_create(context.loop, listen_anywhere(), H2O_SOCKET_FLAG_DONT_READ);
    listener->data = &bare;
    h2o_socket_read_start(listener, on_accept);
    while (h2o_evloop_run(context.loop, INT32_MAX) == 0 || errno == EINTR)
        ;
    fail("event loop", strerror(errno));
}
