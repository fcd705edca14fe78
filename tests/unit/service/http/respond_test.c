/* Documents and plain answers as responses, field by field. */
#include "response_asserts.h"

#include <jansson.h>

#include "service/document/representation.h"
#include "service/http/respond.h"

/* 4 KB of text, fresh for an hour from 100 s ago and kept for a day. */
static struct cache_value *document(bool incomplete)
{
    static char text[4096];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "[{\"name\":\"x\"}],"[i % 15];
    struct representation_times times = {NOW_S - 100, NOW_S - 100, NOW_S - 100 + 3600, NOW_S - 100 + 86400};
    return representation_new("application/ld+json", text, sizeof(text), incomplete, 0, NULL, &times);
}

static void a_hit_says_where_it_comes_from_and_how_long_it_holds(void **state)
{
    (void)state;
    struct request request = get("/api/songkick/artist?id=1");
    struct cache_value *value = document(false);
    struct response response;
    respond_document(&request, value, NULL, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(response.body_len, 4096);
    assert_header(&response, "content-type", "application/ld+json");
    assert_header(&response, "age", "100");
    assert_header(&response, "cache-control",
                  "public, max-age=3600, stale-while-revalidate=82800, stale-if-error=82800");
    assert_header(&response, "cache-status", "marquee; hit; ttl=3500");
    assert_header(&response, "server-timing", "cache;desc=hit");
    assert_header(&response, "last-modified", "Fri, 15 Jan 2027 07:58:20 GMT");
    assert_header(&response, "vary", "Accept-Encoding");
    assert_header(&response, "access-control-allow-origin", "*");
    assert_header(&response, "cross-origin-resource-policy", "cross-origin");
    assert_header(&response, "timing-allow-origin", "*");
    assert_header(&response, "x-content-type-options", "nosniff");
    assert_header(&response, "strict-transport-security", "max-age=31536000");
    assert_null(find(&response, "content-encoding"));
    assert_null(find(&response, "proxy-status"));
    response_done(&response);
    cache_value_unref(value);
}

static void plain_http_gets_no_transport_security(void **state)
{
    (void)state;
    struct request request = get("/metrics");
    struct response response;
    request.https = false;
    respond_text(&request, 200, "text/plain", "x", 1, &response);
    assert_null(find(&response, "strict-transport-security"));
    assert_header(&response, "cache-control", "no-store");
    response_done(&response);
}

static void the_response_keeps_the_document_alive(void **state)
{
    (void)state;
    struct request request = get("/");
    struct cache_value *value = document(false);
    struct response response;
    respond_document(&request, value, NULL, &response);
    assert_int_equal(atomic_load(&value->refs), 2);
    cache_value_unref(value);
    assert_memory_equal(response.body, "[{\"name\":\"x\"}],", 15);
    response_done(&response);
    assert_null(response.hold);
}

static void each_encoding_has_an_etag_of_its_own(void **state)
{
    (void)state;
    static const char *const accepts[] = {"identity", "gzip", "br"};
    static const char *const ends[] = {"\"", "-gzip\"", "-br\""};
    struct cache_value *value = document(false);
    for (size_t i = 0; i < 3; i++) {
        struct request request = get("/");
        struct response response;
        request.accept_encoding = slice(accepts[i]);
        respond_document(&request, value, NULL, &response);
        const struct response_header *etag = find(&response, "etag");
        assert_non_null(etag);
        assert_int_equal(etag->value_len, 33 + strlen(ends[i]));
        assert_memory_equal(etag->value + 33, ends[i], strlen(ends[i]));
        if (i > 0)
            assert_header(&response, "content-encoding", accepts[i]);
        assert_true(i == 0 || response.body_len < 4096);
        response_done(&response);
    }
    cache_value_unref(value);
}

static void a_known_etag_gets_304_with_the_validators_and_no_body(void **state)
{
    (void)state;
    struct request request = get("/");
    struct cache_value *value = document(false);
    struct response first, second;
    request.accept_encoding = slice("gzip");
    respond_document(&request, value, NULL, &first);
    const struct response_header *etag = find(&first, "etag");
    assert_non_null(etag);
    request.if_none_match = (struct slice){etag->value, etag->value_len};
    respond_document(&request, value, NULL, &second);
    assert_int_equal(second.status, 304);
    assert_int_equal(second.body_len, 0);
    assert_null(find(&second, "content-type"));
    assert_null(find(&second, "content-encoding"));
    static const char *const kept[] = {"etag",          "cache-control", "vary",
                                       "last-modified", "age",           "cache-status"};
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        assert_non_null(find(&second, kept[i]));
    response_done(&first);
    response_done(&second);
    cache_value_unref(value);
}

/* Last-Modified was given out, but a client that sent it back got the whole document. */
static void a_client_that_has_only_the_date_gets_304_too(void **state)
{
    (void)state;
    static const struct {
        const char *since, *none_match;
        int status;
    } cases[] = {
        {"Fri, 15 Jan 2027 07:58:20 GMT", NULL, 304},
        {"Fri, 15 Jan 2027 07:58:19 GMT", NULL, 200},
        {"Fri, 15 Jan 2027 07:58:20 GMT", "\"other\"", 200},
        {"", NULL, 200},
        {"yesterday", NULL, 200},
    };
    struct cache_value *value = document(false);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct request request = get("/");
        struct response response;
        request.if_modified_since = slice(cases[i].since);
        if (cases[i].none_match != NULL)
            request.if_none_match = slice(cases[i].none_match);
        respond_document(&request, value, NULL, &response);
        assert_int_equal(response.status, cases[i].status);
        assert_int_equal(response.body_len, cases[i].status == 304 ? 0 : 4096);
        assert_header(&response, "last-modified", "Fri, 15 Jan 2027 07:58:20 GMT");
        response_done(&response);
    }
    cache_value_unref(value);
}

