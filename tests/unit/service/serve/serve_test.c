/* Tests of service/serve/serve.c: what happens to one request between handler.c and respond.c, with exchanges
 * and a back thread that the test plays. */
#include "tests/unit/service/fake_front.h"

#include <stdio.h>
#include <stdlib.h>

#include "cache/cache.h"
#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/document/representation.h"
#include "service/process/log.h"
#include "service/process/stats.h"
#include "service/serve/serve.h"
#include "service/site/tours.h"

#define TARGET "/api/songkick/artist?id=1"
#define TOUR   "/tour/songkick/1/"
#define HOUR_S 3600

struct fixture {
    struct config *config;
    struct tours *tours;
    struct cache *cache;
    struct stats stats;
    struct back back;
    struct serve *serve;
};

static struct exchange *ask(struct fixture *fixture, const char *target)
{
    struct exchange *exchange = exchange_for(target);
    serve_on_request(fixture->serve, exchange);
    return exchange;
}

static struct cache_value *document_of(int64_t fresh_s, int64_t keep_s)
{
    const struct representation_times times = {.made_s = NOW_S - HOUR_S,
                                               .stored_s = NOW_S - HOUR_S,
                                               .fresh_until_s = NOW_S + fresh_s,
                                               .keep_until_s = NOW_S + keep_s};
    return representation_new("text/plain", "the document", 12, false, PROBLEM_NONE, NULL, &times);
}

static void put(struct fixture *fixture, const char *target, struct cache_value *value)
{
    struct route_result *route = malloc(sizeof(*route));
    assert_non_null(route);
    route_parse(target, strlen(target), route);
    assert_int_equal(route->target, ROUTE_DOCUMENT);
    struct cache_key key = route_key(&route->document);
    cache_put(fixture->cache, &key, value, NOW_S);
    cache_value_unref(value);
    free(route);
}

/* ---- documents ---- */

static void what_memory_holds_is_answered_at_once(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, TARGET, document_of(HOUR_S, 2 * HOUR_S));
    struct exchange *exchange = ask(fixture, TARGET);
    assert_replied(exchange, 200);
    assert_string_equal(exchange->body, "the document");
    assert_int_equal(fixture->back.n, 0);
    assert_int_equal(fixture->stats.hits_fresh, 1);
    assert_int_equal(fixture->stats.requests, 1);
}

static void who_has_it_already_is_told_so(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, TARGET, document_of(HOUR_S, 2 * HOUR_S));
    struct exchange *exchange = ask(fixture, TARGET);
    char etag[64];
    const struct response_header *header = find(&exchange->response, "etag");
    assert_non_null(header);
    snprintf(etag, sizeof(etag), "%.*s", (int)header->value_len, header->value);
    exchange = exchange_for(TARGET);
    exchange->request.if_none_match = slice(etag);
    serve_on_request(fixture->serve, exchange);
    assert_replied(exchange, 304);
    assert_int_equal(fixture->stats.not_modified, 1);
}

static void a_stale_document_is_answered_at_once_and_ordered_anew_once(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, TARGET, document_of(-1, HOUR_S));
    for (int i = 0; i < 3; i++) {
        struct exchange *exchange = ask(fixture, TARGET);
        assert_replied(exchange, 200);
        assert_string_equal(exchange->body, "the document");
    }
    assert_int_equal(fixture->stats.hits_stale, 3);
    assert_int_equal(fixture->back.n, 1);
    assert_true(fixture->back.orders[0]->refresh);
    assert_null(fixture->back.orders[0]->on_done);
}

static void in_the_last_tenth_of_its_life_a_document_is_ordered_anew_though_it_is_fresh(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, TARGET, document_of(HOUR_S / 9 + 10, 2 * HOUR_S));
    assert_replied(ask(fixture, TARGET), 200);
    assert_int_equal(fixture->back.n, 0);
    put(fixture, TARGET, document_of(HOUR_S / 9 - 10, 2 * HOUR_S));
    assert_replied(ask(fixture, TARGET), 200);
    assert_int_equal(fixture->back.n, 1);
    assert_int_equal(fixture->stats.hits_fresh, 2);
}

