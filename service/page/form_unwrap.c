/* No list of hosts: whoever wraps a link puts it into a parameter (l.instagram.com/?u=, google.com/url?q=) or
 * behind its own path (urldefense.com/v3/__https://…__;), and what is inside has to be known in any case. */
#include "form_unwrap.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "service/document/decode.h"
#include "translators/base/entity.h"

enum { MAX_PASSES = 4, MAX_ADDRESSES = 8 };

/* Returns whether there was a reference. */
static bool unescape_once(char *text)
{
    char *to = text;
    bool any = false;
    for (const char *from = text; *from != '\0';) {
        size_t len = *from == '&' ? strcspn(from + 1, ";&") : 0;
        bool ends = len > 0 && len <= ENTITY_MAX_BYTES && from[1 + len] == ';';
        uint32_t code_point = ends ? entity_code_point(from + 1, len) : 0;
        bool is_ascii = code_point > 0x20 && code_point < 0x7f;
        *to++ = is_ascii ? (char)code_point : *from;
        from += is_ascii ? len + 2 : 1;
        any |= is_ascii;
    }
    *to = '\0';
    return any;
}

void form_unescape(char *text)
{
    for (int i = 0; i < MAX_PASSES && unescape_once(text); i++)
        continue;
}

static bool is_address(const char *text)
{
    return strncasecmp(text, "https://", 8) == 0 || strncasecmp(text, "http://", 7) == 0;
}

/* Of mail filters "__;" ends the address inside. */
static bool find_bare(const char *url, char *ret, size_t size)
{
    for (const char *at = url + 1; at[-1] != '\0' && *at != '\0'; at++) {
        if (!is_address(at))
            continue;
        const char *end = strstr(at, "__;");
        snprintf(ret, size, "%.*s", (int)(end != NULL ? (size_t)(end - at) : strlen(at)), at);
        return true;
    }
    return false;
}

bool form_unwrap(const char *url, size_t n, char *ret, size_t size)
{
    const char *at = strchr(url, '?');
    size_t n_found = 0;
    while (at != NULL && n < MAX_ADDRESSES) {
        const char *value = strpbrk(at + 1, "=&");
        const char *end = value != NULL && *value == '=' ? value + 1 + strcspn(value + 1, "&") : value;
        enum string_id why;
        size_t len;
        if (value != NULL && *value == '=' &&
            decode_form(value + 1, (size_t)(end - value - 1), ret, size - 1, &len, &why) && is_address(ret) &&
            n_found++ == n)
            return true;
        at = end != NULL && *end == '&' ? end : NULL;
    }
    return n == n_found && find_bare(url, ret, size);
}
