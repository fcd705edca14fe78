/* What the fuzzers of translators have in common: answers out of the input, and every format of the document.
 *
 * The first byte chooses the resource; each line that follows is the answer to the next open question, and an
 * empty one, or none left, refuses it. */
#ifndef FUZZ_TRANSLATOR_H
#define FUZZ_TRANSLATOR_H

#include <stdint.h>
#include <string.h>

#include "tests/golden/shapes.h"
#include "translators/ask/answer.h"
#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/formats/eventurl.h"
#include "translators/formats/format.h"
#include "translators/pages/pages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct plan_limits limits = {
    .max_questions = 100, .max_rounds = 10, .max_json_bytes = 1 << 20, .max_arena_bytes = 1 << 24};

/* Splits off the next line. */
static inline size_t next_line(const char **text, const char *end)
{
    const char *newline = memchr(*text, '\n', (size_t)(end - *text));
    size_t len = (size_t)((newline != NULL ? newline : end) - *text);

    *text += len + (newline != NULL);
    return len;
}

static inline void answer_open(struct plan *plan, const char **text, const char *end)
{
    size_t n;
    const struct question *questions = plan_questions(plan, &n);

    for (size_t i = 0; i < n; i++) {
        const char *line = *text;
        size_t len;
        struct answer answer;

        if (questions[i].state != QUESTION_OPEN)
            continue;
        len = next_line(text, end);
        answer = answer_read(questions[i].translator, questions[i].kind, 200, line, len, 64);
        if (answer.problem == PROBLEM_NONE)
            plan_answer(plan, i, answer.body, len);
        else
            plan_refuse(plan, i, answer.problem);
        json_decref(answer.body);
    }
}

static inline void render_all(const struct document *document, const struct translator *translator)
{
    struct render_options options = {.public_url = "https://marquee.example",
                                     .eventurl =
                                         "https://paperlanterns.example/{date}-{city}-{venue}-{name}-{id}",
                                     .translator = translator};

    for (size_t i = 0; formats[i] != NULL; i++) {
        struct arena *arena = arena_new(1 << 24);
        struct buffer out = BUFFER_INIT(1 << 24);
        const char *why = NULL;

        if (formats[i]->render(document, &options, arena, &out, &why) && !out.overflowed) {
            json_t *root;

            if (shape_fault(formats[i], out.bytes, &root) != NULL)
                __builtin_trap();
            json_decref(root);
        }
        buffer_done(&out);
        arena_free(arena);
    }
}

static inline size_t count_of(const char *text, const char *part)
{
    size_t n = 0;

    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        n++;
    return n;
}

/* The pages of the document: a date's page holds the one block of its own, and no text has become a tag. */
static inline void put_pages(const struct document *document, const struct translator *translator)
{
    const struct site site = {.base = "https://paperlanterns.example/tour", .query = "", .is_public = true};
    struct render_options options = {.public_url = "https://marquee.example",
                                     .eventurl = "https://paperlanterns.example/tour/" EVENTURL_OF_PAGES,
                                     .pages = "https://paperlanterns.example/tour",
                                     .translator = translator};

    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        bool of_date = kind == PAGE_DATE || kind == PAGE_DATE_ICS;

        for (size_t i = 0; i < (of_date ? document->n_events : 1); i++) {
            struct arena *arena = arena_new(1 << 24);
            struct buffer out = BUFFER_INIT(1 << 24);

            pages_put(document, &options, &site, (enum page_kind)kind, i, arena, &out);
            if (!out.overflowed && (kind == PAGE_TOUR || kind == PAGE_DATE) &&
                (count_of(out.bytes, "<script") != (kind == PAGE_DATE) || count_of(out.bytes, "<main") != 1 ||
                 count_of(out.bytes, "href=\"javascript") != 0))
                __builtin_trap();
            buffer_done(&out);
            arena_free(arena);
        }
    }
}

/* Runs one input through a translator whose resources are those of its routes. */
static inline void fuzz_translator(const char *name, const struct route_args *args, const uint8_t *data,
                                   size_t size)
{
    const struct translator *translator = translator_named(name);
    const char *text = (const char *)data + (size > 0), *end = (const char *)data + size;
    struct plan *plan;
    enum plan_state state;
    size_t n_routes = 0;

    while (translator->routes[n_routes].step != NULL)
        n_routes++;
    plan = plan_new(translator, &translator->routes[size > 0 && n_routes > 0 ? data[0] % n_routes : 0], args,
                    &limits);
    while ((state = plan_step(plan)) == PLAN_WAIT)
        answer_open(plan, &text, end);
    if (state == PLAN_DONE) {
        const struct document *document = plan_document(plan);

        render_all(document, translator);
        if (document->subject == SUBJECT_ARTIST || document->subject == SUBJECT_VENUE)
            put_pages(document, translator);
    }
    plan_free(plan);
}

#endif