static void a_refresh_that_nobody_has_room_for_costs_the_client_nothing(void **state)
{
    struct fixture *fixture = *state;
    fixture->back.full = true;
    put(fixture, TARGET, document_of(-1, HOUR_S));
    assert_replied(ask(fixture, TARGET), 200);
}

static void what_is_not_there_is_ordered_and_answered_when_it_comes(void **state)
{
    struct fixture *fixture = *state;
    struct exchange *exchange = ask(fixture, TARGET);
    assert_int_equal(exchange->replied, 0);
    assert_int_equal(fixture->stats.misses, 1);
    assert_int_equal(fixture->back.n, 1);
    assert_false(fixture->back.orders[0]->refresh);
    assert_string_equal(fixture->back.orders[0]->request.id, "1");
    fake_back_answer(&fixture->back, document_of(HOUR_S, 2 * HOUR_S), PROBLEM_NONE);
    assert_replied(exchange, 200);
    assert_string_equal(exchange->body, "the document");
    assert_non_null(find(&exchange->response, "ratelimit"));
}

static void what_could_not_be_made_is_answered_with_the_problem(void **state)
{
    struct fixture *fixture = *state;
    struct exchange *exchange = ask(fixture, TARGET);
    fake_back_answer(&fixture->back, NULL, PROBLEM_UPSTREAM_SLOW);
    assert_replied(exchange, 504);
}

static void that_there_is_no_such_thing_is_remembered(void **state)
{
    struct fixture *fixture = *state;
    static const char why[] = "Songkick knows no artist with the id 1.";
    struct cache_value *absence =
        cache_value_new(strlen(why), PROBLEM_NOT_FOUND, NOW_S - 1, NOW_S + 100, NOW_S + 100);
    memcpy(absence->bytes, why, strlen(why));
    put(fixture, TARGET, absence);
    struct exchange *exchange = ask(fixture, TARGET);
    assert_replied(exchange, 404);
    assert_says(exchange, why);
    assert_int_equal(fixture->back.n, 0);
}

static void a_full_inbox_is_said_at_once(void **state)
{
    struct fixture *fixture = *state;
    fixture->back.full = true;
    struct exchange *exchange = ask(fixture, TARGET);
    assert_replied(exchange, 503);
    assert_header(&exchange->response, "retry-after", "1");
}

static void a_provider_that_is_switched_off_is_not_there_whatever_memory_holds(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, TARGET, document_of(HOUR_S, 2 * HOUR_S));
    for (size_t i = 0; i < fixture->config->n_providers; i++)
        fixture->config->providers[i].enabled = false;
    assert_replied(ask(fixture, TARGET), 404);
    assert_int_equal(fixture->back.n, 0);
}

/* What a target meant is remembered; whether it may be had is not. */
static void a_known_target_is_judged_anew_each_time(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, TARGET, document_of(HOUR_S, 2 * HOUR_S));
    for (unsigned i = 1; i <= 3; i++) {
        struct exchange *exchange = ask(fixture, TARGET);
        assert_replied(exchange, 200);
        assert_string_equal(exchange->body, "the document");
        assert_int_equal(fixture->stats.hits_fresh, i);
    }
    assert_int_equal(fixture->back.n, 0);
    put(fixture, TARGET, document_of(-1, HOUR_S));
    assert_replied(ask(fixture, TARGET), 200);
    assert_int_equal(fixture->stats.hits_stale, 1);
    assert_int_equal(fixture->back.n, 1);
    for (size_t i = 0; i < fixture->config->n_providers; i++)
        fixture->config->providers[i].enabled = false;
    put(fixture, TARGET, document_of(HOUR_S, 2 * HOUR_S));
    assert_replied(ask(fixture, TARGET), 404);
}

static void parameters_that_are_wrong_are_ordered_from_nobody(void **state)
{
    struct fixture *fixture = *state;
    assert_replied(ask(fixture, "/api/songkick/artist?id=x"), 400);
    assert_replied(ask(fixture, "/api/songkick/artist"), 400);
    assert_replied(ask(fixture, "/api/nobody/artist?id=1"), 404);
    assert_int_equal(fixture->back.n, 0);
}

