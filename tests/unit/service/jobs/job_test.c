/* Tests of service/jobs/job.c: rounds, the end of a document and who is told of it. What is left in the
 * cache, and what is found there: job_cache_test.c; agreeing with other instances: job_lookup_test.c. */
#include "tests/unit/service/stage.h"

#define DEADLINE_MS 1000

/* A job with one guest, whose first questions are asked. */
static struct job *begin(struct stage *stage, struct guest *guest)
{
    struct document_request request = tour_request("1");
    struct job *job = job_new(&stage->tools, &request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, guest_order(guest, &request)));
    assert_false(stage_turn_job(stage, job));
    return job;
}

static void a_tour_takes_two_rounds_and_its_venues_and_pages_are_asked_for_in_one(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 1);
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(3, "a@1 b@2 c@1"));
    assert_false(stage_turn_job(stage, job));
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 5);
    fake_upstream_answer(stage->upstream, TOUR_VENUE(2), 200, tour_venue("Two"));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(3), 200, tour_page(3, "e@1"));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(2), 200, tour_page(3, "d@2"));
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 5);
    assert_tour(guest.outcome.document, "a@One b@Two c@One d@Two e@One ");
    assert_int_equal(guest.outcome.source, OUTCOME_UPSTREAM);
    assert_int_equal(guest.outcome.problem, PROBLEM_NONE);
    assert_int_equal(guest.outcome.rounds, 2);
    assert_int_equal(guest.outcome.upstream_requests, 5);
    job_free(job);
    guest_leave(&guest);
}

static void what_a_later_page_leads_to_takes_another_round(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(2, "a@1"));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(2), 200, tour_page(2, "b@2"));
    assert_false(stage_turn_job(stage, job));
    assert_int_equal(fake_upstream_asked(stage->upstream, TOUR_VENUE(2)), 1); /* while venue 1 is open */
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(2), 200, tour_venue("Two"));
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One b@Two ");
    assert_int_equal(guest.outcome.rounds, 3);
    job_free(job);
    guest_leave(&guest);
}

static void two_documents_that_need_one_answer_ask_for_it_once(void **state)
{
    struct stage *stage = *state;
    struct guest guests[2] = {0};
    struct job *jobs[] = {begin(stage, &guests[0]), begin(stage, &guests[1])};
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, ""));
    assert_true(stage_turn_job(stage, jobs[0]));
    assert_true(stage_turn_job(stage, jobs[1]));
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 1);
    for (size_t i = 0; i < 2; i++) {
        assert_tour(guests[i].outcome.document, "");
        job_free(jobs[i]);
        guest_leave(&guests[i]);
    }
}

static void everybody_who_waits_is_told_once_and_all_but_one_as_collapsed(void **state)
{
    enum { N = 4 };
    struct stage *stage = *state;
    struct guest guests[N] = {0};
    struct document_request request = tour_request("1");
    struct job *job = begin(stage, &guests[0]);
    unsigned collapsed = 0;
    for (size_t i = 1; i < N; i++)
        assert_true(job_join(job, guest_order(&guests[i], &request)));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, ""));
    assert_true(stage_turn_job(stage, job));
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(guests[i].told, 1);
        assert_ptr_equal(guests[i].outcome.document, guests[0].outcome.document);
        assert_string_equal(guests[i].outcome.provider, "songkick");
        collapsed += guests[i].outcome.collapsed;
    }
    assert_int_equal(collapsed, N - 1);
    job_free(job);
    for (size_t i = 0; i < N; i++)
        guest_leave(&guests[i]);
}

static void over_the_limit_of_those_who_wait_nobody_is_taken(void **state)
{
    struct stage *stage = *state;
    struct guest guests[3] = {0};
    struct document_request request = tour_request("1");
    stage->config->limits.max_waiters_per_job = 2;
    struct job *job = begin(stage, &guests[0]);
    assert_true(job_join(job, guest_order(&guests[1], &request)));
    struct order *third = guest_order(&guests[2], &request);
    assert_false(job_join(job, third));
    free(third);
    job_abandon(job, PROBLEM_OVERLOADED, STRING_STOPPING);
    assert_int_equal(guests[0].told + guests[1].told, 2);
    assert_int_equal(guests[2].told, 0);
    job_free(job);
}

static void at_the_deadline_the_document_is_made_of_what_is_there(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, "a@1 b@2"));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(2), 200, tour_venue("Two"));
    assert_false(stage_turn_job(stage, job));
    assert_int_equal(job_due_ms(job), NOW_MS + DEADLINE_MS);
    stage_sleep(stage, DEADLINE_MS - 1);
    assert_false(stage_turn_job(stage, job));
    stage_sleep(stage, 1);
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@? b@Two ");
    assert_int_equal(guest.outcome.document->fresh_until_s - stage->now_s,
                     stage->config->cache.incomplete_fresh_s);
    assert_int_equal(stage->stats.jobs_incomplete, 1);
    job_free(job);
    guest_leave(&guest);
}

