/* The restartable planner: remembers what was asked and answered, runs the translator, tells what is open.
 * Not here: fetching, time, what answers mean. */
#include "plan.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"
#include "translators/model/model.h"

#define PATH_MAX_BYTES 1024
#define NO_QUESTION    SIZE_MAX

/* What a plan knows of a question beside what the driver sees. */
struct record {
    json_t *body; /* owned; NULL unless answered */
    uint32_t hash;
    bool asked; /* by any run; false: only expected */
};

struct plan {
    const struct translator *translator;
    const struct route *route;
    const struct route_args *args;
    struct plan_limits limits;

    struct arena *lasting; /* paths and the reason of a failure */
    struct question *questions;
    struct record *records; /* by the index of the question */
    size_t n_questions, n_asked, n_expected;
    uint32_t *slots; /* open addressing: index of a question + 1, or 0 */
    size_t n_slots;  /* a power of two, at most half of them taken */
    size_t json_bytes;

    unsigned rounds;
    bool done;
    enum problem_kind problem;
    enum string_id why;
    const char *why_values[2];           /* for its gaps; static or in `lasting` */
    const struct translator *refused_by; /* the translator whose refusal is the problem; NULL: none's */

    /* Of the latest run. */
    struct arena *arena;
    struct document document;
    bool incomplete;
    const char *artist; /* plan_is_for() */
};

/* What is expected has room of its own: a remembered tour that has changed altogether must not make the new
 * one fail. */
size_t plan_room(const struct plan_limits *limits)
{
    return 2 * limits->max_questions;
}

struct plan *plan_new(const struct translator *translator, const struct route *route,
                      const struct route_args *args, const struct plan_limits *limits)
{
    must(limits->max_questions < UINT32_MAX / 4);
    size_t room = plan_room(limits), n_slots = 2;
    while (n_slots < 2 * room)
        n_slots *= 2;
    struct plan *plan = memory_new_zeroed(1, sizeof(*plan));
    *plan = (struct plan){
        .translator = translator,
        .route = route,
        .args = args,
        .limits = *limits,
        .lasting = arena_new(SIZE_MAX),
        .questions = memory_new_zeroed(room + 1, sizeof(*plan->questions)),
        .records = memory_new_zeroed(room + 1, sizeof(*plan->records)),
        .slots = memory_new_zeroed(n_slots, sizeof(*plan->slots)),
        .n_slots = n_slots,
        .arena = arena_new(limits->max_arena_bytes),
    };
    return plan;
}

void plan_free(struct plan *plan)
{
    if (plan == NULL)
        return;
    for (size_t i = 0; i < plan->n_questions; i++)
        json_decref(plan->records[i].body);
    free(plan->questions);
    free(plan->records);
    free(plan->slots);
    arena_free(plan->arena);
    arena_free(plan->lasting);
    free(plan);
}

/* ---- failures ---- */

static void fail(struct plan *plan, enum problem_kind kind, enum string_id why, const char *first,
                 const char *second)
{
    must(kind != PROBLEM_NONE);
    if (plan->problem != PROBLEM_NONE)
        return;
    plan->problem = kind;
    plan->why = why;
    plan->why_values[0] = first;
    plan->why_values[1] = second;
}

void plan_fail(struct plan *plan, enum problem_kind kind, enum string_id why)
{
    fail(plan, kind, why, plan->translator->title, NULL);
}

/* About a needed answer that was refused. Those that are missing stand for kinds that no upstream brings
 * about. */
static const enum string_id refusals[PROBLEM_KINDS] = {
    [PROBLEM_NOT_FOUND] = STRING_REFUSED_NOT_FOUND,
    [PROBLEM_UPSTREAM_KEY] = STRING_REFUSED_KEY,
    [PROBLEM_UPSTREAM_RUBBISH] = STRING_REFUSED_RUBBISH,
    [PROBLEM_UPSTREAM_ERROR] = STRING_REFUSED_ERROR,
    [PROBLEM_UPSTREAM_UNREACHABLE] = STRING_REFUSED_UNREACHABLE,
    [PROBLEM_UPSTREAM_SLOW] = STRING_REFUSED_SLOW,
    [PROBLEM_UPSTREAM_LIMIT] = STRING_REFUSED_LIMIT,
    [PROBLEM_UPSTREAM_PAUSED] = STRING_REFUSED_PAUSED,
    [PROBLEM_OVERLOADED] = STRING_REFUSED_OVERLOADED,
    [PROBLEM_TOO_LARGE] = STRING_REFUSED_TOO_LARGE,
};

static void plan_fail_refused(struct plan *plan, const struct question *question)
{
    enum string_id why = refusals[question->refusal];
    if (plan->problem == PROBLEM_NONE)
        plan->refused_by = question->translator;
    fail(plan, question->refusal, why != STRING_NONE ? why : STRING_REFUSED, question->translator->name,
         question->path);
}

static void plan_fail_limit(struct plan *plan, enum string_id why, size_t limit)
{
    fail(plan, PROBLEM_TOO_LARGE, why, arena_printf(plan->lasting, "%zu", limit), NULL);
}

