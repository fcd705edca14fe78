/* Tests of translators/ask/plan.c: each promise of plan.h is shown by a small translator of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "translators/ask/jget.h"
#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/model/model.h"

static const struct translator provider = {.name = "test", .title = "Gigbook"};
static const struct translator other = {.name = "other", .title = "Other"};
static const struct route_args args = {.id = "7"};
static const struct plan_limits limits = {
    .max_questions = 500, .max_rounds = 20, .max_json_bytes = 10000, .max_arena_bytes = 1 << 20};

/* ---- an upstream: every path has an answer, made from the path, or is refused ---- */

/* Paths that are refused in the test at hand. */
struct upstream {
    const char *refused_path; /* NULL: none */
    enum problem_kind refusal;
    unsigned n_asked;
};

static json_t *upstream_body(const char *path)
{
    if (strcmp(path, "list/7") == 0)
        return json_pack("{s:[i,i,i]}", "venues", 1, 2, 3);
    return json_pack("{s:s}", "path", path);
}

static struct upstream *asked_of; /* answer_one() has the signature that plan.h shows */

static void answer_one(struct plan *plan, size_t i, const struct question *question)
{
    asked_of->n_asked++;
    if (asked_of->refused_path != NULL && strcmp(question->path, asked_of->refused_path) == 0) {
        plan_refuse(plan, i, asked_of->refusal);
        return;
    }
    json_t *body = upstream_body(question->path);
    plan_answer(plan, i, body, 10);
    json_decref(body);
}

/* The loop of plan.h, to the letter. */
static void drive(struct plan *plan, struct upstream *upstream)
{
    asked_of = upstream;
    while (plan_step(plan) == PLAN_WAIT) {
        size_t n;
        const struct question *questions = plan_questions(plan, &n);
        for (size_t i = 0; i < n; i++)
            if (questions[i].state == QUESTION_OPEN)
                answer_one(plan, i, &questions[i]); // plan_answer() or plan_refuse()
    }
}

static struct plan *new_plan(step_fn *step)
{
    static struct route routes[64]; /* a plan borrows its route */
    static size_t n;
    struct route *route = &routes[n++ % 64];
    *route = (struct route){.step = step};
    return plan_new(&provider, route, &args, &limits);
}

static size_t index_of(const struct plan *plan, const char *path)
{
    size_t n;
    const struct question *questions = plan_questions(plan, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(questions[i].path, path) == 0)
            return i;
    return n;
}

static void answer_path(struct plan *plan, const char *path, size_t len)
{
    json_t *body = upstream_body(path);
    plan_answer(plan, index_of(plan, path), body, len);
    json_decref(body);
}

/* ---- a list, then a detail for each of its entries, and a page that waits for nothing ---- */

static void tour_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    const json_t *list = jget_list(plan_need(plan, RESOURCE_EVENTS, "list/%s", a->id), "venues");
    struct event *events = arena_alloc(plan_arena(plan), (jget_size(list) + 1) * sizeof(*events));
    for (size_t i = 0; i < jget_size(list); i++) {
        int id = (int)json_integer_value(jget_at(list, i));
        const json_t *venue = plan_want(plan, RESOURCE_VENUE, "venue/%d", id);
        events[i].name = jget_raw(venue, "path");
    }
    events[jget_size(list)].name = jget_raw(plan_want(plan, RESOURCE_ARTIST, "artist"), "path");
    out->events = events;
    out->n_events = jget_size(list) + 1;
}

static void a_tour_is_asked_in_two_rounds_and_becomes_a_document(void **state)
{
    (void)state;
    struct upstream upstream = {0};
    struct plan *plan = new_plan(tour_step);
    drive(plan, &upstream);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    const struct document *document = plan_document(plan);
    assert_int_equal(document->n_events, 4);
    assert_string_equal(document->events[2].name, "venue/3");
    assert_string_equal(document->events[3].name, "artist");
    assert_string_equal(document->provider, "test");
    assert_int_equal(upstream.n_asked, 5);
    assert_false(plan_incomplete(plan));
    plan_free(plan);
}

static void what_needs_no_answer_is_asked_together(void **state)
{
    (void)state;
    struct plan *plan = new_plan(tour_step);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    size_t n;
    const struct question *questions = plan_questions(plan, &n);
    assert_int_equal(n, 2);
    assert_string_equal(questions[0].path, "list/7");
    assert_true(questions[0].needed && questions[0].used);
    assert_int_equal(questions[0].kind, RESOURCE_EVENTS);
    assert_ptr_equal(questions[0].translator, &provider);
    assert_string_equal(questions[1].path, "artist");
    assert_true(!questions[1].needed && questions[1].used);
    plan_free(plan);
}

