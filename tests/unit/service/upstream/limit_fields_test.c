/* Header fields as upstreams send them, and as they should not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/upstream/breaker.h"
#include "service/upstream/limit_fields.h"
#include "service/upstream/limiter.h"

#define NOW_S 784111777 /* Sun, 06 Nov 1994 08:49:37 GMT */

static const struct translator counting = {.left_field = "Rate-Limit-Available",
                                           .reset_field = "Rate-Limit-Reset"};
static const struct translator silent = {.name = "silent"};

static void hear(struct limit_fields *fields, const char *line)
{
    assert_true(limit_fields_line(fields, &counting, line, strlen(line)));
}

static int64_t pause_after(const char *line)
{
    struct limit_fields fields = limit_fields_nothing();
    hear(&fields, line);
    return limit_fields_pause_s(&fields, NOW_S);
}

static void an_answer_without_such_fields_says_nothing(void **state)
{
    struct limit_fields fields = limit_fields_nothing();
    (void)state;
    hear(&fields, "HTTP/1.1 200 OK\r\n");
    hear(&fields, "Content-Type: application/json\r\n");
    hear(&fields, "Retry-After-All: 5\r\n");
    hear(&fields, "X-Retry-After: 5\r\n");
    hear(&fields, "Retry-After\r\n");
    hear(&fields, "Retry\r\n");
    hear(&fields, "\r\n");
    hear(&fields, "");
    assert_int_equal(fields.left, -1);
    assert_int_equal(limit_fields_pause_s(&fields, NOW_S), 0);
    assert_int_equal(limit_fields_reset_after_s(&fields, NOW_S), 0);
    assert_int_equal(limit_fields_spent_until_s(&fields, NOW_S), 0);
}

static void a_pause_is_read_in_seconds(void **state)
{
    (void)state;
    assert_int_equal(pause_after("Retry-After: 30\r\n"), 30);
    assert_int_equal(pause_after("retry-after:30"), 30);
    assert_int_equal(pause_after("RETRY-AFTER: \t 030 \t\r\n"), 30);
    assert_int_equal(pause_after("Retry-After: 0\r\n"), 0);
}

static void a_pause_is_read_as_a_date_in_each_form_that_http_ever_had(void **state)
{
    (void)state;
    assert_int_equal(pause_after("Retry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n"), 60);
    assert_int_equal(pause_after("Retry-After: Sunday, 06-Nov-94 08:50:37 GMT\r\n"), 60);
    assert_int_equal(pause_after("Retry-After: Sun Nov  6 08:50:37 1994\r\n"), 60);
}

