/* Tests of translators/providers/ticketmaster.c: what it asks and when, its search, its terms. What it makes
 * of answers is shown by tests/golden/ticketmaster/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "translators/ask/answer.h"
#include "translators/ask/plan.h"
#include "translators/model/model.h"

#define ARTIST "K8vZ917Lamp"

static const struct plan_limits limits = {
    .max_questions = 500, .max_rounds = 10, .max_json_bytes = 1 << 24, .max_arena_bytes = 1 << 24};

static const struct translator *ticketmaster(void)
{
    return translator_named("ticketmaster");
}

static struct plan *new_plan(const struct route_args *args)
{
    return plan_new(ticketmaster(), translator_route(ticketmaster(), SUBJECT_ARTIST), args, &limits);
}

/* New page of one concert, that says how many there are. */
static json_t *page_of(int total)
{
    return json_pack(
        "{s:{s:[{s:s, s:s, s:{s:{s:s}}, s:[{s:{s:s}}], s:{s:[{s:s, s:s}], s:[{s:s}]}}]}, s:{s:i, "
        "s:i}}",
        "_embedded", "events", "id", "G5dIZ9Gig01", "name", "A Concert", "dates", "start", "localDate",
        "2027-03-12", "classifications", "segment", "name", "Music", "_embedded", "attractions", "id", ARTIST,
        "name", "The Paper Lanterns", "venues", "name", "Gasometer Hall", "page", "size", 100,
        "totalElements", total);
}

static size_t count_open(const struct plan *plan, const char *provider, const char *what)
{
    size_t n, n_open = 0;
    const struct question *questions = plan_questions(plan, &n);

    for (size_t i = 0; i < n; i++)
        n_open += questions[i].state == QUESTION_OPEN &&
                  strcmp(questions[i].translator->name, provider) == 0 &&
                  strstr(questions[i].path, what) != NULL;
    return n_open;
}

/* Answers the first open question and takes the body. */
static void answer_first(struct plan *plan, json_t *body)
{
    size_t n, i = 0;
    const struct question *questions = plan_questions(plan, &n);

    while (i < n && questions[i].state != QUESTION_OPEN)
        i++;
    assert_true(i < n);
    plan_answer(plan, i, body, 1000);
    json_decref(body);
}

static void all_pages_after_the_first_are_asked_together(void **state)
{
    struct route_args args = {.id = ARTIST, .now_s = 1800014400};
    struct plan *plan = new_plan(&args);

    (void)state;
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_int_equal(count_open(plan, "ticketmaster", ""), 1);
    answer_first(plan, page_of(350));
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_int_equal(count_open(plan, "ticketmaster", "events.json"), 3);
    assert_int_equal(count_open(plan, "ticketmaster", ""), 3);
    plan_free(plan);
}

static void a_million_events_are_ten_pages(void **state)
{
    struct route_args args = {.id = ARTIST, .now_s = 1800014400};
    struct plan *plan = new_plan(&args);

    (void)state;
    plan_step(plan);
    answer_first(plan, page_of(1000000));
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_int_equal(count_open(plan, "ticketmaster", ""), 9);
    assert_int_equal(count_open(plan, "ticketmaster", "&page=9"), 1);
    plan_free(plan);
}

static void a_tour_of_one_page_is_one_question(void **state)
{
    struct route_args args = {.id = ARTIST, .now_s = 1800014400};
    struct plan *plan = new_plan(&args);
    size_t n;

    (void)state;
    plan_step(plan);
    answer_first(plan, page_of(1));
    assert_int_equal(plan_step(plan), PLAN_DONE);
    plan_questions(plan, &n);
    assert_int_equal(n, 1);
    assert_string_equal(plan_document(plan)->artist.name, "The Paper Lanterns");
    plan_free(plan);
}

/* ---- search ---- */

static json_t *attraction(const char *id, const char *name, const char *genre, int upcoming)
{
    return json_pack("{s:s, s:s, s:s, s:[{s:{s:s}, s:{s:s}, s:{s:s}}], s:{s:i}}", "id", id, "name", name,
                     "url", "https://www.ticketmaster.example/artist/1", "classifications", "segment", "name",
                     "Music", "genre", "name", genre, "subGenre", "name", "Undefined", "upcomingEvents",
                     "_total", upcoming);
}

static void a_search_tells_namesakes_apart(void **state)
{
    struct route_args args = {.query = "lanterns & co"};
    struct plan *plan = plan_new(ticketmaster(), ticketmaster()->search, &args, &limits);
    const struct document *found;
    json_t *body =
        json_pack("{s:{s:[o, o, {s:s}, o]}, s:{s:i}}", "_embedded", "attractions",
                  attraction("K8vZ917Lamp", "The Paper Lanterns", "Rock", 12),
                  attraction("K8vZ917Trib", "Paper Lanterns Tribute", "Undefined", 0), "name", "no id",
                  attraction("K8vZ917Ball", "Lantern Bearers", "Folk", 1), "page", "size", 20);
    json_t *last = json_array_get(json_object_get(json_object_get(body, "_embedded"), "attractions"), 3);

    (void)state;
    json_object_set_new(
        json_object_get(json_array_get(json_object_get(last, "classifications"), 0), "segment"), "name",
        json_string("Sports"));
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_int_equal(count_open(plan, "ticketmaster", "keyword=lanterns%20%26%20co&"), 1);
    answer_first(plan, body);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    found = plan_document(plan);
    assert_int_equal(found->subject, SUBJECT_SEARCH);
    assert_int_equal(found->n_candidates, 2);
    assert_string_equal(found->candidates[0].id, "K8vZ917Lamp");
    assert_string_equal(found->candidates[0].detail, "Rock");
    assert_int_equal(found->candidates[0].n_upcoming, 12);
    assert_string_equal(found->candidates[1].name, "Paper Lanterns Tribute");
    assert_null(found->candidates[1].detail);
    assert_int_equal(found->candidates[1].n_upcoming, 0);
    plan_free(plan);
}

