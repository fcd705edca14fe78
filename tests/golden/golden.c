/* Runs the golden cases: directories that hold a request, the upstream's answers and the document that is to
 * come out (README.md beside this file). Over every case it also tries what no case could list: answers in
 * 100 other orders, each refused, cut off, and made of wrong shapes.
 *
 *     golden [--update | --print | --pages] DIRECTORY...     cases, or directories of cases
 *
 * --update writes what comes out as expected; --print shows it, --pages its pages (paged.h). Not here: HTTP,
 * caches, time. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complaint.h"
#include "curated.h"
#include "events.h"
#include "files.h"
#include "invented.h"
#include "paged.h"
#include "shapes.h"
#include "translators/ask/answer.h"
#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/base/buffer.h"
#include "translators/formats/format.h"
#include "translators/model/when.h"

#define MAX_ANSWERS 64
#define MAX_DEPTH   64
#define N_ORDERS    100
#define PUBLIC_URL  "https://marquee.example"

static const struct plan_limits limits = {
    .max_questions = 500, .max_rounds = 20, .max_json_bytes = 16u << 20, .max_arena_bytes = 64u << 20};

struct recorded {
    char path[MAX_LINE];
    enum problem_kind refusal; /* PROBLEM_NONE: an HTTP answer, of this status and these bytes */
    int status;
    char *bytes;
    size_t len;
    bool asked;
};

struct golden {
    const char *directory;
    const struct translator *translator;
    const struct route *route;
    const struct format *format;
    enum markup markup;
    struct route_args args;
    char *eventurl;
    struct recorded answers[MAX_ANSWERS];
    size_t n_answers;
    struct complaint complaint; /* "" as long as the case passes */
};

/* How a run differs from the plain one: one answer is refused or has other bytes; a seed shuffles. */
struct twist {
    uint64_t seed;
    const struct recorded *victim;
    const char *bytes; /* NULL: refused */
    size_t len;
};

struct outcome {
    enum problem_kind problem; /* PROBLEM_NONE: `text` is a document; otherwise it is the reason */
    struct buffer text;
    bool incomplete;
    size_t n_bad_records, n_events, n_suspect_hours;
};

/* ---- files ---- */

/* Splits off the next line; NULL at the end. Empty lines and comments are skipped. */
static char *next_line(char **text)
{
    for (;;) {
        char *line = *text, *end = strchr(line, '\n');

        if (*line == '\0')
            return NULL;
        *text = end != NULL ? end + 1 : line + strlen(line);
        if (end != NULL)
            *end = '\0';
        if (*line != '\0' && *line != '#')
            return line;
    }
}

/* "resource=value" of the request. The values stay in the request's text. */
static void read_parameter(struct golden *golden, const char *name, char *value)
{
    struct moment now;

    if (strcmp(name, "id") == 0)
        golden->args.id = value;
    else if (strcmp(name, "name") == 0)
        golden->args.name = value;
    else if (strcmp(name, "weburl") == 0)
        golden->args.weburl = value;
    else if (strcmp(name, "eventurl") == 0)
        golden->eventurl = value;
    else if (strcmp(name, "limit") == 0)
        golden->args.limit = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(name, "max_performers") == 0)
        golden->args.max_performers = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(name, "now") == 0 && when_parse_datetime(value, &now))
        golden->args.now_s = when_wall_s(&now);
    else if (strcmp(name, "markup") == 0)
        golden->markup = strcmp(value, "only") == 0 ? MARKUP_ONLY : MARKUP_NONE;
    else if (strcmp(name, "format") == 0 && format_find(value, strlen(value)) != NULL)
        golden->format = format_find(value, strlen(value));
    else
        complain(&golden->complaint, "request: %s=%s is not understood", name, value);
}

static void read_request(struct golden *golden, char *text)
{
    char *line = next_line(&text), *resource = line != NULL ? strchr(line, ' ') : NULL;
    enum subject subject;

    if (resource != NULL) {
        *resource++ = '\0';
        golden->translator = translator_find(line, strlen(line));
        if (golden->translator != NULL && subject_find(resource, strlen(resource), &subject))
            golden->route = translator_route(golden->translator, subject);
    }
    if (golden->route == NULL)
        complain(&golden->complaint, "request: the first line is not a provider and a resource");
    while ((line = next_line(&text)) != NULL) {
        char *value = strchr(line, '=');

        if (value != NULL)
            *value++ = '\0';
        read_parameter(golden, line, value != NULL ? value : line);
    }
    if (golden->args.id == NULL || golden->args.now_s == 0)
        complain(&golden->complaint, "request: id and now are needed");
    else if (golden->route != NULL && !golden->route->id_ok(golden->args.id))
        complain(&golden->complaint, "request: the provider has no such id");
}

