/* Offsets by eras and by rules. Reading tzdata: tables/make_zones.c. */
#include "zone_rules.h"

#include <stdbool.h>

#include "when.h"

enum { DAY_S = 86400, WEEK_DAYS = 7, EPOCH_WEEKDAY = 4 /* 1970-01-01 was a Thursday */ };

/* Seconds from 1970 to the day's wall time in this year. */
static int64_t wall_s_of_day(const struct zone_day *day, int year)
{
    struct moment first = {.year = year, .month = day->month, .day = 1};
    struct moment next = {.year = year + day->month / 12, .month = day->month % 12 + 1, .day = 1};
    int64_t first_day = when_wall_s(&first) / DAY_S, n_days = when_wall_s(&next) / DAY_S - first_day;
    int64_t first_weekday = (first_day + EPOCH_WEEKDAY) % WEEK_DAYS;
    int64_t at = (day->weekday - first_weekday + WEEK_DAYS) % WEEK_DAYS + (day->week - 1) * WEEK_DAYS;

    while (at >= n_days) /* the fifth is the last, which may be the fourth */
        at -= WEEK_DAYS;
    return (first_day + at) * DAY_S + day->time_s;
}

int zone_rule_offset_s(const struct zone_rule *rule, int64_t instant_s)
{
    if (rule->standard_s == rule->daylight_s)
        return rule->standard_s;
    int year = when_of_wall_s(instant_s + rule->standard_s).year;
    int64_t begin_s = wall_s_of_day(&rule->begin, year) - rule->standard_s;
    int64_t end_s = wall_s_of_day(&rule->end, year) - rule->daylight_s;
    /* In the south daylight time lasts over the new year. */
    bool is_daylight = begin_s < end_s ? instant_s >= begin_s && instant_s < end_s
                                       : instant_s >= begin_s || instant_s < end_s;

    return is_daylight ? rule->daylight_s : rule->standard_s;
}

int zone_rules_offset_s(const struct zone_rules *rules, int64_t instant_s)
{
    size_t low = 0, high = rules->n_eras;

    /* The last era that has begun is at `low`. */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (rules->eras[middle].from_s <= instant_s)
            low = middle;
        else
            high = middle;
    }
    if (low == rules->n_eras - 1)
        return zone_rule_offset_s(&rules->rule, instant_s);
    return rules->eras[low].offset_s;
}
