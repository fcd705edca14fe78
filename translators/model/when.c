/* Reading and writing dates and times of day (ISO 8601, RFC 3339), and comparing them. Pure arithmetic on the
 * proleptic Gregorian calendar: no clock, no locale, no zones (zone.c has those). What midnight means in an
 * upstream's data is for its translator to say. */
#include "when.h"

#include <stdio.h>
#include <string.h>

/* Upstreams have sentinels such as 0001-01-01; a concert outside of these years is a mistake. */
enum { WHEN_FIRST_YEAR = 1900, WHEN_LAST_YEAR = 2200 };

enum { DAY_S = 86400, LATEST_ZONE_S = 12 * 3600, OFFSET_MAX_MIN = 14 * 60 };

/* Exactly `n` digits as a number, or -1. Stops at the first other byte, so it never reads past a NUL. */
static int digits(const char *text, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static bool is_leap_year(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap_year(year));
}

/* Reads the date `text` starts with; returns what follows it, NULL when there is none. */
static const char *read_date(const char *text, struct moment *ret_moment)
{
    int year = digits(text, 4);
    if (year < WHEN_FIRST_YEAR || year > WHEN_LAST_YEAR || text[4] != '-')
        return NULL;
    int month = digits(text + 5, 2);
    if (month < 1 || month > 12 || text[7] != '-')
        return NULL;
    int day = digits(text + 8, 2);
    if (day < 1 || day > days_in_month(year, month))
        return NULL;
    *ret_moment = (struct moment){.year = year, .month = month, .day = day};
    return text + 10;
}

/* As read_date(), for a time of day. Touches nothing but the time. */
static const char *read_time(const char *text, struct moment *moment)
{
    int hour = digits(text, 2);
    if (hour < 0 || hour > 23 || text[2] != ':')
        return NULL;
    int minute = digits(text + 3, 2);
    if (minute < 0 || minute > 59)
        return NULL;
    int second = 0;
    const char *rest = text + 5;
    if (*rest == ':') {
        second = digits(rest + 1, 2);
        if (second < 0 || second > 60)
            return NULL;
        rest += 3;
    }
    moment->has_time = true;
    moment->hour = hour;
    moment->minute = minute;
    moment->second = second;
    return rest;
}

/* Z, +01, +0100, -08:30, or nothing: then the moment stays without an offset. The whole of `text` is used. */
static bool read_offset(const char *text, struct moment *moment)
{
    if (*text == '\0')
        return true;
    int offset_min = 0;
    if (strcmp(text, "Z") != 0) {
        int hours = (*text == '+' || *text == '-') ? digits(text + 1, 2) : -1;
        if (hours < 0)
            return false;
        const char *rest = text + 3;
        int minutes = 0;
        if (*rest != '\0') {
            rest += *rest == ':';
            minutes = digits(rest, 2);
            if (minutes < 0 || minutes > 59 || rest[2] != '\0')
                return false;
        }
        offset_min = hours * 60 + minutes;
        if (offset_min > OFFSET_MAX_MIN)
            return false;
        if (*text == '-')
            offset_min = -offset_min;
    }
    moment->has_offset = true;
    moment->offset_min = offset_min;
    return true;
}

bool when_parse_date(const char *text, struct moment *ret_moment)
{
    struct moment moment;
    const char *rest = text != NULL ? read_date(text, &moment) : NULL;
    bool ok = rest != NULL && *rest == '\0';
    *ret_moment = ok ? moment : (struct moment){0};
    return ok;
}

bool when_parse_time(const char *text, struct moment *moment)
{
    struct moment timed = *moment;
    const char *rest = text != NULL && when_known(moment) ? read_time(text, &timed) : NULL;
    if (rest == NULL || *rest != '\0')
        return false;
    *moment = timed;
    return true;
}

bool when_parse_datetime(const char *text, struct moment *ret_moment)
{
    struct moment moment;
    const char *rest = text != NULL ? read_date(text, &moment) : NULL;
    rest = rest != NULL && *rest == 'T' ? read_time(rest + 1, &moment) : NULL;
    bool ok = rest != NULL && read_offset(rest, &moment);
    *ret_moment = ok ? moment : (struct moment){0};
    return ok;
}

