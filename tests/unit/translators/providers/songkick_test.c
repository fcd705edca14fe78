/* Tests of translators/providers/songkick.c: what it asks and when, its terms and its bounds. What it makes
 * of answers is shown by tests/golden/songkick/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "translators/ask/plan.h"
#include "translators/model/model.h"

#define MBID "0b1c2d3e-4f50-4a61-8b72-9c83ad94be01"

static const struct plan_limits limits = {
    .max_questions = 500, .max_rounds = 10, .max_json_bytes = 1 << 24, .max_arena_bytes = 1 << 24};

static const struct translator *songkick(void)
{
    return translator_find("songkick", 8);
}

static const struct route *route(const char *resource)
{
    enum subject subject;
    assert_true(subject_find(resource, strlen(resource), &subject));
    return translator_route(songkick(), subject);
}

/* New page of `n` events from id `first` on, event i at venue i and on a day of its own. */
static json_t *page_of(int first, int n, int total)
{
    json_t *events = json_array();

    for (int i = first; i < first + n; i++) {
        char date[32];

        snprintf(date, sizeof(date), "%d-%02d-%02d", 2028 + i / 336, 1 + i / 28 % 12, 1 + i % 28);
        json_array_append_new(events, json_pack("{s:i, s:{s:s}, s:s, s:{s:s}, s:{s:i, s:s}}", "id", i,
                                                "start", "date", date, "displayName", "A Concert", "location",
                                                "city", "Berlin, Germany", "venue", "id", i, "displayName",
                                                "Gasometer Hall"));
    }
    return json_pack("{s:{s:s, s:{s:o}, s:i, s:i}}", "resultsPage", "status", "ok", "results", "event",
                     events, "perPage", 50, "totalEntries", total);
}

/* Answers a question by its path and takes the body. */
static void answer(struct plan *plan, const char *path, json_t *body)
{
    size_t n;
    const struct question *questions = plan_questions(plan, &n);

    for (size_t i = 0; i < n; i++) {
        if (questions[i].state == QUESTION_OPEN && strcmp(questions[i].path, path) == 0) {
            plan_answer(plan, i, body, 1000);
            json_decref(body);
            return;
        }
    }
    fail_msg("%s is not asked", path);
}

static size_t count_open(const struct plan *plan, const char *what)
{
    size_t n, n_open = 0;
    const struct question *questions = plan_questions(plan, &n);

    for (size_t i = 0; i < n; i++)
        n_open += questions[i].state == QUESTION_OPEN && strstr(questions[i].path, what) != NULL;
    return n_open;
}

static void refuse_open(struct plan *plan)
{
    size_t n;
    const struct question *questions = plan_questions(plan, &n);

    for (size_t i = 0; i < n; i++) {
        if (questions[i].state == QUESTION_OPEN)
            plan_refuse(plan, i, PROBLEM_NOT_FOUND);
    }
}

static void the_other_pages_and_the_venues_of_page_one_are_asked_together(void **state)
{
    struct route_args args = {.id = "101", .now_s = 1800014400};
    struct plan *plan = plan_new(songkick(), route("artist"), &args, &limits);

    (void)state;
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_int_equal(count_open(plan, ""), 1);
    answer(plan, "artists/101/calendar.json?page=1&per_page=50", page_of(1, 50, 120));
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_int_equal(count_open(plan, "calendar.json"), 2);
    assert_int_equal(count_open(plan, "venues/"), 50);
    plan_free(plan);
}

static void fifty_four_events_at_fifty_four_venues_take_three_rounds(void **state)
{
    struct route_args args = {.id = "101", .now_s = 1800014400, .name = "The Paper Lanterns"};
    struct plan *plan = plan_new(songkick(), route("artist"), &args, &limits);
    size_t n;

    (void)state;
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    answer(plan, "artists/101/calendar.json?page=1&per_page=50", page_of(1, 50, 54));
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    answer(plan, "artists/101/calendar.json?page=2&per_page=50", page_of(51, 4, 54));
    refuse_open(plan);
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_int_equal(count_open(plan, ""), 4);
    refuse_open(plan);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    plan_questions(plan, &n);
    assert_int_equal(n, 56);
    assert_int_equal(plan_document(plan)->n_events, 54);
    assert_false(plan_incomplete(plan)); /* that no venue is found is an answer */
    plan_free(plan);
}

