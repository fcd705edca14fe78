/* Dates and times: what is read, what is refused, how it is written and compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "translators/model/when.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *written(const struct moment *moment)
{
    static char text[WHEN_TEXT_BYTES];
    return when_format(moment, text);
}

static struct moment read_datetime(const char *text)
{
    struct moment moment;
    assert_true(when_parse_datetime(text, &moment));
    return moment;
}

static struct moment read_date(const char *text)
{
    struct moment moment;
    assert_true(when_parse_date(text, &moment));
    return moment;
}

static void dates_of_the_calendar_are_read_and_written_back(void **state)
{
    (void)state;
    const char *dates[] = {"2027-03-12", "2028-02-29", "2000-02-29", "1900-01-01", "2200-12-31"};
    for (size_t i = 0; i < COUNT(dates); i++) {
        struct moment moment = read_date(dates[i]);
        assert_string_equal(written(&moment), dates[i]);
        assert_false(moment.has_time || moment.has_offset);
    }
}

static void what_is_no_date_is_refused_and_leaves_an_unknown_moment(void **state)
{
    (void)state;
    const char *texts[] = {"",
                           "2027",
                           "2027-",
                           "2027-03",
                           "2027-03-",
                           "2027-03-1",
                           "2027-3-12",
                           "2027-02-29",
                           "2100-02-29",
                           "2027-04-31",
                           "2027-00-10",
                           "2027-13-01",
                           "2027-01-00",
                           "2027-01-32",
                           "2027-03-12 ",
                           " 2027-03-12",
                           "2027/03/12",
                           "12/03/2027",
                           "1899-12-31",
                           "2201-01-01",
                           "0001-01-01",
                           "-027-03-12",
                           "2027-03-12T",
                           "+2027-03-12",
                           "23 Sep 2026 00:00:00 GMT"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct moment moment = {.year = 2000, .month = 1, .day = 1, .has_time = true};
        if (when_parse_date(texts[i], &moment))
            fail_msg("\"%s\" was read as a date", texts[i]);
        assert_false(when_known(&moment));
    }
    struct moment moment;
    assert_false(when_parse_date(NULL, &moment));
    assert_false(when_known(&moment));
}

static void a_time_completes_a_date(void **state)
{
    (void)state;
    struct moment moment = read_date("2027-03-12");
    assert_true(when_parse_time("20:30", &moment));
    assert_string_equal(written(&moment), "2027-03-12T20:30:00");
    assert_true(when_parse_time("23:59:60", &moment));
    assert_string_equal(written(&moment), "2027-03-12T23:59:60");
    assert_true(when_parse_time("00:00:00", &moment));
    assert_string_equal(written(&moment), "2027-03-12T00:00:00");
}

static void what_is_no_time_leaves_the_moment_as_it_was(void **state)
{
    (void)state;
    const char *texts[] = {
        "",      "2",        "20",      "20:",       "20:3",  "20:30:", "20:30:0",      "24:00",
        "20:60", "20:00:61", "8:30 PM", "20:30:00Z", "-1:00", "20.30",  "20:30:00.000", "20:0001:00"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct moment moment = read_datetime("2027-03-12T19:01:02+01:00");
        if (when_parse_time(texts[i], &moment))
            fail_msg("\"%s\" was read as a time", texts[i]);
        assert_string_equal(written(&moment), "2027-03-12T19:01:02+01:00");
    }
    struct moment unknown = {0};
    assert_false(when_parse_time("20:00", &unknown));
    assert_false(unknown.has_time);
    assert_false(when_parse_time(NULL, &unknown));
}

static void every_way_to_write_an_offset_is_read_and_written_in_one(void **state)
{
    (void)state;
    const struct {
        const char *text, *expected;
    } cases[] = {
        {"2027-03-12T20:00:00", "2027-03-12T20:00:00"},
        {"2027-03-12T20:00", "2027-03-12T20:00:00"},
        {"2027-03-12T20:00:00Z", "2027-03-12T20:00:00+00:00"},
        {"2027-03-12T20:00:00+0100", "2027-03-12T20:00:00+01:00"},
        {"2027-03-12T20:00:00+01:00", "2027-03-12T20:00:00+01:00"},
        {"2027-03-12T20:00:00+01", "2027-03-12T20:00:00+01:00"},
        {"2027-03-12T20:00+0545", "2027-03-12T20:00:00+05:45"},
        {"2027-03-12T20:00:00-0830", "2027-03-12T20:00:00-08:30"},
        {"2027-03-12T20:00:00-00:30", "2027-03-12T20:00:00-00:30"},
        {"2027-03-12T20:00:00-0000", "2027-03-12T20:00:00+00:00"},
        {"2027-03-12T20:00:00+1400", "2027-03-12T20:00:00+14:00"},
        {"2027-03-12T20:00:00-14:00", "2027-03-12T20:00:00-14:00"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct moment moment = read_datetime(cases[i].text);
        assert_string_equal(written(&moment), cases[i].expected);
    }
}

static void what_is_no_date_with_time_is_refused(void **state)
{
    (void)state;
    const char *texts[] = {"",
                           "2027-03-12",
                           "2027-03-12T",
                           "2027-03-12 20:00:00",
                           "2027-03-12t20:00:00",
                           "2027-02-30T20:00:00",
                           "2027-03-12T25:00:00",
                           "2027-03-12T20:00:00z",
                           "2027-03-12T20:00:00ZZ",
                           "2027-03-12T20:00:00+",
                           "2027-03-12T20:00:00+1",
                           "2027-03-12T20:00:00+010",
                           "2027-03-12T20:00:00+01:",
                           "2027-03-12T20:00:00+01:0",
                           "2027-03-12T20:00:00+01000",
                           "2027-03-12T20:00:00+0160",
                           "2027-03-12T20:00:00+1401",
                           "2027-03-12T20:00:00-15:00",
                           "2027-03-12T20:00:00 +0100",
                           "2027-03-12T20:00:0001:00",
                           "2027-03-12T20:00:00.000Z",
                           "2027-03-12T20:00:00+ab"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct moment moment;
        if (when_parse_datetime(texts[i], &moment))
            fail_msg("\"%s\" was read as a date with time", texts[i]);
        assert_false(when_known(&moment));
    }
    struct moment moment;
    assert_false(when_parse_datetime(NULL, &moment));
}

static void an_unknown_moment_is_written_as_nothing(void **state)
{
    (void)state;
    struct moment unknown = {0};
    assert_string_equal(written(&unknown), "");
    assert_false(when_known(&unknown));
    assert_int_equal(when_wall_s(&unknown), 0);
}

static void moments_are_ordered_by_date_then_time_a_bare_day_first(void **state)
{
    (void)state;
    const char *ascending[] = {"2026-12-31T23:59:59", "2027-03-11",          "2027-03-12",
                               "2027-03-12T00:00:00", "2027-03-12T00:00:01", "2027-03-12T20:00:00",
                               "2027-03-13",          "2027-10-01"};
    struct moment moments[COUNT(ascending)];
    for (size_t i = 0; i < COUNT(ascending); i++)
        if (strchr(ascending[i], 'T') != NULL)
            moments[i] = read_datetime(ascending[i]);
        else
            moments[i] = read_date(ascending[i]);
    for (size_t i = 0; i < COUNT(ascending); i++)
        for (size_t j = 0; j < COUNT(ascending); j++) {
            int order = when_compare(&moments[i], &moments[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    struct moment east = read_datetime("2027-03-12T20:00:00+14:00");
    assert_int_equal(when_compare(&east, &moments[5]), 0);
}

static void wall_seconds_agree_with_known_instants(void **state)
{
    (void)state;
    const struct {
        const char *text;
        int64_t wall_s;
    } cases[] = {{"1970-01-01T00:00:00", 0},
                 {"1969-12-31T23:59:59", -1},
                 {"2000-02-29T12:00:00", 951825600},
                 {"2000-03-01T00:00:00", 951868800},
                 {"2027-03-12T20:00:00+01:00", 1804881600},
                 {"1900-01-01T00:00:00", -2208988800},
                 {"2200-12-31T23:59:59", 7289654399}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct moment moment = read_datetime(cases[i].text);
        assert_int_equal(when_wall_s(&moment), cases[i].wall_s);
    }
    struct moment day = read_date("1970-01-02");
    assert_int_equal(when_wall_s(&day), 86400);
}

static void every_day_follows_the_day_before(void **state)
{
    (void)state;
    int64_t expected_s = -2208988800;
    for (int year = 1900; year <= 2200; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= 31; day++) {
                struct moment moment = {.year = year, .month = month, .day = day};
                char text[WHEN_TEXT_BYTES];
                if (!when_parse_date(when_format(&moment, text), &moment))
                    continue;
                assert_int_equal(when_wall_s(&moment), expected_s);
                expected_s += 86400;
            }
    assert_int_equal(expected_s, 7289654400);
}

static void a_day_is_over_when_it_is_over_at_its_offset(void **state)
{
    (void)state;
    struct moment tokyo = read_datetime("2027-03-12T19:00:00+09:00");
    struct moment honolulu = read_datetime("2027-03-12T19:00:00-10:00");
    int64_t midnight_utc_s = 1804896000; /* 2027-03-13T00:00:00Z */
    assert_false(when_day_is_over(&tokyo, midnight_utc_s - 9 * 3600 - 1));
    assert_true(when_day_is_over(&tokyo, midnight_utc_s - 9 * 3600));
    assert_false(when_day_is_over(&honolulu, midnight_utc_s + 10 * 3600 - 1));
    assert_true(when_day_is_over(&honolulu, midnight_utc_s + 10 * 3600));
}

