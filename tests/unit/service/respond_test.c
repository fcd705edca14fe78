/* Documents and problems as responses, field by field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "service/representation.h"
#include "service/respond.h"

#define NOW_S 1800000000

static struct slice slice(const char *text)
{
    return (struct slice){text, strlen(text)};
}

static struct request get(const char *target)
{
    return (struct request){.method = METHOD_GET, .target = slice(target), .https = true, .now_s = NOW_S};
}

static const struct response_header *find(const struct response *response, const char *name)
{
    const struct response_header *found = NULL;
    for (size_t i = 0; i < response->n_headers; i++) {
        if (strcmp(response->headers[i].name, name) != 0)
            continue;
        assert_null(found); /* no field comes twice */
        found = &response->headers[i];
    }
    return found;
}

static void assert_header(const struct response *response, const char *name, const char *want)
{
    const struct response_header *header = find(response, name);
    if (header == NULL)
        fail_msg("there is no %s", name);
    if (header->value_len != strlen(want) || memcmp(header->value, want, header->value_len) != 0)
        fail_msg("%s: %.*s", name, (int)header->value_len, header->value);
}

/* 4 KB of text, fresh for an hour from 100 s ago and kept for a day. */
static struct cache_value *document(bool incomplete)
{
    static char text[4096];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "[{\"name\":\"x\"}],"[i % 15];
    struct representation_times times = {NOW_S - 100, NOW_S - 100 + 3600, NOW_S - 100 + 86400};
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
    struct outcome outcome = {.source = OUTCOME_UPSTREAM,
                              .rounds = 3,
                              .upstream_requests = 52,
                              .memcached_us = 412,
                              .upstream_us = 182349,
                              .total_us = 190000};
    struct response response;
    respond_document(&request, value, &outcome, &response);
    assert_header(&response, "server-timing",
                  "cache;desc=miss, memcached;dur=0.4, upstream;desc=\"52 requests, 3 rounds\";dur=182.3, "
                  "total;dur=190.0");
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
    struct representation_times times = {NOW_S, NOW_S + 1, NOW_S + 2};
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

static json_t *problem_body(const struct response *response)
{
    assert_header(response, "content-type", "application/problem+json");
    assert_header(response, "cache-control", "no-store");
    json_t *body = json_loadb((const char *)response->body, response->body_len, 0, NULL);
    assert_non_null(body);
    assert_int_equal(json_integer_value(json_object_get(body, "status")), response->status);
    assert_non_null(json_string_value(json_object_get(body, "type")));
    assert_non_null(json_string_value(json_object_get(body, "title")));
    assert_non_null(json_string_value(json_object_get(body, "detail")));
    return body;
}

static void every_kind_of_problem_has_status_title_and_slug(void **state)
{
    (void)state;
    static const int statuses[PROBLEM_KINDS] = {500, 400, 404, 405, 404, 422, 429, 502,
                                                502, 502, 502, 504, 503, 503, 502, 500};
    for (int kind = 1; kind < PROBLEM_KINDS; kind++) {
        struct request request = get("/api/songkick/artist?id=1");
        struct response response;
        respond_problem(&request, (enum problem_kind)kind, "Why.", &response);
        assert_int_equal(response.status, statuses[kind]);
        assert_int_equal(problem_status((enum problem_kind)kind), statuses[kind]);
        json_t *body = problem_body(&response);
        const char *type = json_string_value(json_object_get(body, "type"));
        assert_string_equal(type + strlen("/problems#"), problem_slug((enum problem_kind)kind));
        assert_string_equal(json_string_value(json_object_get(body, "instance")),
                            "/api/songkick/artist?id=1");
        assert_true((response.status == 503 || response.status == 429) ==
                    (find(&response, "retry-after") != NULL));
        json_decref(body);
        response_done(&response);
    }
    assert_int_equal(problem_status((enum problem_kind)9999), 500);
}

static void upstream_trouble_names_the_provider_and_when_to_come_back(void **state)
{
    (void)state;
    struct request request = get("/");
    struct outcome outcome = {
        .problem = PROBLEM_UPSTREAM_LIMIT, .detail = "Wait.", .provider = "songkick", .retry_after_s = 17};
    struct response response;
    respond_outcome_problem(&request, &outcome, NULL, &response);
    assert_header(&response, "retry-after", "17");
    assert_header(&response, "proxy-status", "marquee; error=connection_limit_reached; next-hop=songkick");
    json_t *body = problem_body(&response);
    const json_t *upstream = json_array_get(json_object_get(body, "upstreams"), 0);
    assert_string_equal(json_string_value(json_object_get(upstream, "name")), "songkick");
    assert_int_equal(json_integer_value(json_object_get(upstream, "retry_after")), 17);
    json_decref(body);
    response_done(&response);

    outcome.retry_after_s = 99999999;
    respond_outcome_problem(&request, &outcome, NULL, &response);
    assert_header(&response, "retry-after", "86400");
    response_done(&response);
}

static void every_wrong_parameter_is_listed(void **state)
{
    (void)state;
    static const char target[] = "/api/songkick/artist?skid=abc&limit=0";
    struct route_result *route = malloc(sizeof(*route));
    assert_non_null(route);
    struct request request = get(target);
    struct response response;
    route_parse(target, sizeof(target) - 1, route);
    respond_route_problem(&request, route, &response);
    assert_int_equal(response.status, 400);
    json_t *body = problem_body(&response);
    const json_t *parameters = json_object_get(body, "parameters");
    assert_int_equal(json_array_size(parameters), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(parameters, 0), "name")), "skid");
    assert_string_equal(json_string_value(json_object_get(json_array_get(parameters, 1), "name")), "limit");
    json_decref(body);
    response_done(&response);
    free(route);
}

