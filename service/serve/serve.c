/* What happens to one request between handler.c and respond.c: route, look into the memory tier, answer or
 * order. Runs on front threads; a warm request takes no lock but the memory tier's and waits for nothing. */
#include "serve.h"

#include <stdlib.h>
#include <string.h>

#include "cache/cache.h"
#include "serve_internal.h"
#include "service/admin/describe.h"
#include "service/config/config.h"
#include "service/config/public_url.h"
#include "service/document/order.h"
#include "service/document/representation.h"
#include "service/document/route.h"
#include "service/document/route_memo.h"
#include "service/front/exchange.h"
#include "service/http/access.h"
#include "service/http/client_budget.h"
#include "service/http/negotiate.h"
#include "service/http/page_response.h"
#include "service/http/problem_answer.h"
#include "service/http/respond.h"
#include "service/jobs/back.h"
#include "service/page/form.h"
#include "service/page/home.h"
#include "service/page/web.h"
#include "service/process/clock.h"
#include "service/process/stats.h"
#include "service/site/tours.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"

#define WAITER_MAGIC     0x73727632u
#define MAX_COLD_CLIENTS 8192 /* whose budgets are remembered: 320 kB */
#define REFRESH_PAUSE_S  10   /* a refresh that has not come back by then may be started again */

/* What a request that waits for the back thread needs again when the answer comes. */
struct waiter {
    unsigned magic;
    struct serve *serve;
    struct payers payers;
    bool has_begun;                   /* the document is made on their budget */
    struct client_budget_grant grant; /* then */
    const struct format *format;
    const struct strings *strings; /* the language of problems */
    bool is_page;                  /* the page at / shows what comes */
};

/* A document, and what shows it. Borrowed. */
struct wish {
    const struct document_request *document;
    const struct form
        *form;          /* the page at /, which shows a document or a problem in its own way; NULL: nothing */
    bool is_configured; /* the operator set it up: nobody needs leave to see it */
};

struct serve *serve_new(const struct serve_options *options)
{
    struct serve *serve = memory_new_zeroed(1, sizeof(*serve));
    serve->magic = SERVE_MAGIC;
    serve->with = *options;
    serve->quota = client_budget_new(MAX_COLD_CLIENTS);
    serve->web = web_new();
    serve->memos = must(calloc(options->n_threads, sizeof(struct route_memo *)));
    for (unsigned i = 0; i < options->n_threads; i++)
        serve->memos[i] = route_memo_new();
    serve->openapi = describe_openapi(public_url_configured(options->config));
    serve->words = describe_words(public_url_configured(options->config));
    serve_swap(serve, options->config, options->tours);
    return serve;
}

void serve_free(struct serve *serve)
{
    if (serve == NULL)
        return;
    client_budget_free(serve->quota);
    web_free(serve->web);
    for (unsigned i = 0; i < serve->with.n_threads; i++)
        route_memo_free(serve->memos[i]);
    free(serve->memos);
    free(serve->openapi);
    free(serve->words);
    free(serve);
}

void serve_swap(struct serve *serve, const struct config *config, const struct tours *tours)
{
    atomic_store(&serve->config, config);
    atomic_store(&serve->tours, tours);
}

/* The same request, with the end of its link. */
static struct request bounded_request(struct serve *serve, const struct request *request)
{
    struct request bounded = *request;
    struct access_claim claim;
    if (!access_signs(atomic_load(&serve->config)->access.policy))
        return bounded;
    access_claim_read(request->target, &claim);
    bounded.until_s = claim.expires_s;
    return bounded;
}

/* ---- pages of tours ---- */

/* Of a page that the tour does not have the job gives its index. */
static void respond_page_or_index(struct serve *serve, const struct request *request,
                                  const struct outcome *outcome, struct response *ret)
{
    struct representation representation;
    struct route_result route;
    struct outcome overloaded = {.problem = PROBLEM_OVERLOADED};
    serve_find_route(serve, request, &route);
    if (representation_open(outcome->document, &representation))
        respond_document(request, outcome->document, outcome, ret);
    else if (!page_respond_by_index(request, &route.document, outcome->document, ret))
        problem_respond_outcome(request, &overloaded, &format_pages, route_problem_language(&route.document),
                                ret);
}