static void a_day_without_offset_is_over_when_it_is_over_everywhere(void **state)
{
    (void)state;
    int64_t midnight_utc_s = 1804896000;
    struct moment day = read_date("2027-03-12");
    struct moment evening = read_datetime("2027-03-12T20:00:00");
    assert_false(when_day_is_over(&day, midnight_utc_s + 12 * 3600 - 1));
    assert_true(when_day_is_over(&day, midnight_utc_s + 12 * 3600));
    assert_false(when_day_is_over(&evening, midnight_utc_s + 12 * 3600 - 1));
    assert_true(when_day_is_over(&evening, midnight_utc_s + 12 * 3600));
    struct moment unknown = {0};
    assert_false(when_day_is_over(&unknown, INT64_MAX));
}

static void seconds_become_the_wall_time_they_were_made_of(void **state)
{
    static const char *const texts[] = {"1970-01-01T00:00:00", "1969-12-31T23:59:59", "1900-01-01T00:00:01",
                                        "2000-02-29T12:34:56", "2027-03-12T20:00:00", "2100-02-28T23:59:59",
                                        "2100-03-01T00:00:00", "2200-12-31T23:59:59"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct moment moment, again;
        char text[WHEN_TEXT_BYTES];
        assert_true(when_parse_datetime(texts[i], &moment));
        again = when_of_wall_s(when_wall_s(&moment));
        assert_string_equal(when_format(&again, text), texts[i]);
    }
}

