/* Tests of translators/ask/answer.c and repair.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "translators/ask/answer.h"

#define DEPTH 64

static const struct translator plain = {.name = "plain"};

static struct answer read_text(const char *text)
{
    return answer_read(&plain, RESOURCE_EVENTS, 200, text, strlen(text), DEPTH);
}

/* What is sent, what it is read as (compact), and was it repaired? NULL: it is rubbish. */
struct reading {
    const char *from, *to;
    bool repaired;
};

static void assert_readings(const struct reading *readings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct answer answer = read_text(readings[i].from);
        if (readings[i].to == NULL) {
            assert_int_equal(answer.problem, PROBLEM_UPSTREAM_RUBBISH);
            assert_null(answer.body);
            continue;
        }
        if (answer.problem != PROBLEM_NONE)
            fail_msg("refused: %s", readings[i].from);
        char *text = json_dumps(answer.body, JSON_COMPACT);
        assert_string_equal(text, readings[i].to);
        assert_int_equal(answer.repaired, readings[i].repaired);
        free(text);
        json_decref(answer.body);
    }
}

#define ASSERT_READINGS(...)                                               \
    do {                                                                   \
        static const struct reading readings[] = {__VA_ARGS__};            \
        assert_readings(readings, sizeof(readings) / sizeof(readings[0])); \
    } while (0)

static void valid_json_is_read_as_it_is(void **state)
{
    (void)state;
    ASSERT_READINGS(
        {"{}", "{}", false}, {" [1, 2.5, \"x\", null, true]\n", "[1,2.5,\"x\",null,true]", false},
        {"[9223372036854775807,-9223372036854775808]", "[9223372036854775807,-9223372036854775808]", false},
        {"[\"\\ud83d\\ude00\"]", "[\"\xF0\x9F\x98\x80\"]", false});
}

static void of_two_members_of_one_name_the_last_counts(void **state)
{
    (void)state;
    ASSERT_READINGS({"{\"a\":1,\"a\":2}", "{\"a\":2}", false});
}

static void numbers_nothing_can_hold_become_null(void **state)
{
    (void)state;
    ASSERT_READINGS(
        {"[9223372036854775808]", "[null]", true},
        {"[-9223372036854775809,-9223372036854775808]", "[null,-9223372036854775808]", true},
        {"[123456789012345678901234567890,1]", "[null,1]", true}, {"[1e999]", "[null]", true},
        {"[-1e999,1e-999]", "[null,0.0]", true}, {"[1e99999999999999999999]", "[null]", true},
        {"{\"a\":NaN,\"b\":-Infinity,\"c\":Infinity}", "{\"a\":null,\"b\":null,\"c\":null}", true},
        {"[01,+1,.5,1.,-,1e,1.5.2]", "[null,null,null,null,null,null,null]", true},
        {"[1e999,0,-0.5,2E+2,1e-5]", "[null,0,-0.5,200.0,1.0000000000000001e-5]", true});
}

static void strings_lose_what_jansson_refuses_and_nothing_else(void **state)
{
    (void)state;
    ASSERT_READINGS({"[\"a\\u0000b\"]", "[\"ab\"]", true}, {"{\"a\\u0000\":1}", "{\"a\":1}", true},
                    {"[\"a\\ud800b\"]",
                     "[\"a\xEF\xBF\xBD"
                     "b\"]",
                     true},
                    {"[\"\\udc00\\ud83d\\ude00\"]", "[\"\xEF\xBF\xBD\xF0\x9F\x98\x80\"]", true},
                    {"[\"\\ud83d\\ud83d\\ude00\"]", "[\"\xEF\xBF\xBD\xF0\x9F\x98\x80\"]", true},
                    {"[\"\\ud83d\\u0041\"]",
                     "[\"\xEF\xBF\xBD"
                     "A\"]",
                     true},
                    {"[\"Bj\xF6rk \xC3\xA9\"]", "[\"Bj\xEF\xBF\xBDrk \xC3\xA9\"]", true},
                    {"[\"a\tb\nc\x01\"]", "[\"a b c \"]", true},
                    {"[\"it\\'s \\x \\u12\"]", "[\"it's x u12\"]", true},
                    {"[1e999,\"\\\"\\\\\\/\\n\\u00e9\"]", "[null,\"\\\"\\\\/\\n\xC3\xA9\"]", true});
}

static void a_nul_byte_in_a_string_becomes_a_space(void **state)
{
    (void)state;
    static const char text[] = "[\"a\0b\"]";
    struct answer answer = answer_read(&plain, RESOURCE_EVENTS, 200, text, sizeof(text) - 1, DEPTH);
    assert_int_equal(answer.problem, PROBLEM_NONE);
    assert_string_equal(json_string_value(json_array_get(answer.body, 0)), "a b");
    json_decref(answer.body);
}

