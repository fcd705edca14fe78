/* Writes the tables of zone_tables.h as C, on standard output, from the compiled files of tzdata. Runs once
 * in a build, on the machine that builds; the same input gives the same bytes. Any fault in the input stops
 * the build.
 *
 *     make_zones DIRECTORY    (/usr/share/zoneinfo; tzdata.zi in it names the zones and their other names)
 *
 * The format of the files is RFC 9636. Of each the 64-bit part is read, and the rule behind it. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translators/model/zone_rules.h"

enum { NAMES_MAX = 2000, NAME_BYTES = 64, ERAS_MAX = 4000, FILE_BYTES = 1 << 16, HEADER_BYTES = 44 };
enum { LAST_YEAR_S = 2145916800 /* 2038-01-01: the files go no further by themselves */, DAY_S = 86400 };

struct name {
    char tzid[NAME_BYTES], target[NAME_BYTES]; /* the same for a zone of its own */
};

struct zone {
    struct zone_era eras[ERAS_MAX];
    struct zone_rules rules;
};

static char file_name[512] = "the call"; /* what die() blames */

static void __attribute__((format(printf, 1, 2), noreturn)) die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "make_zones: %s: ", file_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

/* ---- names ---- */

/* Cuts the next word off the line, "" at its end. */
static const char *next_word(char **line)
{
    char *word = *line;
    size_t len = strcspn(word, " \n");
    *line += len + (word[len] != '\0');
    word[len] = '\0';
    if (len >= NAME_BYTES)
        word[NAME_BYTES - 1] = '\0';
    return word;
}

static size_t read_names(const char *directory, struct name *names)
{
    char line[512];
    size_t n = 0;
    snprintf(file_name, sizeof(file_name), "%s/tzdata.zi", directory);
    FILE *file = fopen(file_name, "r");
    if (file == NULL)
        die("cannot be read: deploy/install-deps installs tzdata");
    while (fgets(line, sizeof(line), file) != NULL) {
        char *rest = line;
        const char *kind = next_word(&rest), *first = next_word(&rest), *second = next_word(&rest);
        bool is_link = strcmp(kind, "L") == 0;
        if ((!is_link && strcmp(kind, "Z") != 0) || strcmp(first, "Factory") == 0)
            continue;
        if (n == NAMES_MAX || *first == '\0' || (is_link && *second == '\0'))
            die("more than %d names, or a line without one", NAMES_MAX);
        snprintf(names[n].target, NAME_BYTES, "%s", first);
        snprintf(names[n].tzid, NAME_BYTES, "%s", is_link ? second : first);
        n++;
    }
    fclose(file);
    if (n == 0)
        die("names no zone");
    return n;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(((const struct name *)left)->tzid, ((const struct name *)right)->tzid);
}

/* ---- compiled files ---- */

