/* Hints as cached bytes: a line for each question, "provider kind path". */
#include "hint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../translators/buffer.h"
#include "../translators/plan.h"

#define MAX_HINT_BYTES 262144
#define MAX_LINE_BYTES 1024

struct cache_key hint_cache_key(const struct document_request *request, char text[HINT_KEY_MAX_BYTES])
{
    int len = snprintf(text, HINT_KEY_MAX_BYTES, "hint 1 %s %s %s %u", request->translator->name,
                       request->route->resource, request->id, request->limit);
    return (struct cache_key){.text = text,
                              .len = (size_t)len < HINT_KEY_MAX_BYTES ? (size_t)len : HINT_KEY_MAX_BYTES - 1};
}

static void expect_line(struct plan *plan, char *line)
{
    char *kind = strchr(line, ' ');
    char *path = kind != NULL ? strchr(kind + 1, ' ') : NULL;
    if (path == NULL || kind[1] < '0' || kind[1] - '0' >= RESOURCE_KINDS || path != kind + 2)
        return;
    *kind = *path = '\0';
    const struct translator *translator = translator_find(line, strlen(line));
    if (translator != NULL)
        plan_expect(plan, translator->name, (enum resource)(kind[1] - '0'), path + 1);
}

void hint_expect(struct plan *plan, const struct cache_value *hints)
{
    if (hints == NULL)
        return;
    const char *at = (const char *)hints->bytes, *end = at + hints->len;
    while (at < end) {
        char line[MAX_LINE_BYTES];
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop != NULL ? stop : end) - at);
        if (len < sizeof(line)) {
            memcpy(line, at, len);
            line[len] = '\0';
            expect_line(plan, line);
        }
        at += len + 1;
    }
}

void hint_remember(struct cache *cache, const struct document_request *request, const struct plan *plan,
                   unsigned keep_s, int64_t now_s)
{
    struct buffer lines = BUFFER_INIT(MAX_HINT_BYTES);
    char text[HINT_KEY_MAX_BYTES];
    struct cache_key key = hint_cache_key(request, text);
    size_t n;
    const struct question *questions = plan_questions(plan, &n);
    for (size_t i = 0; i < n; i++) {
        if (questions[i].used)
            buffer_printf(&lines, "%s %d %s\n", questions[i].provider, (int)questions[i].kind,
                          questions[i].path);
    }
    if (lines.len > 0 && !lines.overflowed) {
        struct cache_value *value = cache_value_new(lines.len, 0, now_s, now_s + keep_s, now_s + keep_s);
        memcpy(value->bytes, lines.bytes, lines.len);
        cache_put(cache, &key, value, now_s);
        cache_value_unref(value);
    }
    buffer_done(&lines);
}