static void at_the_deadline_there_is_no_document_without_what_it_needs(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    stage_sleep(stage, DEADLINE_MS);
    assert_true(stage_turn_job(stage, job));
    assert_null(guest.outcome.document);
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(stage->stats.jobs_failed, 1);
    job_free(job);
    guest_leave(&guest);
}

static void what_only_comes_up_at_the_deadline_is_not_asked_for(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, "a@1"));
    stage_sleep(stage, DEADLINE_MS);
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(fake_upstream_asked(stage->upstream, TOUR_VENUE(1)), 0);
    assert_tour(guest.outcome.document, "a@? ");
    job_free(job);
    guest_leave(&guest);
}

static void an_answer_that_comes_after_the_document_fills_the_cache(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct source_answer answer;
    struct job *job = begin(stage, &guest);
    stage_sleep(stage, DEADLINE_MS);
    assert_true(stage_turn_job(stage, job));
    job_free(job);
    guest_leave(&guest);
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, "a@1"));
    stage_turn(stage);
    assert_true(
        source_peek(stage->source, stage->provider, RESOURCE_EVENTS, TOUR_PAGE(1), stage->now_s, &answer));
    json_decref(answer.body);
}

static void a_venue_that_fails_leaves_a_gap_and_a_page_that_fails_no_document(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, "a@1"));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 500, "{}");
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@? ");
    job_free(job);
    guest_leave(&guest);

    struct document_request other = tour_request("2");
    stage_sleep(stage, INT64_C(1000) * stage->provider->keep_s);
    job = job_new(&stage->tools, &other, stage->now_ms, stage->now_s);
    assert_true(job_join(job, guest_order(&guest, &other)));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_fail(stage->upstream, TOUR_PAGE(1), PROBLEM_UPSTREAM_LIMIT, 40);
    assert_true(stage_turn_job(stage, job));
    assert_null(guest.outcome.document);
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(guest.outcome.retry_after_s, 40);
    job_free(job);
    guest_leave(&guest);
}

static void questions_refused_at_once_are_a_turn_like_any_other(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    fake_upstream_refuse(stage->upstream, PROBLEM_UPSTREAM_LIMIT, 5);
    struct job *job = job_new(&stage->tools, &request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, guest_order(&guest, &request)));
    assert_int_equal(job_due_ms(job), 0);
    assert_false(stage_turn_job(stage, job));
    assert_int_equal(guest.told, 0);
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(guest.outcome.retry_after_s, 5);
    job_free(job);
    guest_leave(&guest);
}

static void a_document_over_its_limit_is_none(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    char events[4000] = "";
    for (size_t len = 0; len + 8 < sizeof(events); len += 8)
        memcpy(events + len, "event@1 ", 9);
    struct job *job = begin(stage, &guest);
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, events));
    assert_false(stage_turn_job(stage, job));
    stage->config->limits.max_document_bytes = 1000; /* the plan has its own by now */
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_true(stage_turn_job(stage, job));
    assert_null(guest.outcome.document);
    assert_int_equal(guest.outcome.problem, PROBLEM_TOO_LARGE);
    job_free(job);
    guest_leave(&guest);
}

static void records_that_cannot_be_used_are_counted(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, "bad@1 a@1 bad@1"));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One ");
    assert_int_equal(stage->stats.bad_records, 2);
    job_free(job);
    guest_leave(&guest);
}

static void an_abandoned_job_tells_everybody_why_and_is_not_told_of_late_answers(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = begin(stage, &guest);
    job_abandon(job, PROBLEM_OVERLOADED, STRING_STOPPING);
    assert_int_equal(guest.told, 1);
    assert_int_equal(guest.outcome.problem, PROBLEM_OVERLOADED);
    assert_string_equal(guest.outcome.detail, "The service is stopping.");
    job_free(job);
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, "a@1"));
    stage_turn(stage);
    assert_int_equal(guest.told, 1);
}

static int set_up(void **state)
{
    struct stage *stage = stage_new(STAGE_MEMORY_ONLY);
    stage->config->limits.document_deadline_ms = DEADLINE_MS;
    *state = stage;
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_tour_takes_two_rounds_and_its_venues_and_pages_are_asked_for_in_one),
        TEST(what_a_later_page_leads_to_takes_another_round),
        TEST(two_documents_that_need_one_answer_ask_for_it_once),
        TEST(everybody_who_waits_is_told_once_and_all_but_one_as_collapsed),
        TEST(over_the_limit_of_those_who_wait_nobody_is_taken),
        TEST(at_the_deadline_the_document_is_made_of_what_is_there),
        TEST(at_the_deadline_there_is_no_document_without_what_it_needs),
        TEST(what_only_comes_up_at_the_deadline_is_not_asked_for),
        TEST(an_answer_that_comes_after_the_document_fills_the_cache),
        TEST(a_venue_that_fails_leaves_a_gap_and_a_page_that_fails_no_document),
        TEST(questions_refused_at_once_are_a_turn_like_any_other),
        TEST(a_document_over_its_limit_is_none),
        TEST(records_that_cannot_be_used_are_counted),
        TEST(an_abandoned_job_tells_everybody_why_and_is_not_told_of_late_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