static void read_answers(struct golden *golden, char *manifest, const char *directory)
{
    char *line;

    while ((line = next_line(&manifest)) != NULL && golden->n_answers < MAX_ANSWERS) {
        struct recorded *answer = &golden->answers[golden->n_answers++];
        char *file = strchr(line, ' '), *path = file != NULL ? strchr(file + 1, ' ') : NULL;

        if (path == NULL) {
            complain(&golden->complaint, "manifest: '%s' is not 'status file path'", line);
            return;
        }
        *file++ = *path++ = '\0';
        snprintf(answer->path, sizeof(answer->path), "%s", path);
        answer->status = (int)strtol(line, NULL, 10);
        if (strcmp(line, "slow") == 0)
            answer->refusal = PROBLEM_UPSTREAM_SLOW;
        else if (strcmp(line, "unreachable") == 0)
            answer->refusal = PROBLEM_UPSTREAM_UNREACHABLE;
        else if ((answer->bytes = read_whole(directory, file, &answer->len)) == NULL)
            complain(&golden->complaint, "manifest: there is no file %s", file);
    }
}

/* ---- the driver ---- */

/* xorshift64: the same orders every time. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A question to another API than the case's own has that one's name before its path. */
static bool is_answer_to(const struct golden *golden, const struct recorded *answer,
                         const struct question *question)
{
    const char *name = question->translator->name;
    size_t len = strlen(name);

    if (question->translator == golden->translator)
        return strcmp(answer->path, question->path) == 0;
    return strncmp(answer->path, name, len) == 0 && answer->path[len] == ':' &&
           strcmp(answer->path + len + 1, question->path) == 0;
}

/* A case without answers of another API takes place where that one is switched off. */
static bool is_switched_off(const struct golden *golden, const struct translator *translator)
{
    const char *name = translator->name;
    size_t len = strlen(name);

    for (size_t i = 0; i < golden->n_answers; i++) {
        if (strncmp(golden->answers[i].path, name, len) == 0 && golden->answers[i].path[len] == ':')
            return false;
    }
    return translator != golden->translator;
}

static void answer_one(struct golden *golden, const struct twist *twist, struct plan *plan, size_t i,
                       const struct question *question)
{
    const char *path = question->path;
    struct recorded *answer = NULL;
    bool is_victim;

    for (size_t j = 0; j < golden->n_answers && answer == NULL; j++) {
        if (is_answer_to(golden, &golden->answers[j], question))
            answer = &golden->answers[j];
    }
    if (answer == NULL && is_switched_off(golden, question->translator)) {
        plan_refuse(plan, i, PROBLEM_NOT_FOUND);
        return;
    }
    if (answer == NULL) {
        if (twist->victim == NULL)
            complain(&golden->complaint, "asks for %s, which the case does not hold", path);
        plan_refuse(plan, i, PROBLEM_UPSTREAM_UNREACHABLE);
        return;
    }
    answer->asked = true;
    is_victim = answer == twist->victim;
    if (answer->refusal != PROBLEM_NONE || (is_victim && twist->bytes == NULL)) {
        plan_refuse(plan, i, answer->refusal ? answer->refusal : PROBLEM_UPSTREAM_UNREACHABLE);
    } else {
        size_t len = is_victim ? twist->len : answer->len;
        struct answer read = answer_read(question->translator, question->kind, answer->status,
                                         is_victim ? twist->bytes : answer->bytes, len, MAX_DEPTH);

        if (read.problem == PROBLEM_NONE)
            plan_answer(plan, i, read.body, len);
        else
            plan_refuse(plan, i, read.problem);
        json_decref(read.body);
    }
}

