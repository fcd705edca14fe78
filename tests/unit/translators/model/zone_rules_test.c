/* Tests of translators/model/zone_rules.c and of the tables of all zones, against what glibc reads from the
 * same tzdata. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "translators/model/zone_tables.h"

#define STEP_S    (10 * 86400 + 3607) /* meets every hour of the day and every season */
#define END_S     4099680000          /* 2099-11-29 */
#define DIRECTORY "/usr/share/zoneinfo/"

/* What glibc says of the zone in TZ. */
static int true_offset_s(int64_t instant_s)
{
    time_t time = (time_t)instant_s;
    struct tm local;

    assert_non_null(localtime_r(&time, &local));
    return (int)local.tm_gmtoff;
}

static void compare(const struct zone_name *zone, int64_t instant_s)
{
    int offset_s = zone_rules_offset_s(zone->rules, instant_s), wanted_s = true_offset_s(instant_s);

    if (offset_s != wanted_s)
        fail_msg("%s at %lld: %d, not %d", zone->tzid, (long long)instant_s, offset_s, wanted_s);
}

static void every_zone_is_right_on_all_days_until_2099(void **state)
{
    size_t n_compared = 0;

    (void)state;
    for (size_t i = 0; i < zone_n_names; i++) {
        const struct zone_name *zone = &zone_names[i];
        char path[128];

        snprintf(path, sizeof(path), DIRECTORY "%s", zone->tzid);
        if (access(path, R_OK) != 0) /* an old name, which a package of its own may have */
            continue;
        snprintf(path, sizeof(path), ":" DIRECTORY "%s", zone->tzid);
        setenv("TZ", path, 1);
        tzset();
        for (int64_t instant_s = 0; instant_s < END_S; instant_s += STEP_S)
            compare(zone, instant_s);
        for (size_t era = 1; era < zone->rules->n_eras; era++) {
            compare(zone, (int64_t)zone->rules->eras[era].from_s - 1);
            compare(zone, zone->rules->eras[era].from_s);
        }
        n_compared++;
    }
    unsetenv("TZ");
    tzset();
    assert_in_range(n_compared, 400, 2000);
}

static void names_are_sorted_and_have_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < zone_n_names; i++) {
        assert_true(i == 0 || strcmp(zone_names[i - 1].tzid, zone_names[i].tzid) < 0);
        assert_true(zone_names[i].rules->n_eras > 0);
        assert_int_equal(zone_names[i].rules->eras[0].from_s, 0);
    }
}

static void daylight_time_may_last_over_the_new_year_and_begin_on_any_weekday(void **state)
{
    /* America/Asuncion before 2025, and a rule with times beyond a day. */
    const struct zone_rule south = {-14400, -10800, {10, 1, 0, 0}, {3, 4, 0, 0}};
    const struct zone_rule gaza = {7200, 10800, {3, 4, 4, 180000}, {10, 4, 4, 180000}};
    const struct zone_rule never = {3600, 3600, {0}, {0}};

    (void)state;
    assert_int_equal(zone_rule_offset_s(&south, 1704067200), -10800); /* 2024-01-01 */
    assert_int_equal(zone_rule_offset_s(&south, 1719792000), -14400); /* 2024-07-01 */
    assert_int_equal(zone_rule_offset_s(&south, 1711249199), -10800); /* the second before 2024-03-24 there */
    assert_int_equal(zone_rule_offset_s(&south, 1711249200), -14400);
    assert_int_equal(zone_rule_offset_s(&gaza, 3699734399),
                     7200); /* two days after the fourth Thursday, 2:00 */
    assert_int_equal(zone_rule_offset_s(&gaza, 3699734400), 10800);
    assert_int_equal(zone_rule_offset_s(&never, 3711657600), 3600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_zone_is_right_on_all_days_until_2099),
        cmocka_unit_test(names_are_sorted_and_have_rules),
        cmocka_unit_test(daylight_time_may_last_over_the_new_year_and_begin_on_any_weekday),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
