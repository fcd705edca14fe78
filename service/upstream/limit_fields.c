/* Reads the few header fields that matter, and believes them up to a maximum. */
#include "limit_fields.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "breaker.h"
#include "limiter.h"

#define MAX_NUMBER     1000000000000000 /* larger ones are read as this */
#define MAX_DATE_BYTES 64

struct limit_fields limit_fields_nothing(void)
{
    return (struct limit_fields){.left = -1, .reset_ms = -1};
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* The value of a field of this name, without space around it; NULL: the line is another one. */
static const char *field(const char *line, size_t len, const char *name, size_t *ret_len)
{
    size_t name_len = name != NULL ? strlen(name) : 0;
    if (name == NULL || len <= name_len || line[name_len] != ':' || strncasecmp(line, name, name_len) != 0)
        return NULL;
    const char *value = line + name_len + 1, *end = line + len;
    while (value < end && is_space(*value))
        value++;
    while (end > value && is_space(end[-1]))
        end--;
    *ret_len = (size_t)(end - value);
    return value;
}

static bool read_number(const char *text, size_t len, int64_t *ret_number)
{
    int64_t number = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (text[i] - '0');
        if (number > MAX_NUMBER)
            number = MAX_NUMBER;
    }
    *ret_number = number;
    return len > 0;
}

/* RFC 9110 section 5.6.7: one form to write, three to read. */
static bool read_date(const char *text, size_t len, int64_t *ret_s)
{
    static const char *const forms[] = {"%a, %d %b %Y %H:%M:%S GMT", "%a, %d-%b-%y %H:%M:%S GMT",
                                        "%a %b %d %H:%M:%S %Y"};
    char date[MAX_DATE_BYTES];
    if (len >= sizeof(date))
        return false;
    memcpy(date, text, len);
    date[len] = '\0';
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct tm tm = {0};
        const char *end = strptime(date, forms[i], &tm);
        if (end == NULL || end != date + len)
            continue;
        *ret_s = timegm(&tm);
        return true;
    }
    return false;
}

static void hear_pause(struct limit_fields *fields, const char *value, size_t len)
{
    int64_t number;
    if (read_number(value, len, &number)) {
        fields->pause_s = number;
        fields->pause_until_s = 0;
    } else if (read_date(value, len, &number)) {
        fields->pause_s = 0;
        fields->pause_until_s = number;
    }
}

bool limit_fields_line(struct limit_fields *fields, const struct translator *translator, const char *line,
                       size_t len)
{
    const char *value;
    size_t value_len;
    int64_t number;
    if (len > LIMIT_FIELDS_MAX_HEADER_BYTES - fields->header_bytes)
        return false;
    fields->header_bytes += len;
    if ((value = field(line, len, "retry-after", &value_len)) != NULL)
        hear_pause(fields, value, value_len);
    if ((value = field(line, len, translator->left_field, &value_len)) != NULL &&
        read_number(value, value_len, &number))
        fields->left = number;
    if ((value = field(line, len, translator->reset_field, &value_len)) != NULL &&
        read_number(value, value_len, &number))
        fields->reset_ms = number;
    return true;
}

static int64_t clamped(int64_t seconds, int64_t most)
{
    return seconds <= 0 ? 0 : seconds < most ? seconds : most;
}

int64_t limit_fields_spent_until_s(const struct limit_fields *fields, int64_t now_s)
{
    int64_t after_s = fields->left == 0 ? limit_fields_reset_after_s(fields, now_s) : 0;
    return after_s > 0 ? now_s + after_s : 0;
}

int64_t limit_fields_reset_after_s(const struct limit_fields *fields, int64_t now_s)
{
    return clamped(fields->reset_ms / 1000 - now_s, LIMITER_MAX_SPENT_S);
}

int64_t limit_fields_pause_s(const struct limit_fields *fields, int64_t now_s)
{
    int64_t pause_s = fields->pause_until_s > 0 ? fields->pause_until_s - now_s : fields->pause_s;
    return clamped(pause_s, BREAKER_MAX_RETRY_AFTER_S);
}