/* Answers what is open: all of it in order, or with a seed some of it in any order. */
static void answer_round(struct golden *golden, const struct twist *twist, struct plan *plan,
                         uint64_t *random)
{
    size_t n, n_open = 0;
    const struct question *questions = plan_questions(plan, &n);
    size_t *open = calloc(n + 1, sizeof(*open));

    for (size_t i = 0; i < n; i++) {
        if (questions[i].state == QUESTION_OPEN)
            open[n_open++] = i;
    }
    if (twist->seed != 0) {
        for (size_t i = n_open; i > 1; i--) {
            size_t j = next_random(random) % i, swap = open[i - 1];

            open[i - 1] = open[j];
            open[j] = swap;
        }
        n_open = n_open > 0 ? 1 + next_random(random) % n_open : 0;
    }
    for (size_t i = 0; i < n_open; i++)
        answer_one(golden, twist, plan, open[i], &questions[open[i]]);
    free(open);
}

static void render(struct golden *golden, const struct document *document, struct outcome *outcome)
{
    struct render_options options = {.id = golden->args.id,
                                     .public_url = PUBLIC_URL,
                                     .eventurl = golden->eventurl,
                                     .indent = true,
                                     .markup = golden->markup,
                                     .translator = golden->translator};
    struct arena *arena = arena_new(limits.max_arena_bytes);
    const char *why = NULL, *fault = curated_fault(document);

    if (fault != NULL)
        complain(&golden->complaint, "%s", fault);
    if (!golden->format->render(document, &options, arena, &outcome->text, &why)) {
        outcome->problem = PROBLEM_UNPROCESSABLE;
        buffer_puts(&outcome->text, why);
    }
    outcome->n_events = document->n_events;
    outcome->n_bad_records = document->n_bad_records;
    for (size_t i = 0; i < document->n_events; i++)
        outcome->n_suspect_hours += document->events[i].hour_suspect;
    arena_free(arena);
}

static void check_invented(struct golden *golden, const struct document *document)
{
    struct said said = {.arena = arena_new(64 << 20)};
    const char *text;

    for (size_t i = 0; i < golden->n_answers; i++)
        said_add_answer(&said, golden->answers[i].bytes, golden->answers[i].len);
    said_add_text(&said, golden->args.name);
    said_add_text(&said, golden->args.id);
    text = invented_text(&said, document);
    if (text != NULL)
        complain(&golden->complaint, "nobody said \"%s\"", text);
    arena_free(said.arena);
}

/* The loop a driver writes. A shuffled run needs more rounds, because it answers less in each. */
static struct outcome run(struct golden *golden, const struct twist *twist)
{
    struct outcome outcome = {.text = BUFFER_INIT(MAX_FILE)};
    struct plan_limits roomy = limits;
    enum plan_state state;
    struct plan *plan;
    uint64_t random = twist->seed;

    roomy.max_rounds += twist->seed != 0 ? MAX_ANSWERS : 0;
    plan = plan_new(golden->translator, golden->route, &golden->args, &roomy);
    while ((state = plan_step(plan)) == PLAN_WAIT)
        answer_round(golden, twist, plan, &random);
    if (state == PLAN_FAILED) {
        char why[256];

        outcome.problem = plan_problem(plan);
        plan_say_problem(plan, &strings_english, why, sizeof(why));
        buffer_puts(&outcome.text, why);
    } else {
        outcome.incomplete = plan_incomplete(plan);
        render(golden, plan_document(plan), &outcome);
        if (twist->victim == NULL && twist->seed == 0)
            check_invented(golden, plan_document(plan));
    }
    plan_free(plan);
    return outcome;
}

/* ---- what holds for every document ---- */

/* Upstreams may write the caller's key into the addresses they give out. */
static void check_no_key(struct golden *golden, const char *text)
{
    const char *parameter = golden->translator->key_parameter;
    char with_value[MAX_LINE];

    snprintf(with_value, sizeof(with_value), "%s=", parameter != NULL ? parameter : "");
    if (parameter != NULL && strstr(text, with_value) != NULL)
        complain(&golden->complaint, "the document holds the parameter %s", parameter);
}

/* A failure is a kind and a sentence; a document holds all of the above. */
static void check_outcome(struct golden *golden, const struct outcome *outcome)
{
    const char *fault;
    json_t *root;

    if (outcome->text.len == 0 || outcome->text.overflowed)
        complain(&golden->complaint, "the text is empty or too long");
    if (outcome->problem != PROBLEM_NONE || outcome->text.len == 0)
        return;
    check_no_key(golden, outcome->text.bytes);
    fault = shape_fault(golden->format, outcome->text.bytes, &root);
    if (fault != NULL)
        complain(&golden->complaint, "%s", fault);
    check_events(&golden->complaint, root);
    json_decref(root);
}

