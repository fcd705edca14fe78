/* Exchanges: one request and its one answer, written through libh2o. */
#include "exchange.h"

#include <string.h>

#include "conn.h"
#include "frames.h"
#include "front_h2o.h"
#include "service/http/guard.h"
#include "service/process/clock.h"
#include "service/process/stats.h"
#include "translators/base/must.h"

#define RETRY_AFTER_TEXT "1"

/* ---- beginning and end ---- */

/* True if the client did not read the whole answer (stream reset). */
static bool was_wasted(const struct exchange *exchange)
{
    return !exchange->replied || exchange->req->bytes_sent < exchange->body_len;
}

static void on_exchange_gone(void *data)
{
    struct exchange *exchange = CAST(struct exchange, data, EXCHANGE_MAGIC);
    struct conn *conn = exchange->conn;
    exchange->magic = 0;
    ticket_forget(exchange->ticket);
    h2o_timeout_unlink(&exchange->deadline);
    h2o_linklist_unlink(&exchange->link);
    if (h2o_linklist_is_empty(&conn->exchanges))
        conn->active_ms = clock_monotonic_ms();
    cache_value_unref(exchange->hold);
    free(exchange->owned);
    if (exchange->req->version >= 0x200)
        frames_end_request(&conn->frames, !was_wasted(exchange));
    if (conn->refused && exchange->req->version >= 0x200) /* libh2o closes HTTP/1 by itself */
        conn_shut(conn);
    if (was_wasted(exchange) && !conn->doomed &&
        !guard_spend(&conn->budget, GUARD_COST_RESET, conn->thread->front->options.max_requests_per_s,
                     clock_monotonic_ms() / 1000)) {
        stats_add(conn->thread->front->options.stats, connections_cut, 1);
        conn_shut(conn);
    }
}

static void on_deadline(h2o_timeout_entry_t *entry)
{
    struct exchange *exchange = H2O_STRUCT_FROM_MEMBER(struct exchange, deadline, entry);
    must(exchange->magic == EXCHANGE_MAGIC);
    exchange_cut(exchange->conn);
}

struct exchange *exchange_new(struct conn *conn, h2o_req_t *req)
{
    struct exchange *exchange = h2o_mem_alloc_shared(&req->pool, sizeof(*exchange), on_exchange_gone);
    *exchange = (struct exchange){.magic = EXCHANGE_MAGIC, .req = req, .conn = conn};
    exchange->deadline.cb = on_deadline;
    h2o_timeout_link(conn->thread->loop, &conn->thread->deadline, &exchange->deadline);
    h2o_linklist_insert(&conn->exchanges, &exchange->link);
    conn->asked = true;
    if (req->version >= 0x200)
        frames_begin_request(&conn->frames);
    return exchange;
}

const struct request *exchange_request(struct exchange *exchange)
{
    return &exchange->request;
}

void exchange_rebase(struct exchange *exchange, const char *path)
{
    struct request *request = &exchange->request;
    size_t len = guard_base_path(request->target, path), path_len = strlen(path);
    h2o_iovec_t base = h2o_strdup(&exchange->req->pool, path, path_len);
    request->base = (struct slice){base.base, path_len};
    if (len == 0)
        return;
    request->target = (struct slice){request->target.text + len, request->target.len - len};
    if (request->target.len > 0 && request->target.text[0] == '/')
        return;
    /* "/events" and "/events?q=7" are the page itself. */
    h2o_iovec_t target = h2o_concat(&exchange->req->pool, h2o_iovec_init(H2O_STRLIT("/")),
                                    h2o_iovec_init(request->target.text, request->target.len));
    request->target = (struct slice){target.base, target.len};
}

struct ticket *exchange_suspend(struct exchange *exchange, ticket_answer_fn *on_answer, void *arg)
{
    must(exchange->magic == EXCHANGE_MAGIC && !exchange->replied && exchange->ticket == NULL);
    exchange->ticket = ticket_new(exchange->conn->thread->inbox, exchange, on_answer, arg);
    return exchange->ticket;
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

void exchange_name_fields(struct thread *thread)
{
    for (enum response_field i = 0; i < FIELDS; i++) {
        const char *text = response_field_name(i);
        const h2o_token_t *token = h2o_lookup_token(text, strlen(text));
        struct name *name = &thread->names[i];
        name->plain = h2o_iovec_init(text, strlen(text));
        name->token = token != NULL ? (h2o_iovec_t *)(uintptr_t)&token->buf : &name->plain;
    }
}

/* Status and fields. The values are borrowed until they are written. */
void exchange_fill_head(struct exchange *exchange, const struct response *response)
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
        req->res.headers.entries[i] =
            (h2o_header_t){.name = thread->names[header->field].token,
                           .value = h2o_iovec_init(header->value, header->value_len)};
    }
    req->res.headers.size = response->n_headers;
}

static void send_response(struct exchange *exchange, const struct response *response)
{
    h2o_req_t *req = exchange->req;
    exchange_fill_head(exchange, response);
    h2o_iovec_t body = h2o_iovec_init(response->body, exchange->body_len);
    exchange->conn->thread->answered = req;
    h2o_start_response(req, &exchange->generator);
    h2o_send(req, &body, exchange->body_len > 0, H2O_SEND_STATE_FINAL);
    /* Both protocols have written the fields down by now; what the values point to may go. */
    req->res.headers.size = 0;
}

void exchange_reply(struct exchange *exchange, struct response *response)
{
    must(exchange->magic == EXCHANGE_MAGIC && !exchange->replied && exchange->ticket == NULL);
    exchange->hold = response->hold;
    exchange->owned = response->owned;
    response->hold = NULL;
    response->owned = NULL;
    send_response(exchange, response);
}

/* For a client that is being cut off or has earned no more. A ticket that is under way finds nobody. */
void exchange_reply_empty(struct exchange *exchange)
{
    struct response response;
    response_begin(&response, 503);
    response_add_text(&response, FIELD_RETRY_AFTER, RETRY_AFTER_TEXT);
    exchange->req->http1_is_persistent = 0;
    ticket_forget(exchange->ticket);
    exchange->ticket = NULL;
    send_response(exchange, &response);
}

/* Shuts a connection that has answers outstanding. HTTP/1 reads nothing while a request is under way and
 * would never notice, so what is not answered is answered, into the void. */
void exchange_cut(struct conn *conn)
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
