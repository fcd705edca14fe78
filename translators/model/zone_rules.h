/* What tzdata knows of one time zone from 1970 on: the changes of its clocks one by one, and behind them the
 * rule that goes on for ever. The tables of all zones are made at build time: zone_tables.h. Pure. */
#ifndef MARQUEE_ZONE_RULES_H
#define MARQUEE_ZONE_RULES_H

#include <stddef.h>
#include <stdint.h>

/* From this instant (Unix time) on the offset is in force, in seconds east of UTC. The first of a zone is
 * from 0 on. Two kinds of 32 bits hold every instant until 2106. */
struct zone_era {
    uint32_t from_s;
    int32_t offset_s;
};

/* A day of each year and its wall time, as POSIX TZ writes it: M10.5.0/3 is the last (5) Sunday (0) of
 * October at 3:00. The time may be negative or beyond a day (RFC 9636, section 3.3.1). */
struct zone_day {
    int8_t month, week, weekday;
    int32_t time_s;
};

/* Standard time, and daylight time from `begin` (standard wall time) to `end` (daylight wall time). Equal
 * offsets: the clocks are never changed. */
struct zone_rule {
    int32_t standard_s, daylight_s;
    struct zone_day begin, end;
};

/* The rule holds from the last era on. */
struct zone_rules {
    const struct zone_era *eras;
    size_t n_eras; /* at least 1 */
    struct zone_rule rule;
};

/* The offset in force at an instant (Unix time, at least 0), in seconds east of UTC. */
int zone_rules_offset_s(const struct zone_rules *rules, int64_t instant_s);

/* The same by the rule alone. */
int zone_rule_offset_s(const struct zone_rule *rule, int64_t instant_s);

#endif