/* ---- what is tried over every case ---- */

static bool is_same(const struct outcome *a, const struct outcome *b)
{
    return a->problem == b->problem && a->incomplete == b->incomplete && a->text.len == b->text.len &&
           memcmp(a->text.bytes, b->text.bytes, a->text.len) == 0;
}

static void try_orders(struct golden *golden, const struct outcome *plain)
{
    for (uint64_t seed = 1; seed <= N_ORDERS; seed++) {
        struct outcome outcome = run(golden, &(struct twist){.seed = seed});

        if (!is_same(plain, &outcome))
            complain(&golden->complaint, "order %d of the answers makes another document", (int)seed);
        buffer_done(&outcome.text);
    }
}

/* Runs with one answer spoilt; `what` and `detail` say how, for the complaint. */
static struct outcome try_spoilt(struct golden *golden, const struct recorded *victim, const char *bytes,
                                 size_t len, const char *what, const char *detail)
{
    bool passed = golden->complaint.text[0] == '\0';
    struct outcome outcome = run(golden, &(struct twist){.victim = victim, .bytes = bytes, .len = len});

    check_outcome(golden, &outcome);
    if (passed && golden->complaint.text[0] != '\0') {
        size_t used = strlen(golden->complaint.text);

        snprintf(golden->complaint.text + used, sizeof(golden->complaint.text) - used, ", when %s is %s %s",
                 victim->path, what, detail);
    }
    return outcome;
}

static void try_refusal(struct golden *golden, const struct outcome *plain, const struct recorded *victim)
{
    struct outcome outcome = try_spoilt(golden, victim, NULL, 0, "refused", "");

    if (outcome.problem == PROBLEM_NONE && plain->problem == PROBLEM_NONE) {
        if (outcome.n_events > plain->n_events)
            complain(&golden->complaint, "refusing %s makes a richer document", victim->path);
        if (!outcome.incomplete)
            complain(&golden->complaint, "refusing %s leaves the document unmarked", victim->path);
    }
    buffer_done(&outcome.text);
}

static void try_cuts(struct golden *golden, const struct recorded *victim)
{
    size_t ends[] = {0, 1, victim->len / 4, victim->len / 2, 3 * victim->len / 4, victim->len - 1};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]) && victim->len > 0; i++) {
        struct outcome outcome = try_spoilt(golden, victim, victim->bytes, ends[i], "cut off", "");

        buffer_done(&outcome.text);
    }
}

/* Whole answers are changed to all of these, their members to the first N_MEMBER_SHAPES. */
static const char *const wrong_shapes[] = {
    "[]",
    "{}",
    "null",
    "\"<\\u2028&\"",
    "-1e300",
    "true",
    "[{\"displayName\":{},\"id\":[],\"date\":7}]",
    "\"x\"",
    "1",
    "[[[[[[[[[[[[[[[[{\"a\":[null]}]]]]]]]]]]]]]]]]",
};

#define N_SHAPES        (sizeof(wrong_shapes) / sizeof(wrong_shapes[0]))
#define N_MEMBER_SHAPES 7

/* Under a sanitizer a variant takes many times as long: there each n-th is tried, the same ones in each run.
 */
#ifdef __SANITIZE_ADDRESS__
#define VARIANT_STEP 4
#else
#define VARIANT_STEP 1
#endif

static void try_body(struct golden *golden, const struct recorded *victim, const json_t *root,
                     const char *shape)
{
    char *bytes = json_dumps(root, JSON_COMPACT | JSON_ENCODE_ANY);
    struct outcome outcome = try_spoilt(golden, victim, bytes, strlen(bytes), "changed to", shape);

    buffer_done(&outcome.text);
    free(bytes);
}

/* Puts each wrong shape in the place of each member of `value`, at any depth; of lists the first member
 * stands for the others. */