static int64_t big_endian(const uint8_t *bytes, int n)
{
    uint64_t value = bytes[0] >= 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

struct counts {
    size_t isutc, isstd, leap, time, type, chars;
};

static struct counts read_header(const uint8_t *bytes, size_t len)
{
    if (len < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0 || bytes[4] < '2')
        die("is no compiled zone of version 2 or later");
    size_t n[6];
    for (int i = 0; i < 6; i++)
        n[i] = (size_t)big_endian(bytes + 20 + i * 4, 4);
    return (struct counts){n[0], n[1], n[2], n[3], n[4], n[5]};
}

static size_t body_bytes(const struct counts *counts, size_t time_bytes)
{
    return counts->time * (time_bytes + 1) + counts->type * 6 + counts->chars +
           counts->leap * (time_bytes + 4) + counts->isstd + counts->isutc;
}

static void add_era(struct zone *zone, int64_t from_s, int offset_s)
{
    size_t n = zone->rules.n_eras;
    if (n > 0 && zone->eras[n - 1].offset_s == offset_s)
        return;
    if (n == ERAS_MAX)
        die("more than %d changes", ERAS_MAX);
    zone->eras[n] = (struct zone_era){(uint32_t)from_s, offset_s};
    zone->rules.n_eras++;
}

static void read_eras(struct zone *zone, const uint8_t *body, const struct counts *counts)
{
    const uint8_t *types = body + counts->time * 8, *offsets = types + counts->time;
    size_t i = 0;
    unsigned type = 0;
    for (; i < counts->time && big_endian(body + i * 8, 8) <= 0; i++)
        type = types[i];
    add_era(zone, 0, (int)big_endian(offsets + type * 6, 4));
    for (; i < counts->time; i++) {
        int64_t from_s = big_endian(body + i * 8, 8);
        if (types[i] >= counts->type || from_s > UINT32_MAX)
            die("has a change of no type, or one behind 2106");
        add_era(zone, from_s, (int)big_endian(offsets + types[i] * 6, 4));
    }
}

/* ---- the rule behind the changes: "CET-1CEST,M3.5.0,M10.5.0/3" ---- */

static const char *past_name(const char *text)
{
    const char *end = text;
    if (*text == '<') {
        end = strchr(text, '>');
        return end != NULL ? end + 1 : "";
    }
    while ((*end >= 'A' && *end <= 'Z') || (*end >= 'a' && *end <= 'z'))
        end++;
    return end;
}

/* [+-]hh[:mm[:ss]] */
static const char *read_time(const char *text, int32_t *ret_s)
{
    int sign = *text == '-' ? -1 : 1, part_s = 3600;
    int32_t sum_s = 0;
    text += *text == '-' || *text == '+';
    for (; part_s > 0; part_s /= 60) {
        char *end;
        sum_s += (int32_t)strtol(text, &end, 10) * part_s;
        if (end == text)
            die("has a time that is none in its rule: %s", text);
        text = end;
        if (*text != ':')
            break;
        text++;
    }
    *ret_s = sign * sum_s;
    return text;
}

/* ",Mmonth.week.weekday[/time]", at 2:00 where no time stands */
static const char *read_day(const char *text, struct zone_day *ret)
{
    static const struct {
        const char *before;
        long min, max;
    } parts[] = {{",M", 1, 12}, {".", 1, 5}, {".", 0, 6}};
    long numbers[3] = {0};
    const char *at = text;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        size_t len = strlen(parts[i].before);
        if (strncmp(at, parts[i].before, len) != 0 || at[len] < '0' || at[len] > '9')
            die("has a day that is not understood in its rule: %s", text);
        char *end;
        numbers[i] = strtol(at + len, &end, 10);
        if (numbers[i] < parts[i].min || numbers[i] > parts[i].max)
            die("has a day that no year has in its rule: %s", text);
        at = end;
    }
    *ret = (struct zone_day){(int8_t)numbers[0], (int8_t)numbers[1], (int8_t)numbers[2], 2 * 3600};
    return *at == '/' ? read_time(at + 1, &ret->time_s) : at;
}

static void read_rule(const char *text, struct zone_rule *ret)
{
    text = read_time(past_name(text), &ret->standard_s);
    ret->standard_s = -ret->standard_s; /* POSIX counts to the west */
    ret->daylight_s = ret->standard_s;
    if (*text == '\0')
        return;
    text = past_name(text);
    ret->daylight_s = ret->standard_s + 3600;
    if (*text != ',') {
        text = read_time(text, &ret->daylight_s);
        ret->daylight_s = -ret->daylight_s;
    }
    text = read_day(read_day(text, &ret->begin), &ret->end);
    if (*text != '\0')
        die("has more in its rule than is understood: %s", text);
}

/* Does the rule say what the changes say, from one on to where the file ends? */
static bool rule_holds_from(const struct zone *zone, size_t era)
{
    const struct zone_rules *rules = &zone->rules;
    for (size_t i = era; i < rules->n_eras; i++) {
        int64_t from_s = rules->eras[i].from_s;
        int64_t until_s = i + 1 < rules->n_eras ? rules->eras[i + 1].from_s : from_s + 1;
        if (until_s > LAST_YEAR_S && from_s < LAST_YEAR_S)
            until_s = LAST_YEAR_S;
        for (int64_t at_s = from_s; at_s < until_s; at_s += DAY_S)
            if (zone_rule_offset_s(&rules->rule, at_s) != rules->eras[i].offset_s)
                return false;
        if (zone_rule_offset_s(&rules->rule, until_s - 1) != rules->eras[i].offset_s)
            return false;
    }
    return true;
}