/* ---- cold requests ---- */

/* `form` as in struct wish; `strings` is the language of problems. */
static void answer_outcome(struct serve *serve, struct exchange *exchange, const struct outcome *outcome,
                           const struct client_budget_grant *grant, const struct format *format,
                           const struct strings *strings, const struct form *form)
{
    const struct request *request = exchange_request(exchange), bounded = bounded_request(serve, request);
    struct response response;
    if (form != NULL)
        home_respond(request, atomic_load(&serve->config), serve->web, form, outcome, &response);
    else if (outcome->document != NULL && format == &format_pages)
        respond_page_or_index(serve, &bounded, outcome, &response);
    else if (outcome->document != NULL)
        respond_document(&bounded, outcome->document, outcome, &response);
    else
        problem_respond_outcome(request, outcome, format, strings, &response);
    respond_rate_limit(grant, &response);
    exchange_reply(exchange, &response);
}

/* The form is large, and is not kept while its request waits. The target lives as long as the exchange. */
static void answer_on_page(struct serve *serve, struct exchange *exchange, const struct outcome *outcome,
                           const struct client_budget_grant *grant)
{
    const struct request *request = exchange_request(exchange);
    struct form form;
    form_parse(atomic_load(&serve->config), request->target.text, request->target.len,
               negotiate_language(request->accept_language), &form);
    answer_outcome(serve, exchange, outcome, grant, NULL, form.strings, &form);
}

/* The exchange's thread; `message` is the outcome, which is ours. */
static void on_answer(void *arg, struct exchange *exchange, void *message)
{
    struct waiter *waiter = CAST(struct waiter, arg, WAITER_MAGIC);
    struct outcome *outcome = message;
    if (waiter->has_begun)
        payers_leave(waiter->serve->quota, &waiter->payers);
    if (exchange != NULL && waiter->is_page)
        answer_on_page(waiter->serve, exchange, outcome, &waiter->grant);
    else if (exchange != NULL)
        answer_outcome(waiter->serve, exchange, outcome, &waiter->grant, waiter->format, waiter->strings,
                       NULL);
    outcome_done(outcome);
    free(outcome);
    free(waiter);
}

static void on_order_done(void *arg, struct outcome *outcome)
{
    struct outcome *copy = memory_new(sizeof(*copy));
    *copy = *outcome;
    ticket_post(arg, copy);
}

/* The back thread, before the exchange's thread sees the waiter again. */
static bool on_begin(void *arg, struct outcome *ret_refusal)
{
    struct waiter *waiter = CAST(struct waiter, arg, WAITER_MAGIC);
    struct serve *serve = waiter->serve;
    waiter->grant = payers_enter(serve->quota, &waiter->payers, clock_monotonic_ms());
    waiter->has_begun = waiter->grant.result == BUDGET_GRANTED;
    if (!waiter->has_begun) {
        stats_add(serve->with.stats, clients_limited, 1);
        *ret_refusal = serve_refusal(&waiter->grant, waiter->strings);
    }
    return waiter->has_begun;
}

static void hand_over(struct serve *serve, struct exchange *exchange, const struct wish *wish,
                      const struct payers *payers)
{
    struct waiter *waiter = memory_new(sizeof(*waiter));
    *waiter = (struct waiter){.magic = WAITER_MAGIC,
                              .serve = serve,
                              .payers = *payers,
                              .format = wish->document->format,
                              .strings = route_problem_language(wish->document),
                              .is_page = wish->form != NULL};
    struct order *order =
        order_new(wish->document, on_order_done, exchange_suspend(exchange, on_answer, waiter));
    order->on_begin = on_begin;
    order->begin_arg = waiter;
    if (back_submit(serve->with.back, order))
        return;
    struct outcome refused = {.problem = PROBLEM_OVERLOADED};
    strings_write(refused.detail, sizeof(refused.detail), waiter->strings->texts[STRING_TOO_MANY_NEW], NULL);
    order_finish(order, &refused);
}

