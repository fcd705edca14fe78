/* Tests of documents that begin with the question who the artist is: which key the rest is asked with, and
 * who is to blame when they fail. On the real translators, whose questions they are. */
#include "tests/unit/service/stage.h"

#include <stdio.h>

#include "service/config/key_section.h"

#define MBID      "0b1c2d3e-4f50-4a61-8b72-9c83ad94be01"
#define MBID_PATH "artist/" MBID "?inc=url-rels&fmt=json"

static struct document_request request_for(const char *provider, const char *id)
{
    struct document_request request = {.translator = translator_named(provider), .format = formats[0]};
    request.route = translator_route(request.translator, SUBJECT_ARTIST);
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

static void a_source_that_fails_a_document_is_named_and_not_the_documents_provider(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest, "mbid:" MBID);
    fake_upstream_fail(stage->upstream, MBID_PATH, PROBLEM_UPSTREAM_ERROR, 0);
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_ERROR);
    assert_string_equal(guest.outcome.provider, "musicbrainz");
    guest_end(job, &guest);
}

static void a_provider_that_fails_its_document_is_named(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest, "id_123");
    fake_upstream_fail(stage->upstream, "artists/id_123/events", PROBLEM_UPSTREAM_SLOW, 0);
    assert_true(stage_turn_job(stage, job));
    assert_string_equal(guest.outcome.provider, "bandsintown");
    guest_end(job, &guest);
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
    guest_end(job, &guest);
}

/* Gives artist id_123 a key of its own. */
static const struct provider_config *add_own_key(struct stage *stage, bool has_default_key)
{
    struct fault reason;
    assert_true(key_section_open(stage->config, "bandsintown:own", &reason));
    struct provider_config *own = &stage->config->providers[stage->config->n_providers - 1];
    struct provider_config *provider = stage->config->providers;
    while (provider->translator != own->translator)
        provider++;
    if (!has_default_key) {
        free(provider->api_key);
        provider->api_key = NULL;
    }
    own->artist = strdup("id_123");
    own->api_key = strdup("own");
    key_section_inherit(stage->config);
    return own;
}

#define EVENTS_123 "artists/id_123/events"
#define ARTIST_123 "{\"id\":\"123\",\"name\":\"Who\"}"
/* What MusicBrainz says of an artist with this page. */
#define WHO_IS(number)                                                                \
    "{\"id\":\"" MBID "\",\"name\":\"Who\",\"relations\":[{\"type\":\"bandsintown\"," \
    "\"url\":{\"resource\":\"https://www.bandsintown.com/a/" #number "\"}}]}"

/* Goes on until the artist's events are there, so that what the document needed is remembered. */
static void finish(struct stage *stage, struct job *job, struct guest *guest)
{
    fake_upstream_answer(stage->upstream, EVENTS_123, 200, "[]");
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, "artists/id_123", 200, ARTIST_123);
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest->outcome.problem, PROBLEM_NONE);
    guest_end(job, guest);
}

static void an_artists_own_key_is_found_once_its_id_is_known(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    const struct provider_config *own = add_own_key(stage, true);
    struct job *job = begin(stage, &guest, "mbid:" MBID);
    fake_upstream_answer(stage->upstream, MBID_PATH, 200, WHO_IS(123));
    assert_false(stage_turn_job(stage, job));
    assert_ptr_equal(fake_upstream_provider(stage->upstream, EVENTS_123), own);
    finish(stage, job, &guest);
    assert_ptr_equal(fake_upstream_provider(stage->upstream, "artists/id_123"), own);
}

static void what_is_asked_ahead_for_an_artist_is_asked_with_its_own_key(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    const struct provider_config *own = add_own_key(stage, false);
    struct job *job = begin(stage, &guest, "mbid:" MBID);
    fake_upstream_answer(stage->upstream, MBID_PATH, 200, WHO_IS(123));
    assert_false(stage_turn_job(stage, job));
    finish(stage, job, &guest);
    stage_sleep(stage, 1000 * (int64_t)own->keep_s / 2);
    job = begin(stage, &guest, "mbid:" MBID);
    assert_int_equal(fake_upstream_asked(stage->upstream, EVENTS_123), 2);
    assert_ptr_equal(fake_upstream_provider(stage->upstream, EVENTS_123), own);
    job_free(job);
    guest_leave(&guest);
}

static void a_name_is_looked_up_first_where_artists_have_keys_of_their_own(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    const struct provider_config *own = add_own_key(stage, true);
    struct job *job = begin(stage, &guest, "name:Who");
    assert_ptr_not_equal(fake_upstream_provider(stage->upstream, "artists/Who"), own);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 1);
    fake_upstream_answer(stage->upstream, "artists/Who", 200, ARTIST_123);
    assert_false(stage_turn_job(stage, job));
    assert_ptr_equal(fake_upstream_provider(stage->upstream, EVENTS_123), own);
    job_abandon(job, PROBLEM_OVERLOADED, STRING_STOPPING);
    guest_end(job, &guest);
}

static void an_artist_without_any_key_is_404_with_what_to_do_and_is_not_asked_for(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    add_own_key(stage, false);
    struct job *job = begin(stage, &guest, "mbid:" MBID);
    fake_upstream_answer(stage->upstream, MBID_PATH, 200, WHO_IS(124));
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_NO_SUCH_PATH);
    assert_non_null(strstr(guest.outcome.detail, "[bandsintown] api_key_file"));
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 1);
    guest_end(job, &guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_source_that_fails_a_document_is_named_and_not_the_documents_provider),
        STAGE_TEST(a_provider_that_fails_its_document_is_named),
        STAGE_TEST(an_artists_own_key_is_found_once_its_id_is_known),
        STAGE_TEST(what_is_asked_ahead_for_an_artist_is_asked_with_its_own_key),
        STAGE_TEST(a_name_is_looked_up_first_where_artists_have_keys_of_their_own),
        STAGE_TEST(an_artist_without_any_key_is_404_with_what_to_do_and_is_not_asked_for),
        STAGE_TEST(an_id_that_the_source_does_not_know_is_one_that_the_provider_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