static void any_order_of_answers_gives_the_same_document(void **state)
{
    (void)state;
    unsigned seed = 1;
    for (int order = 0; order < 100; order++) {
        struct plan *plan = new_plan(tour_step);
        while (plan_step(plan) == PLAN_WAIT) {
            size_t n;
            const struct question *questions = plan_questions(plan, &n);
            size_t pick = n, highest = 0;
            for (size_t i = 0; i < n; i++) {
                seed = seed * 1103515245u + 12345u;
                if (questions[i].state == QUESTION_OPEN && (pick == n || (seed >> 16) > highest)) {
                    pick = i;
                    highest = seed >> 16;
                }
            }
            assert_true(pick < n);
            answer_path(plan, questions[pick].path, 1);
        }
        const struct document *document = plan_document(plan);
        static const char *const names[] = {"venue/1", "venue/2", "venue/3", "artist"};
        for (size_t i = 0; i < 4; i++)
            assert_string_equal(document->events[i].name, names[i]);
        plan_free(plan);
    }
}

static void a_needed_answer_refused_fails_with_its_kind_and_names_provider_and_path(void **state)
{
    (void)state;
    for (enum problem_kind kind = PROBLEM_NONE + 1; kind < PROBLEM_KINDS; kind++) {
        struct upstream upstream = {.refused_path = "list/7", .refusal = kind};
        struct plan *plan = new_plan(tour_step);
        drive(plan, &upstream);
        assert_int_equal(plan_step(plan), PLAN_FAILED);
        char why[256];
        assert_int_equal(plan_problem(plan), kind);
        plan_say_problem(plan, &strings_english, why, sizeof(why));
        assert_non_null(strstr(why, "test "));
        assert_non_null(strstr(why, " list/7"));
        assert_int_equal(why[strlen(why) - 1], '.');
        plan_free(plan);
    }
}

static void a_wanted_answer_refused_makes_the_document_incomplete(void **state)
{
    (void)state;
    struct upstream upstream = {.refused_path = "venue/2", .refusal = PROBLEM_UPSTREAM_ERROR};
    struct plan *plan = new_plan(tour_step);
    drive(plan, &upstream);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    assert_true(plan_incomplete(plan));
    assert_null(plan_document(plan)->events[1].name);
    assert_string_equal(plan_document(plan)->events[2].name, "venue/3");
    plan_free(plan);
}

static void what_does_not_exist_makes_nothing_incomplete(void **state)
{
    (void)state;
    struct upstream upstream = {.refused_path = "venue/2", .refusal = PROBLEM_NOT_FOUND};
    struct plan *plan = new_plan(tour_step);
    drive(plan, &upstream);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    assert_false(plan_incomplete(plan));
    plan_free(plan);
}

/* ---- fallbacks ---- */

static void fallback_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    assert_false(plan_refused(plan, "first"));
    const json_t *body = plan_want(plan, RESOURCE_ARTIST, "first");
    if (plan_refused(plan, "first"))
        body = plan_need(plan, RESOURCE_ARTIST, "second");
    out->artist.name = jget_raw(body, "path");
}

static void a_fallback_is_asked_only_after_a_refusal(void **state)
{
    (void)state;
    struct plan *plan = new_plan(fallback_step);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_int_equal(index_of(plan, "first"), 0);
    assert_int_equal(index_of(plan, "second"), 1); /* not there */
    plan_refuse(plan, 0, PROBLEM_NOT_FOUND);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    answer_path(plan, "second", 1);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    assert_string_equal(plan_document(plan)->artist.name, "second");
    plan_free(plan);
}

static void both_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    (void)out;
    plan_want(plan, RESOURCE_ARTIST, "same");
    plan_need(plan, RESOURCE_EVENTS, "same");
    plan_want_from(plan, &other, RESOURCE_ARTIST, "same");
}

static void one_path_is_one_question_of_each_provider(void **state)
{
    (void)state;
    struct plan *plan = new_plan(both_step);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    size_t n;
    const struct question *questions = plan_questions(plan, &n);
    assert_int_equal(n, 2);
    assert_true(questions[0].needed);
    assert_ptr_equal(questions[1].translator, &other);
    assert_false(questions[1].needed);
    plan_refuse(plan, 1, PROBLEM_UPSTREAM_SLOW);
    assert_false(plan_refused(plan, "same"));
    plan_free(plan);
}