/* ---- budgets ---- */

static void a_client_over_its_budget_is_told_when_to_come_back_and_gets_what_is_warm(void **state)
{
    struct fixture *fixture = *state;
    fixture->config->limits.client_cold_per_minute = 1;
    fixture->config->limits.client_cold_burst = 1;
    ask(fixture, TARGET);
    fake_back_answer(&fixture->back, document_of(HOUR_S, 2 * HOUR_S), PROBLEM_NONE);
    struct exchange *exchange = ask(fixture, "/api/songkick/artist?id=2");
    assert_replied(exchange, 429);
    assert_non_null(find(&exchange->response, "retry-after"));
    assert_int_equal(fixture->back.n, 0);
    assert_int_equal(fixture->stats.clients_limited, 1);
    put(fixture, TARGET, document_of(HOUR_S, 2 * HOUR_S));
    assert_replied(ask(fixture, TARGET), 200);
}

static void another_client_has_a_budget_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    fixture->config->limits.client_cold_per_minute = 1;
    fixture->config->limits.client_cold_burst = 1;
    ask(fixture, TARGET);
    fake_back_answer(&fixture->back, NULL, PROBLEM_UPSTREAM_SLOW);
    struct exchange *exchange = exchange_for(TARGET);
    exchange->client.bytes[0] = 2;
    serve_on_request(fixture->serve, exchange);
    assert_int_equal(exchange->replied, 0);
    fake_back_answer(&fixture->back, NULL, PROBLEM_UPSTREAM_SLOW);
}

/* A school, an office or a telephone company is one address. */
static void a_crowd_behind_one_address_spends_what_one_of_it_would(void **state)
{
    struct fixture *fixture = *state;
    fixture->config->limits.client_cold_per_minute = 1;
    fixture->config->limits.client_cold_burst = 1;
    fixture->config->limits.client_cold_parallel = 1;
    for (int i = 0; i < FAKE_BACK_ORDERS; i++)
        assert_int_equal(ask(fixture, TARGET)->replied, 0);
    assert_int_equal(fixture->back.n, FAKE_BACK_ORDERS);
    assert_int_equal(fixture->stats.clients_limited, 0);
    assert_replied(ask(fixture, "/api/songkick/artist?id=2"), 429);
    while (fixture->back.n > 0)
        fake_back_answer(&fixture->back, document_of(HOUR_S, 2 * HOUR_S), PROBLEM_NONE);
    assert_replied(ask(fixture, "/api/songkick/artist?id=2"), 429);
    assert_int_equal(fixture->stats.clients_limited, 2);
}

/* Every way in which the work for a client ends gives its place back. */
static void what_has_ended_no_longer_counts_as_under_way(void **state)
{
    struct fixture *fixture = *state;
    fixture->config->limits.client_cold_per_minute = 0;
    fixture->config->limits.client_cold_parallel = 1;
    struct exchange *exchange = ask(fixture, TARGET);
    struct exchange first = *exchange;
    assert_replied(ask(fixture, "/api/songkick/artist?id=2"), 429);
    fake_back_redirect(&fixture->back, &first);
    fake_back_answer(&fixture->back, document_of(HOUR_S, 2 * HOUR_S), PROBLEM_NONE);
    assert_replied(&first, 200);

    exchange = ask(fixture, TARGET);
    fake_back_redirect(&fixture->back, NULL);
    fake_back_answer(&fixture->back, document_of(HOUR_S, 2 * HOUR_S), PROBLEM_NONE);
    assert_int_equal(exchange->replied, 0);

    fixture->back.full = true;
    assert_replied(ask(fixture, TARGET), 503);
    fixture->back.full = false;
    exchange = ask(fixture, TARGET);
    fake_back_answer(&fixture->back, NULL, PROBLEM_UPSTREAM_ERROR);
    assert_replied(exchange, 502);
}

/* ---- the page ---- */