/* Only an artist that neither the caller nor an event names. */
static void an_artist_without_dates_is_asked_for_its_name(void **state)
{
    struct route_args args = {.id = "101", .now_s = 1800014400};
    struct plan *plan = plan_new(songkick(), route("artist"), &args, &limits);

    (void)state;
    plan_step(plan);
    answer(plan, "artists/101/calendar.json?page=1&per_page=50", page_of(1, 0, 0));
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    answer(plan, "artists/101.json",
           json_pack("{s:{s:s, s:{s:{s:i, s:s}}}}", "resultsPage", "status", "ok", "results", "artist", "id",
                     101, "displayName", "The Paper Lanterns"));
    assert_int_equal(plan_step(plan), PLAN_DONE);
    assert_string_equal(plan_document(plan)->artist.name, "The Paper Lanterns");
    plan_free(plan);

    args.name = "The Paper Lanterns";
    plan = plan_new(songkick(), route("artist"), &args, &limits);
    plan_step(plan);
    answer(plan, "artists/101/calendar.json?page=1&per_page=50", page_of(1, 0, 0));
    assert_int_equal(plan_step(plan), PLAN_DONE);
    plan_free(plan);
}

static void a_million_events_are_twenty_pages(void **state)
{
    struct route_args args = {.id = "101", .now_s = 1800014400};
    struct plan *plan = plan_new(songkick(), route("artist"), &args, &limits);

    (void)state;
    plan_step(plan);
    answer(plan, "artists/101/calendar.json?page=1&per_page=50", page_of(1, 0, 1000000));
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_int_equal(count_open(plan, "calendar.json"), 19);
    plan_free(plan);
}

static void a_page_of_a_thousand_events_is_read_up_to_five_hundred(void **state)
{
    struct route_args args = {.id = "101", .now_s = 1800014400, .limit = 1};
    struct plan *plan = plan_new(songkick(), route("artist"), &args, &limits);

    (void)state;
    plan_step(plan);
    answer(plan, "artists/101/calendar.json?page=1&per_page=50", page_of(1, 1000, 50));
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    refuse_open(plan);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    assert_int_equal(plan_document(plan)->n_bad_records, 500);
    assert_true(plan_incomplete(plan));
    plan_free(plan);
}

/* As the biggest festivals have it. */
static void a_line_up_of_four_hundred_is_cut_and_counted(void **state)
{
    struct route_args args = {.id = "101", .now_s = 1800014400, .max_performers = 100};
    struct plan *plan = plan_new(songkick(), route("artist"), &args, &limits);
    json_t *page = page_of(1, 1, 1), *acts = json_array();
    const struct event *event;

    (void)state;
    for (int i = 0; i < 400; i++)
        json_array_append_new(acts,
                              json_pack("{s:{s:s, s:i}}", "artist", "displayName", "An Act", "id", i + 1));
    json_object_set_new(
        json_array_get(
            json_object_get(json_object_get(json_object_get(page, "resultsPage"), "results"), "event"), 0),
        "performance", acts);
    plan_step(plan);
    answer(plan, "artists/101/calendar.json?page=1&per_page=50", page);
    plan_step(plan);
    refuse_open(plan);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    event = &plan_document(plan)->events[0];
    assert_int_equal(event->n_acts, 100);
    assert_int_equal(event->n_acts_left_out, 300);
    assert_true(event->acts[99].asked);
    plan_free(plan);
}