static void known_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    (void)out;
    if (plan_need(plan, RESOURCE_SEARCH, "who") == NULL)
        return;
    plan_is_for(plan, "7");
    plan_need(plan, RESOURCE_EVENTS, "events/7");
    plan_need(plan, RESOURCE_EVENTS, "more/7");
    plan_want_from(plan, &other, RESOURCE_ARTIST, "page");
}

static void what_is_asked_for_a_known_artist_says_so_and_what_others_are_asked_does_not(void **state)
{
    (void)state;
    struct plan *plan = new_plan(known_step);
    plan_expect(plan, &provider, RESOURCE_EVENTS, "events/7", "8");
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    answer_path(plan, "who", 1);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    size_t n;
    const struct question *questions = plan_questions(plan, &n);
    assert_int_equal(n, 4);
    assert_string_equal(questions[0].artist, "7"); /* what was remembered is not believed once it is asked */
    assert_null(questions[1].artist);
    assert_string_equal(questions[2].artist, "7");
    assert_null(questions[3].artist);
    plan_free(plan);
}

static void need_other_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    (void)out;
    plan_need_from(plan, &other, RESOURCE_ARTIST, "who");
}

static void whoever_refuses_a_needed_answer_is_named(void **state)
{
    (void)state;
    struct plan *plan = new_plan(need_other_step);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    plan_refuse(plan, 0, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(plan_step(plan), PLAN_FAILED);
    assert_ptr_equal(plan_refused_by(plan), &other);
    plan_free(plan);
}

/* Asks "b" only while "a" has no answer. */
static void changing_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    (void)out;
    if (plan_need(plan, RESOURCE_EVENTS, "a") == NULL)
        plan_need(plan, RESOURCE_EVENTS, "b");
}

static void what_is_no_longer_asked_is_not_waited_for(void **state)
{
    (void)state;
    struct plan *plan = new_plan(changing_step);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    answer_path(plan, "a", 1);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    size_t n;
    const struct question *b = &plan_questions(plan, &n)[1];
    assert_int_equal(n, 2);
    assert_int_equal(b->state, QUESTION_EXPECTED);
    assert_false(b->used);
    assert_false(b->needed);
    answer_path(plan, "b", 1); /* may come late */
    assert_int_equal(plan_step(plan), PLAN_DONE);
    plan_free(plan);
}

/* ---- expectations ---- */

static void what_is_expected_and_answered_ahead_saves_the_rounds(void **state)
{
    (void)state;
    static const char *const paths[] = {"list/7", "venue/1", "venue/2", "venue/3", "artist", "venue/99"};
    struct plan *plan = new_plan(tour_step);
    for (size_t i = 0; i < 6; i++)
        plan_expect(plan, &provider, RESOURCE_VENUE, paths[i], NULL);
    plan_expect(plan, &provider, RESOURCE_VENUE, "venue/1", NULL);
    size_t n;
    const struct question *questions = plan_questions(plan, &n);
    assert_int_equal(n, 6);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(questions[i].state, QUESTION_EXPECTED);
        answer_path(plan, paths[i], 1);
    }
    assert_int_equal(plan_step(plan), PLAN_DONE);
    questions = plan_questions(plan, &n);
    assert_int_equal(n, 6);
    assert_true(questions[0].used);
    assert_int_equal(questions[0].kind, RESOURCE_EVENTS);
    assert_false(questions[5].used);
    assert_int_equal(questions[5].state, QUESTION_EXPECTED);
    plan_free(plan);
}

static void an_expected_question_that_is_asked_is_open_at_its_old_index(void **state)
{
    (void)state;
    struct plan *plan = new_plan(tour_step);
    plan_expect(plan, &provider, RESOURCE_ARTIST, "artist", NULL);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    size_t n;
    const struct question *questions = plan_questions(plan, &n);
    assert_string_equal(questions[0].path, "artist");
    assert_int_equal(questions[0].state, QUESTION_OPEN);
    assert_string_equal(questions[1].path, "list/7");
    plan_free(plan);
}

static void expectations_that_no_path_can_be_are_dropped(void **state)
{
    (void)state;
    char path[1100];
    memset(path, 'a', sizeof(path));
    path[1025] = '\0';
    struct plan *plan = new_plan(tour_step);
    plan_expect(plan, &provider, RESOURCE_ARTIST, path, NULL);
    plan_expect(plan, &provider, RESOURCE_ARTIST, "a b", NULL);
    plan_expect(plan, &provider, RESOURCE_ARTIST, "a\r\nb", NULL);
    plan_expect(plan, &provider, RESOURCE_KINDS, "kind", NULL);
    size_t n;
    plan_questions(plan, &n);
    assert_int_equal(n, 0);
    path[1024] = '\0';
    plan_expect(plan, &provider, RESOURCE_ARTIST, path, NULL);
    plan_questions(plan, &n);
    assert_int_equal(n, 1);
    plan_free(plan);
}

