/* libcurl takes URLs apart, so that what is compared here is what it would connect to. */
#include "redirect.h"

#include <stdlib.h>
#include <string.h>

#include "translators/ask/url.h"
#include "translators/base/arena.h"
#include "translators/base/must.h"
#include "translators/base/text.h"
#include "upstream_curl.h"

bool redirect_is(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* NULL: no URL. */
static CURLU *url_parse(const char *text)
{
    CURLU *url = must(curl_url());
    if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
        return url;
    curl_url_cleanup(url);
    return NULL;
}

/* New, for curl_free(). NULL: there is none. */
static char *part_of(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    return curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK ? text : NULL;
}

static bool is_same_part(CURLU *a, CURLU *b, CURLUPart part)
{
    char *of_a = part_of(a, part), *of_b = part_of(b, part);
    bool is_same = of_a == NULL || of_b == NULL ? of_a == of_b : strcasecmp(of_a, of_b) == 0;
    curl_free(of_a);
    curl_free(of_b);
    return is_same;
}

static bool is_same_place(CURLU *a, CURLU *b)
{
    static const CURLUPart parts[] = {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT, CURLUPART_USER,
                                      CURLUPART_PASSWORD};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (!is_same_part(a, b, parts[i]))
            return false;
    }
    return true;
}

/* One byte, whose escape is undone; *at is moved behind it. */
static char decoded_byte(const char **at)
{
    const char *from = *at;
    int high = from[0] == '%' ? text_hex_value(from[1]) : -1, low = high >= 0 ? text_hex_value(from[2]) : -1;
    *at += low >= 0 ? 3 : 1;
    return low >= 0 ? (char)(high * 16 + low) : from[0];
}

/* Would a server that undoes escapes before it looks for dots climb up? Backslashes count as slashes. */
static bool has_dot_segment(const char *path)
{
    size_t len = 0, dots = 0;
    while (true) {
        bool is_end = *path == '\0';
        char byte = is_end ? '/' : decoded_byte(&path);
        if (byte == '/' || byte == '\\') {
            if (len > 0 && len <= 2 && dots == len)
                return true;
            len = dots = 0;
        } else {
            len++;
            dots += byte == '.';
        }
        if (is_end)
            return false;
    }
}

/* What stands below the base path; NULL: the path is not below it. */
static const char *below(const char *base_path, const char *path)
{
    size_t len = strlen(base_path);
    while (len > 0 && base_path[len - 1] == '/')
        len--;
    if (strncmp(path, base_path, len) != 0 || path[len] != '/' || path[len + 1] == '\0')
        return NULL;
    return has_dot_segment(path + len) ? NULL : path + len + 1;
}

static char *without_key_new(const char *path, const char *query, const char *key_parameter)
{
    struct arena *arena = arena_new(4 * REDIRECT_MAX_PATH_BYTES);
    const char *whole = query != NULL ? arena_printf(arena, "%s?%s", path, query) : path;
    char *text = NULL;
    if (key_parameter != NULL)
        whole = url_without_parameter(arena, whole, key_parameter);
    if (whole != NULL && strlen(whole) <= REDIRECT_MAX_PATH_BYTES)
        text = must(strdup(whole));
    arena_free(arena);
    return text;
}

static char *relative_path_new(CURLU *base, CURLU *target, const char *key_parameter)
{
    char *base_path = part_of(base, CURLUPART_PATH), *path = part_of(target, CURLUPART_PATH),
         *query = part_of(target, CURLUPART_QUERY), *text = NULL;
    const char *rest = base_path != NULL && path != NULL ? below(base_path, path) : NULL;
    if (rest != NULL)
        text = without_key_new(rest, query, key_parameter);
    curl_free(base_path);
    curl_free(path);
    curl_free(query);
    return text;
}

char *redirect_path_new(const char *base_url, const char *key_parameter, const char *target)
{
    CURLU *base = url_parse(base_url), *to = target != NULL ? url_parse(target) : NULL;
    char *path = base != NULL && to != NULL && is_same_place(base, to)
                     ? relative_path_new(base, to, key_parameter)
                     : NULL;
    curl_url_cleanup(base);
    curl_url_cleanup(to);
    return path;
}
