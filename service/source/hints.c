/* Hints as cached bytes: of questions, a line for each, "provider kind path", and behind that the
 * artist that it is for, if that was said. */
#include "hints.h"

#include <stdio.h>
#include <string.h>

#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/base/buffer.h"
#include "translators/curate/history.h"
#include "translators/model/revisions.h"

#define MAX_MEMORY_BYTES 262144
#define REVISIONS_KEEP_S                                                              \
    (29 * 86400) /* from the last making of a document on; memcached takes no 31 days \
                  */
#define MAX_LINE_BYTES 1280

struct cache_key hints_key(enum hint hint, const struct document_request *request,
                           char text[HINTS_KEY_MAX_BYTES])
{
    static const char *const names[] = {
        [HINT_QUESTIONS] = "hints 2", [HINT_DAYS] = "history 1", [HINT_REVISIONS] = "revisions 1"};
    if (hint == HINT_ADDRESSES)
        return route_job_key(request);
    /* A limit changes what is asked for, not what is known. */
    unsigned limit = hint == HINT_QUESTIONS ? request->limit : 0;
    int len = snprintf(text, HINTS_KEY_MAX_BYTES, "%s %s %s %s%s %u", names[hint], request->translator->name,
                       subject_name(request->route->subject), request->id, request->query, limit);
    return (struct cache_key){.text = text,
                              .len = len < HINTS_KEY_MAX_BYTES ? (size_t)len : HINTS_KEY_MAX_BYTES - 1};
}

static void expect_line(struct plan *plan, char *line)
{
    char *kind = strchr(line, ' ');
    char *path = kind != NULL ? strchr(kind + 1, ' ') : NULL;
    if (path == NULL || kind[1] < '0' || kind[1] - '0' >= RESOURCE_KINDS || path != kind + 2)
        return;
    *kind = *path++ = '\0';
    char *artist = strchr(path, ' ');
    if (artist != NULL)
        *artist++ = '\0';
    const struct translator *translator = translator_named(line);
    if (translator != NULL)
        plan_expect(plan, translator, (enum resource)(kind[1] - '0'), path, artist);
}

void hints_expect(struct plan *plan, const struct cache_value *hints)
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

const char *hints_text(const struct cache_value *value)
{
    bool whole = value != NULL && value->len > 0 && value->bytes[value->len - 1] == '\0';
    return whole ? (const char *)value->bytes : NULL;
}

static void keep(struct cache *cache, enum hint hint, const struct document_request *request,
                 const struct buffer *bytes, bool is_unsure, unsigned keep_s, int64_t now_s)
{
    char text[HINTS_KEY_MAX_BYTES];
    struct cache_key key = hints_key(hint, request, text);
    if (bytes->len == 0 || bytes->overflowed)
        return;
    struct cache_value *value = cache_value_new(bytes->len, 0, now_s, now_s + keep_s, now_s + keep_s);
    value->is_unsure = is_unsure;
    memcpy(value->bytes, bytes->bytes, bytes->len);
    cache_put(cache, &key, value, now_s);
    cache_value_unref(value);
}

void hints_questions(struct cache *cache, const struct document_request *request, const struct plan *plan,
                     unsigned keep_s, int64_t now_s)
{
    struct buffer lines = BUFFER_INIT(MAX_MEMORY_BYTES);
    size_t n;
    const struct question *questions = plan_questions(plan, &n);
    for (size_t i = 0; i < n; i++) {
        const struct translator *translator = questions[i].translator;
        if (!questions[i].used)
            continue;
        const char *artist = questions[i].artist;
        buffer_printf(&lines, "%s %d %s%s%s\n", translator->name, (int)questions[i].kind, questions[i].path,
                      artist != NULL ? " " : "", artist != NULL ? artist : "");
        if (keep_s > (unsigned)translator->keep_ceiling_s)
            keep_s = (unsigned)translator->keep_ceiling_s;
    }
    keep(cache, HINT_QUESTIONS, request, &lines, false, keep_s, now_s);
    buffer_done(&lines);
}

void hints_days(struct cache *cache, const struct document_request *request, const struct document *document,
                const char *history, bool is_unsure, unsigned keep_s, int64_t now_s)
{
    struct buffer lines = BUFFER_INIT(MAX_MEMORY_BYTES);
    struct arena *arena = arena_new(4 * MAX_MEMORY_BYTES);
    history_write(arena, document, history, now_s, &lines);
    if (lines.len > 0)
        buffer_append(&lines, "", 1); /* readers get a string */
    keep(cache, HINT_DAYS, request, &lines, is_unsure, keep_s, now_s);
    arena_free(arena);
    buffer_done(&lines);
}

void hints_revisions(struct cache *cache, const struct document_request *request,
                     const struct document *document, const struct cache_value *found, bool is_unsure,
                     int64_t now_s)
{
    char text[HINTS_KEY_MAX_BYTES];
    struct cache_key key = hints_key(HINT_REVISIONS, request, text);
    struct buffer lines = BUFFER_INIT(MAX_MEMORY_BYTES);
    struct arena *arena = arena_new(4 * MAX_MEMORY_BYTES);
    struct cache_value *newest = cache_peek(cache, &key, now_s);
    const bool is_newest = newest != NULL && (found == NULL || !newest->is_unsure);
    const char *memory = hints_text(is_newest ? newest : found);
    revisions_apply(arena, document, memory, now_s);
    revisions_write(arena, document, memory, now_s, &lines);
    if (lines.len > 0)
        buffer_append(&lines, "", 1); /* readers get a string */
    keep(cache, HINT_REVISIONS, request, &lines, is_unsure, REVISIONS_KEEP_S, now_s);
    cache_value_unref(newest);
    arena_free(arena);
    buffer_done(&lines);
}