static void expectations_take_no_room_from_what_is_asked(void **state)
{
    (void)state;
    struct plan_limits few = limits;
    few.max_questions = 5;
    static const struct route route = {.step = tour_step};
    struct plan *plan = plan_new(&provider, &route, &args, &few);
    for (int i = 0; i < 20; i++) {
        char path[20];
        snprintf(path, sizeof(path), "old/%d", i);
        plan_expect(plan, &provider, RESOURCE_VENUE, path, NULL);
    }
    size_t n;
    plan_questions(plan, &n);
    assert_int_equal(n, 5);
    drive(plan, &(struct upstream){0});
    assert_int_equal(plan_step(plan), PLAN_DONE);
    plan_questions(plan, &n);
    assert_true(n > 5 && n <= plan_room(&few));
    plan_free(plan);
}

/* ---- limits ---- */

static void assert_too_large(struct plan *plan)
{
    char why[256];
    assert_int_equal(plan_step(plan), PLAN_FAILED);
    assert_int_equal(plan_problem(plan), PROBLEM_TOO_LARGE);
    plan_say_problem(plan, &strings_english, why, sizeof(why));
    assert_true(strlen(why) > 0);
    plan_free(plan);
}

static void one_question_too_many_fails(void **state)
{
    (void)state;
    struct plan_limits few = limits;
    few.max_questions = 4;
    static const struct route route = {.step = tour_step};
    struct plan *plan = plan_new(&provider, &route, &args, &few);
    drive(plan, &(struct upstream){0});
    assert_too_large(plan);
}

static void endless_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    (void)out;
    for (int i = 0; plan_want(plan, RESOURCE_EVENTS, "page/%d", i) != NULL; i++)
        ;
}

static void a_translator_that_always_asks_for_more_ends_at_the_rounds(void **state)
{
    (void)state;
    struct upstream upstream = {0};
    struct plan *plan = new_plan(endless_step);
    drive(plan, &upstream);
    assert_int_equal(upstream.n_asked, 20);
    assert_too_large(plan);
}

static void stepping_without_answers_ends_at_the_rounds(void **state)
{
    (void)state;
    struct plan *plan = new_plan(tour_step);
    for (int i = 0; i < 20; i++)
        assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_too_large(plan);
}

static void answers_may_have_their_bytes_and_not_one_more(void **state)
{
    (void)state;
    struct plan *plan = new_plan(both_step);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    answer_path(plan, "same", 10000);
    plan_refuse(plan, 1, PROBLEM_NOT_FOUND);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    plan_free(plan);
    plan = new_plan(tour_step);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    answer_path(plan, "list/7", 10000);
    answer_path(plan, "artist", 1);
    assert_too_large(plan);
}

static void greedy_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    (void)out;
    for (int i = 0; i < 3; i++)
        arena_alloc(plan_arena(plan), 1 << 19);
}

static void a_run_over_its_memory_fails(void **state)
{
    (void)state;
    assert_too_large(new_plan(greedy_step));
}

static void long_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    (void)out;
    plan_want(plan, RESOURCE_EVENTS, "%01025d", 1);
}

static void a_path_over_1024_bytes_fails(void **state)
{
    (void)state;
    assert_too_large(new_plan(long_step));
}

static void unescaped_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    (void)out;
    plan_want(plan, RESOURCE_EVENTS, "search?q=%s", "a b");
}

static void a_path_that_was_not_escaped_fails_as_a_fault_of_ours(void **state)
{
    (void)state;
    struct plan *plan = new_plan(unescaped_step);
    char why[256];
    assert_int_equal(plan_step(plan), PLAN_FAILED);
    assert_int_equal(plan_problem(plan), PROBLEM_INTERNAL);
    plan_say_problem(plan, &strings_english, why, sizeof(why));
    plan_free(plan);
}

/* ---- failing, runs, many questions ---- */

static void failing_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)out;
    (void)a;
    plan_need(plan, RESOURCE_EVENTS, "asked");
    plan_fail(plan, PROBLEM_UPSTREAM_RUBBISH, STRING_KNOWS_NOT_THIS_EVENT);
    plan_fail(plan, PROBLEM_INTERNAL, STRING_REFUSED_PATH);
    assert_null(plan_need(plan, RESOURCE_EVENTS, "too late"));
}

