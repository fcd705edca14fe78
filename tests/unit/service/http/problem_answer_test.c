/* Problems as answers: statuses, bodies, and comments that cannot be left. */
#include "response_asserts.h"

#include <jansson.h>
#include <stdlib.h>

#include "service/http/problem_answer.h"

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
    static const int statuses[PROBLEM_KINDS] = {500, 400, 404, 405, 404, 422, 429, 502, 502, 502,
                                                502, 504, 503, 503, 502, 500, 503, 403, 401};
    for (int kind = 1; kind < PROBLEM_KINDS; kind++) {
        struct request request = get("/api/songkick/artist?id=1");
        struct response response;
        problem_respond(&request, (enum problem_kind)kind, "Why.", &response);
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
    problem_respond_outcome(&request, &outcome, NULL, &strings_english, &response);
    assert_header(&response, "retry-after", "17");
    assert_header(&response, "proxy-status", "marquee; error=connection_limit_reached; next-hop=songkick");
    json_t *body = problem_body(&response);
    const json_t *upstream = json_array_get(json_object_get(body, "upstreams"), 0);
    assert_string_equal(json_string_value(json_object_get(upstream, "name")), "songkick");
    assert_int_equal(json_integer_value(json_object_get(upstream, "retry_after")), 17);
    json_decref(body);
    response_done(&response);

    outcome.retry_after_s = 99999999;
    problem_respond_outcome(&request, &outcome, NULL, &strings_english, &response);
    assert_header(&response, "retry-after", "86400");
    response_done(&response);
}

static void a_limit_that_was_reached_and_a_provider_in_trouble_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        enum problem_kind problem;
        const char *proxy_status;
    } kinds[] = {
        {PROBLEM_UPSTREAM_LIMIT, "marquee; error=connection_limit_reached; next-hop=songkick"},
        {PROBLEM_UPSTREAM_PAUSED, "marquee; error=destination_unavailable; next-hop=songkick"},
    };
    struct request request = get("/");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct outcome outcome = {.problem = kinds[i].problem, .provider = "songkick", .retry_after_s = 2};
        struct response response;
        problem_respond_outcome(&request, &outcome, NULL, &strings_english, &response);
        assert_int_equal(response.status, 503);
        assert_header(&response, "retry-after", "2");
        assert_header(&response, "proxy-status", kinds[i].proxy_status);
        response_done(&response);
    }
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
    problem_respond_route(&request, route, &response);
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

static void a_target_that_is_no_uri_is_one_in_the_problem(void **state)
{
    (void)state;
    struct request request = get("/\xff\xc3\xa9#\"%20 ");
    struct response response;
    problem_respond(&request, PROBLEM_NO_SUCH_PATH, "No.", &response);
    json_t *body = problem_body(&response);
    assert_string_equal(json_string_value(json_object_get(body, "instance")), "/%FF%C3%A9%23%22%20%20");
    json_decref(body);
    response_done(&response);
}

static void assert_comment(const char *media_type, const char *open, const char *close)
{
    const struct format format = {.name = "x", .media_type = media_type};
    struct outcome outcome = {.problem = PROBLEM_NOT_FOUND, .detail = "--><script>*/alert(1)/*\n</script>"};
    struct request request = get("/");
    struct response response;
    problem_respond_outcome(&request, &outcome, &format, &strings_english, &response);
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
    problem_respond_outcome(&request, &outcome, &format, &strings_english, &response);
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
        problem_respond_refusal(&request, statuses[i], "Why.", &response);
        assert_int_equal(response.status, statuses[i]);
        json_decref(problem_body(&response));
        if (statuses[i] == 405)
            assert_header(&response, "allow", "GET, HEAD, OPTIONS");
        else
            assert_null(find(&response, "allow"));
        response_done(&response);
    }
}

static void the_cache_says_what_it_did_when_there_is_no_document(void **state)
{
    (void)state;
    static const struct {
        struct outcome outcome;
        const char *want; /* NULL: nothing */
    } cases[] = {
        {{.problem = PROBLEM_NOT_FOUND, .provider = "songkick"}, "marquee; hit; detail=not-found"},
        {{.problem = PROBLEM_NOT_FOUND, .provider = "songkick", .source = OUTCOME_UPSTREAM},
         "marquee; fwd=miss; detail=not-found"},
        {{.problem = PROBLEM_UPSTREAM_SLOW, .provider = "songkick", .collapsed = true},
         "marquee; fwd=miss; collapsed; detail=upstream-slow"},
        {{.problem = PROBLEM_CLIENT_LIMIT}, NULL},
        {{.problem = PROBLEM_OVERLOADED, .provider = "songkick"}, NULL},
    };
    struct request request = get("/api/songkick/artist?id=1");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct response response;
        problem_respond_outcome(&request, &cases[i].outcome, NULL, &strings_english, &response);
        if (cases[i].want != NULL)
            assert_header(&response, "cache-status", cases[i].want);
        else
            assert_null(find(&response, "cache-status"));
        response_done(&response);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_problem_has_status_title_and_slug),
        cmocka_unit_test(upstream_trouble_names_the_provider_and_when_to_come_back),
        cmocka_unit_test(a_limit_that_was_reached_and_a_provider_in_trouble_are_told_apart),
        cmocka_unit_test(every_wrong_parameter_is_listed),
        cmocka_unit_test(a_target_that_is_no_uri_is_one_in_the_problem),
        cmocka_unit_test(a_problem_of_html_and_js_is_a_comment_that_cannot_be_left),
        cmocka_unit_test(a_refusal_says_what_is_allowed_instead),
        cmocka_unit_test(the_cache_says_what_it_did_when_there_is_no_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