/* Leaves out the changes that the rule makes as well. */
static void leave_to_rule(struct zone *zone)
{
    size_t n = zone->rules.n_eras;
    if (!rule_holds_from(zone, n - 1))
        die("ends with a change that its rule contradicts");
    while (n > 1 && rule_holds_from(zone, n - 2))
        n--;
    zone->rules.n_eras = n;
}

static void read_zone(const char *directory, const char *tzid, struct zone *ret)
{
    static uint8_t bytes[FILE_BYTES + 1];
    snprintf(file_name, sizeof(file_name), "%s/%.*s", directory, NAME_BYTES, tzid);
    FILE *file = fopen(file_name, "rb");
    size_t len = file != NULL ? fread(bytes, 1, FILE_BYTES, file) : 0;
    if (file == NULL || len == FILE_BYTES)
        die("cannot be read, or is larger than %d bytes", FILE_BYTES);
    fclose(file);
    bytes[len] = '\0';

    struct counts old = read_header(bytes, len);
    size_t at = HEADER_BYTES + body_bytes(&old, 4);
    if (at + HEADER_BYTES > len)
        die("ends early");
    struct counts counts = read_header(bytes + at, len - at);
    const uint8_t *body = bytes + at + HEADER_BYTES;
    char *rule = (char *)bytes + at + HEADER_BYTES + body_bytes(&counts, 8);
    if (rule >= (char *)bytes + len || counts.type == 0 || *rule != '\n' || strchr(rule + 1, '\n') == NULL)
        die("ends early");
    *strchr(rule + 1, '\n') = '\0';
    ret->rules = (struct zone_rules){.eras = ret->eras};
    read_eras(ret, body, &counts);
    read_rule(rule + 1, &ret->rules.rule);
    leave_to_rule(ret);
}

/* ---- writing ---- */

static void print_day(const struct zone_day *day)
{
    printf("{%d, %d, %d, %d}", day->month, day->week, day->weekday, day->time_s);
}

static void print_zone(size_t number, const char *tzid, const struct zone *zone)
{
    const struct zone_rules *rules = &zone->rules;
    printf("/* %s */\nstatic const struct zone_era eras_%zu[] = {", tzid, number);
    for (size_t i = 0; i < rules->n_eras; i++)
        printf("%s{%u, %d}", i == 0 ? "" : ", ", rules->eras[i].from_s, rules->eras[i].offset_s);
    printf("};\nstatic const struct zone_rules rules_%zu = {eras_%zu, %zu, {%d, %d, ", number, number,
           rules->n_eras, rules->rule.standard_s, rules->rule.daylight_s);
    print_day(&rules->rule.begin);
    printf(", ");
    print_day(&rules->rule.end);
    printf("}};\n");
}

static size_t zone_number(const struct name *names, size_t n, const char *target)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i].tzid, target) == 0 && strcmp(names[i].target, target) == 0)
            return i;
    snprintf(file_name, sizeof(file_name), "%s", target);
    die("has other names and is no zone");
}

int main(int argc, char **argv)
{
    static struct name names[NAMES_MAX];
    static struct zone zone;
    if (argc != 2)
        die("call it with the directory of tzdata");
    size_t n = read_names(argv[1], names);
    qsort(names, n, sizeof(names[0]), compare_names);
    printf("/* Made by make_zones from tzdata. */\n#include \"translators/model/zone_tables.h\"\n");
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i].tzid, names[i].target) != 0)
            continue;
        read_zone(argv[1], names[i].tzid, &zone);
        print_zone(i, names[i].tzid, &zone);
    }
    printf("const struct zone_name zone_names[] = {\n");
    for (size_t i = 0; i < n; i++)
        printf("    {\"%s\", &rules_%zu},\n", names[i].tzid, zone_number(names, n, names[i].target));
    printf("};\nconst size_t zone_n_names = %zu;\n", n);
    return 0;
}