static void a_byte_order_mark_is_left_out(void **state)
{
    (void)state;
    ASSERT_READINGS({"\xEF\xBB\xBF{\"a\":1}", "{\"a\":1}", true}, {"\xEF\xBB\xBF", NULL, false},
                    {"\xEF\xBB\xBF\xEF\xBB\xBF{}", NULL, false});
}

static void what_is_no_json_or_cut_off_is_rubbish(void **state)
{
    (void)state;
    ASSERT_READINGS({"", NULL, false}, {"{warn=Not found}\n", NULL, false},
                    {"\n{error=Not Found}", NULL, false}, {"<html></html>", NULL, false},
                    {"{\"a\":1", NULL, false}, {"[\"a", NULL, false}, {"[\"a\\", NULL, false},
                    {"[1e999", NULL, false}, {"[1,]", NULL, false}, {"{} {}", NULL, false},
                    {"[undefined]", NULL, false}, {"{'a':1}", NULL, false}, {"[\xC3\xA9]", NULL, false},
                    {"jsonp({})", NULL, false});
    static const char utf16[] = "\xFF\xFE{\0}\0", bare_utf16[] = "{\0}\0";
    assert_int_equal(answer_read(&plain, RESOURCE_EVENTS, 200, utf16, sizeof(utf16) - 1, DEPTH).problem,
                     PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(
        answer_read(&plain, RESOURCE_EVENTS, 200, bare_utf16, sizeof(bare_utf16) - 1, DEPTH).problem,
        PROBLEM_UPSTREAM_RUBBISH);
}

static void a_scalar_is_rubbish_to_a_translator_without_a_judge(void **state)
{
    (void)state;
    ASSERT_READINGS({"\"\"", NULL, false}, {"1", NULL, false}, {"null", NULL, false}, {"1e999", NULL, false});
}

/* Web pages and half answers used to count as repaired. */
static void what_cannot_be_repaired_is_not_called_repaired(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "<!doctype html><title>Sorry</title>",
                                        "{\"a\":", "\xEF\xBB\xBFno"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct answer answer = read_text(texts[i]);
        assert_int_equal(answer.problem, PROBLEM_UPSTREAM_RUBBISH);
        assert_false(answer.repaired);
    }
}

static void every_shortening_of_a_repaired_text_is_rubbish(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1e999,\"\\ud800\xFF\\u0000\",{\"b\":99999999999999999999}]}";
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        char *exact = malloc(len + 1); /* so that the sanitizer sees a byte too far */
        memcpy(exact, text, len);
        assert_int_equal(answer_read(&plain, RESOURCE_EVENTS, 200, exact, len, DEPTH).problem,
                         PROBLEM_UPSTREAM_RUBBISH);
        free(exact);
    }
    ASSERT_READINGS({text, "{\"a\":[null,\"\xEF\xBF\xBD\xEF\xBF\xBD\",{\"b\":null}]}", true});
}

static void nesting_is_bounded_before_anything_recurses(void **state)
{
    (void)state;
    size_t len = 4 << 20;
    char *text = malloc(len);
    memset(text, '[', len);
    assert_int_equal(answer_read(&plain, RESOURCE_EVENTS, 200, text, len, DEPTH).problem,
                     PROBLEM_UPSTREAM_RUBBISH);
    free(text);
    struct answer answer = answer_read(&plain, RESOURCE_EVENTS, 200, "[[{}]]", 6, 3);
    assert_int_equal(answer.problem, PROBLEM_NONE);
    json_decref(answer.body);
    assert_int_equal(answer_read(&plain, RESOURCE_EVENTS, 200, "[[{}]]", 6, 2).problem,
                     PROBLEM_UPSTREAM_RUBBISH);
}

static void brackets_in_strings_do_not_nest(void **state)
{
    (void)state;
    static const char text[] = "[\"[[[[\\\"[[[[\",\"\\\\\",{}]";
    struct answer answer = answer_read(&plain, RESOURCE_EVENTS, 200, text, sizeof(text) - 1, 2);
    assert_int_equal(answer.problem, PROBLEM_NONE);
    json_decref(answer.body);
}

static void more_values_than_any_tour_has_are_refused(void **state)
{
    (void)state;
    size_t len = 2 << 20;
    char *text = malloc(len);
    for (size_t i = 0; i < len; i += 2)
        memcpy(text + i, "1,", 2);
    text[0] = '[';
    text[1] = ' ';
    text[len - 1] = ']';
    assert_int_equal(answer_read(&plain, RESOURCE_EVENTS, 200, text, len, DEPTH).problem,
                     PROBLEM_UPSTREAM_RUBBISH);
    free(text);
}