static void an_artist_is_known_by_number_or_musicbrainz_id(void **state)
{
    bool (*id_ok)(const char *) = route("artist")->id_ok;

    (void)state;
    assert_true(id_ok("6395144"));
    assert_true(id_ok("mbid:" MBID));
    assert_true(id_ok("mbid:0B1C2D3E-4F50-4A61-8B72-9C83AD94BE01"));
    assert_false(id_ok(""));
    assert_false(id_ok("-1"));
    assert_false(id_ok("12 "));
    assert_false(id_ok("1234567890123456789"));
    assert_false(id_ok("abc"));
    assert_false(id_ok(MBID));
    assert_false(id_ok("mbid:"));
    assert_false(id_ok("mbid:" MBID "0"));
    assert_false(id_ok("mbid:0b1c2d3e-4f50-4a61-8b72-9c83ad94be0"));
    assert_false(id_ok("mbid:0b1c2d3e-4f50-4a61-8b72-9c83ad94be0/"));
}

/* The artist of the answer was taken for another, and the asked one put beside it. */
static void an_id_with_a_zero_in_front_is_none(void **state)
{
    (void)state;
    assert_false(route("artist")->id_ok("007"));
    assert_false(route("venue")->id_ok("0"));
    assert_false(route("event")->id_ok("07001"));
}

static void venues_and_events_are_known_by_number_alone(void **state)
{
    (void)state;
    assert_true(route("venue")->id_ok("501"));
    assert_false(route("venue")->id_ok("mbid:" MBID));
    assert_true(route("event")->id_ok("7001"));
    assert_false(route("event")->id_ok("7001/../8"));
}

static enum problem_kind judge_kind(enum resource kind, int status, const char *text)
{
    json_t *body = json_loads(text, 0, NULL);
    enum problem_kind problem = songkick()->judge(kind, status, body, text, strlen(text));

    json_decref(body);
    return problem;
}

static enum problem_kind judge(int status, const char *text)
{
    return judge_kind(RESOURCE_SEARCH, status, text);
}

#define ERROR(message) "{\"resultsPage\":{\"status\":\"error\",\"error\":{\"message\":\"" message "\"}}}"