static void the_page_shows_what_its_form_asks_for(void **state)
{
    struct fixture *fixture = *state;
    assert_replied(ask(fixture, "/"), 200);
    assert_int_equal(fixture->back.n, 0);
    struct exchange *exchange = ask(fixture, "/?q=songkick.com/artists/1-name");
    assert_int_equal(exchange->replied, 0);
    assert_int_equal(fixture->back.n, 1);
    fake_back_answer(&fixture->back, NULL, PROBLEM_UPSTREAM_SLOW);
    assert_replied(exchange, 200); /* it is a page all the same, and says what went wrong */
    const struct response_header *type = find(&exchange->response, "content-type");
    assert_non_null(type);
    assert_memory_equal(type->value, "text/html", 9);
}

static void what_is_no_document_is_answered_without_the_cache(void **state)
{
    struct fixture *fixture = *state;
    assert_replied(ask(fixture, "/robots.txt"), 200);
    assert_replied(ask(fixture, "/problems"), 200);
    assert_replied(ask(fixture, "/nothing"), 404);
    assert_replied(ask(fixture, "/static/nothing"), 404);
    struct exchange *exchange = exchange_for(TARGET);
    exchange->request.method = METHOD_OPTIONS;
    serve_on_request(fixture->serve, exchange);
    assert_replied(exchange, 204);
    assert_int_equal(fixture->back.n, 0);
    assert_int_equal(fixture->stats.requests, 5);
}

/* ---- reloads and the other listeners ---- */

static void after_a_swap_requests_go_by_the_new_configuration(void **state)
{
    struct fixture *fixture = *state;
    struct fault fault;
    struct config *next = config_load(NULL, false, &fault);
    assert_non_null(next);
    for (size_t i = 0; i < next->n_providers; i++)
        next->providers[i].enabled = false;
    struct exchange *exchange = ask(fixture, TARGET);
    serve_swap(fixture->serve, next, fixture->tours);
    fake_back_answer(&fixture->back, NULL, PROBLEM_UPSTREAM_SLOW); /* what was ordered before */
    assert_replied(exchange, 504);
    exchange = exchange_for("/api/songkick/artist?id=2");
    serve_on_request(fixture->serve, exchange);
    assert_replied(exchange, 404);
    serve_swap(fixture->serve, fixture->config, fixture->tours);
    config_unref(next);
}

static void the_plain_listener_only_points_to_https(void **state)
{
    struct fixture *fixture = *state;
    struct exchange *exchange = exchange_for(TARGET);
    serve_on_plain_request(fixture->serve, exchange);
    assert_replied(exchange, 308);
    assert_header(&exchange->response, "location", "https://host.example:8443" TARGET);
    exchange = exchange_for(TARGET);
    exchange->request.authority = (struct slice){"host.example:1234", 17};
    exchange->request.to_https_port = true; /* in plain HTTP, through a port that somebody forwards */
    serve_on_plain_request(fixture->serve, exchange);
    assert_header(&exchange->response, "location", "https://host.example:1234" TARGET);
    exchange = exchange_for(TARGET);
    exchange->request.authority = (struct slice){NULL, 0};
    serve_on_plain_request(fixture->serve, exchange);
    assert_replied(exchange, 400); /* HTTP/1.0 without Host: there is nowhere to point to */
    free(fixture->config->site.public_url);
    fixture->config->site.public_url = strdup("https://public.example");
    fixture->config->site.is_default = false;
    exchange = exchange_for(TARGET);
    exchange->request.authority = (struct slice){NULL, 0};
    serve_on_plain_request(fixture->serve, exchange);
    assert_header(&exchange->response, "location", "https://public.example" TARGET);
    free(fixture->config->site.public_url);
    fixture->config->site.public_url = strdup("https://public.example/events");
    exchange = exchange_for(TARGET);
    serve_on_plain_request(fixture->serve, exchange);
    assert_header(&exchange->response, "location", "https://public.example/events" TARGET);
    exchange = exchange_for("/events" TARGET);
    serve_on_plain_request(fixture->serve, exchange);
    assert_header(&exchange->response, "location", "https://public.example/events" TARGET);
}