static void a_status_is_judged_as_the_header_says(void **state)
{
    (void)state;
    static const struct {
        int status;
        enum problem_kind problem;
    } cases[] = {
        {200, PROBLEM_NONE},
        {299, PROBLEM_NONE},
        {301, PROBLEM_UPSTREAM_RUBBISH},
        {400, PROBLEM_UPSTREAM_RUBBISH},
        {401, PROBLEM_UPSTREAM_KEY},
        {403, PROBLEM_UPSTREAM_KEY},
        {404, PROBLEM_NOT_FOUND},
        {410, PROBLEM_NOT_FOUND},
        {408, PROBLEM_UPSTREAM_SLOW},
        {429, PROBLEM_UPSTREAM_LIMIT},
        {500, PROBLEM_UPSTREAM_ERROR},
        {503, PROBLEM_UPSTREAM_ERROR},
        {504, PROBLEM_UPSTREAM_SLOW},
        {599, PROBLEM_UPSTREAM_ERROR},
        {999, PROBLEM_UPSTREAM_RUBBISH},
        {100, PROBLEM_UPSTREAM_RUBBISH},
        {0, PROBLEM_UPSTREAM_RUBBISH},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(answer_judge_status(cases[i].status), cases[i].problem);
}

static void an_error_status_wins_over_a_good_body(void **state)
{
    (void)state;
    struct answer answer = answer_read(&plain, RESOURCE_EVENTS, 404, "{}", 2, DEPTH);
    assert_int_equal(answer.problem, PROBLEM_NOT_FOUND);
    assert_null(answer.body);
}

/* Takes any scalar for not found and anything with "warn" in it too; all else is fine. */
static enum problem_kind lenient_judge(enum resource kind, int status, const json_t *body, const char *text,
                                       size_t len)
{
    (void)kind;
    (void)status;
    if (json_is_string(body) || (body == NULL && memmem(text, len, "warn", 4) != NULL))
        return PROBLEM_NOT_FOUND;
    return PROBLEM_NONE;
}

static enum problem_kind strict_judge(enum resource kind, int status, const json_t *body, const char *text,
                                      size_t len)
{
    (void)kind;
    (void)body;
    (void)text;
    (void)len;
    enum problem_kind problem = answer_judge_status(status);
    return problem != PROBLEM_NONE ? problem : PROBLEM_UPSTREAM_RUBBISH;
}

static void only_json_with_a_good_status_is_misshapen(void **state)
{
    (void)state;
    static const struct translator strict = {.name = "strict", .judge = strict_judge};
    static const struct {
        int status;
        const char *text;
        bool misshapen;
    } cases[] = {{200, "{}", true}, {200, "[]", true},  {200, "null", false}, {200, "<html>", false},
                 {200, "{", false}, {400, "{}", false}, {500, "{}", false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = cases[i].text;
        struct answer answer =
            answer_read(&strict, RESOURCE_EVENTS, cases[i].status, text, strlen(text), DEPTH);
        assert_int_equal(answer.misshapen, cases[i].misshapen);
        assert_null(answer.body);
    }
}

static void a_translators_judge_sees_the_body_or_the_bytes(void **state)
{
    (void)state;
    static const struct translator lenient = {.name = "lenient", .judge = lenient_judge};
    assert_int_equal(answer_read(&lenient, RESOURCE_EVENTS, 200, "\"\"", 2, DEPTH).problem,
                     PROBLEM_NOT_FOUND);
    assert_int_equal(answer_read(&lenient, RESOURCE_EVENTS, 200, "{warn=Not found}", 16, DEPTH).problem,
                     PROBLEM_NOT_FOUND);
    assert_int_equal(answer_read(&lenient, RESOURCE_EVENTS, 200, "<html>", 6, DEPTH).problem,
                     PROBLEM_UPSTREAM_RUBBISH);
    struct answer answer = answer_read(&lenient, RESOURCE_EVENTS, 500, "[]", 2, DEPTH);
    assert_int_equal(answer.problem, PROBLEM_NONE);
    assert_true(json_is_array(answer.body));
    json_decref(answer.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_json_is_read_as_it_is),
        cmocka_unit_test(of_two_members_of_one_name_the_last_counts),
        cmocka_unit_test(numbers_nothing_can_hold_become_null),
        cmocka_unit_test(strings_lose_what_jansson_refuses_and_nothing_else),
        cmocka_unit_test(a_nul_byte_in_a_string_becomes_a_space),
        cmocka_unit_test(a_byte_order_mark_is_left_out),
        cmocka_unit_test(what_is_no_json_or_cut_off_is_rubbish),
        cmocka_unit_test(a_scalar_is_rubbish_to_a_translator_without_a_judge),
        cmocka_unit_test(what_cannot_be_repaired_is_not_called_repaired),
        cmocka_unit_test(every_shortening_of_a_repaired_text_is_rubbish),
        cmocka_unit_test(nesting_is_bounded_before_anything_recurses),
        cmocka_unit_test(brackets_in_strings_do_not_nest),
        cmocka_unit_test(more_values_than_any_tour_has_are_refused),
        cmocka_unit_test(a_status_is_judged_as_the_header_says),
        cmocka_unit_test(an_error_status_wins_over_a_good_body),
        cmocka_unit_test(only_json_with_a_good_status_is_misshapen),
        cmocka_unit_test(a_translators_judge_sees_the_body_or_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