static void the_message_of_an_error_counts_before_its_status(void **state)
{
    (void)state;
    assert_int_equal(judge(200, "{\"resultsPage\":{\"status\":\"ok\",\"results\":{}}}"), PROBLEM_NONE);
    assert_int_equal(judge(403, ERROR("Invalid or missing apikey")), PROBLEM_UPSTREAM_KEY);
    assert_int_equal(judge(200, ERROR("Invalid or missing apikey")), PROBLEM_UPSTREAM_KEY);
    assert_int_equal(judge(404, ERROR("Resource not found")), PROBLEM_NOT_FOUND);
    assert_int_equal(judge(200, ERROR("Resource not found")), PROBLEM_NOT_FOUND);
    assert_int_equal(judge(200, ERROR("Oops")), PROBLEM_UPSTREAM_ERROR);
    assert_int_equal(judge(503, "<html>"), PROBLEM_UPSTREAM_ERROR);
    assert_int_equal(judge(404, "<html>"), PROBLEM_NOT_FOUND);
    assert_int_equal(judge(429, ""), PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(judge(200, "<html>"), PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(judge(200, "{}"), PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(judge(200, "[]"), PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(judge(200, "{\"resultsPage\":{\"status\":\"maybe\"}}"), PROBLEM_UPSTREAM_RUBBISH);
}

#define RESULTS(results) "{\"resultsPage\":{\"status\":\"ok\",\"perPage\":2,\"results\":{" results "}}}"
#define RECORD           "{\"id\":1,\"start\":{}}"

static void an_answer_has_the_shape_that_its_question_wants(void **state)
{
    static const struct {
        enum resource kind;
        const char *text;
        enum problem_kind problem;
    } cases[] = {
        {RESOURCE_EVENTS, RESULTS(""), PROBLEM_NONE},
        {RESOURCE_EVENTS, RESULTS("\"event\":[]"), PROBLEM_NONE},
        {RESOURCE_EVENTS, RESULTS("\"event\":" RECORD), PROBLEM_NONE},
        {RESOURCE_EVENTS, RESULTS("\"event\":[{}," RECORD "]},\"totalEntries\":2,\"x\":{"), PROBLEM_NONE},
        {RESOURCE_EVENTS, RESULTS("\"event\":[{}," RECORD "]"), PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_EVENTS, RESULTS("\"event\":\"none\""), PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_EVENTS, RESULTS("\"event\":[{\"id\":1,\"start\":\"soon\"}]"), PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_EVENTS, RESULTS("\"event\":[{\"start\":{}}]"), PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_VENUE, RESULTS("\"venue\":{}"), PROBLEM_NONE},
        {RESOURCE_VENUE, RESULTS("\"venue\":[]"), PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_VENUE, RESULTS(""), PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_SEARCH, RESULTS(""), PROBLEM_NONE},
        {RESOURCE_SEARCH, "{\"resultsPage\":{\"status\":\"ok\",\"results\":[]}}", PROBLEM_UPSTREAM_RUBBISH},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (judge_kind(cases[i].kind, 200, cases[i].text) != cases[i].problem)
            fail_msg("%s", cases[i].text);
    }
}

static void nothing_is_kept_longer_than_the_terms_allow(void **state)
{
    (void)state;
    assert_int_equal(songkick()->keep_ceiling_s, 86400);
    for (int i = 0; i < RESOURCE_KINDS; i++)
        assert_true(songkick()->fresh_s[i] <= songkick()->keep_ceiling_s);
    assert_false(songkick()->may_mix);
    assert_string_equal(route("artist")->id_alias, "skid");
}

static void a_search_counts_the_concerts_of_those_on_tour(void **state)
{
    struct route_args args = {.query = "Paper Lanterns"};
    struct plan *plan = plan_new(songkick(), songkick()->search, &args, &limits);
    const struct document *found;

    (void)state;
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    answer(plan, "search/artists.json?query=Paper%20Lanterns&page=1&per_page=50",
           json_pack("{s:{s:s, s:{s:[{s:i, s:s, s:s}, {s:i, s:s, s:n}, {s:s}]}}}", "resultsPage", "status",
                     "ok", "results", "artist", "id", 101, "displayName", "The Paper Lanterns", "onTourUntil",
                     "2027-07-07", "id", 102, "displayName", "Paper Lanterns Tribute", "onTourUntil",
                     "displayName", "without an id"));
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_int_equal(count_open(plan, ""), 1);
    answer(plan, "artists/101/calendar.json?page=1&per_page=50", page_of(1, 1, 54));
    assert_int_equal(plan_step(plan), PLAN_DONE);
    found = plan_document(plan);
    assert_int_equal(found->subject, SUBJECT_SEARCH);
    assert_int_equal(found->n_candidates, 2);
    assert_string_equal(found->candidates[0].id, "101");
    assert_string_equal(found->candidates[0].on_tour_until, "2027-07-07");
    assert_int_equal(found->candidates[0].n_upcoming, 54);
    assert_int_equal(found->candidates[1].n_upcoming, 0);
    plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_other_pages_and_the_venues_of_page_one_are_asked_together),
        cmocka_unit_test(fifty_four_events_at_fifty_four_venues_take_three_rounds),
        cmocka_unit_test(an_artist_without_dates_is_asked_for_its_name),
        cmocka_unit_test(a_million_events_are_twenty_pages),
        cmocka_unit_test(a_page_of_a_thousand_events_is_read_up_to_five_hundred),
        cmocka_unit_test(a_line_up_of_four_hundred_is_cut_and_counted),
        cmocka_unit_test(an_artist_is_known_by_number_or_musicbrainz_id),
        cmocka_unit_test(an_id_with_a_zero_in_front_is_none),
        cmocka_unit_test(venues_and_events_are_known_by_number_alone),
        cmocka_unit_test(the_message_of_an_error_counts_before_its_status),
        cmocka_unit_test(an_answer_has_the_shape_that_its_question_wants),
        cmocka_unit_test(a_search_counts_the_concerts_of_those_on_tour),
        cmocka_unit_test(nothing_is_kept_longer_than_the_terms_allow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