void plan_mark_incomplete(struct plan *plan)
{
    plan->incomplete = true;
}

/* ---- questions ---- */

/* FNV-1a. Paths that collide on purpose cost at most max_questions comparisons each. */
static uint32_t question_hash(const struct translator *translator, const char *path)
{
    uint32_t hash = 2166136261u ^ (uint32_t)((uintptr_t)translator >> 4);
    for (const char *at = path; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    return hash;
}

/* The index of a question or NO_QUESTION; *ret_slot is where it stands or would be entered. */
static size_t question_find(const struct plan *plan, const struct translator *translator, const char *path,
                            uint32_t hash, size_t *ret_slot)
{
    size_t slot = hash & (plan->n_slots - 1);
    for (; plan->slots[slot] != 0; slot = (slot + 1) & (plan->n_slots - 1)) {
        size_t i = plan->slots[slot] - 1;
        if (plan->records[i].hash == hash && plan->questions[i].translator == translator &&
            strcmp(plan->questions[i].path, path) == 0)
            break;
    }
    *ret_slot = slot;
    return plan->slots[slot] == 0 ? NO_QUESTION : plan->slots[slot] - 1;
}

static size_t question_add(struct plan *plan, const struct translator *translator, enum resource kind,
                           const char *path, uint32_t hash, size_t slot)
{
    size_t i = plan->n_questions++;
    plan->questions[i] = (struct question){
        .translator = translator,
        .kind = kind,
        .path = arena_strndup(plan->lasting, path, strlen(path)),
        .state = QUESTION_EXPECTED,
    };
    plan->records[i].hash = hash;
    plan->slots[slot] = (uint32_t)(i + 1);
    return i;
}

static void question_set_artist(struct plan *plan, size_t i, const char *artist)
{
    if (artist != NULL)
        plan->questions[i].artist = arena_strndup(plan->lasting, artist, strlen(artist));
}

/* Bytes that may stand in the path and query of a URL; a translator escapes all others. */
static bool path_ok(const char *path)
{
    for (; *path != '\0'; path++)
        if (*path <= ' ' || *path > '~' || strchr("\"#<>\\", *path) != NULL)
            return false;
    return true;
}

/* Asks `path`. The index of the question, or NO_QUESTION when the plan has failed by now. */
static size_t plan_ask(struct plan *plan, const struct translator *from, enum resource kind, const char *path)
{
    if (plan->problem != PROBLEM_NONE)
        return NO_QUESTION;
    uint32_t hash = question_hash(from, path);
    size_t slot, i = question_find(plan, from, path, hash, &slot);
    if (i == NO_QUESTION || !plan->records[i].asked) {
        if (plan->n_asked == plan->limits.max_questions) {
            plan_fail_limit(plan, STRING_MORE_THAN_ANSWERS, plan->limits.max_questions);
            return NO_QUESTION;
        }
        if (i == NO_QUESTION)
            i = question_add(plan, from, kind, path, hash, slot);
        if (from == plan->translator)
            question_set_artist(plan, i, plan->artist);
        plan->records[i].asked = true;
        plan->n_asked++;
    }
    struct question *question = &plan->questions[i];
    question->used = true;
    question->kind = kind;
    if (question->state == QUESTION_EXPECTED)
        question->state = QUESTION_OPEN;
    return i;
}

/* What the needs and wants have in common. */
__attribute__((format(printf, 5, 0))) static const json_t *plan_get(struct plan *plan,
                                                                    const struct translator *from,
                                                                    enum resource kind, bool needed,
                                                                    const char *format, va_list args)
{
    char path[PATH_MAX_BYTES + 1];
    int len = vsnprintf(path, sizeof(path), format, args);
    if (len < 0 || (size_t)len >= sizeof(path)) {
        plan_fail_limit(plan, STRING_MORE_THAN_PATH_BYTES, PATH_MAX_BYTES);
        return NULL;
    }
    if (!path_ok(path) || !translator_may_ask(plan->translator, from)) {
        plan_fail(plan, PROBLEM_INTERNAL, STRING_REFUSED_PATH);
        return NULL;
    }
    size_t i = plan_ask(plan, from, kind, path);
    if (i == NO_QUESTION)
        return NULL;
    struct question *question = &plan->questions[i];
    question->needed = question->needed || needed;
    if (question->state == QUESTION_REFUSED && needed)
        plan_fail_refused(plan, question);
    else if (question->state == QUESTION_REFUSED && question->refusal != PROBLEM_NOT_FOUND)
        plan_mark_incomplete(plan);
    return plan->records[i].body;
}

/* plan_get() with the variable arguments of the function it stands in. */
#define PLAN_GET(from, needed)                                                      \
    ({                                                                              \
        va_list args;                                                               \
        va_start(args, path_format);                                                \
        const json_t *body = plan_get(plan, from, kind, needed, path_format, args); \
        va_end(args);                                                               \
        body;                                                                       \
    })

const json_t *plan_need(struct plan *plan, enum resource kind, const char *path_format, ...)
{
    return PLAN_GET(plan->translator, true);
}

const json_t *plan_want(struct plan *plan, enum resource kind, const char *path_format, ...)
{
    return PLAN_GET(plan->translator, false);
}

const json_t *plan_need_from(struct plan *plan, const struct translator *from, enum resource kind,
                             const char *path_format, ...)
{
    return PLAN_GET(from, true);
}

const json_t *plan_want_from(struct plan *plan, const struct translator *from, enum resource kind,
                             const char *path_format, ...)
{
    return PLAN_GET(from, false);
}

void plan_is_for(struct plan *plan, const char *id)
{
    plan->artist = arena_strndup(plan->arena, id, strlen(id));
}

bool plan_refused(const struct plan *plan, const char *path)
{
    const struct translator *own = plan->translator;
    size_t slot, i = question_find(plan, own, path, question_hash(own, path), &slot);
    return i != NO_QUESTION && plan->questions[i].used && plan->questions[i].state == QUESTION_REFUSED;
}

struct arena *plan_arena(struct plan *plan)
{
    return plan->arena;
}

/* ---- for the driver ---- */

void plan_expect(struct plan *plan, const struct translator *from, enum resource kind, const char *path,
                 const char *artist)
{
    must(plan->rounds == 0);
    /* What is remembered comes out of a cache that others write too. */
    if (plan->n_expected == plan->limits.max_questions || strlen(path) > PATH_MAX_BYTES || !path_ok(path) ||
        kind >= RESOURCE_KINDS)
        return;
    uint32_t hash = question_hash(from, path);
    size_t slot;
    if (question_find(plan, from, path, hash, &slot) != NO_QUESTION)
        return;
    question_set_artist(plan, question_add(plan, from, kind, path, hash, slot), artist);
    plan->n_expected++;
}

static void plan_begin_run(struct plan *plan)
{
    arena_reset(plan->arena);
    plan->document = (struct document){.provider = plan->translator->name};
    plan->incomplete = false;
    plan->artist = NULL;
    for (size_t i = 0; i < plan->n_questions; i++)
        plan->questions[i].used = plan->questions[i].needed = false;
}

static void plan_end_run(struct plan *plan)
{
    if (arena_exceeded(plan->arena))
        plan_fail_limit(plan, STRING_MORE_THAN_MEMORY, plan->limits.max_arena_bytes);
    size_t n_open = 0;
    for (size_t i = 0; i < plan->n_questions; i++) {
        struct question *question = &plan->questions[i];
        if (question->state == QUESTION_OPEN && !question->used)
            question->state = QUESTION_EXPECTED;
        n_open += question->state == QUESTION_OPEN;
    }
    plan->done = plan->problem == PROBLEM_NONE && n_open == 0;
}

enum plan_state plan_step(struct plan *plan)
{
    if (plan->problem == PROBLEM_NONE && !plan->done) {
        if (plan->rounds == plan->limits.max_rounds) {
            plan_fail_limit(plan, STRING_MORE_THAN_ROUNDS, plan->limits.max_rounds);
            return PLAN_FAILED;
        }
        plan->rounds++;
        plan_begin_run(plan);
        plan->route->step(plan, plan->args, &plan->document);
        plan_end_run(plan);
    }
    return plan->problem != PROBLEM_NONE ? PLAN_FAILED : plan->done ? PLAN_DONE : PLAN_WAIT;
}

const struct question *plan_questions(const struct plan *plan, size_t *ret_n)
{
    *ret_n = plan->n_questions;
    return plan->questions;
}

/* The question that is given its answer or refusal now. */
static struct question *plan_settle(struct plan *plan, size_t question, enum question_state state)
{
    must(question < plan->n_questions);
    struct question *settled = &plan->questions[question];
    must(settled->state == QUESTION_OPEN || settled->state == QUESTION_EXPECTED);
    settled->state = state;
    return settled;
}

void plan_answer(struct plan *plan, size_t question, json_t *body, size_t len)
{
    must(body != NULL);
    plan_settle(plan, question, QUESTION_ANSWERED);
    plan->records[question].body = json_incref(body);
    if (len <= plan->limits.max_json_bytes - plan->json_bytes)
        plan->json_bytes += len;
    else if (!plan->done) /* what was expected may come when the document is whole without it */
        plan_fail_limit(plan, STRING_MORE_THAN_ANSWER_BYTES, plan->limits.max_json_bytes);
}

void plan_refuse(struct plan *plan, size_t question, enum problem_kind kind)
{
    must(kind > PROBLEM_NONE && kind < PROBLEM_KINDS);
    plan_settle(plan, question, QUESTION_REFUSED)->refusal = kind;
}

const struct document *plan_document(const struct plan *plan)
{
    must(plan->done && plan->problem == PROBLEM_NONE);
    return &plan->document;
}

bool plan_incomplete(const struct plan *plan)
{
    return plan->incomplete;
}

enum problem_kind plan_problem(const struct plan *plan)
{
    return plan->problem;
}

void plan_say_problem(const struct plan *plan, const struct strings *strings, char *ret_why, size_t size)
{
    strings_write(ret_why, size, strings->texts[plan->why], plan->why_values[0], plan->why_values[1], NULL);
}

const struct translator *plan_refused_by(const struct plan *plan)
{
    return plan->refused_by;
}