static void try_members(struct golden *golden, const struct recorded *victim, const json_t *root,
                        json_t *value, size_t *variant)
{
    for (void *at = json_object_iter(value); at != NULL; at = json_object_iter_next(value, at)) {
        json_t *member = json_incref(json_object_iter_value(at));

        for (size_t i = 0; i < N_MEMBER_SHAPES; i++) {
            if ((*variant)++ % VARIANT_STEP != 0)
                continue;
            json_object_iter_set_new(value, at, json_loads(wrong_shapes[i], JSON_DECODE_ANY, NULL));
            try_body(golden, victim, root, wrong_shapes[i]);
        }
        json_object_iter_set_new(value, at, member);
        try_members(golden, victim, root, member, variant);
    }
    if (json_array_size(value) > 0)
        try_members(golden, victim, root, json_array_get(value, 0), variant);
}

static void try_shapes(struct golden *golden, const struct recorded *victim)
{
    json_t *root = json_loadb(victim->bytes, victim->len, JSON_DECODE_ANY, NULL);

    for (size_t i = 0; i < N_SHAPES; i++) {
        struct outcome outcome = try_spoilt(golden, victim, wrong_shapes[i], strlen(wrong_shapes[i]),
                                            "changed to", wrong_shapes[i]);

        buffer_done(&outcome.text);
    }
    try_members(golden, victim, root, root, &(size_t){0});
    json_decref(root);
}

/* ---- cases ---- */

static const char *const problem_names[PROBLEM_KINDS] = {
    [PROBLEM_NOT_FOUND] = "not found",           [PROBLEM_UNPROCESSABLE] = "unprocessable",
    [PROBLEM_UPSTREAM_KEY] = "upstream key",     [PROBLEM_UPSTREAM_RUBBISH] = "upstream rubbish",
    [PROBLEM_UPSTREAM_ERROR] = "upstream error", [PROBLEM_UPSTREAM_UNREACHABLE] = "upstream unreachable",
    [PROBLEM_UPSTREAM_SLOW] = "upstream slow",   [PROBLEM_UPSTREAM_LIMIT] = "upstream limit",
    [PROBLEM_TOO_LARGE] = "too large",           [PROBLEM_UPSTREAM_PAUSED] = "upstream paused",
};

/* Compares a text with a file of the case, or writes it there. "" and no file are the same. */
static void expect(struct golden *golden, bool update, const char *name, const char *text)
{
    size_t len = 0;
    char *expected;

    if (update)
        write_whole(golden->directory, name, text, strlen(text));
    expected = read_whole(golden->directory, name, &len);
    if (strcmp(expected != NULL ? expected : "", text) != 0)
        complain(&golden->complaint, "%s is not what comes out", name);
    free(expected);
}

static void check_expected(struct golden *golden, const struct outcome *plain, bool update)
{
    bool failed = plain->problem != PROBLEM_NONE;
    char document[32], notes[256] = "", problem[MAX_LINE] = "", *suspects = notes;

    if (failed)
        snprintf(problem, sizeof(problem), "%s: %s\n",
                 problem_names[plain->problem] != NULL ? problem_names[plain->problem] : "?",
                 plain->text.bytes);
    else if (plain->incomplete || plain->n_bad_records > 0)
        suspects += snprintf(notes, sizeof(notes), "%s\nbad records: %zu\n",
                             plain->incomplete ? "incomplete" : "complete", plain->n_bad_records);
    if (!failed && plain->n_suspect_hours > 0)
        snprintf(suspects, 64, "suspect hours: %zu\n", plain->n_suspect_hours);
    snprintf(document, sizeof(document), "expected.%s",
             strcmp(golden->format->media_type, "application/ld+json") == 0 ? "json" : golden->format->name);
    expect(golden, update, document, failed ? "" : plain->text.bytes);
    expect(golden, update, "expected.problem", problem);
    expect(golden, update, "expected.notes", notes);
}

static void try_everything(struct golden *golden, const struct outcome *plain)
{
    for (size_t i = 0; i < golden->n_answers; i++) {
        if (!golden->answers[i].asked)
            complain(&golden->complaint, "never asks for %s", golden->answers[i].path);
    }
    check_outcome(golden, plain);
    try_orders(golden, plain);
    for (size_t i = 0; i < golden->n_answers && golden->complaint.text[0] == '\0'; i++) {
        if (golden->answers[i].refusal != PROBLEM_NONE)
            continue;
        try_refusal(golden, plain, &golden->answers[i]);
        try_cuts(golden, &golden->answers[i]);
        try_shapes(golden, &golden->answers[i]);
    }
}

