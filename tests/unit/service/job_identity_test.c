/* Tests of documents that begin with the question who the artist is: who is to blame when they fail. On the
 * real translators, whose questions they are. */
#include "stage.h"

#include <stdio.h>

#define MBID      "0b1c2d3e-4f50-4a61-8b72-9c83ad94be01"
#define MBID_PATH "artist/" MBID "?inc=url-rels&fmt=json"

static struct document_request request_for(const char *provider, const char *id)
{
    struct document_request request = {.translator = translator_named(provider), .format = formats[0]};
    request.route = translator_route(request.translator, "artist", strlen("artist"));
    snprintf(request.id, sizeof(request.id), "%s", id);
    route_build_key(&request);
    return request;
}

static struct job *begin(struct stage *stage, struct guest *guest, const char *id)
{
    struct document_request request = request_for("bandsintown", id);
    struct job *job = job_new(&stage->tools, &request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, guest_order(guest, &request)));
    assert_false(stage_turn_job(stage, job));
    return job;
}

static void end(struct job *job, struct guest *guest)
{
    assert_int_equal(guest->told, 1);
    job_free(job);
    guest_leave(guest);
}

static void a_source_that_fails_a_document_is_named_and_not_the_documents_provider(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest, "mbid:" MBID);
    fake_upstream_fail(stage->upstream, MBID_PATH, PROBLEM_UPSTREAM_ERROR, 0);
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_ERROR);
    assert_string_equal(guest.outcome.provider, "musicbrainz");
    end(job, &guest);
}

static void a_provider_that_fails_its_document_is_named(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest, "id_123");
    fake_upstream_fail(stage->upstream, "artists/id_123/events", PROBLEM_UPSTREAM_SLOW, 0);
    assert_true(stage_turn_job(stage, job));
    assert_string_equal(guest.outcome.provider, "bandsintown");
    end(job, &guest);
}

static void an_id_that_the_source_does_not_know_is_one_that_the_provider_was_asked_for(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest, "mbid:" MBID);
    fake_upstream_answer(stage->upstream, MBID_PATH, 404, "{\"error\":\"Not Found\"}");
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_NOT_FOUND);
    assert_string_equal(guest.outcome.provider, "bandsintown");
    end(job, &guest);
}

static int set_up(void **state)
{
    *state = stage_new(STAGE_MEMORY_ONLY);
    return 0;
}

static int tear_down(void **state)
{
    stage_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_source_that_fails_a_document_is_named_and_not_the_documents_provider),
        TEST(a_provider_that_fails_its_document_is_named),
        TEST(an_id_that_the_source_does_not_know_is_one_that_the_provider_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
