/* Takes parameters out of URLs. Not here: what a URL is (text.c), and which parameter is a key: each
 * provider's struct translator says so. */
#include "url.h"

#include <stdbool.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/query.h"
#include "translators/base/text.h"

/* Undoes every escape, and those that come to light by that, in place; in lower case. */
static void decode_fully(char *text)
{
    size_t len = 0;

    for (const char *from = text; *from != '\0'; from++) {
        char c = *from;

        text[len++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        /* What was just written may be the end of an escape. A NUL would hide what follows it. */
        while (len >= 3 && text[len - 3] == '%' && text_hex_value(text[len - 2]) >= 0 &&
               text_hex_value(text[len - 1]) >= 0) {
            char decoded = (char)(text_hex_value(text[len - 2]) * 16 + text_hex_value(text[len - 1]));

            len -= 2;
            text[len - 1] = decoded != '\0' ? decoded : ' ';
            if (decoded >= 'A' && decoded <= 'Z')
                text[len - 1] = (char)(decoded - 'A' + 'a');
        }
    }
    text[len] = '\0';
}

static bool is_parameter(struct arena *arena, const struct query_pair *pair, const char *name)
{
    char *decoded = arena_strndup(arena, pair->name, pair->name_len);

    decode_fully(decoded);
    return strcmp(decoded, name) == 0;
}

/* Copies the query from `from` to `end` without the parameter, with what must stand before each part. */
static char *copy_query(struct arena *arena, char *to, const char *from, const char *end, const char *name)
{
    struct query_pair pair;
    char before = '?';

    while (query_next(&from, end, &pair)) {
        size_t len = pair.value != NULL ? (size_t)(pair.value + pair.value_len - pair.name) : pair.name_len;

        if (!is_parameter(arena, &pair, name)) {
            *to++ = before;
            memcpy(to, pair.name, len);
            to += len;
            before = '&';
        }
    }
    return to;
}

const char *url_without_parameter(struct arena *arena, const char *url, const char *name)
{
    size_t len = url != NULL ? strlen(url) : 0, query = url != NULL ? strcspn(url, "?#") : 0;
    char *shorter, *decoded, *to;
    const char *end;

    if (url == NULL)
        return NULL;
    shorter = arena_strndup(arena, url, len);
    if (url[query] == '?') {
        end = url + strcspn(url, "#");
        to = copy_query(arena, shorter + query, url + query + 1, end, name);
        memcpy(to, end, strlen(end) + 1);
    }
    decoded = arena_strndup(arena, shorter, strlen(shorter));
    decode_fully(decoded);
    return strstr(decoded, arena_printf(arena, "%s=", name)) != NULL ? NULL : shorter;
}