/* What is not in memory costs a thousand times as much as what is, so that each client has a budget of it.
 * Who joins a document in the making spends nothing: a crowd behind one address would be refused what is made
 * in any case. The budget is spent where that is known, on the back thread; who is over it already and could
 * join nothing is not sent there. */
static void order_document(struct serve *serve, struct exchange *exchange, const struct wish *wish)
{
    const struct payers payers = serve_payers(serve, exchange, wish->document);
    struct client_budget_grant grant = payers_look(serve->quota, &payers, clock_monotonic_ms());
    struct cache_key key = route_job_key(wish->document);
    stats_add(serve->with.stats, misses, 1);
    if (grant.result == BUDGET_GRANTED || back_is_making(serve->with.back, &key)) {
        hand_over(serve, exchange, wish, &payers);
        return;
    }
    const struct strings *strings = route_problem_language(wish->document);
    struct outcome refusal = serve_refusal(&grant, strings);
    stats_add(serve->with.stats, clients_limited, 1);
    answer_outcome(serve, exchange, &refusal, &grant, wish->document->format, strings, wish->form);
}

static void order_refresh(struct serve *serve, const struct document_request *request)
{
    struct order *order = order_new(request, NULL, NULL);
    if (!back_submit(serve->with.back, order))
        order_free(order);
}

/* ---- documents ---- */

/* A document that is asked for in the last tenth of its life is made anew before it is stale: then the
 * clients of a popular one never get an old one. */
static bool is_due(struct cache_value *value, int64_t now_s)
{
    return !cache_fresh_beyond(value, now_s + (value->fresh_until_s - value->stored_s) / 10, now_s);
}

/* Pages of a tour are made anew together, so the claim is their index's. */
static bool claim_refresh(struct serve *serve, const struct document_request *wanted,
                          struct cache_value *value, int64_t now_s)
{
    struct cache_key key = route_job_key(wanted);
    struct cache_value *index = route_is_page(wanted) ? cache_peek(serve->with.cache, &key, now_s) : NULL;
    bool claimed = cache_claim_refresh(index != NULL ? index : value, now_s, REFRESH_PAUSE_S);
    cache_value_unref(index);
    return claimed;
}

static void reply_hit(struct serve *serve, struct exchange *exchange, struct cache_value *value,
                      struct response *response)
{
    if (response->status == 304)
        stats_add(serve->with.stats, not_modified, 1);
    cache_value_unref(value);
    exchange_reply(exchange, response);
}

/* A target that meant a document before, which is in memory and needs nothing but to be sent. False: nothing
 * has been done. */
static bool serve_known(struct serve *serve, struct exchange *exchange)
{
    const struct request *request = exchange_request(exchange);
    const struct config *config = atomic_load(&serve->config);
    struct route_known *known =
        route_memo_find(serve->memos[request->thread], request->target.text, request->target.len);
    if (known == NULL || config->access.policy != NULL || !serve_has_fixed_meaning(serve, config, request) ||
        !config_provider(config, known->translator)->enabled)
        return false;
    struct cache_value *value =
        cache_peek_again(serve->with.cache, &known->key, &known->hash, request->now_s);
    if (value == NULL || value->status == PROBLEM_NOT_FOUND || is_due(value, request->now_s)) {
        cache_value_unref(value);
        return false;
    }
    struct response response;
    respond_document(request, value, NULL, &response);
    stats_add(serve->with.stats, hits_fresh, 1);
    reply_hit(serve, exchange, value, &response);
    return true;
}

/* What memory holds is answered at once, fresh or stale; of all threads, one starts the refresh of what is
 * stale. */