static void assert_future(struct cache_value *value, int64_t now_s, const char *since, const char *age,
                          const char *ttl)
{
    struct request request = get("/");
    struct response response;
    request.now_s = now_s;
    request.if_modified_since = slice(since);
    respond_document(&request, value, NULL, &response);
    assert_int_equal(response.status, 200);
    assert_header(&response, "age", age);
    assert_header(&response, "cache-control",
                  "public, max-age=0, stale-while-revalidate=86400, stale-if-error=86400");
    assert_header(&response, "cache-status", ttl);
    assert_header(&response, "last-modified", since);
    response_done(&response);
}

/* It was given out as new, fresh for the days of the jump, and changed in days to come. */
static void a_document_from_before_the_clock_was_set_back_is_fresh_for_nobody(void **state)
{
    (void)state;
    struct cache_value *value = document(false);
    int64_t now_s = NOW_S - 7 * 86400;
    assert_future(value, now_s, "Fri, 08 Jan 2027 08:00:00 GMT", "0", "marquee; hit; ttl=0");
    assert_future(value, now_s + 30, "Fri, 08 Jan 2027 08:00:30 GMT", "30", "marquee; hit; ttl=-30");
    cache_value_unref(value);
}

/* Another instance's clock is ahead by as much as is borne. */
static void a_document_is_never_changed_after_the_date_of_its_response(void **state)
{
    (void)state;
    struct request request = get("/");
    struct cache_value *value = document(false);
    struct response response;
    request.now_s = NOW_S - 110;
    respond_document(&request, value, NULL, &response);
    assert_header(&response, "last-modified", "Fri, 15 Jan 2027 07:58:10 GMT");
    assert_header(&response, "age", "0");
    response_done(&response);
    cache_value_unref(value);
}