enum mode { MODE_TEST, MODE_UPDATE, MODE_PRINT, MODE_PAGES };

/* Reads, runs and reports one case. Returns whether it passed. */
static bool run_case(const char *directory, enum mode mode)
{
    struct golden *golden = calloc(1, sizeof(*golden));
    char answers[MAX_LINE];
    size_t len;
    char *request = read_whole(directory, "request", &len), *manifest;
    bool passed;

    snprintf(answers, sizeof(answers), "%s/answers", directory);
    manifest = read_whole(answers, "manifest", &len);
    golden->directory = directory;
    golden->format = formats[0];
    read_request(golden, request != NULL ? request : (char[]){""});
    if (mode == MODE_PAGES)
        golden->format = &format_paged;
    read_answers(golden, manifest != NULL ? manifest : (char[]){""}, answers);
    if (golden->complaint.text[0] == '\0') {
        struct outcome plain = run(golden, &(struct twist){0});

        if (mode == MODE_PRINT || (mode == MODE_PAGES && plain.problem == PROBLEM_NONE)) {
            printf("%s", plain.text.bytes != NULL ? plain.text.bytes : "");
        } else if (mode != MODE_PAGES) {
            check_expected(golden, &plain, mode == MODE_UPDATE);
            try_everything(golden, &plain);
        }
        buffer_done(&plain.text);
    }
    passed = golden->complaint.text[0] == '\0';
    fprintf(mode >= MODE_PRINT ? stderr : stdout, "%s %s%s%s\n", passed ? "ok    " : "FAILED", directory,
            passed ? "" : ": ", golden->complaint.text);
    for (size_t i = 0; i < golden->n_answers; i++)
        free(golden->answers[i].bytes);
    free(manifest);
    free(request);
    free(golden);
    return passed;
}

static bool is_directory(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* What a run came to, and which cases are its: of all in order each `parts`-th, beginning with `part`. */
struct tour {
    enum mode mode;
    unsigned part, parts, next, failed, passed;
};

/* Runs a case, or all cases below a directory in the order of their names. */
static void run_below(const char *path, struct tour *tour)
{
    struct dirent **entries = NULL;
    char below[MAX_LINE];
    int n;

    snprintf(below, sizeof(below), "%s/request", path);
    if (access(below, F_OK) == 0) {
        if (tour->next++ % tour->parts == tour->part)
            *(run_case(path, tour->mode) ? &tour->passed : &tour->failed) += 1;
        return;
    }
    n = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        snprintf(below, sizeof(below), "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && is_directory(below))
            run_below(below, tour);
        free(entries[i]);
    }
    free(entries);
}

/* Reads "1/2": the first of two parts. */
static bool read_part(const char *text, struct tour *tour)
{
    char *end;
    unsigned long part = strtoul(text, &end, 10), parts = *end == '/' ? strtoul(end + 1, &end, 10) : 0;

    if (*end != '\0' || part == 0 || parts == 0 || part > parts || parts > 1000)
        return false;
    tour->part = (unsigned)part - 1;
    tour->parts = (unsigned)parts;
    return true;
}

int main(int argc, char **argv)
{
    struct tour tour = {.mode = MODE_TEST, .parts = 1};
    int first = 1;

    if (argc > 1 && strcmp(argv[1], "--update") == 0)
        tour.mode = MODE_UPDATE;
    else if (argc > 1 && strcmp(argv[1], "--print") == 0)
        tour.mode = MODE_PRINT;
    else if (argc > 1 && strcmp(argv[1], "--pages") == 0)
        tour.mode = MODE_PAGES;
    first += tour.mode != MODE_TEST;
    if (first + 1 < argc && strcmp(argv[first], "--part") == 0) {
        if (!read_part(argv[first + 1], &tour)) {
            fprintf(stderr, "golden: --part wants a part of a whole, such as 1/4, not %s\n", argv[first + 1]);
            return 2;
        }
        first += 2;
    }
    if (first == argc)
        run_below("tests/golden", &tour);
    for (int i = first; i < argc; i++)
        run_below(argv[i], &tour);
    if (tour.mode < MODE_PRINT)
        printf("%u passed, %u failed\n", tour.passed, tour.failed);
    return tour.failed > 0 || tour.passed == 0;
}