const char *when_format(const struct moment *moment, char text[WHEN_TEXT_BYTES])
{
    const struct moment *m = moment;
    int minutes = m->offset_min < 0 ? -m->offset_min : m->offset_min;
    if (!when_known(m))
        text[0] = '\0';
    else if (!m->has_time)
        snprintf(text, WHEN_TEXT_BYTES, "%04d-%02d-%02d", m->year, m->month, m->day);
    else if (!m->has_offset)
        snprintf(text, WHEN_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d", m->year, m->month, m->day, m->hour,
                 m->minute, m->second);
    else
        snprintf(text, WHEN_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", m->year, m->month, m->day,
                 m->hour, m->minute, m->second, m->offset_min < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return text;
}

bool when_known(const struct moment *moment)
{
    return moment->year != 0;
}

/* Days since 1970-01-01. Years begin in March here, so that the leap day is the last of its year. */
static int64_t day_number(const struct moment *moment)
{
    int64_t year = moment->year - (moment->month <= 2);
    int64_t day_of_year = (153 * (moment->month + (moment->month > 2 ? -3 : 9)) + 2) / 5 + moment->day - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
}

int64_t when_wall_s(const struct moment *moment)
{
    if (!when_known(moment))
        return 0;
    int64_t time_s = moment->has_time ? moment->hour * 3600 + moment->minute * 60 + moment->second : 0;
    return day_number(moment) * DAY_S + time_s;
}

struct moment when_of_wall_s(int64_t wall_s)
{
    int64_t days = wall_s / DAY_S - (wall_s % DAY_S < 0), time_s = wall_s - days * DAY_S;
    /* Days since 0000-03-01, by eras of 400 years, whose lengths are equal. */
    int64_t day = days + 719468, era = (day >= 0 ? day : day - 146096) / 146097, of_era = day - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    return (struct moment){.year = (int)(year + era * 400 + (month >= 10)),
                           .month = (int)(month < 10 ? month + 3 : month - 9),
                           .day = (int)(of_year - (153 * month + 2) / 5 + 1),
                           .hour = (int)(time_s / 3600),
                           .minute = (int)(time_s / 60 % 60),
                           .second = (int)(time_s % 60),
                           .has_time = true};
}

/* A number that grows with the local date, then with the local time. */
static int64_t sort_key(const struct moment *moment)
{
    int64_t date = (moment->year * 100 + moment->month) * 100 + moment->day;
    int64_t time_s = moment->has_time ? 1 + moment->hour * 3600 + moment->minute * 60 + moment->second : 0;
    return date * 100000 + time_s;
}

int when_compare(const struct moment *a, const struct moment *b)
{
    int64_t difference = sort_key(a) - sort_key(b);
    return (difference > 0) - (difference < 0);
}

bool when_same_day(const struct moment *a, const struct moment *b)
{
    return a->year == b->year && a->month == b->month && a->day == b->day;
}

void when_distrust_midnight(struct moment *moment)
{
    if (moment->hour == 0 && moment->minute == 0 && moment->second == 0)
        moment->has_time = moment->has_offset = false;
}

void when_span(const struct moment *start, const struct moment *end, struct moment *ret_start,
               struct moment *ret_end)
{
    *ret_start = *start;
    *ret_end = *end;
    if (when_known(end) && start->has_time != end->has_time)
        ret_start->has_time = ret_end->has_time = false;
    if (when_compare(ret_end, ret_start) <= 0)
        *ret_end = (struct moment){0};
}

void when_days(const struct moment *start, const struct moment *end, struct moment *ret_first,
               struct moment *ret_last)
{
    when_span(start, end, ret_first, ret_last);
    if (ret_first->has_time && when_wall_s(ret_last) - when_wall_s(ret_first) < DAY_S)
        *ret_last = (struct moment){0};
    ret_first->has_time = ret_last->has_time = false;
}

bool when_day_is_over(const struct moment *moment, int64_t now_s)
{
    if (!when_known(moment))
        return false;
    int64_t west_s = moment->has_offset ? -(int64_t)moment->offset_min * 60 : LATEST_ZONE_S;
    return now_s >= (day_number(moment) + 1) * DAY_S + west_s;
}