/* ---- terms ---- */

static struct answer read_text(int status, const char *text)
{
    return answer_read(ticketmaster(), RESOURCE_EVENTS, status, text, strlen(text), 64);
}

static void the_two_refusals_for_too_many_requests_are_told_apart(void **state)
{
    struct answer spike = read_text(
        429, "{\"fault\":{\"detail\":{\"errorcode\":\"policies.ratelimit.SpikeArrestViolation\"}}}");
    struct answer quota =
        read_text(429, "{\"fault\":{\"detail\":{\"errorcode\":\"policies.ratelimit.QuotaViolation\"}}}");

    (void)state;
    assert_int_equal(spike.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(spike.limit_s, 1);
    assert_int_equal(quota.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(quota.limit_s, LIMIT_TO_RESET);
}

static void errors_are_known_by_their_codes(void **state)
{
    (void)state;
    assert_int_equal(
        read_text(401, "{\"fault\":{\"detail\":{\"errorcode\":\"oauth.v2.InvalidApiKey\"}}}").problem,
        PROBLEM_UPSTREAM_KEY);
    assert_int_equal(read_text(200, "{\"errors\":[{\"code\":\"DIS1004\",\"status\":\"404\"}]}").problem,
                     PROBLEM_NOT_FOUND);
    assert_int_equal(read_text(400, "{\"errors\":[{\"code\":\"DIS1036\",\"status\":\"400\"}]}").problem,
                     PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(read_text(200, "[]").problem, PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(read_text(502, "<html>").problem, PROBLEM_UPSTREAM_ERROR);
}

#define EVENTS(events) "{\"page\":{\"size\":2},\"_embedded\":{\"events\":" events "}}"
#define RECORD         "{\"id\":\"a\",\"dates\":{}}"

static void an_answer_has_the_shape_that_its_question_wants(void **state)
{
    static const struct {
        enum resource kind;
        const char *text;
        enum problem_kind problem;
    } cases[] = {
        {RESOURCE_EVENTS, "{\"page\":{}}", PROBLEM_NONE},
        {RESOURCE_EVENTS, EVENTS("[" RECORD "]"), PROBLEM_NONE},
        {RESOURCE_EVENTS, EVENTS("[{}," RECORD "],\"x\":1},\"page\":{\"totalElements\":2},\"y\":{"),
         PROBLEM_NONE},
        {RESOURCE_EVENTS, EVENTS("[{}," RECORD "]"), PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_EVENTS, EVENTS("17"), PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_EVENTS, EVENTS("[{\"id\":\"a\"}]"), PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_EVENTS, RECORD, PROBLEM_NONE},
        {RESOURCE_EVENTS, "{}", PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_ARTIST, "{\"id\":\"a\"}", PROBLEM_NONE},
        {RESOURCE_ARTIST, "{\"page\":{}}", PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_VENUE, "{\"id\":17}", PROBLEM_UPSTREAM_RUBBISH},
        {RESOURCE_SEARCH, "{\"page\":{}}", PROBLEM_NONE},
        {RESOURCE_SEARCH, "{\"id\":\"a\"}", PROBLEM_UPSTREAM_RUBBISH},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = cases[i].text;
        struct answer answer = answer_read(ticketmaster(), cases[i].kind, 200, text, strlen(text), 64);

        if (answer.problem != cases[i].problem)
            fail_msg("%s", text);
        json_decref(answer.body);
    }
}

static void ids_are_letters_and_digits_or_a_musicbrainz_id(void **state)
{
    static const char *const good[] = {"K8vZ9175Wff", "Z7r9jZ1AeOOb_", "G5diZfkn0B-bh",
                                       "LvZ18_2IJWFnq0SfaQFt6"};
    static const char *const bad[] = {"",
                                      "1098654",
                                      "K8vZ",
                                      "K8vZ9175Wff/..",
                                      "K8vZ 9175",
                                      "K8vZ9175Wff\n",
                                      "a234567890123456789012345678901234567890x"};
    const struct route *artist = translator_route(ticketmaster(), SUBJECT_ARTIST);
    const struct route *venue = translator_route(ticketmaster(), SUBJECT_VENUE);

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(artist->id_ok(good[i]) && venue->id_ok(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(artist->id_ok(bad[i]) || venue->id_ok(bad[i]));
    assert_true(artist->id_ok("mbid:0b1c2d3e-4f50-4a61-8b72-9c83ad94be01"));
    assert_false(venue->id_ok("mbid:0b1c2d3e-4f50-4a61-8b72-9c83ad94be01"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pages_after_the_first_are_asked_together),
        cmocka_unit_test(a_million_events_are_ten_pages),
        cmocka_unit_test(a_tour_of_one_page_is_one_question),
        cmocka_unit_test(a_search_tells_namesakes_apart),
        cmocka_unit_test(the_two_refusals_for_too_many_requests_are_told_apart),
        cmocka_unit_test(errors_are_known_by_their_codes),
        cmocka_unit_test(an_answer_has_the_shape_that_its_question_wants),
        cmocka_unit_test(ids_are_letters_and_digits_or_a_musicbrainz_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
