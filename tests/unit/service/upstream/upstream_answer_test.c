#include "service/upstream/upstream_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "service/config/config.h"

/* Seventy arrays in each other. */
#define TEN      "[[[[[[[[[["
#define TEN_ENDS "]]]]]]]]]]"
#define TOO_DEEP                                                                                     \
    "{\"page\":{\"size\":1,\"totalElements\":0,\"totalPages\":0},\"a\":" TEN TEN TEN TEN TEN TEN TEN \
        TEN_ENDS TEN_ENDS TEN_ENDS TEN_ENDS TEN_ENDS TEN_ENDS TEN_ENDS "}"

static struct upstream_answer judge(const char *provider_name, int status, const char *text,
                                    int64_t retry_after_s, int64_t reset_after_s)
{
    const struct provider_config provider = {.translator = translator_named(provider_name)};
    struct upstream_answer answer = {.status = status,
                                     .bytes = text,
                                     .len = strlen(text),
                                     .retry_after_s = retry_after_s,
                                     .reset_after_s = reset_after_s,
                                     .why = "nothing"};
    upstream_answer_judge(&answer, &provider, RESOURCE_EVENTS);
    return answer;
}

/* For the breaker: an answer that is none is no better than silence. */
static void an_answer_is_worth_what_status_and_shape_say(void **state)
{
    static const struct {
        int status;
        const char *text;
        enum problem_kind problem;
        const char *why;
    } cases[] = {{403, "{}", PROBLEM_UPSTREAM_KEY, "api_key_file"},
                 {429, "{}", PROBLEM_UPSTREAM_LIMIT, "rate limit"},
                 {500, "{}", PROBLEM_UPSTREAM_ERROR, "error"},
                 {404, "{}", PROBLEM_NOT_FOUND, "no such thing"},
                 {200, "<html>", PROBLEM_UPSTREAM_RUBBISH, "promises"},
                 {200, "{\"a\":", PROBLEM_UPSTREAM_RUBBISH, "promises"},
                 {200, TOO_DEEP, PROBLEM_UPSTREAM_RUBBISH, "promises"}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct upstream_answer answer = judge("ticketmaster", cases[i].status, cases[i].text, 0, 0);
        assert_int_equal(answer.problem, cases[i].problem);
        assert_null(answer.body);
        assert_non_null(strstr(answer.why, cases[i].why));
    }
}

static void a_good_answer_has_its_body(void **state)
{
    (void)state;
    struct upstream_answer answer = judge(
        "ticketmaster", 200, "{\"page\":{\"size\":100,\"totalElements\":1e999,\"totalPages\":0}}", 0, 0);
    assert_int_equal(answer.problem, PROBLEM_NONE);
    assert_true(json_is_object(answer.body));
    assert_true(answer.repaired);
    json_decref(answer.body);
}

static void where_nothing_came_the_problem_stays(void **state)
{
    const struct provider_config provider = {.translator = translator_named("songkick")};
    struct upstream_answer answer = {
        .problem = PROBLEM_UPSTREAM_SLOW, .bytes = "{}", .len = 2, .retry_after_s = 17, .why = "timeout"};
    (void)state;
    upstream_answer_judge(&answer, &provider, RESOURCE_EVENTS);
    assert_int_equal(answer.problem, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(answer.retry_after_s, 17);
    assert_string_equal(answer.why, "timeout");
    assert_null(answer.body);
}

static void a_spent_quota_holds_until_the_reset_and_asking_too_fast_for_a_second(void **state)
{
    static const struct {
        const char *code;
        int64_t retry_after_s, reset_after_s;
        bool is_spent;
        int64_t told_s;
    } cases[] = {{"QuotaViolation", 0, 7200, true, 7200},
                 {"QuotaViolation", 9000, 7200, true, 9000},
                 {"QuotaViolation", 0, 0, false, 0},
                 {"SpikeArrestViolation", 0, 7200, false, 1},
                 {"SpikeArrestViolation", 30, 7200, false, 30}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[128];
        snprintf(text, sizeof(text), "{\"fault\":{\"detail\":{\"errorcode\":\"policies.ratelimit.%s\"}}}",
                 cases[i].code);
        struct upstream_answer answer =
            judge("ticketmaster", 429, text, cases[i].retry_after_s, cases[i].reset_after_s);
        assert_int_equal(answer.problem, PROBLEM_UPSTREAM_LIMIT);
        assert_int_equal(answer.is_spent, cases[i].is_spent);
        assert_int_equal(answer.retry_after_s, cases[i].told_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_worth_what_status_and_shape_say),
        cmocka_unit_test(a_good_answer_has_its_body),
        cmocka_unit_test(where_nothing_came_the_problem_stays),
        cmocka_unit_test(a_spent_quota_holds_until_the_reset_and_asking_too_fast_for_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
