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
#include "translators/formats/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct plan_limits limits = {
    .max_questions = 100, .max_rounds = 10, .max_json_bytes = 1 << 20, .max_arena_bytes = 1 << 24};

/* Splits off the next line. */
static inline size_t next_line(const char **text, const char *end)
{
    const char *newline = memchr(*text, '\n', (size_t)(end - *text));
    size_t len = (size_t)((newline ? newline : end) - *text);

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

    for (size_t i = 0; formats[i]; i++) {
        struct arena *arena = arena_new(1 << 24);
        struct buffer out = BUFFER_INIT(1 << 24);
        const char *why = NULL;

        if (formats[i]->render(document, &options, arena, &out, &why) && !out.overflowed) {
            json_t *root;

            if (shape_fault(formats[i], out.bytes, &root))
                __builtin_trap();
            json_decref(root);
        }
        buffer_done(&out);
        arena_free(arena);
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

    while (translator->routes[n_routes].step)
        n_routes++;
    plan = plan_new(translator, &translator->routes[size > 0 && n_routes > 0 ? data[0] % n_routes : 0], args,
                    &limits);
    while ((state = plan_step(plan)) == PLAN_WAIT)
        answer_open(plan, &text, end);
    if (state == PLAN_DONE)
        render_all(plan_document(plan), translator);
    plan_free(plan);
}

#endif