/* The proxy in front may take the path of the public URL off, or not. */
static void below_a_path_everything_is_where_links_lead(void **state)
{
    static const char *const targets[] = {"/", "/events", "/events/", "/problems", "/events/problems"};
    struct fixture *fixture = *state;
    free(fixture->config->site.public_url);
    fixture->config->site.public_url = strdup("https://public.example/events");
    fixture->config->site.is_default = false;
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct exchange *exchange = ask(fixture, targets[i]);
        assert_replied(exchange, 200);
        assert_says(exchange, "href=\"/events/static/");
        assert_says(exchange, "href=\"/events/favicon.ico\"");
    }
    put(fixture, TARGET, document_of(HOUR_S, 2 * HOUR_S));
    assert_replied(ask(fixture, TARGET), 200);
    assert_replied(ask(fixture, "/events" TARGET), 200);
    assert_says(ask(fixture, "/events/api/songkick/artist"), "\"type\":\"/events/problems#parameters\"");
    assert_replied(ask(fixture, "/eventsx" TARGET), 404);
}

static void the_service_is_ready_when_it_is_said_to_be(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *target;
        bool ready;
        int status;
    } cases[] = {{"/healthz", false, 200}, {"/readyz", false, 503}, {"/readyz", true, 200},
                 {"/readyz", false, 503},  {"/metrics", true, 200}, {"/else", true, 404},
                 {"/readyz?x", true, 200}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct exchange *exchange = exchange_for(cases[i].target);
        serve_set_ready(fixture->serve, cases[i].ready);
        serve_on_admin_request(fixture->serve, exchange);
        assert_replied(exchange, cases[i].status);
    }
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct fault fault;
    const char *why = NULL;
    assert_non_null(fixture);
    log_set_level(LOG_ERROR);
    fixture->config = config_load(NULL, false, &fault);
    assert_non_null(fixture->config);
    for (size_t i = 0; i < fixture->config->n_providers; i++) {
        struct provider_config *provider = &fixture->config->providers[i];
        provider->enabled = true;
        if (provider->api_key == NULL)
            provider->api_key = strdup("key");
    }
    fixture->tours = tours_new(fixture->config, &fault);
    assert_non_null(fixture->tours);
    fixture->cache = cache_new(&(struct cache_options){.memory_bytes = 1u << 20}, &why);
    fixture->serve = serve_new(&(struct serve_options){.config = fixture->config,
                                                       .tours = fixture->tours,
                                                       .cache = fixture->cache,
                                                       .back = &fixture->back,
                                                       .stats = &fixture->stats,
                                                       .n_threads = 1,
                                                       .https_port = 8443});
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < fixture->back.n; i++) /* refreshes that nobody waits for */
        order_free(fixture->back.orders[i]);
    serve_free(fixture->serve);
    cache_free(fixture->cache);
    tours_free(fixture->tours);
    config_unref(fixture->config);
    free(fixture);
    return 0;
}

static struct cache_value *page_of(const char *text, int64_t fresh_s, int64_t keep_s)
{
    const struct representation_page page = {.policy = "default-src 'none'", .is_listed = true};
    const struct representation_times times = {.made_s = NOW_S - HOUR_S,
                                               .stored_s = NOW_S - HOUR_S,
                                               .fresh_until_s = NOW_S + fresh_s,
                                               .keep_until_s = NOW_S + keep_s};
    return representation_new_page(&page, "text/html", text, strlen(text), false, NULL, &times);
}

/* Under the key that the pages of the tour share. */
static void put_index(struct fixture *fixture, const char *text, int64_t fresh_s)
{
    struct route_result *route = malloc(sizeof(*route));
    assert_non_null(route);
    route_parse(TOUR, strlen(TOUR), route);
    struct cache_key key = route_job_key(&route->document);
    struct cache_value *index =
        cache_value_new(strlen(text), 0, NOW_S - HOUR_S, NOW_S + fresh_s, NOW_S + 2 * HOUR_S);
    memcpy(index->bytes, text, strlen(text));
    cache_put(fixture->cache, &key, index, NOW_S);
    cache_value_unref(index);
    free(route);
}

static void a_fresh_page_is_answered_at_once(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, TOUR "x-7/", page_of("<p>the page</p>", HOUR_S, 2 * HOUR_S));
    struct exchange *exchange = ask(fixture, TOUR "x-7/");
    assert_replied(exchange, 200);
    assert_string_equal(exchange->body, "<p>the page</p>");
    assert_null(find(&exchange->response, "x-robots-tag"));
    assert_int_equal(fixture->back.n, 0);
}

