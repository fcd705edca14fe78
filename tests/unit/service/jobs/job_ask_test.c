/* Tests of service/jobs/job_ask.c: what a document can do without, it waits for only a moment; what it does
 * without says nothing of it. */
#include "tests/unit/service/stage.h"

#define TIMEOUT_MS  300
#define DEADLINE_MS 5000

static struct provider_config *source_of_supplements(struct stage *stage)
{
    const struct translator *translator = translator_named("musicbrainz");
    return &stage->config->providers[config_provider(stage->config, translator) - stage->config->providers];
}

/* A job whose page is there, so that it waits for a venue and for who the artist is. */
static struct job *begin(struct stage *stage, struct guest *guest)
{
    struct document_request request = tour_request("1");
    struct job *job = job_new(&stage->tools, &request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, guest_order(guest, &request)));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page_with_supplement(1, "a@1"));
    assert_false(stage_turn_job(stage, job));
    return job;
}

static void a_supplement_that_comes_in_time_is_in_the_document(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_false(stage_turn_job(stage, job));
    assert_int_equal(job_due_ms(job), stage->now_ms + TIMEOUT_MS);
    stage_sleep(stage, TIMEOUT_MS - 1);
    fake_upstream_answer(stage->upstream, TOUR_SUPPLEMENT, 200, "{\"id\":\"who\",\"name\":\"Who\"}");
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One +");
    guest_end(job, &guest);
}

static void the_timeout_ends_and_the_supplement_is_there_for_the_next_making(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct source_answer answer;
    struct job *job = begin(stage, &guest);
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_false(stage_turn_job(stage, job));
    stage_sleep(stage, TIMEOUT_MS - 1);
    assert_false(stage_turn_job(stage, job));
    stage_sleep(stage, 1);
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One ");
    assert_int_equal(guest.outcome.document->fresh_until_s - stage->now_s,
                     stage->config->cache.incomplete_fresh_s);
    guest_end(job, &guest);
    fake_upstream_answer(stage->upstream, TOUR_SUPPLEMENT, 200, "{\"id\":\"who\",\"name\":\"Who\"}");
    stage_turn(stage);
    assert_true(source_peek(stage->source, source_of_supplements(stage), RESOURCE_EVENTS, TOUR_SUPPLEMENT,
                            stage->now_s, &answer));
    json_decref(answer.body);
}

static void the_timeout_begins_when_nothing_else_is_open(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    assert_int_equal(job_due_ms(job), NOW_MS + DEADLINE_MS);
    stage_sleep(stage, 3 * TIMEOUT_MS);
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_false(stage_turn_job(stage, job));
    assert_int_equal(job_due_ms(job), stage->now_ms + TIMEOUT_MS);
    stage_sleep(stage, TIMEOUT_MS);
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One ");
    guest_end(job, &guest);
}

static void the_timeout_is_no_longer_than_the_deadline(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    stage_sleep(stage, DEADLINE_MS - 1);
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_false(stage_turn_job(stage, job));
    assert_int_equal(job_due_ms(job), stage->now_ms + 1);
    stage_sleep(stage, 1);
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One ");
    guest_end(job, &guest);
}

static void without_a_timeout_a_supplement_is_waited_for_to_the_end(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    source_of_supplements(stage)->supplement_timeout_ms = 0;
    struct job *job = begin(stage, &guest);
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_false(stage_turn_job(stage, job));
    assert_int_equal(job_due_ms(job), NOW_MS + DEADLINE_MS);
    stage_sleep(stage, DEADLINE_MS - 1);
    fake_upstream_answer(stage->upstream, TOUR_SUPPLEMENT, 200, "{\"id\":\"who\",\"name\":\"Who\"}");
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One +");
    guest_end(job, &guest);
}

