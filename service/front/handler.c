/* The one handler of libh2o: reads a request, has it guarded and hands it on; and makes problems of libh2o's
 * own answers. */
#include "handler.h"

#include <string.h>

#include "conn.h"
#include "exchange.h"
#include "front_h2o.h"
#include "service/http/problem_answer.h"
#include "service/process/stats.h"
#include "translators/base/strings.h"

/* ---- requests ---- */

/* To its client: a proxy that ends TLS has spoken it. */
static bool is_https(const struct conn *conn)
{
    return conn->kind == KIND_HTTPS || conn->kind == KIND_TRUSTED;
}

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
        else if (header->name == &H2O_TOKEN_ACCEPT_LANGUAGE->buf)
            repeated |= pick(header, &request->accept_language);
        else if (header->name == &H2O_TOKEN_AUTHORIZATION->buf)
            request->authorization = slice_of(header->value);
        else if (header->name == &H2O_TOKEN_IF_NONE_MATCH->buf)
            repeated |= pick(header, &request->if_none_match);
        else if (header->name == &H2O_TOKEN_IF_MODIFIED_SINCE->buf)
            request->if_modified_since = slice_of(header->value);
    }
    if (repeated && guard_fields_fit(&fields)) {
        request->accept_encoding = join_lines(req, H2O_TOKEN_ACCEPT_ENCODING);
        request->accept_language = join_lines(req, H2O_TOKEN_ACCEPT_LANGUAGE);
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
static struct client client_behind(const struct conn *conn, const h2o_req_t *req)
{
    struct proxies_walk walk = {.address = conn->address};
    if (!conn->trusted)
        return conn->client;
    for (size_t i = req->headers.size; i-- > 0;) {
        const h2o_header_t *header = &req->headers.entries[i];
        if (header->name == &H2O_TOKEN_X_FORWARDED_FOR->buf &&
            !proxies_follow(&conn->thread->front->options.proxies, &walk, header->value.base,
                            header->value.len))
            break;
    }
    return client_of(&walk.address);
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
        .authority = guard_authority(slice_of(req->input.authority)),
        /* An empty frame ends many an HTTP/2 request; in HTTP/1 even an empty body
         * is one that another server may take for something else. */
        .has_entity = req->entity.base != NULL && (req->version < 0x200 || req->entity.len > 0),
        /* A proxy may pass on what it got over another connection. */
        .wrong_scheme = exchange->conn->kind == KIND_HTTPS && !exchange->conn->trusted &&
                        req->input.scheme != &H2O_URL_SCHEME_HTTPS,
        .host_optional = req->version < 0x101};
    request->method = guard_method(input.method);
    request->preflight = request->method == METHOD_OPTIONS && is_preflight(req);
    request->target = input.target;
    request->authority = input.authority;
    exchange->client = client_behind(exchange->conn, req);
    request->client = &exchange->client;
    request->thread = (unsigned)(exchange->conn->thread - exchange->conn->thread->front->threads);
    request->https = is_https(exchange->conn);
    request->to_https_port =
        exchange->conn->listener->kind == KIND_HTTPS || exchange->conn->listener->kind == KIND_PROXIED;
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
    if (fault.status == 0 && conn->refused)
        fault = (struct guard_fault){503, strings_get(STRING_TOO_MANY_CONNECTIONS)};
    if (fault.status != 0) {
        struct response response;
        stats_add(options->stats, requests_refused, 1);
        /* Whatever follows on this connection may be the rest of what was refused. */
        req->http1_is_persistent = 0;
        problem_respond_refusal(&exchange->request, fault.status, fault.detail, &response);
        exchange_reply(exchange, &response);
        return 0;
    }
    if (is_https(conn))
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
        exchange->request.https = is_https(conn);
        stats_add(conn->thread->front->options.stats, requests_refused, 1);
        problem_respond_refusal(&exchange->request, status,
                                strings_get(status == 413 ? STRING_GUARD_BODY : STRING_GUARD_HTTP),
                                &answer->response);
        exchange->owned = answer->response.owned;
        exchange_fill_head(exchange, &answer->response);
        answer->super.do_send = send_own_answer;
        slot = &answer->super.next;
    }
    conn->thread->answered = NULL;
    h2o_setup_next_ostream(req, slot);
}

void handler_register(h2o_hostconf_t *host)
{
    /* No path is registered, so that every request, however odd its path, comes to the one handler. */
    h2o_create_handler(&host->fallback_path, sizeof(h2o_handler_t))->on_req = on_request;
    h2o_create_filter(&host->fallback_path, sizeof(h2o_filter_t))->on_setup_ostream = on_own_answer;
}
