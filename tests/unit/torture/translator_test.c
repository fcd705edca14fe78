/* A document from questions to bytes, with every allocation failing once, and with all failing from one on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/process/exhaustion.h"
#include "tests/unit/torture/torture.h"
#include "translators/ask/answer.h"
#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/base/buffer.h"
#include "translators/formats/format.h"

#define NOW_S      1800000000
#define MAX_BYTES  (1u << 20)
#define PUBLIC_URL "https://marquee.example"

/* Three events on one venue, with things that have to be repaired and decoded. */
static const char calendar[] =
    "{\"resultsPage\":{\"status\":\"ok\",\"perPage\":50,\"page\":1,\"totalEntries\":3,\"results\":{\"event\":"
    "["
    "{\"id\":11,\"type\":\"Concert\",\"status\":\"ok\",\"displayName\":\"A &amp; B at C (March 1, 2027)\","
    "\"uri\":\"https://www.songkick.com/concerts/"
    "11-a\",\"start\":{\"date\":\"2027-03-01\",\"time\":\"20:00:00\","
    "\"datetime\":\"2027-03-01T20:00:00+0100\"},\"performance\":[{\"billing\":\"headline\",\"billingIndex\":"
    "1,"
    "\"displayName\":\"A &amp; B\",\"artist\":{\"id\":1,\"displayName\":\"A &amp; B\",\"identifier\":[],"
    "\"uri\":\"https://www.songkick.com/artists/1-a\"}}],\"venue\":{\"id\":2,\"displayName\":\"C\\u0000\","
    "\"lat\":52.5,\"lng\":1e999,\"metroArea\":{\"displayName\":\"Berlin\",\"country\":{\"displayName\":"
    "\"Germany\"}}},\"location\":{\"city\":\"Berlin, Germany\",\"lat\":52.5,\"lng\":13.4}},"
    "{\"id\":13,\"type\":\"Concert\",\"displayName\":\"A at C\",\"start\":{\"date\":\"2027-03-02\"},"
    "\"performance\":[],\"venue\":{\"id\":2,\"displayName\":\"C\"}},"
    "{\"id\":12,\"type\":\"Festival\",\"status\":\"cancelled\",\"displayName\":\"F 2027\",\"series\":{"
    "\"displayName\":\"F\"},\"uri\":\"https://www.songkick.com/festivals/12-f\",\"start\":{\"date\":"
    "\"2027-04-01\"},\"end\":{\"date\":\"2027-04-03\"},\"performance\":[],\"venue\":{\"id\":2,"
    "\"displayName\":\"C\"},\"location\":{\"city\":\"Berlin, Germany\"}}]}}}";
static const char venue[] =
    "{\"resultsPage\":{\"status\":\"ok\",\"results\":{\"venue\":{\"id\":2,\"displayName\":\"C\",\"street\":"
    "\"Mehringdamm 1\",\"zip\":\"10961\",\"lat\":52.49,\"lng\":13.38,\"phone\":\"+49 30 1\",\"website\":"
    "\"https://c.example/\",\"city\":{\"displayName\":\"Berlin\",\"country\":{\"displayName\":\"Germany\"}},"
    "\"metroArea\":{\"displayName\":\"Berlin\",\"country\":{\"displayName\":\"Germany\"}}}}}}";

static const struct format *format;
static char expected[MAX_BYTES];
static size_t expected_len;

static void answer_one(struct plan *plan, size_t i, const struct question *question)
{
    const char *bytes = strstr(question->path, "calendar") != NULL ? calendar : venue;
    if (strcmp(question->translator->name, "songkick") != 0) {
        plan_refuse(plan, i, PROBLEM_NOT_FOUND);
        return;
    }
    struct answer answer =
        answer_read(translator_find("songkick", 8), question->kind, 200, bytes, strlen(bytes), 64);
    if (answer.problem == PROBLEM_NONE)
        plan_answer(plan, i, answer.body, strlen(bytes));
    else
        plan_refuse(plan, i, answer.problem);
    json_decref(answer.body);
}

static void make(struct buffer *out)
{
    const struct translator *translator = translator_find("songkick", 8);
    const struct plan_limits limits = {
        .max_questions = 10, .max_rounds = 10, .max_json_bytes = MAX_BYTES, .max_arena_bytes = MAX_BYTES};
    const struct route_args args = {
        .id = "1", .name = "A & B", .now_s = NOW_S, .history = "11 2027-02-01 -\n"};
    const struct render_options options = {.public_url = PUBLIC_URL,
                                           .indent = true,
                                           .translator = translator,
                                           .eventurl = "https://a.example/{id}"};
    struct plan *plan = plan_new(translator, translator_route(translator, SUBJECT_ARTIST), &args, &limits);
    const char *why = NULL;
    enum plan_state state;
    while ((state = plan_step(plan)) == PLAN_WAIT) {
        size_t n;
        const struct question *questions = plan_questions(plan, &n);
        for (size_t i = 0; i < n; i++)
            if (questions[i].state == QUESTION_OPEN)
                answer_one(plan, i, &questions[i]);
    }
    if (state == PLAN_DONE) {
        struct arena *arena = arena_new(MAX_BYTES);
        if (!format->render(plan_document(plan), &options, arena, out, &why))
            buffer_puts(out, why);
        arena_free(arena);
    } else {
        char said[256];

        plan_say_problem(plan, &strings_english, said, sizeof(said));
        buffer_puts(out, said);
    }
    plan_free(plan);
}

static bool document_is_right(void)
{
    struct buffer out = BUFFER_INIT(MAX_BYTES);
    make(&out);
    bool right = out.len == expected_len && memcmp(out.bytes, expected, expected_len) == 0;
    buffer_done(&out);
    return right;
}

static void torture(bool for_ever)
{
    if (!TORTURE_POSSIBLE)
        skip();
    exhaustion_holds_for_jansson();
    for (size_t i = 0; formats[i] != NULL; i++) {
        /* libical 3.0 takes no allocator and uses what it was given without a look. */
        if (formats[i] == &format_ics)
            continue;
        struct buffer out = BUFFER_INIT(MAX_BYTES);
        char complaint[256];
        format = formats[i];
        make(&out);
        assert_true(out.len > 100);
        memcpy(expected, out.bytes, out.len);
        expected_len = out.len;
        buffer_done(&out);
        long k = torture_sweep(document_is_right, for_ever, complaint);
        if (complaint[0] != '\0')
            fail_msg("%s: %s", format->name, complaint);
        assert_in_range(k, 50, TORTURE_MAX_CALLS);
    }
}

static void an_allocation_that_fails_ends_the_program_in_order(void **state)
{
    (void)state;
    torture(false);
}

static void so_do_all_that_fail_from_one_on(void **state)
{
    (void)state;
    torture(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_that_fails_ends_the_program_in_order),
        cmocka_unit_test(so_do_all_that_fail_from_one_on),
    };
    return cmocka_run_group_tests_name("torture/translator", tests, NULL, NULL);
}
