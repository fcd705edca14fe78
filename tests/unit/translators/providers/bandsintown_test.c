/* Tests of translators/providers/bandsintown.c: its ids, its search and the pages it knows. What it makes of
 * answers is shown by tests/golden/bandsintown/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "translators/ask/answer.h"
#include "translators/ask/plan.h"
#include "translators/model/model.h"

static const struct plan_limits limits = {
    .max_questions = 50, .max_rounds = 10, .max_json_bytes = 1 << 20, .max_arena_bytes = 1 << 22};

static const struct translator *bandsintown(void)
{
    return translator_find("bandsintown", 11);
}

static bool id_ok(const char *id)
{
    return translator_route(bandsintown(), SUBJECT_ARTIST)->id_ok(id);
}

static void ids_are_numbers_with_a_prefix_MusicBrainz_ids_or_names(void **state)
{
    (void)state;
    assert_true(id_ok("id_4711"));
    assert_true(id_ok("mbid:0b1c2d3e-4f50-4a61-8b72-9c83ad94be01"));
    assert_true(id_ok("name:The Paper Lanterns"));
    assert_true(id_ok("name:311"));
    assert_true(id_ok("name:AC/DC?"));
}

static void what_is_no_id_is_refused_before_anything_is_asked(void **state)
{
    static const char *const wrong[] = {"",       "4711",   "id_",        "id_47a",  "id_1234567890123456789",
                                        "ID_1",   "name:",  "name: a",    "name:a ", "The Paper Lanterns",
                                        "mbid:1", "fbid_1", "id_1/events"};

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(id_ok(wrong[i]));
}

static void a_name_that_would_ask_for_somebody_else_is_refused(void **state)
{
    static const char *const wrong[] = {"name:id_1", "name:fbid_1", "name:mbid_1", "name:.", "name:.."};

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(id_ok(wrong[i]));
}

static void a_page_of_an_artist_is_recognised_and_no_other(void **state)
{
    static const char *const others[] = {"https://www.bandsintown.com/e/4711",
                                         "https://www.bandsintown.com/a/",
                                         "https://www.bandsintown.com/a/paper",
                                         "https://bandsintown.com.example/a/4711",
                                         "https://www.bandsintown.com/a/1234567890123456789",
                                         "https://www.songkick.com/a/4711"};
    struct recognised found;

    (void)state;
    assert_true(
        bandsintown()->recognise("https://www.bandsintown.com/a/4711-the-paper-lanterns?x=1", &found));
    assert_int_equal(found.subject, SUBJECT_ARTIST);
    assert_string_equal(found.text, "id_4711");
    assert_true(bandsintown()->recognise("bandsintown.com/a/4711", &found));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(bandsintown()->recognise(others[i], &found));
}

static void a_search_asks_for_the_whole_name_and_finds_one_artist(void **state)
{
    struct route_args args = {.query = "Paper Lanterns", .now_s = 1800014400};
    struct plan *plan = plan_new(bandsintown(), bandsintown()->search, &args, &limits);
    json_t *artist = json_pack("{s:s, s:s, s:s, s:i}", "id", "4711", "name", "Paper Lanterns", "url",
                               "https://www.bandsintown.com/a/4711?app_id=secret", "upcoming_event_count", 3);
    const struct document *document;
    size_t n;

    (void)state;
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    assert_string_equal(plan_questions(plan, &n)[0].path, "artists/Paper%20Lanterns");
    assert_int_equal(n, 1);
    plan_answer(plan, 0, artist, 100);
    json_decref(artist);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    document = plan_document(plan);
    assert_int_equal(document->n_candidates, 1);
    assert_string_equal(document->candidates[0].id, "id_4711");
    assert_string_equal(document->candidates[0].url, "https://www.bandsintown.com/a/4711");
    assert_int_equal(document->candidates[0].n_upcoming, 3);
    plan_free(plan);
}

static void a_search_for_what_is_no_name_asks_nothing(void **state)
{
    struct route_args args = {.query = "..", .now_s = 1800014400};
    struct plan *plan = plan_new(bandsintown(), bandsintown()->search, &args, &limits);

    (void)state;
    assert_int_equal(plan_step(plan), PLAN_DONE);
    assert_int_equal(plan_document(plan)->n_candidates, 0);
    plan_free(plan);
}

static enum problem_kind judge_kind(enum resource kind, int status, const char *text)
{
    struct answer answer = answer_read(bandsintown(), kind, status, text, strlen(text), 64);

    json_decref(answer.body);
    return answer.problem;
}

static enum problem_kind judge(int status, const char *text)
{
    return judge_kind(RESOURCE_EVENTS, status, text);
}

static void an_answer_has_the_shape_that_its_question_wants(void **state)
{
    static const char artist[] = "{\"name\":\"Paper Lanterns\"}";

    (void)state;
    assert_int_equal(judge(200, "[]"), PROBLEM_NONE);
    assert_int_equal(judge(200, "[{},{\"id\":\"1\",\"datetime\":\"\"}]"), PROBLEM_NONE);
    assert_int_equal(judge(200, "[{\"id\":\"1\",\"starts_at\":\"\"}]"), PROBLEM_NONE);
    assert_int_equal(judge(200, "[{\"id\":\"1\"}]"), PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(judge(200, artist), PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(judge_kind(RESOURCE_ARTIST, 200, artist), PROBLEM_NONE);
    assert_int_equal(judge_kind(RESOURCE_SEARCH, 200, artist), PROBLEM_NONE);
    assert_int_equal(judge_kind(RESOURCE_ARTIST, 200, "[]"), PROBLEM_UPSTREAM_RUBBISH);
}

static void an_absence_needs_words_that_are_a_message(void **state)
{
    char page[3000];

    (void)state;
    assert_int_equal(judge(200, "{warn=Not found}\n"), PROBLEM_NOT_FOUND);
    assert_int_equal(judge(200, " \n{WARN=NOT FOUND}"), PROBLEM_NOT_FOUND);
    assert_int_equal(judge(400, "{\"errorMessage\":\"[NotFound] The artist was not found\"}"),
                     PROBLEM_NOT_FOUND);
    assert_int_equal(judge(503, "{warn=Not found}\n"), PROBLEM_UPSTREAM_ERROR);
    assert_int_equal(judge(200, "<title>Not found</title>"), PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(judge(200, "\"something\""), PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(judge(200, "null"), PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(judge(200, "{"), PROBLEM_UPSTREAM_RUBBISH);
    memset(page, ' ', sizeof(page));
    memcpy(page, "{warn=", 6);
    memcpy(page + sizeof(page) - 20, "Not found", 10);
    assert_int_equal(judge(200, page), PROBLEM_UPSTREAM_RUBBISH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_numbers_with_a_prefix_MusicBrainz_ids_or_names),
        cmocka_unit_test(what_is_no_id_is_refused_before_anything_is_asked),
        cmocka_unit_test(a_name_that_would_ask_for_somebody_else_is_refused),
        cmocka_unit_test(a_page_of_an_artist_is_recognised_and_no_other),
        cmocka_unit_test(a_search_asks_for_the_whole_name_and_finds_one_artist),
        cmocka_unit_test(a_search_for_what_is_no_name_asks_nothing),
        cmocka_unit_test(an_answer_has_the_shape_that_its_question_wants),
        cmocka_unit_test(an_absence_needs_words_that_are_a_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