static void a_pause_that_is_over_is_none(void **state)
{
    (void)state;
    assert_int_equal(pause_after("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), 0);
    assert_int_equal(pause_after("Retry-After: Sat, 05 Nov 1994 08:50:37 GMT\r\n"), 0);
    assert_int_equal(pause_after("Retry-After: Tue, 01 Jan 1901 00:00:00 GMT\r\n"), 0);
}

static void an_absurd_pause_is_cut(void **state)
{
    (void)state;
    assert_int_equal(pause_after("Retry-After: 3601\r\n"), BREAKER_MAX_RETRY_AFTER_S);
    assert_int_equal(pause_after("Retry-After: 99999999999999999999\r\n"), BREAKER_MAX_RETRY_AFTER_S);
    assert_int_equal(pause_after("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n"),
                     BREAKER_MAX_RETRY_AFTER_S);
}

static void a_pause_that_cannot_be_read_is_none(void **state)
{
    static const char *const lines[] = {
        "Retry-After: -5\r\n",
        "Retry-After: +5\r\n",
        "Retry-After: 5s\r\n",
        "Retry-After: 5, 6\r\n",
        "Retry-After: 0x10\r\n",
        "Retry-After: 2026-11-21\r\n",
        "Retry-After:\r\n",
        "Retry-After: soon\r\n",
        "Retry-After: Sun, 06 Nov 1994 08:50:37 GMT and then some\r\n",
        "Retry-After: Sun, 06 Nov 1994 08:50:37\r\n",
        "Retry-After: Sun, 06 Nov 1994 25:50:37 GMT\r\n",
        "Retry-After: Sun,                                      06 Nov 1994 08:50:37 GMT\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_int_equal(pause_after(lines[i]), 0);
}

static void of_two_pauses_the_later_one_that_can_be_read_counts(void **state)
{
    struct limit_fields fields = limit_fields_nothing();
    (void)state;
    hear(&fields, "Retry-After: 10\r\n");
    hear(&fields, "Retry-After: 20\r\n");
    hear(&fields, "Retry-After: soon\r\n");
    assert_int_equal(limit_fields_pause_s(&fields, NOW_S), 20);
    hear(&fields, "Retry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n");
    assert_int_equal(limit_fields_pause_s(&fields, NOW_S), 60);
    hear(&fields, "Retry-After: 5\r\n");
    assert_int_equal(limit_fields_pause_s(&fields, NOW_S), 5);
}

static void what_is_left_is_spent_until_all_is_given_back(void **state)
{
    struct limit_fields fields = limit_fields_nothing();
    (void)state;
    hear(&fields, "Rate-Limit-Reset: 784115377000\r\n");
    assert_int_equal(limit_fields_reset_after_s(&fields, NOW_S), 3600);
    assert_int_equal(limit_fields_spent_until_s(&fields, NOW_S), 0);
    hear(&fields, "rate-limit-available: 1\r\n");
    assert_int_equal(limit_fields_spent_until_s(&fields, NOW_S), 0);
    hear(&fields, "rate-limit-available: 0\r\n");
    assert_int_equal(limit_fields_spent_until_s(&fields, NOW_S), NOW_S + 3600);
}

static void a_reset_in_the_past_is_none(void **state)
{
    struct limit_fields fields = limit_fields_nothing();
    (void)state;
    hear(&fields, "Rate-Limit-Available: 0\r\n");
    assert_int_equal(limit_fields_spent_until_s(&fields, NOW_S), 0);
    hear(&fields, "Rate-Limit-Reset: 784111777000\r\n");
    assert_int_equal(limit_fields_reset_after_s(&fields, NOW_S), 0);
    assert_int_equal(limit_fields_spent_until_s(&fields, NOW_S), 0);
    hear(&fields, "Rate-Limit-Reset: 0\r\n");
    assert_int_equal(limit_fields_reset_after_s(&fields, NOW_S), 0);
    assert_int_equal(limit_fields_spent_until_s(&fields, NOW_S), 0);
}

static void an_absurd_reset_is_cut(void **state)
{
    struct limit_fields fields = limit_fields_nothing();
    (void)state;
    hear(&fields, "Rate-Limit-Available: 0\r\n");
    hear(&fields, "Rate-Limit-Reset: 99999999999999999999999999\r\n");
    assert_int_equal(limit_fields_reset_after_s(&fields, NOW_S), LIMITER_MAX_SPENT_S);
    assert_int_equal(limit_fields_spent_until_s(&fields, NOW_S), NOW_S + LIMITER_MAX_SPENT_S);
}

static void counts_that_cannot_be_read_are_none(void **state)
{
    struct limit_fields fields = limit_fields_nothing();
    (void)state;
    hear(&fields, "Rate-Limit-Available: -1\r\n");
    hear(&fields, "Rate-Limit-Available: \r\n");
    hear(&fields, "Rate-Limit-Reset: -784115377000\r\n");
    hear(&fields, "Rate-Limit-Reset: Sun, 06 Nov 1994 08:50:37 GMT\r\n");
    assert_int_equal(fields.left, -1);
    assert_int_equal(fields.reset_ms, -1);
}

static void fields_of_another_provider_are_not_its(void **state)
{
    static const char line[] = "Rate-Limit-Available: 0\r\n";
    struct limit_fields fields = limit_fields_nothing();
    (void)state;
    assert_true(limit_fields_line(&fields, &silent, line, strlen(line)));
    assert_int_equal(fields.left, -1);
}

/* Its memory is exactly the line's, for the sanitizers to watch. */
static void nothing_behind_the_end_of_a_line_is_read(void **state)
{
    static const char whole[] = "Retry-After: 1234";
    int64_t pause_s = 0;
    (void)state;
    for (size_t len = 1; len < sizeof(whole); len++) {
        if (whole[len - 1] >= '0' && whole[len - 1] <= '9')
            pause_s = pause_s * 10 + whole[len - 1] - '0';
        struct limit_fields fields = limit_fields_nothing();
        char *line = malloc(len);
        assert_non_null(line);
        memcpy(line, whole, len);
        assert_true(limit_fields_line(&fields, &counting, line, len));
        assert_int_equal(limit_fields_pause_s(&fields, NOW_S), pause_s);
        free(line);
    }
}

static void a_line_that_is_too_long_is_refused(void **state)
{
    static char line[LIMIT_FIELDS_MAX_HEADER_BYTES + 1] = "Retry-After: 5 ";
    struct limit_fields fields = limit_fields_nothing();
    (void)state;
    assert_false(limit_fields_line(&fields, &counting, line, sizeof(line)));
    assert_false(limit_fields_line(&fields, &counting, line, SIZE_MAX));
    assert_int_equal(limit_fields_pause_s(&fields, NOW_S), 0);
    assert_true(limit_fields_line(&fields, &counting, line, sizeof(line) - 1));
}

static void a_flood_of_lines_is_refused_at_the_same_maximum(void **state)
{
    static const char line[] = "X-Padding: 0123456789abcdef0123456789abcdef\r\n";
    struct limit_fields fields = limit_fields_nothing();
    size_t n = 0;
    (void)state;
    while (n < LIMIT_FIELDS_MAX_HEADER_BYTES && limit_fields_line(&fields, &counting, line, strlen(line)))
        n++;
    assert_int_equal(n, LIMIT_FIELDS_MAX_HEADER_BYTES / strlen(line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_without_such_fields_says_nothing),
        cmocka_unit_test(a_pause_is_read_in_seconds),
        cmocka_unit_test(a_pause_is_read_as_a_date_in_each_form_that_http_ever_had),
        cmocka_unit_test(a_pause_that_is_over_is_none),
        cmocka_unit_test(an_absurd_pause_is_cut),
        cmocka_unit_test(a_pause_that_cannot_be_read_is_none),
        cmocka_unit_test(of_two_pauses_the_later_one_that_can_be_read_counts),
        cmocka_unit_test(what_is_left_is_spent_until_all_is_given_back),
        cmocka_unit_test(a_reset_in_the_past_is_none),
        cmocka_unit_test(an_absurd_reset_is_cut),
        cmocka_unit_test(counts_that_cannot_be_read_are_none),
        cmocka_unit_test(fields_of_another_provider_are_not_its),
        cmocka_unit_test(nothing_behind_the_end_of_a_line_is_read),
        cmocka_unit_test(a_line_that_is_too_long_is_refused),
        cmocka_unit_test(a_flood_of_lines_is_refused_at_the_same_maximum),
    };
    return cmocka_run_group_tests_name("service/fields", tests, NULL, NULL);
}
