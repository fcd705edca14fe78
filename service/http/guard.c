/* Checks of requests over plain data. What is done about a refusal is handler.c's business. */
#include "guard.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "translators/base/strings.h"
#include "translators/base/text.h"

static bool slice_is(struct slice slice, const char *text)
{
    return slice.len == strlen(text) && memcmp(slice.text, text, slice.len) == 0;
}

void guard_add_field(struct guard_fields *fields, size_t name_len, size_t value_len)
{
    fields->n++;
    fields->bytes += name_len + value_len;
    if (name_len == 0)
        fields->malformed = true;
}

bool guard_fields_fit(const struct guard_fields *fields)
{
    return fields->n <= GUARD_MAX_HEADERS && fields->bytes <= GUARD_MAX_HEADER_BYTES;
}

const char *guard_head_fault(const char *head, size_t len)
{
    const char *end = head + len;
    unsigned n_hosts = 0;
    for (const char *line = head; line < end;) {
        const char *feed = memchr(line, '\n', (size_t)(end - line));
        if (feed == NULL)
            break;
        if (feed == line || feed[-1] != '\r')
            return strings_get(STRING_GUARD_LINE_END);
        if (feed == line + 1)
            break;
        if (feed - line > 5 && strncasecmp(line, "host:", 5) == 0 && ++n_hosts > 1)
            return strings_get(STRING_GUARD_TWO_HOSTS);
        line = feed + 1;
    }
    return NULL;
}

struct slice guard_authority(struct slice authority)
{
    return slice_is(authority, GUARD_NO_HOST) ? (struct slice){NULL, 0} : authority;
}

enum method guard_method(struct slice method)
{
    if (slice_is(method, "GET"))
        return METHOD_GET;
    if (slice_is(method, "HEAD"))
        return METHOD_HEAD;
    if (slice_is(method, "OPTIONS"))
        return METHOD_OPTIONS;
    return METHOD_OTHER;
}

struct slice guard_origin_form(struct slice target)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t len = strlen(schemes[i]);
        if (target.len < len || strncasecmp(target.text, schemes[i], len) != 0)
            continue;
        size_t at = len;
        while (at < target.len && target.text[at] != '/' && target.text[at] != '?')
            at++;
        if (at < target.len && target.text[at] == '/')
            return (struct slice){target.text + at, target.len - at};
        if (at == target.len)
            return (struct slice){"/", 1};
    }
    return target;
}

static bool port_ok(const char *text, size_t len)
{
    if (len > 5)
        return false;
    unsigned port = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    return port <= 65535;
}

static bool label_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Labels with a dot between each two, and one at the end where a name is meant to be whole (RFC 1123 section
 * 2.1; the underscore is common in private networks). Returns how long the name is; 0: it is none. */
static size_t name_len(struct slice host)
{
    size_t at = 0;
    while (at < host.len && host.text[at] != ':') {
        size_t label = at;
        while (at < host.len && label_char(host.text[at]))
            at++;
        if (at == label || host.text[label] == '-' || host.text[at - 1] == '-')
            return 0;
        if (at < host.len && host.text[at] == '.')
            at++;
        else if (at < host.len && host.text[at] != ':')
            return 0;
    }
    return at;
}

/* "[…]" with an IPv6 address in it. 0: it is none. */
static size_t literal_len(struct slice host)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    const char *end = memchr(host.text, ']', host.len);
    size_t len = end != NULL ? (size_t)(end - host.text) - 1 : sizeof(text);
    if (len >= sizeof(text) || memchr(host.text, '\0', host.len) != NULL)
        return 0;
    memcpy(text, host.text + 1, len);
    text[len] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1 ? len + 2 : 0;
}

/* A name without empty labels or an IPv6 address in brackets, and an optional port. */
static bool host_ok(struct slice host)
{
    if (host.len == 0 || host.len > GUARD_MAX_HOST_BYTES)
        return false;
    size_t at = host.text[0] == '[' ? literal_len(host) : name_len(host);
    if (at == 0)
        return false;
    return at == host.len || (host.text[at] == ':' && port_ok(host.text + at + 1, host.len - at - 1));
}

/* ---- below a path of the host ---- */

static bool begins_with(struct slice target, const char *begin)
{
    size_t len = strlen(begin);
    return target.len >= len && memcmp(target.text, begin, len) == 0;
}

/* A path may be named as one of ours is: below /api the target /api/songkick/artist has lost its path
 * already. */
static bool is_ours(struct slice target)
{
    static const char *const roots[] = {"/?",           "/api/",         "/static/",
                                        "/tour/",       "/problems",     "/robots.txt",
                                        "/favicon.ico", "/openapi.json", "/llms.txt"};
    if (target.len == 0 || target.text[0] == '?' || (target.len == 1 && target.text[0] == '/'))
        return true;
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
        if (begins_with(target, roots[i]))
            return true;
    return false;
}

size_t guard_base_path(struct slice target, const char *path)
{
    size_t len = strlen(path);
    bool is_below = len > 0 && begins_with(target, path);
    return is_below && is_ours((struct slice){target.text + len, target.len - len}) ? len : 0;
}

/* Visible ASCII, or UTF-8 of a client that did not percent-encode a name. Other bytes would be passed on by
 * the redirect port. A fragment never belongs on the wire (RFC 9112 section 3.2). */
static bool target_ok(struct slice target)
{
    bool ascii = true;
    if (target.len == 0 || target.text[0] != '/')
        return false;
    if (text_is_visible(target.text, target.len))
        return memchr(target.text, '#', target.len) == NULL;
    for (size_t i = 0; i < target.len; i++) {
        unsigned char c = (unsigned char)target.text[i];
        if (c <= 0x20 || c == 0x7f || c == '#')
            return false;
        ascii &= c < 0x80;
    }
    return ascii || text_is_utf8(target.text, target.len);
}

struct guard_fault guard_check(const struct guard_input *input, const struct guard_fields *fields)
{
    if (fields->malformed)
        return (struct guard_fault){400, strings_get(STRING_GUARD_HEADER_FIELD)};
    if (!guard_fields_fit(fields))
        return (struct guard_fault){431, strings_get(STRING_GUARD_HEADER_SIZE)};
    if (input->authority.text == NULL ? !input->host_optional : !host_ok(input->authority))
        return (struct guard_fault){400, strings_get(STRING_GUARD_HOST)};
    if (input->wrong_scheme)
        return (struct guard_fault){400, strings_get(STRING_GUARD_SCHEME)};
    if (input->target.len > GUARD_MAX_PATH_BYTES)
        return (struct guard_fault){414, strings_get(STRING_GUARD_TARGET_SIZE)};
    enum method method = guard_method(input->method);
    if (method == METHOD_OTHER)
        return (struct guard_fault){405, strings_get(STRING_GUARD_METHOD)};
    if (input->has_entity)
        return (struct guard_fault){400, strings_get(STRING_GUARD_BODY)};
    /* "*" is the target of an OPTIONS about the server as a whole (RFC 9110 section 9.3.7). */
    if (method == METHOD_OPTIONS && slice_is(input->target, "*"))
        return (struct guard_fault){0, NULL};
    if (!target_ok(input->target))
        return (struct guard_fault){400, strings_get(STRING_GUARD_PATH)};
    return (struct guard_fault){0, NULL};
}

bool guard_spend(struct guard_budget *budget, unsigned cost, unsigned max_per_s, int64_t now_s)
{
    if (max_per_s == 0)
        return true;
    if (budget->window_s != now_s) {
        budget->window_s = now_s;
        budget->used = 0;
    }
    budget->used += cost;
    return budget->used <= max_per_s;
}
