/* Putting an answer together: the fields that all have, and values written into the response's own scratch.
 * Which other fields there are is the business of respond.c and problem_answer.c. */
#include "response.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/must.h"
#include "translators/base/text.h"

static const char *const field_names[FIELDS] = {
    [FIELD_ACCESS_CONTROL_ALLOW_HEADERS] = "access-control-allow-headers",
    [FIELD_ACCESS_CONTROL_ALLOW_METHODS] = "access-control-allow-methods",
    [FIELD_ACCESS_CONTROL_ALLOW_ORIGIN] = "access-control-allow-origin",
    [FIELD_ACCESS_CONTROL_EXPOSE_HEADERS] = "access-control-expose-headers",
    [FIELD_ACCESS_CONTROL_MAX_AGE] = "access-control-max-age",
    [FIELD_AGE] = "age",
    [FIELD_ALLOW] = "allow",
    [FIELD_CACHE_CONTROL] = "cache-control",
    [FIELD_CACHE_STATUS] = "cache-status",
    [FIELD_CONTENT_ENCODING] = "content-encoding",
    [FIELD_CONTENT_SECURITY_POLICY] = "content-security-policy",
    [FIELD_CONTENT_TYPE] = "content-type",
    [FIELD_CROSS_ORIGIN_RESOURCE_POLICY] = "cross-origin-resource-policy",
    [FIELD_ETAG] = "etag",
    [FIELD_LAST_MODIFIED] = "last-modified",
    [FIELD_LOCATION] = "location",
    [FIELD_PROXY_STATUS] = "proxy-status",
    [FIELD_RATELIMIT] = "ratelimit",
    [FIELD_RATELIMIT_POLICY] = "ratelimit-policy",
    [FIELD_REFERRER_POLICY] = "referrer-policy",
    [FIELD_RETRY_AFTER] = "retry-after",
    [FIELD_SERVER_TIMING] = "server-timing",
    [FIELD_STRICT_TRANSPORT_SECURITY] = "strict-transport-security",
    [FIELD_TIMING_ALLOW_ORIGIN] = "timing-allow-origin",
    [FIELD_VARY] = "vary",
    [FIELD_WWW_AUTHENTICATE] = "www-authenticate",
    [FIELD_X_CONTENT_TYPE_OPTIONS] = "x-content-type-options",
    [FIELD_X_ROBOTS_TAG] = "x-robots-tag",
};

const char *response_field_name(enum response_field field)
{
    return field_names[field];
}

void response_begin(struct response *response, int status)
{
    response->status = status;
    response->n_headers = 0;
    response->body = NULL;
    response->body_len = 0;
    response->hold = NULL;
    response->owned = NULL;
    response->scratch_len = 0;
}

void response_done(struct response *response)
{
    cache_value_unref(response->hold);
    free(response->owned);
    response->hold = NULL;
    response->owned = NULL;
}

void response_add(struct response *response, enum response_field field, const char *value, size_t value_len)
{
    must(response->n_headers != RESPONSE_MAX_HEADERS);
    response->headers[response->n_headers++] = (struct response_header){field, value, value_len};
}

void response_add_text(struct response *response, enum response_field field, const char *value)
{
    response_add(response, field, value, strlen(value));
}

void response_add_common(struct response *response, bool https)
{
    response_add_text(response, FIELD_X_CONTENT_TYPE_OPTIONS, "nosniff");
    if (https)
        response_add_text(response, FIELD_STRICT_TRANSPORT_SECURITY, "max-age=31536000");
}

char *response_open(struct response *response)
{
    return response->scratch + response->scratch_len;
}

void response_put_bytes(struct response *response, const char *bytes, size_t len)
{
    must(len <= sizeof(response->scratch) - response->scratch_len);
    memcpy(response->scratch + response->scratch_len, bytes, len);
    response->scratch_len += len;
}

void response_put(struct response *response, const char *text)
{
    response_put_bytes(response, text, strlen(text));
}

static void put_two(char *at, unsigned number)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    memcpy(at, pairs + (size_t)number * 2, 2);
}

void response_put_number(struct response *response, int64_t number)
{
    char digits[21];
    size_t at = sizeof(digits);
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    while (left >= 100) {
        at -= 2;
        put_two(digits + at, (unsigned)(left % 100));
        left /= 100;
    }
    if (left >= 10) {
        at -= 2;
        put_two(digits + at, (unsigned)left);
    } else {
        digits[--at] = (char)('0' + left);
    }
    if (number < 0)
        digits[--at] = '-';
    response_put_bytes(response, digits + at, sizeof(digits) - at);
}

void response_put_date(struct response *response, int64_t time_s)
{
    static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970 began on a Thursday */
    static const char months[] = "MarAprMayJunJulAugSepOctNovDecJanFeb";
    if (time_s < 0 || time_s >= INT64_C(253402300800)) /* the year 10000 */
        time_s = 0;
    int64_t day = time_s / 86400;
    unsigned second = (unsigned)(time_s % 86400);

    /* Days to a date in years that begin in March, so that the leap day is the last (Richards, ESAA 15.11).
     */
    int64_t shifted = day + 719468;
    int era_day = (int)(shifted % 146097);
    int era_year = (era_day - era_day / 1460 + era_day / 36524 - era_day / 146096) / 365;
    int year_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
    int month = (5 * year_day + 2) / 153; /* 0: March */
    int year = (int)(shifted / 146097) * 400 + era_year + (month >= 10);

    char text[] = "Thu, 01 Jan 1970 00:00:00 GMT";
    memcpy(text, days + 3 * (day % 7), 3);
    put_two(text + 5, (unsigned)(year_day - (153 * month + 2) / 5 + 1));
    memcpy(text + 8, months + (size_t)month * 3, 3);
    put_two(text + 12, (unsigned)year / 100);
    put_two(text + 14, (unsigned)year % 100);
    put_two(text + 17, second / 3600);
    put_two(text + 20, second / 60 % 60);
    put_two(text + 23, second % 60);
    response_put_bytes(response, text, sizeof(text) - 1);
}

static bool may_stand(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("/?-._~!$&'()*+,;=:@", c) != NULL);
}

static bool is_escape(const char *text, size_t len)
{
    return len >= 3 && text[0] == '%' && isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2]);
}

size_t response_write_uri(const char *target, size_t len, char *ret_uri)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (may_stand(target[i]) || is_escape(target + i, len - i)) {
            ret_uri[n++] = target[i];
            continue;
        }
        text_write_percent((unsigned char)target[i], ret_uri + n);
        n += 3;
    }
    return n;
}

void response_close(struct response *response, enum response_field field, const char *value)
{
    response_add(response, field, value, (size_t)(response->scratch + response->scratch_len - value));
}