static void the_first_failure_counts_and_ends_the_asking(void **state)
{
    (void)state;
    struct plan *plan = new_plan(failing_step);
    assert_int_equal(plan_step(plan), PLAN_FAILED);
    assert_int_equal(plan_step(plan), PLAN_FAILED);
    char why[256];
    assert_int_equal(plan_problem(plan), PROBLEM_UPSTREAM_RUBBISH);
    plan_say_problem(plan, &strings_english, why, sizeof(why));
    assert_string_equal(why, "Gigbook knows no such event.");
    size_t n;
    plan_questions(plan, &n);
    assert_int_equal(n, 1);
    plan_free(plan);
}

/* Marks and counts only while the answer is missing: nothing of that may outlive the run. */
static void untidy_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    assert_int_equal(out->n_bad_records, 0);
    assert_null(out->events);
    if (plan_need(plan, RESOURCE_EVENTS, "a") != NULL)
        return;
    plan_mark_incomplete(plan);
    out->n_bad_records = 3;
    out->events = arena_alloc(plan_arena(plan), sizeof(*out->events));
}

static void every_run_starts_with_an_empty_document(void **state)
{
    (void)state;
    struct plan *plan = new_plan(untidy_step);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    answer_path(plan, "a", 1);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    assert_int_equal(plan_document(plan)->n_bad_records, 0);
    assert_null(plan_document(plan)->events);
    assert_false(plan_incomplete(plan));
    plan_free(plan);
}

static void many_step(struct plan *plan, const struct route_args *a, struct document *out)
{
    (void)a;
    for (int i = 0; i < 500; i++) {
        const char *path = jget_raw(plan_need(plan, RESOURCE_VENUE, "venues/%d.json", i), "path");
        char expected[30];
        snprintf(expected, sizeof(expected), "venues/%d.json", i);
        out->n_events += path != NULL && strcmp(path, expected) == 0;
    }
}

static void five_hundred_questions_each_get_their_own_answer(void **state)
{
    (void)state;
    struct upstream upstream = {0};
    struct plan *plan = new_plan(many_step);
    drive(plan, &upstream);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    assert_int_equal(plan_document(plan)->n_events, 500);
    assert_int_equal(upstream.n_asked, 500);
    plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tour_is_asked_in_two_rounds_and_becomes_a_document),
        cmocka_unit_test(what_needs_no_answer_is_asked_together),
        cmocka_unit_test(any_order_of_answers_gives_the_same_document),
        cmocka_unit_test(a_needed_answer_refused_fails_with_its_kind_and_names_provider_and_path),
        cmocka_unit_test(a_wanted_answer_refused_makes_the_document_incomplete),
        cmocka_unit_test(what_does_not_exist_makes_nothing_incomplete),
        cmocka_unit_test(a_fallback_is_asked_only_after_a_refusal),
        cmocka_unit_test(one_path_is_one_question_of_each_provider),
        cmocka_unit_test(what_is_asked_for_a_known_artist_says_so_and_what_others_are_asked_does_not),
        cmocka_unit_test(whoever_refuses_a_needed_answer_is_named),
        cmocka_unit_test(what_is_no_longer_asked_is_not_waited_for),
        cmocka_unit_test(what_is_expected_and_answered_ahead_saves_the_rounds),
        cmocka_unit_test(an_expected_question_that_is_asked_is_open_at_its_old_index),
        cmocka_unit_test(expectations_that_no_path_can_be_are_dropped),
        cmocka_unit_test(expectations_take_no_room_from_what_is_asked),
        cmocka_unit_test(one_question_too_many_fails),
        cmocka_unit_test(a_translator_that_always_asks_for_more_ends_at_the_rounds),
        cmocka_unit_test(stepping_without_answers_ends_at_the_rounds),
        cmocka_unit_test(answers_may_have_their_bytes_and_not_one_more),
        cmocka_unit_test(a_run_over_its_memory_fails),
        cmocka_unit_test(a_path_over_1024_bytes_fails),
        cmocka_unit_test(a_path_that_was_not_escaped_fails_as_a_fault_of_ours),
        cmocka_unit_test(the_first_failure_counts_and_ends_the_asking),
        cmocka_unit_test(every_run_starts_with_an_empty_document),
        cmocka_unit_test(five_hundred_questions_each_get_their_own_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