static void a_stale_page_that_moved_leads_to_its_address(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, TOUR "x-7/", page_of("<p>the page</p>", -1, 2 * HOUR_S));
    put_index(fixture, "7 y-7\n", HOUR_S);
    struct exchange *exchange = ask(fixture, TOUR "x-7/");
    assert_replied(exchange, 308);
    assert_int_equal(fixture->back.n, 0);
}

static void a_date_that_the_index_does_not_have_asks_nobody(void **state)
{
    struct fixture *fixture = *state;
    put_index(fixture, "7 y-7\n", HOUR_S);
    assert_replied(ask(fixture, TOUR "x-8/"), 404);
    assert_int_equal(fixture->back.n, 0);
    put_index(fixture, "7 y-7\n", -1);
    assert_replied(ask(fixture, TOUR "x-8/"), 404);
    assert_replied(ask(fixture, TOUR "x-9/"), 404);
    assert_int_equal(fixture->back.n, 1); /* the tour may have it by now */
    assert_true(fixture->back.orders[0]->refresh);
}

static void an_evicted_page_is_ordered(void **state)
{
    struct fixture *fixture = *state;
    put_index(fixture, "7 y-7\n", HOUR_S);
    ask(fixture, TOUR "y-7/");
    assert_int_equal(fixture->back.n, 1);
    fake_back_answer(&fixture->back, NULL, PROBLEM_UPSTREAM_SLOW);
}

static void stale_pages_of_a_tour_are_ordered_anew_once(void **state)
{
    struct fixture *fixture = *state;
    put_index(fixture, "7 y-7\n8 z-8\n", -1);
    put(fixture, TOUR "y-7/", page_of("<p>7</p>", -1, 2 * HOUR_S));
    put(fixture, TOUR "z-8/", page_of("<p>8</p>", -1, 2 * HOUR_S));
    assert_replied(ask(fixture, TOUR "y-7/"), 200);
    assert_replied(ask(fixture, TOUR "z-8/"), 200);
    assert_int_equal(fixture->back.n, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_memory_holds_is_answered_at_once),
        TEST(who_has_it_already_is_told_so),
        TEST(a_stale_document_is_answered_at_once_and_ordered_anew_once),
        TEST(in_the_last_tenth_of_its_life_a_document_is_ordered_anew_though_it_is_fresh),
        TEST(a_refresh_that_nobody_has_room_for_costs_the_client_nothing),
        TEST(what_is_not_there_is_ordered_and_answered_when_it_comes),
        TEST(what_could_not_be_made_is_answered_with_the_problem),
        TEST(that_there_is_no_such_thing_is_remembered),
        TEST(a_full_inbox_is_said_at_once),
        TEST(a_provider_that_is_switched_off_is_not_there_whatever_memory_holds),
        TEST(a_known_target_is_judged_anew_each_time),
        TEST(parameters_that_are_wrong_are_ordered_from_nobody),
        TEST(a_client_over_its_budget_is_told_when_to_come_back_and_gets_what_is_warm),
        TEST(another_client_has_a_budget_of_its_own),
        TEST(a_crowd_behind_one_address_spends_what_one_of_it_would),
        TEST(what_has_ended_no_longer_counts_as_under_way),
        TEST(the_page_shows_what_its_form_asks_for),
        TEST(what_is_no_document_is_answered_without_the_cache),
        TEST(after_a_swap_requests_go_by_the_new_configuration),
        TEST(the_plain_listener_only_points_to_https),
        TEST(below_a_path_everything_is_where_links_lead),
        TEST(the_service_is_ready_when_it_is_said_to_be),
        TEST(a_fresh_page_is_answered_at_once),
        TEST(a_stale_page_that_moved_leads_to_its_address),
        TEST(a_date_that_the_index_does_not_have_asks_nobody),
        TEST(an_evicted_page_is_ordered),
        TEST(stale_pages_of_a_tour_are_ordered_anew_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
