/* Values written into a response's scratch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/http/response.h"

static void assert_last(const struct response *response, enum response_field field, const char *value)
{
    const struct response_header *header = &response->headers[response->n_headers - 1];
    assert_int_equal(header->field, field);
    assert_int_equal(header->value_len, strlen(value));
    assert_memory_equal(header->value, value, header->value_len);
}

static void values_are_written_piece_by_piece_and_stay(void **state)
{
    (void)state;
    struct response response;
    response_begin(&response, 200);
    char *value = response_open(&response);
    response_put(&response, "max-age=");
    response_put_number(&response, 60);
    response_close(&response, FIELD_CACHE_CONTROL, value);
    assert_last(&response, FIELD_CACHE_CONTROL, "max-age=60");
    value = response_open(&response);
    response_put(&response, "x");
    response_close(&response, FIELD_AGE, value);
    assert_last(&response, FIELD_AGE, "x");
    assert_memory_equal(response.headers[0].value, "max-age=60", 10);
    response_done(&response);
}

static void numbers_are_written_in_full(void **state)
{
    (void)state;
    static const struct {
        int64_t number;
        const char *text;
    } cases[] = {{0, "0"},
                 {7, "7"},
                 {-1, "-1"},
                 {1234567890123, "1234567890123"},
                 {INT64_MAX, "9223372036854775807"},
                 {INT64_MIN, "-9223372036854775808"}};
    struct response response;
    response_begin(&response, 200);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *value = response_open(&response);
        response_put_number(&response, cases[i].number);
        response_close(&response, FIELD_AGE, value);
        assert_last(&response, FIELD_AGE, cases[i].text);
    }
    response_done(&response);
}

static void dates_are_those_of_the_calendar(void **state)
{
    (void)state;
    static const struct {
        int64_t time_s;
        const char *text;
    } cases[] = {
        {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
        {784111777, "Sun, 06 Nov 1994 08:49:37 GMT"},
        {951782399, "Mon, 28 Feb 2000 23:59:59 GMT"},
        {951782400, "Tue, 29 Feb 2000 00:00:00 GMT"},
        {951868800, "Wed, 01 Mar 2000 00:00:00 GMT"},
        {1798761599, "Thu, 31 Dec 2026 23:59:59 GMT"},
        {1798761600, "Fri, 01 Jan 2027 00:00:00 GMT"},
        {4107542400, "Mon, 01 Mar 2100 00:00:00 GMT"},
        {253402300799, "Fri, 31 Dec 9999 23:59:59 GMT"},
        {253402300800, "Thu, 01 Jan 1970 00:00:00 GMT"},
        {-1, "Thu, 01 Jan 1970 00:00:00 GMT"},
    };
    struct response response;
    response_begin(&response, 200);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *value = response_open(&response);
        response_put_date(&response, cases[i].time_s);
        response_close(&response, FIELD_LAST_MODIFIED, value);
        assert_last(&response, FIELD_LAST_MODIFIED, cases[i].text);
    }
    response_done(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_piece_by_piece_and_stay),
        cmocka_unit_test(numbers_are_written_in_full),
        cmocka_unit_test(dates_are_those_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