static void assert_cache_status(const struct outcome *outcome, bool incomplete, int64_t now_s,
                                const char *want)
{
    struct request request = get("/");
    struct cache_value *value = document(incomplete);
    struct response response;
    request.now_s = now_s;
    respond_document(&request, value, outcome, &response);
    assert_header(&response, "cache-status", want);
    response_done(&response);
    cache_value_unref(value);
}

static void cache_status_tells_the_whole_way(void **state)
{
    (void)state;
    assert_cache_status(NULL, false, NOW_S + 4000, "marquee; hit; ttl=-500");
    assert_cache_status(NULL, true, NOW_S, "marquee; hit; ttl=3500; detail=incomplete");
    assert_cache_status(&(struct outcome){.source = OUTCOME_MEMORY}, false, NOW_S, "marquee; hit; ttl=3500");
    assert_cache_status(&(struct outcome){.source = OUTCOME_MEMCACHED}, false, NOW_S,
                        "marquee-memcached; hit; ttl=3500, marquee; fwd=miss; stored");
    assert_cache_status(&(struct outcome){.source = OUTCOME_UPSTREAM}, false, NOW_S,
                        "marquee; fwd=miss; stored");
    assert_cache_status(&(struct outcome){.source = OUTCOME_UPSTREAM, .collapsed = true}, false, NOW_S,
                        "marquee; fwd=miss; stored; collapsed");
    assert_cache_status(&(struct outcome){.source = OUTCOME_STALE, .problem = PROBLEM_UPSTREAM_SLOW}, false,
                        NOW_S + 4000, "marquee; fwd=stale; detail=upstream-slow");
    assert_cache_status(&(struct outcome){.source = OUTCOME_STALE}, false, NOW_S + 4000,
                        "marquee; hit; ttl=-500");
}

static void server_timing_counts_what_a_miss_cost(void **state)
{
    (void)state;
    struct request request = get("/");
    struct cache_value *value = document(false);
    struct outcome outcome = {
        .source = OUTCOME_UPSTREAM, .rounds = 3, .upstream_requests = 52, .upstream_us = 182349};
    struct response response;
    respond_document(&request, value, &outcome, &response);
    assert_header(&response, "server-timing",
                  "cache;desc=miss, upstream;desc=\"52 requests, 3 rounds\";dur=182.3");
    response_done(&response);
    cache_value_unref(value);
}

static void trouble_behind_a_document_is_told_as_proxy_status(void **state)
{
    (void)state;
    struct request request = get("/");
    struct cache_value *value = document(false);
    struct outcome outcome = {
        .source = OUTCOME_STALE, .problem = PROBLEM_UPSTREAM_SLOW, .provider = "songkick"};
    struct response response;
    respond_document(&request, value, &outcome, &response);
    assert_int_equal(response.status, 200);
    assert_header(&response, "proxy-status", "marquee; error=http_response_timeout; next-hop=songkick");
    response_done(&response);
    atomic_store(&value->trouble, PROBLEM_UPSTREAM_LIMIT);
    respond_document(&request, value, NULL, &response);
    assert_header(&response, "proxy-status", "marquee; error=connection_limit_reached");
    response_done(&response);
    cache_value_unref(value);
}

static void a_damaged_document_is_500(void **state)
{
    (void)state;
    struct request request = get("/");
    struct cache_value *value = cache_value_new(3, 0, NOW_S, NOW_S + 1, NOW_S + 2);
    struct response response;
    memcpy(value->bytes, "???", 3);
    respond_document(&request, value, NULL, &response);
    assert_int_equal(response.status, 500);
    assert_header(&response, "cache-control", "no-store");
    response_done(&response);
    cache_value_unref(value);
}

static void the_sentence_why_a_format_is_impossible_is_422(void **state)
{
    (void)state;
    struct request request = get("/");
    struct representation_times times = {NOW_S, NOW_S, NOW_S + 1, NOW_S + 2};
    struct cache_value *value = representation_new("text/plain", "itemlist needs eventurl.", 24, false,
                                                   PROBLEM_UNPROCESSABLE, NULL, &times);
    struct response response;
    respond_document(&request, value, NULL, &response);
    assert_int_equal(response.status, 422);
    json_t *body = json_loadb((const char *)response.body, response.body_len, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(body, "detail")), "itemlist needs eventurl.");
    json_decref(body);
    response_done(&response);
    cache_value_unref(value);
}

