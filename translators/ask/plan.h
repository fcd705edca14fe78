/* The questions and answers of one document in the making: what a translator asks, and what is known so far.
 *
 * A translator is a pure function that asks as if every answer were present. What is missing comes back as
 * NULL and is remembered as a question; jansson's getters pass NULL on, so the code is straight-line. The
 * driver (service/jobs/job.c) fetches what was asked and runs the function again from the top. Not here: when
 * and where answers come from; nothing in this directory does I/O.
 *
 * The loop a driver writes (tests/unit/translators/ask/plan_test.c compiles exactly this):
 *
 *     while (plan_step(plan) == PLAN_WAIT) {
 *         size_t n;
 *         const struct question *questions = plan_questions(plan, &n);
 *         for (size_t i = 0; i < n; i++)
 *             if (questions[i].state == QUESTION_OPEN)
 *                 answer_one(plan, i, &questions[i]);   // plan_answer() or plan_refuse()
 *     }
 *
 * Rules for authors of translators:
 *   - no statics; keep no pointer from one run to the next: what an incomplete run built is thrown away;
 *   - ask in a deterministic order, derived from arguments and answers alone;
 *   - a fallback tests plan_refused(), never `== NULL` alone: NULL also means "not here yet";
 *   - paths are relative to the provider's base URL and hold no key.
 * Conventions of this directory: pointers are not NULL unless said; strings are UTF-8 and NUL-terminated;
 * "borrowed" may be used until the plan is freed, "new" is the caller's, "takes" means it is no longer.
 * A plan belongs to one thread. */
#ifndef MARQUEE_PLAN_H
#define MARQUEE_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "translator.h"
#include "translators/base/problem.h"

struct arena;
struct plan;

/* ---- for translators ---- */

/* The answer to a question, borrowed; NULL while it is open. Without a needed answer there is no document:
 * when it is refused the plan fails with the refusal's kind. `kind` is all a translator says about freshness.
 * The path is at most 1,024 bytes, escaped as a URL wants it; another one fails the plan. */
const json_t *plan_need(struct plan *plan, enum resource kind, const char *path_format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for an answer that makes the document richer; refused, it stays NULL and the document is marked
 * incomplete, unless the refusal says that there is no such thing (PROBLEM_NOT_FOUND). */
const json_t *plan_want(struct plan *plan, enum resource kind, const char *path_format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same from another provider's or a source's API. One that is switched off refuses everything with
 * PROBLEM_NOT_FOUND; one whose terms do not let it stand beside the plan's own (translator_may_ask()) fails
 * the plan. */
const json_t *plan_need_from(struct plan *plan, const struct translator *from, enum resource kind,
                             const char *path_format, ...) __attribute__((format(printf, 4, 5)));
const json_t *plan_want_from(struct plan *plan, const struct translator *from, enum resource kind,
                             const char *path_format, ...) __attribute__((format(printf, 4, 5)));

/* What this run asks its own provider from here on is for the artist of this id there: it may have a key of
 * its own. Until then it is for the id that the document was asked for by. */
void plan_is_for(struct plan *plan, const char *id);

/* True when the question with exactly this path was asked of the plan's own provider in this run, and
 * refused. */
bool plan_refused(const struct plan *plan, const char *path);

/* Ends the plan: there will be no document. The first failure counts. `why` is a text about the provider,
 * whose title is its {1}. */
void plan_fail(struct plan *plan, enum problem_kind kind, enum string_id why);

/* The document came out poorer than the upstream could have made it: it is kept for a short time only. */
void plan_mark_incomplete(struct plan *plan);

/* Memory of this run: valid until the next plan_step(). */
struct arena *plan_arena(struct plan *plan);

/* ---- for the driver ---- */

struct plan_limits {
    size_t max_questions;  /* asked by the translator, in all runs together */
    unsigned max_rounds;   /* runs of the translator */
    size_t max_json_bytes; /* of all answers together, as the upstream sent them */
    size_t max_arena_bytes;
};

enum plan_state { PLAN_WAIT, PLAN_DONE, PLAN_FAILED };

enum question_state {
    QUESTION_EXPECTED, /* may be fetched, but the plan does not wait for it: plan_expect(), or no longer asked
                        */
    QUESTION_OPEN,     /* the latest run asked it and waits */
    QUESTION_ANSWERED,
    QUESTION_REFUSED
};

struct question {
    const struct translator *translator; /* whose API is asked */
    enum resource kind;
    const char *path;
    const char *artist; /* plan_is_for() when it was first asked; NULL: not said */
    bool needed;        /* plan_need() asked it in the latest run */
    bool used;          /* the latest run asked it */
    enum question_state state;
    enum problem_kind refusal; /* when refused */
};

/* No plan of these limits ever has more questions, with those that are only expected: every index is below.
 */
size_t plan_room(const struct plan_limits *limits);

/* New plan. `translator`, `route` and `args` (with all it points to) are borrowed until plan_free(). */
struct plan *plan_new(const struct translator *translator, const struct route *route,
                      const struct route_args *args, const struct plan_limits *limits);
void plan_free(struct plan *plan); /* NULL is a no-op */

/* A question that the last answer for the same arguments needed: the driver may fetch it ahead (state
 * QUESTION_EXPECTED) and answer or refuse it like any other. Only before the first plan_step(). Both texts
 * are copied; `artist` may be NULL. Past max_questions expected ones it is dropped; they take no room from
 * what is asked. */
void plan_expect(struct plan *plan, const struct translator *from, enum resource kind, const char *path,
                 const char *artist);

/* Runs the translator once over the answers so far. WAIT: questions are open. DONE: plan_document() is whole.
 * FAILED: plan_say_problem() says why; both are final. Every WAIT without an answer given since would ask the
 * same again: a run over max_rounds fails with PROBLEM_TOO_LARGE. */
enum plan_state plan_step(struct plan *plan);

/* All questions so far, borrowed until the next plan_step() or plan_expect(). A question keeps its index for
 * the plan's life. */
const struct question *plan_questions(const struct plan *plan, size_t *ret_n);

/* Gives the answer to an open or expected question; `body` is borrowed for the call and referenced for the
 * plan's life; `len` counts its bytes as received against max_json_bytes. */
void plan_answer(struct plan *plan, size_t question, json_t *body, size_t len);
void plan_refuse(struct plan *plan, size_t question, enum problem_kind kind);

/* After PLAN_DONE: the document, borrowed until plan_free() (its strings too). */
const struct document *plan_document(const struct plan *plan);
bool plan_incomplete(const struct plan *plan);

/* After PLAN_FAILED. */
enum problem_kind plan_problem(const struct plan *plan);

/* The same as a sentence for people, in a language; what does not fit is cut off. */
void plan_say_problem(const struct plan *plan, const struct strings *strings, char *ret_why, size_t size);

/* After PLAN_FAILED: the provider or source whose refusal failed it; NULL: it was not a refusal. */
const struct translator *plan_refused_by(const struct plan *plan);

#endif