static void serve_value(struct serve *serve, struct exchange *exchange, const struct wish *wish,
                        struct cache_value *value)
{
    const struct document_request *wanted = wish->document;
    const struct request *request = exchange_request(exchange), bounded = bounded_request(serve, request);
    struct stats *stats = serve->with.stats;
    struct response response;
    bool stale = cache_judge(value, request->now_s) == CACHE_STALE;
    struct outcome outcome = {.provider = wanted->translator->name};
    if (wish->form != NULL || value->status == PROBLEM_NOT_FOUND)
        outcome_read(&outcome, value);
    if (wish->form != NULL)
        home_respond(request, atomic_load(&serve->config), serve->web, wish->form, &outcome, &response);
    else if (value->status == PROBLEM_NOT_FOUND)
        problem_respond_outcome(request, &outcome, wanted->format, route_problem_language(wanted), &response);
    else
        respond_document(&bounded, value, NULL, &response);
    outcome_done(&outcome);
    if (stale)
        stats_add(stats, hits_stale, 1);
    else
        stats_add(stats, hits_fresh, 1);
    if (is_due(value, request->now_s) && claim_refresh(serve, wanted, value, request->now_s))
        order_refresh(serve, wanted);
    if (wish->form == NULL && !wish->is_configured)
        route_memo_add(serve->memos[request->thread], request->target.text, request->target.len, wanted);
    reply_hit(serve, exchange, value, &response);
}

/* The index of a tour knows where each page is, and that others are not there. A fresh page needs none. */
static bool serve_by_index(struct serve *serve, struct exchange *exchange,
                           const struct document_request *wanted, struct cache_value *value)
{
    const struct request *request = exchange_request(exchange);
    struct cache_key key = route_job_key(wanted);
    struct response response;
    if (value != NULL && cache_judge(value, request->now_s) == CACHE_FRESH)
        return false;
    struct cache_value *index = cache_peek(serve->with.cache, &key, request->now_s);
    if (index == NULL)
        return false;
    if (value != NULL) /* a failed making leaves its mark on the index alone */
        atomic_store(&value->trouble, atomic_load(&index->trouble));
    struct outcome outcome = {.provider = wanted->translator->name};
    bool is_absent = index->status == PROBLEM_NOT_FOUND;
    if (is_absent) {
        outcome_read(&outcome, index);
        problem_respond_outcome(request, &outcome, wanted->format, route_problem_language(wanted), &response);
    }
    const struct request bounded = bounded_request(serve, request);
    bool answered = is_absent || page_respond_by_index(&bounded, wanted, index, &response);
    if (answered)
        exchange_reply(exchange, &response);
    if (answered && is_due(index, request->now_s) &&
        cache_claim_refresh(index, request->now_s, REFRESH_PAUSE_S))
        order_refresh(serve, wanted);
    cache_value_unref(index);
    return answered;
}

/* Before the cache is looked at, for all that yields a document. */
static bool refuse_access(struct serve *serve, struct exchange *exchange, const struct wish *wish)
{
    static const enum string_id details[] = {[ACCESS_DENIED] = STRING_ACCESS_DENIED,
                                             [ACCESS_UNSIGNED] = STRING_ACCESS_UNSIGNED,
                                             [ACCESS_CHANGED] = STRING_ACCESS_CHANGED,
                                             [ACCESS_EXPIRED] = STRING_ACCESS_EXPIRED};
    const struct access *access = atomic_load(&serve->config)->access.policy;
    const struct request *request = exchange_request(exchange);
    struct access_claim claim;
    if (access == NULL)
        return false;
    access_claim_read(request->target, &claim);
    const enum access_result result = wish->is_configured ? access_check_configured(access, wish->document)
                                      : wish->form != NULL
                                          ? access_check_form(access, wish->document)
                                          : access_check(access, wish->document, &claim, request->now_s);
    if (result == ACCESS_GRANTED)
        return false;
    struct outcome outcome = {.problem = PROBLEM_FORBIDDEN};
    const struct client_budget_grant nothing = {.result = BUDGET_GRANTED};
    const struct strings *strings = route_problem_language(wish->document);
    strings_write(outcome.detail, sizeof(outcome.detail), strings->texts[details[result]], NULL);
    stats_add(serve->with.stats, access_refused, 1);
    answer_outcome(serve, exchange, &outcome, &nothing, wish->document->format, strings, wish->form);
    return true;
}