static void a_budget_is_told_with_its_policy_and_none_without(void **state)
{
    (void)state;
    const struct client_budget_grant grant = {.quota = 300, .window_s = 60, .remaining = 42, .reset_s = 17};
    const struct client_budget_grant none = {.result = BUDGET_PARALLEL};
    struct response response;
    response_begin(&response, 200);
    respond_rate_limit(&none, &response);
    assert_int_equal(response.n_headers, 0);
    respond_rate_limit(&grant, &response);
    assert_header(&response, "ratelimit-policy", "\"cold\";q=300;w=60");
    assert_header(&response, "ratelimit", "\"cold\";r=42;t=17");
    response_done(&response);
}

static void a_preflight_is_answered_without_a_body(void **state)
{
    (void)state;
    struct request request = get("/api/songkick/artist");
    struct response response;
    request.preflight = true;
    respond_options(&request, &response);
    assert_int_equal(response.status, 204);
    assert_int_equal(response.body_len, 0);
    assert_header(&response, "allow", "GET, HEAD, OPTIONS");
    assert_header(&response, "access-control-allow-methods", "GET, HEAD, OPTIONS");
    response_done(&response);
}

static void a_redirect_keeps_path_and_query_however_long(void **state)
{
    (void)state;
    char target[8191], want[8300] = "https://a.example";
    memset(target, 'x', sizeof(target) - 1);
    memcpy(target, "/p?q=", 5);
    target[sizeof(target) - 1] = '\0';
    memcpy(want + strlen(want), target, sizeof(target));
    struct request request = get(target);
    struct response response;
    respond_redirect(&request, "https://a.example", 17, &response);
    assert_int_equal(response.status, 308);
    assert_header(&response, "location", want);
    response_done(&response);
}

static void a_redirect_says_in_ascii_where_it_leads(void **state)
{
    (void)state;
    struct request request = get("/\xc3\xa9/\xff?a=\"<>\\^`{|}[]&b=%C3%a9%zz");
    struct response response;
    respond_redirect(&request, "https://a.example", 17, &response);
    assert_header(&response, "location",
                  "https://a.example/%C3%A9/%FF?a=%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D&b=%C3%a9%25zz");
    response_done(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_that_has_only_the_date_gets_304_too),
        cmocka_unit_test(a_hit_says_where_it_comes_from_and_how_long_it_holds),
        cmocka_unit_test(plain_http_gets_no_transport_security),
        cmocka_unit_test(the_response_keeps_the_document_alive),
        cmocka_unit_test(each_encoding_has_an_etag_of_its_own),
        cmocka_unit_test(a_known_etag_gets_304_with_the_validators_and_no_body),
        cmocka_unit_test(a_document_from_before_the_clock_was_set_back_is_fresh_for_nobody),
        cmocka_unit_test(a_document_is_never_changed_after_the_date_of_its_response),
        cmocka_unit_test(cache_status_tells_the_whole_way),
        cmocka_unit_test(server_timing_counts_what_a_miss_cost),
        cmocka_unit_test(trouble_behind_a_document_is_told_as_proxy_status),
        cmocka_unit_test(a_damaged_document_is_500),
        cmocka_unit_test(the_sentence_why_a_format_is_impossible_is_422),
        cmocka_unit_test(a_budget_is_told_with_its_policy_and_none_without),
        cmocka_unit_test(a_preflight_is_answered_without_a_body),
        cmocka_unit_test(a_redirect_keeps_path_and_query_however_long),
        cmocka_unit_test(a_redirect_says_in_ascii_where_it_leads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
