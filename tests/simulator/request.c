/* Targets of requests, taken apart. Lenient: the simulator is not what is being tested. */
#include "tests/simulator/request.h"

#include <stdlib.h>
#include <string.h>

static int request_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

/* Decodes into `out`; false when it does not fit or decodes to a NUL. */
static bool request_decode(const char *text, size_t len, bool plus_is_space, char *out, size_t out_bytes)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (c == '+' && plus_is_space) {
            c = ' ';
        } else if (c == '%' && i + 2 < len && request_hex(text[i + 1]) >= 0 &&
                   request_hex(text[i + 2]) >= 0) {
            c = (char)(request_hex(text[i + 1]) * 16 + request_hex(text[i + 2]));
            i += 2;
        }
        if (c == '\0' || n + 1 >= out_bytes)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

/* The bytes of "apikey=" or "app_id=" that a part of the query begins with; 0: it is another parameter. */
static size_t request_key_name(const char *text, size_t len)
{
    static const char *const names[] = {"apikey=", "app_id="};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t name_len = strlen(names[i]);

        if (len >= name_len && memcmp(text, names[i], name_len) == 0)
            return name_len;
    }
    return 0;
}

bool request_parse(const char *target, size_t target_len, struct request *ret_request)
{
    const char *end = target + target_len;
    const char *mark = memchr(target, '?', target_len);
    size_t n = 0;

    ret_request->query[0] = ret_request->key[0] = '\0';
    if (target_len == 0 || target[0] != '/' || target_len >= REQUEST_PATH_BYTES ||
        !request_decode(target, (size_t)((mark != NULL ? mark : end) - target), false, ret_request->path,
                        sizeof(ret_request->path)))
        return false;
    for (const char *at = mark != NULL ? mark + 1 : end; at < end;) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        size_t len = (size_t)((next != NULL ? next : end) - at);
        size_t name_len = request_key_name(at, len);

        if (name_len > 0) {
            if (!request_decode(at + name_len, len - name_len, true, ret_request->key,
                                sizeof(ret_request->key)))
                return false;
        } else if (len > 0) {
            if (n > 0)
                ret_request->query[n++] = '&';
            memcpy(ret_request->query + n, at, len);
            n += len;
        }
        at += len + 1;
    }
    ret_request->query[n] = '\0';
    return true;
}

const char *request_param(const struct request *request, const char *name, char value[REQUEST_VALUE_BYTES])
{
    size_t name_len = strlen(name);

    for (const char *at = request->query; *at != '\0';) {
        size_t len = strcspn(at, "&");

        if (len > name_len && at[name_len] == '=' && memcmp(at, name, name_len) == 0)
            return request_decode(at + name_len + 1, len - name_len - 1, true, value, REQUEST_VALUE_BYTES)
                       ? value
                       : NULL;
        at += len + (at[len] == '&');
    }
    return NULL;
}

long request_number(const struct request *request, const char *name, long otherwise)
{
    char value[REQUEST_VALUE_BYTES];

    if (request_param(request, name, value) == NULL)
        return otherwise;
    size_t digits = strspn(value, "0123456789");
    if (digits == 0 || digits > 9 || value[digits] != '\0')
        return otherwise;
    return strtol(value, NULL, 10);
}
