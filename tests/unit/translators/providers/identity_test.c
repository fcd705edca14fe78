/* Who an artist is: identity.c, and MusicBrainz' terms. What is made of its answers: tests/golden/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "translators/ask/answer.h"
#include "translators/ask/mbid.h"
#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/model/model.h"
#include "translators/providers/identity.h"

#define MBID "0b1c2d3e-4f50-4a61-8b72-9c83ad94be01"

static const struct plan_limits limits = {
    .max_questions = 9, .max_rounds = 9, .max_json_bytes = 1 << 20, .max_arena_bytes = 1 << 20};

static void only_a_uuid_is_a_musicbrainz_id(void **state)
{
    static const char *const bad[] = {"",
                                      "mbid:",
                                      "0b1c2d3e-4f50-4a61-8b72-9c83ad94be0",
                                      "0b1c2d3e-4f50-4a61-8b72-9c83ad94be012",
                                      "0b1c2d3e_4f50-4a61-8b72-9c83ad94be01",
                                      "0b1c2d3g-4f50-4a61-8b72-9c83ad94be01"};

    (void)state;
    assert_true(mbid_is(MBID));
    assert_true(mbid_is("0B1C2D3E-4F50-4A61-8B72-9C83AD94BE01"));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(mbid_is(bad[i]));
    assert_string_equal(mbid_of_id("mbid:" MBID), MBID);
    assert_null(mbid_of_id(MBID));
    assert_null(mbid_of_id("mbid:7"));
}

static void an_artists_page_at_musicbrainz_holds_its_id(void **state)
{
    const struct translator *musicbrainz = translator_named("musicbrainz");
    struct recognised page;

    (void)state;
    assert_true(musicbrainz->recognise("https://musicbrainz.org/artist/" MBID "/events?all=1", &page));
    assert_int_equal(page.subject, SUBJECT_ARTIST);
    assert_string_equal(page.text, "mbid:" MBID);
    assert_true(musicbrainz->recognise("musicbrainz.org/artist/" MBID, &page));
    assert_false(musicbrainz->recognise("https://musicbrainz.org/artist/" MBID "0", &page));
    assert_false(musicbrainz->recognise("https://musicbrainz.org/artist/0b1c2d3e", &page));
    assert_false(musicbrainz->recognise("https://musicbrainz.org/label/" MBID, &page));
    assert_false(musicbrainz->recognise("https://musicbrainz.example/artist/" MBID, &page));
    assert_false(musicbrainz->recognise("mbid:" MBID, &page));
}

static void wanting_step(struct plan *plan, const struct route_args *args, struct document *out)
{
    out->subject = SUBJECT_ARTIST;
    identity_set_mbid(plan_arena(plan), &out->artist, args->id);
    identity_complete(plan, out, NULL);
}

static void needing_step(struct plan *plan, const struct route_args *args, struct document *out)
{
    (void)out;
    identity_name(plan, args->id);
}

static struct plan *new_plan(step_fn *step, const char *mbid)
{
    static const struct route_args uuid = {.id = "0B1C2D3E-4F50-4A61-8B72-9C83AD94BE01"}, none = {.id = NULL};
    static const struct route wanting = {.step = wanting_step}, needing = {.step = needing_step};

    return plan_new(translator_named("songkick"), step == wanting_step ? &wanting : &needing,
                    mbid != NULL ? &uuid : &none, &limits);
}

static void musicbrainz_is_asked_by_the_id_as_it_writes_it(void **state)
{
    struct plan *plan = new_plan(wanting_step, MBID);
    const struct question *questions;
    size_t n;

    (void)state;
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    questions = plan_questions(plan, &n);
    assert_int_equal(n, 1);
    assert_string_equal(questions[0].translator->name, "musicbrainz");
    assert_string_equal(questions[0].path, "artist/" MBID "?inc=url-rels&fmt=json");
    assert_false(questions[0].needed);
    plan_refuse(plan, 0, PROBLEM_NOT_FOUND);
    assert_int_equal(plan_step(plan), PLAN_DONE);
    assert_false(plan_incomplete(plan));
    assert_string_equal(plan_document(plan)->artist.mbid, MBID);
    plan_free(plan);
}

static void an_artist_without_an_id_asks_for_nothing(void **state)
{
    struct plan *plan = new_plan(wanting_step, NULL);

    (void)state;
    assert_int_equal(plan_step(plan), PLAN_DONE);
    plan_free(plan);
}

static void a_needed_answer_that_is_refused_fails_the_plan_with_its_kind(void **state)
{
    struct plan *plan = new_plan(needing_step, MBID);
    const struct question *questions;
    char why[256];
    size_t n;

    (void)state;
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    questions = plan_questions(plan, &n);
    assert_true(questions[0].needed);
    plan_refuse(plan, 0, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(plan_step(plan), PLAN_FAILED);
    assert_int_equal(plan_problem(plan), PROBLEM_UPSTREAM_LIMIT);
    plan_say_problem(plan, &strings_english, why, sizeof(why));
    assert_non_null(strstr(why, "musicbrainz"));
    plan_free(plan);
}

static void an_artist_of_blanks_has_no_name_and_fails_the_plan(void **state)
{
    struct plan *plan = new_plan(needing_step, MBID);
    json_t *body = json_pack("{s:s, s:s}", "id", MBID, "name", " ");
    char why[256];

    (void)state;
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    plan_answer(plan, 0, body, 9);
    assert_int_equal(plan_step(plan), PLAN_FAILED);
    assert_int_equal(plan_problem(plan), PROBLEM_UPSTREAM_RUBBISH);
    plan_say_problem(plan, &strings_english, why, sizeof(why));
    assert_non_null(strstr(why, "MusicBrainz"));
    json_decref(body);
    plan_free(plan);
}

static void a_linked_page_is_the_first_of_the_provider_that_has_not_ended(void **state)
{
    static const char text[] =
        "{\"relations\": [{\"url\": {\"resource\": \"https://www.songkick.com/artists/7\"}},"
        "{\"url\": {\"resource\": \"https://www.bandsintown.com/a/1\"}, \"ended\": true}, {\"url\": 2},"
        "{\"url\": {\"resource\": \"https://www.bandsintown.com/a/3\"}, \"ended\": false},"
        "{\"url\": {\"resource\": \"https://www.bandsintown.com/a/4\"}}]}";
    struct arena *arena = arena_new(1 << 16);
    json_t *artist = json_loads(text, 0, NULL);
    struct recognised page;

    (void)state;
    assert_true(identity_linked_page(arena, artist, translator_named("bandsintown")->recognise, &page));
    assert_string_equal(page.text, "id_3");
    assert_false(identity_linked_page(arena, artist, translator_named("ticketmaster")->recognise, &page));
    assert_false(identity_linked_page(arena, NULL, translator_named("songkick")->recognise, &page));
    json_decref(artist);
    arena_free(arena);
}

static struct answer read_text(int status, const char *text)
{
    return answer_read(translator_named("musicbrainz"), RESOURCE_ARTIST, status, text, strlen(text), 64);
}

static void too_many_requests_are_a_503_with_a_message(void **state)
{
    struct answer limit =
        read_text(503, "{\"error\":\"Your requests are exceeding the allowable rate limit.\"}");

    (void)state;
    assert_int_equal(limit.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(limit.limit_s, 1);
    assert_int_equal(read_text(503, "{\"error\":\"The server is busy\"}").problem, PROBLEM_UPSTREAM_ERROR);
    assert_int_equal(read_text(404, "{\"error\":\"Not Found\"}").problem, PROBLEM_NOT_FOUND);
    assert_int_equal(read_text(200, "{}").problem, PROBLEM_UPSTREAM_RUBBISH);
}

/* A source has no routes: it must be in no list of providers. */
static void musicbrainz_is_a_source_and_no_provider(void **state)
{
    (void)state;
    assert_null(translator_find("musicbrainz", 11));
    assert_null(translator_named("musicbrainz")->routes);
    assert_null(translator_named("nobody"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_uuid_is_a_musicbrainz_id),
        cmocka_unit_test(an_artists_page_at_musicbrainz_holds_its_id),
        cmocka_unit_test(musicbrainz_is_asked_by_the_id_as_it_writes_it),
        cmocka_unit_test(an_artist_without_an_id_asks_for_nothing),
        cmocka_unit_test(a_needed_answer_that_is_refused_fails_the_plan_with_its_kind),
        cmocka_unit_test(an_artist_of_blanks_has_no_name_and_fails_the_plan),
        cmocka_unit_test(a_linked_page_is_the_first_of_the_provider_that_has_not_ended),
        cmocka_unit_test(too_many_requests_are_a_503_with_a_message),
        cmocka_unit_test(musicbrainz_is_a_source_and_no_provider),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
