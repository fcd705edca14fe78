/* Exchanges and a back thread that a test plays. */
#include "fake_front.h"

#include <stdlib.h>

#include "service/http/guard.h"
#include "service/upstream/upstream.h"

struct ticket {
    struct exchange *exchange; /* NULL: the client has gone */
    void (*on_answer)(void *arg, struct exchange *exchange, void *message);
    void *arg;
};

/* ---- what exchange.h and ticket.h declare ---- */

const struct request *exchange_request(struct exchange *exchange)
{
    return &exchange->request;
}

void exchange_rebase(struct exchange *exchange, const char *path)
{
    struct slice *target = &exchange->request.target;
    size_t len = guard_base_path(*target, path);
    exchange->request.base = (struct slice){path, strlen(path)};
    *target = (struct slice){target->text + len, target->len - len};
    if (len > 0 && target->len == 0)
        *target = (struct slice){"/", 1};
}

/* What the response's own values and body lie in ends with the call. */
void exchange_reply(struct exchange *exchange, struct response *response)
{
    size_t room = sizeof(exchange->body) - 1, len = response->body != NULL ? response->body_len : 0, used = 0;
    exchange->replied++;
    exchange->response = *response;
    for (size_t i = 0; i < response->n_headers; i++) {
        struct response_header *header = &exchange->response.headers[i];
        assert_true(used + header->value_len <= sizeof(exchange->values));
        memcpy(exchange->values + used, header->value, header->value_len);
        header->value = exchange->values + used;
        used += header->value_len;
    }
    len = len < room ? len : room;
    if (len > 0)
        memcpy(exchange->body, response->body, len);
    exchange->body[len] = '\0';
    response_done(response);
}

struct ticket *exchange_suspend(struct exchange *exchange,
                                void (*on_answer)(void *arg, struct exchange *exchange, void *message),
                                void *arg)
{
    struct ticket *ticket = malloc(sizeof(*ticket));
    assert_non_null(ticket);
    *ticket = (struct ticket){exchange, on_answer, arg};
    return ticket;
}

void ticket_post(struct ticket *ticket, void *message)
{
    ticket->on_answer(ticket->arg, ticket->exchange, message);
    free(ticket);
}

/* ---- what back.h declares ---- */

size_t back_status(struct back *back, struct upstream_status ret[UPSTREAM_STATUS_MAX])
{
    (void)back;
    (void)ret;
    return 0;
}

const char *upstream_libraries(void)
{
    return "no libraries";
}

bool back_is_making(struct back *back, const struct cache_key *key)
{
    for (size_t i = 0; i < back->n; i++) {
        struct cache_key made = route_job_key(&back->orders[i]->request);
        if (made.len == key->len && memcmp(made.text, key->text, key->len) == 0)
            return true;
    }
    return false;
}

/* As the back thread does in its next turn: the order joins a document, or begins one. */
bool back_submit(struct back *back, struct order *order)
{
    struct outcome refusal = {.problem = PROBLEM_NONE};
    struct cache_key key = route_job_key(&order->request);
    if (back->full)
        return false;
    if (order->on_begin != NULL && !back_is_making(back, &key) &&
        !order->on_begin(order->begin_arg, &refusal)) {
        order_finish(order, &refusal);
        return true;
    }
    assert_true(back->n < FAKE_BACK_ORDERS);
    back->orders[back->n++] = order;
    return true;
}

/* ---- what the test sees and says ---- */

struct exchange *exchange_for(const char *target)
{
    static struct exchange exchange;
    exchange = (struct exchange){.request = get(target), .client = {{1}}};
    exchange.request.authority = slice("host.example:8443");
    exchange.request.client = &exchange.client;
    return &exchange;
}

void assert_replied(const struct exchange *exchange, int status)
{
    assert_int_equal(exchange->replied, 1);
    assert_int_equal(exchange->response.status, status);
}

void assert_says(const struct exchange *exchange, const char *text)
{
    if (strstr(exchange->body, text) == NULL)
        fail_msg("it does not say %s: %s", text, exchange->body);
}

void fake_back_answer(struct back *back, struct cache_value *document, enum problem_kind problem)
{
    struct outcome outcome = {.document = document, .source = OUTCOME_UPSTREAM, .problem = problem};
    assert_true(back->n > 0);
    struct order *order = back->orders[0];
    outcome.provider = order->request.translator->name;
    back->n--;
    memmove(back->orders, back->orders + 1, back->n * sizeof(back->orders[0]));
    order_finish(order, &outcome);
}

void fake_back_redirect(struct back *back, struct exchange *exchange)
{
    assert_true(back->n > 0);
    struct ticket *ticket = back->orders[0]->arg;
    ticket->exchange = exchange;
}