static void serve_document(struct serve *serve, struct exchange *exchange, const struct wish *wish)
{
    const struct document_request *wanted = wish->document;
    if (refuse_access(serve, exchange, wish))
        return;
    const struct request *request = exchange_request(exchange);
    const struct provider_config *provider = config_provider(atomic_load(&serve->config), wanted->translator);
    if (!provider->enabled) {
        struct response response;
        char detail[CONFIG_MAX_DETAIL_BYTES];
        config_say_unserved(provider, strings_chosen(), detail);
        problem_respond(request, PROBLEM_NO_SUCH_PATH, detail, &response);
        exchange_reply(exchange, &response);
        return;
    }
    struct cache_key key = route_key(wanted);
    struct cache_value *value = cache_peek(serve->with.cache, &key, request->now_s);
    if (route_is_page(wanted) && serve_by_index(serve, exchange, wanted, value)) {
        cache_value_unref(value);
        return;
    }
    if (value != NULL)
        serve_value(serve, exchange, wish, value);
    else
        order_document(serve, exchange, wish);
}

/* The form signs links, and shows what only signed links may have. */
static bool refuse_form(struct serve *serve, struct exchange *exchange)
{
    const struct request *request = exchange_request(exchange);
    struct response response;
    if (access_admits_form(atomic_load(&serve->config)->access.policy, request->authorization))
        return false;
    problem_respond(request, PROBLEM_PASSWORD, strings_get(STRING_ACCESS_PASSWORD), &response);
    response_add_text(&response, FIELD_WWW_AUTHENTICATE, "Basic realm=\"marquee\", charset=\"UTF-8\"");
    exchange_reply(exchange, &response);
    return true;
}

static void serve_page(struct serve *serve, struct exchange *exchange)
{
    const struct request *request = exchange_request(exchange);
    const struct config *config = atomic_load(&serve->config);
    if (refuse_form(serve, exchange))
        return;
    struct form form;
    struct response response;
    form_parse(config, request->target.text, request->target.len,
               negotiate_language(request->accept_language), &form);
    if (form.state == FORM_SEARCH || form.state == FORM_LINK) {
        serve_document(serve, exchange, &(struct wish){&form.request, &form, false});
        return;
    }
    home_respond(request, config, serve->web, &form, NULL, &response);
    exchange_reply(exchange, &response);
}

void serve_on_request(void *arg, struct exchange *exchange)
{
    struct serve *serve = CAST(struct serve, arg, SERVE_MAGIC);
    const struct request *request = exchange_request(exchange);
    struct route_result route;
    struct response response;
    stats_add(serve->with.stats, requests, 1);
    exchange_rebase(exchange, public_url_path(atomic_load(&serve->config)));
    if (request->method == METHOD_OPTIONS) {
        respond_options(request, &response);
        exchange_reply(exchange, &response);
        return;
    }
    if (serve_known(serve, exchange))
        return;
    serve_find_route(serve, request, &route);
    switch (route.target) {
    case ROUTE_DOCUMENT:
        serve_document(serve, exchange, &(struct wish){&route.document, NULL, route.is_configured});
        return;
    case ROUTE_HOME:
        serve_page(serve, exchange);
        return;
    case ROUTE_PROBLEMS:
        home_respond_problems(request, serve->web, &response);
        break;
    case ROUTE_STATIC:
        web_respond(serve->web, request, &response);
        break;
    case ROUTE_ROBOTS:
        tours_respond_robots(atomic_load(&serve->tours), request, &response);
        break;
    case ROUTE_FAVICON:
        web_respond_favicon(request, &response);
        break;
    case ROUTE_MOVED:
        page_respond_moved(request, route.location, &response);
        break;
    case ROUTE_OPENAPI:
        respond_page(request, "application/json", NULL, serve->openapi, strlen(serve->openapi), &response);
        response_add_text(&response, FIELD_ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        break;
    case ROUTE_LLMS:
        respond_page(request, "text/markdown; charset=utf-8", NULL, serve->words, strlen(serve->words),
                     &response);
        break;
    case ROUTE_PROBLEM:
        problem_respond_route(request, &route, &response);
        break;
    }
    exchange_reply(exchange, &response);
}