static void one_day_is_one_whatever_the_hour_and_the_offset(void **state)
{
    (void)state;
    struct moment day = read_date("2027-03-12"), evening = read_datetime("2027-03-12T23:59:59-08:00");
    struct moment others[] = {read_date("2027-03-13"), read_date("2027-04-12"), read_date("2028-03-12")};
    assert_true(when_same_day(&day, &evening));
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(when_same_day(&day, &others[i]));
}

static void midnight_is_no_hour_and_every_other_second_is(void **state)
{
    (void)state;
    const struct {
        const char *text, *expected;
    } cases[] = {
        {"2027-03-12T00:00:00", "2027-03-12"},
        {"2027-03-12T00:00:00+01:00", "2027-03-12"},
        {"2027-03-12T00:00:01", "2027-03-12T00:00:01"},
        {"2027-03-12T00:01:00", "2027-03-12T00:01:00"},
        {"2027-03-12T01:00:00+01:00", "2027-03-12T01:00:00+01:00"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct moment moment = read_datetime(cases[i].text);
        when_distrust_midnight(&moment);
        assert_string_equal(written(&moment), cases[i].expected);
        assert_true(moment.has_time || !moment.has_offset);
    }
}

static void a_night_is_one_day_and_a_festival_has_a_first_and_a_last(void **state)
{
    (void)state;
    const struct {
        const char *start, *end, *last;
    } cases[] = {
        {"2027-03-12T20:00:00", "2027-03-12T23:00:00", ""},
        {"2027-03-12T20:00:00", "2027-03-13T05:00:00", ""},
        {"2027-03-12T20:00:00", NULL, ""},
        {"2027-03-12T15:00:00", "2027-03-14T23:00:00", "2027-03-14"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct moment start = read_datetime(cases[i].start), end = {0}, first, last;
        if (cases[i].end != NULL)
            end = read_datetime(cases[i].end);
        when_days(&start, &end, &first, &last);
        assert_string_equal(written(&first), "2027-03-12");
        assert_string_equal(written(&last), cases[i].last);
        end.has_time = false; /* then nobody says when in that night it ends */
        when_days(&start, &end, &first, &last);
        assert_string_equal(written(&first), "2027-03-12");
        assert_int_equal(when_known(&last), when_known(&end) && end.day != 12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_of_the_calendar_are_read_and_written_back),
        cmocka_unit_test(what_is_no_date_is_refused_and_leaves_an_unknown_moment),
        cmocka_unit_test(a_time_completes_a_date),
        cmocka_unit_test(what_is_no_time_leaves_the_moment_as_it_was),
        cmocka_unit_test(every_way_to_write_an_offset_is_read_and_written_in_one),
        cmocka_unit_test(what_is_no_date_with_time_is_refused),
        cmocka_unit_test(an_unknown_moment_is_written_as_nothing),
        cmocka_unit_test(moments_are_ordered_by_date_then_time_a_bare_day_first),
        cmocka_unit_test(wall_seconds_agree_with_known_instants),
        cmocka_unit_test(every_day_follows_the_day_before),
        cmocka_unit_test(a_day_is_over_when_it_is_over_at_its_offset),
        cmocka_unit_test(a_day_without_offset_is_over_when_it_is_over_everywhere),
        cmocka_unit_test(seconds_become_the_wall_time_they_were_made_of),
        cmocka_unit_test(one_day_is_one_whatever_the_hour_and_the_offset),
        cmocka_unit_test(midnight_is_no_hour_and_every_other_second_is),
        cmocka_unit_test(a_night_is_one_day_and_a_festival_has_a_first_and_a_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