static void a_supplement_that_fails_leaves_a_gap(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    fake_upstream_fail(stage->upstream, TOUR_SUPPLEMENT, PROBLEM_UPSTREAM_LIMIT, 1);
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One ");
    assert_int_equal(stage->stats.jobs_incomplete, 1);
    guest_end(job, &guest);
}

static void a_source_that_is_switched_off_is_not_asked_and_nothing_is_missing(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    source_of_supplements(stage)->enabled = false;
    struct job *job = begin(stage, &guest);
    assert_int_equal(fake_upstream_asked(stage->upstream, TOUR_SUPPLEMENT), 0);
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One ");
    assert_int_equal(stage->stats.jobs_incomplete, 0);
    guest_end(job, &guest);
}

/* The venue that the last making needed gets this answer, NULL: none; then the page comes, with these events.
 */
static void make_anew(struct stage *stage, struct guest *guest, const char *venue, const char *events)
{
    struct document_request request = tour_request("1");
    stage->provider->venue_fresh_s = stage->provider->fresh_s;
    struct job *job = job_new(&stage->tools, &request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, guest_order(guest, &request)));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, "a@1"));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_true(stage_turn_job(stage, job));
    guest_end(job, guest);

    stage_sleep(stage, INT64_C(1000) * stage->provider->fresh_s);
    request.key[0]++; /* another format */
    job = job_new(&stage->tools, &request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, guest_order(guest, &request)));
    assert_false(stage_turn_job(stage, job));
    if (venue != NULL)
        fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, venue);
    else
        fake_upstream_fail(stage->upstream, TOUR_VENUE(1), PROBLEM_UPSTREAM_SLOW, 0);
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, events));
    assert_true(stage_turn_job(stage, job));
    job_free(job);
}

/* It marked the document, whole and fresh, as in trouble, and had it made anew in a minute. */
static void a_venue_that_has_left_the_tour_may_fail(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    make_anew(stage, &guest, NULL, "");
    assert_tour(guest.outcome.document, "");
    assert_int_equal(guest.outcome.problem, PROBLEM_NONE);
    assert_int_equal(guest.outcome.document->trouble, PROBLEM_NONE);
    assert_true(guest.outcome.document->fresh_until_s - stage->now_s >
                stage->config->cache.incomplete_fresh_s);
    guest_leave(&guest);
}

static void a_venue_that_has_left_the_tour_is_counted_among_what_was_asked(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    make_anew(stage, &guest, tour_venue("One"), "");
    assert_tour(guest.outcome.document, "");
    assert_int_equal(guest.outcome.upstream_requests, 2);
    guest_leave(&guest);
}

static void a_venue_that_fails_before_it_is_asked_for_is_trouble(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    make_anew(stage, &guest, NULL, "b@1");
    assert_tour(guest.outcome.document, "b@One ");
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(guest.outcome.document->trouble, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(guest.outcome.document->fresh_until_s - stage->now_s,
                     stage->config->cache.incomplete_fresh_s);
    guest_leave(&guest);
}

static int set_up(void **state)
{
    struct stage *stage = stage_new(STAGE_MEMORY_ONLY);
    stage->config->limits.document_deadline_ms = DEADLINE_MS;
    source_of_supplements(stage)->supplement_timeout_ms = TIMEOUT_MS;
    *state = stage;
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_supplement_that_comes_in_time_is_in_the_document),
        TEST(the_timeout_ends_and_the_supplement_is_there_for_the_next_making),
        TEST(the_timeout_begins_when_nothing_else_is_open),
        TEST(the_timeout_is_no_longer_than_the_deadline),
        TEST(without_a_timeout_a_supplement_is_waited_for_to_the_end),
        TEST(a_supplement_that_fails_leaves_a_gap),
        TEST(a_source_that_is_switched_off_is_not_asked_and_nothing_is_missing),
        TEST(a_venue_that_has_left_the_tour_may_fail),
        TEST(a_venue_that_has_left_the_tour_is_counted_among_what_was_asked),
        TEST(a_venue_that_fails_before_it_is_asked_for_is_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