static void a_target_that_is_no_utf8_is_left_out_of_the_problem(void **state)
{
    (void)state;
    struct request request = get("/\xff\xfe");
    struct response response;
    respond_problem(&request, PROBLEM_NO_SUCH_PATH, "No.", &response);
    json_t *body = problem_body(&response);
    assert_null(json_object_get(body, "instance"));
    json_decref(body);
    response_done(&response);
}

static void assert_comment(const char *media_type, const char *open, const char *close)
{
    const struct format format = {.name = "x", .media_type = media_type};
    struct outcome outcome = {.problem = PROBLEM_NOT_FOUND, .detail = "--><script>*/alert(1)/*\n</script>"};
    struct request request = get("/");
    struct response response;
    respond_outcome_problem(&request, &outcome, &format, &response);
    assert_int_equal(response.status, 404);
    assert_header(&response, "content-type", media_type);
    const char *body = (const char *)response.body;
    assert_memory_equal(body, open, strlen(open));
    /* The first end of a comment is the end of the body. */
    const char *end = strstr(body + strlen(open), close);
    assert_non_null(end);
    assert_int_equal(end + strlen(close) + 1 - body, response.body_len);
    assert_null(strchr(body + strlen(open), '<'));
    response_done(&response);
}

static void a_problem_of_html_and_js_is_a_comment_that_cannot_be_left(void **state)
{
    (void)state;
    assert_comment("text/html; charset=utf-8", "<!-- ", "-->");
    const struct format format = {.name = "js", .media_type = "text/javascript"};
    struct outcome outcome = {.problem = PROBLEM_NOT_FOUND, .detail = "*/alert(1)/*"};
    struct request request = get("/");
    struct response response;
    respond_outcome_problem(&request, &outcome, &format, &response);
    const char *body = (const char *)response.body;
    assert_memory_equal(body, "/* ", 3);
    assert_ptr_equal(strstr(body + 3, "*/"), body + response.body_len - 3);
    assert_null(strstr(body + 3, "/*"));
    response_done(&response);
}

static void a_refusal_says_what_is_allowed_instead(void **state)
{
    (void)state;
    static const int statuses[] = {400, 405, 414, 431, 503};
    for (size_t i = 0; i < 5; i++) {
        struct request request = get("/");
        struct response response;
        respond_refusal(&request, statuses[i], "Why.", &response);
        assert_int_equal(response.status, statuses[i]);
        json_decref(problem_body(&response));
        if (statuses[i] == 405)
            assert_header(&response, "allow", "GET, HEAD, OPTIONS");
        else
            assert_null(find(&response, "allow"));
        response_done(&response);
    }
}

static void a_preflight_is_answered_without_a_body(void **state)
{
    (void)state;
    struct request request = get("/api/songkick/artist");
    struct response response;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hit_says_where_it_comes_from_and_how_long_it_holds),
        cmocka_unit_test(plain_http_gets_no_transport_security),
        cmocka_unit_test(the_response_keeps_the_document_alive),
        cmocka_unit_test(each_encoding_has_an_etag_of_its_own),
        cmocka_unit_test(a_known_etag_gets_304_with_the_validators_and_no_body),
        cmocka_unit_test(cache_status_tells_the_whole_way),
        cmocka_unit_test(server_timing_counts_what_a_miss_cost),
        cmocka_unit_test(trouble_behind_a_document_is_told_as_proxy_status),
        cmocka_unit_test(a_damaged_document_is_500),
        cmocka_unit_test(the_sentence_why_a_format_is_impossible_is_422),
        cmocka_unit_test(every_kind_of_problem_has_status_title_and_slug),
        cmocka_unit_test(upstream_trouble_names_the_provider_and_when_to_come_back),
        cmocka_unit_test(every_wrong_parameter_is_listed),
        cmocka_unit_test(a_target_that_is_no_utf8_is_left_out_of_the_problem),
        cmocka_unit_test(a_problem_of_html_and_js_is_a_comment_that_cannot_be_left),
        cmocka_unit_test(a_refusal_says_what_is_allowed_instead),
        cmocka_unit_test(a_preflight_is_answered_without_a_body),
        cmocka_unit_test(a_redirect_keeps_path_and_query_however_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
