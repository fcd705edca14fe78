/* Fuzzes text.c: what text_clean() lets through may be published, slugs are slugs, URLs hold nothing a URL
 * may not. The first byte bounds the length of the cleaned text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_clean(const char *clean, size_t max)
{
    size_t len = strlen(clean);
    if (len == 0 || len > max || !text_is_utf8(clean, len))
        abort();
    if (clean[0] == ' ' || clean[len - 1] == ' ' || strstr(clean, "  ") != NULL)
        abort();
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t c;
        n = text_decode(clean + i, len - i, &c);
        if (c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xFEFF || c == 0xFFFD ||
            (c >= 0x202A && c <= 0x202E))
            abort();
    }
}

static void check_slug(const char *slug)
{
    size_t len = strlen(slug);
    if (len > 80 || strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != len || slug[0] == '-' ||
        (len > 0 && slug[len - 1] == '-') || strstr(slug, "--") != NULL)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t max = data[0] == 0 ? 4096 : data[0];
    const char *text = (const char *)data + 1;
    struct arena *arena = arena_new(1 << 20);
    const char *clean = text_clean(arena, text, size - 1, max);
    if (clean != NULL)
        check_clean(clean, max);
    const char *copy = arena_strndup(arena, text, size - 1);
    check_slug(text_slug(arena, copy));
    if (!text_equal_fold(copy, copy))
        abort();
    if (text_is_web_url(text, size - 1))
        for (size_t i = 0; i < size - 1; i++)
            if (text[i] <= ' ' || text[i] > '~' || strchr("\"<>\\^`{|}[]", text[i]) != NULL)
                abort();
    arena_free(arena);
    return 0;
}
