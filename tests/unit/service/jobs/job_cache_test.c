/* Tests of service/jobs/job.c: what a document in the making finds in memory, and what it leaves there. */
#include "tests/unit/service/stage.h"

#include "service/document/route.h"

#define HOUR_S 3600

static struct job *job_of(struct stage *stage, const struct document_request *request, struct order *order)
{
    struct job *job = job_new(&stage->tools, request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, order));
    return job;
}

/* Makes the document of one page and one venue, from its first question to its end. */
static void make_tour(struct stage *stage, const char *id)
{
    struct guest guest = {0};
    struct document_request request = tour_request(id);
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, "a@1"));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.told, 1);
    job_free(job);
    guest_leave(&guest);
}

/* Leaves a document in memory that is fresh and kept for so long from now on. */
static struct cache_value *leave(struct stage *stage, const struct document_request *request, int64_t fresh_s,
                                 int64_t keep_s)
{
    struct cache_key key = route_key(request);
    struct cache_value *value =
        tour_document("old@Hall ", stage->now_s - HOUR_S, stage->now_s + fresh_s, stage->now_s + keep_s);
    cache_put(stage->cache, &key, value, stage->now_s);
    return value;
}

static struct cache_value *find(struct stage *stage, const struct document_request *request)
{
    struct cache_key key = route_key(request);
    return cache_peek(stage->cache, &key, stage->now_s);
}

static void the_document_is_kept_as_long_as_its_answers(void **state)
{
    struct stage *stage = *state;
    struct document_request request = tour_request("1");
    make_tour(stage, "1");
    struct cache_value *value = find(stage, &request);
    assert_tour(value, "a@One ");
    int64_t fresh_s = stage->provider->fresh_s;
    assert_in_range(value->fresh_until_s - stage->now_s, fresh_s - fresh_s / 10, fresh_s);
    assert_int_equal(value->keep_until_s - stage->now_s, stage->provider->keep_s);
    cache_value_unref(value);
}

static void a_document_that_came_into_memory_meanwhile_is_given_and_nothing_is_asked(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    cache_value_unref(leave(stage, &request, 100, HOUR_S));
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "old@Hall ");
    assert_int_equal(guest.outcome.source, OUTCOME_MEMORY);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 0);
    job_free(job);
    guest_leave(&guest);
}

static void answers_in_memory_are_not_asked_for_again(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("2");
    make_tour(stage, "1");
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One ");
    assert_int_equal(guest.outcome.upstream_requests, 0);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 2);
    job_free(job);
    guest_leave(&guest);
}

/* The same tour in another format, when all answers have gone stale: it has no document of its own. */
static struct document_request other_format_later(struct stage *stage)
{
    struct document_request request = tour_request("1");
    request.key[0]++;
    stage_sleep(stage, INT64_C(1000) * config_fresh_s(stage->provider, RESOURCE_VENUE));
    return request;
}

static void what_the_last_making_needed_is_asked_for_in_one_round(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    make_tour(stage, "1");
    struct document_request request = other_format_later(stage);
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_false(stage_turn_job(stage, job));
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 4);
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("New"));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, "b@1"));
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "b@New ");
    assert_int_equal(guest.outcome.rounds, 1);
    job_free(job);
    guest_leave(&guest);
}

/* They were in the way of every other format of that tour for as long as they were fresh. */
static void answers_of_which_no_document_can_be_made_are_asked_for_again_in_a_moment(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(0, ""));
    assert_true(stage_turn_job(stage, job));
    job_free(job);
    guest_leave(&guest);

    job = job_of(stage, &request, guest_order(&guest, &request));
    assert_false(stage_turn_job(stage, job));
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 1);
    job_free(job);
    guest_leave(&guest);
    stage_sleep(stage, INT64_C(1000) * stage->config->cache.incomplete_fresh_s);
    job = job_of(stage, &request, guest_order(&guest, &request));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, ""));
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "");
    job_free(job);
    guest_leave(&guest);
}

static void the_last_good_copy_is_not_thrown_away_because_no_document_can_be_made_of_it(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    char text[256];
    const char *body = tour_page(0, "");
    struct document_request request = tour_request("1");
    struct cache_key key = stage_answer_key(stage, TOUR_PAGE(1), text);
    struct cache_value *copy = cache_value_new(strlen(body), PROBLEM_NONE, stage->now_s - HOUR_S,
                                               stage->now_s - 1, stage->now_s + HOUR_S);
    memcpy(copy->bytes, body, strlen(body));
    cache_put(stage->cache, &key, copy, stage->now_s);
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_fail(stage->upstream, TOUR_PAGE(1), PROBLEM_UPSTREAM_ERROR, 0);
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_RUBBISH);
    struct cache_value *left = cache_peek(stage->cache, &key, stage->now_s);
    assert_ptr_equal(left, copy);
    cache_value_unref(left);
    cache_value_unref(copy);
    job_free(job);
    guest_leave(&guest);
}

static void what_is_remembered_in_vain_does_not_keep_the_document_waiting(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    make_tour(stage, "1");
    struct document_request request = other_format_later(stage);
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, ""));
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "");
    job_free(job);
    guest_leave(&guest);
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("New"));
    stage_turn(stage);
}

static void a_stale_document_is_given_at_once_and_made_anew(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    cache_value_unref(leave(stage, &request, -1, HOUR_S));
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_false(stage_turn_job(stage, job));
    assert_int_equal(guest.told, 1);
    assert_int_equal(guest.outcome.source, OUTCOME_STALE);
    assert_tour(guest.outcome.document, "old@Hall ");
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, ""));
    assert_true(stage_turn_job(stage, job));
    struct cache_value *value = find(stage, &request);
    assert_tour(value, "");
    cache_value_unref(value);
    job_free(job);
    guest_leave(&guest);
}

static void when_all_fails_the_old_document_stays_in_use_and_is_left_alone_for_a_while(void **state)
{
    struct stage *stage = *state;
    struct guest late = {0};
    struct document_request request = tour_request("1");
    struct cache_value *old = leave(stage, &request, -1, HOUR_S);
    struct job *job = job_of(stage, &request, refresh_order(&request));
    assert_false(stage_turn_job(stage, job));
    assert_true(job_join(job, guest_order(&late, &request)));
    fake_upstream_fail(stage->upstream, TOUR_PAGE(1), PROBLEM_UPSTREAM_UNREACHABLE, 0);
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(late.told, 1);
    assert_ptr_equal(late.outcome.document, old);
    assert_int_equal(late.outcome.source, OUTCOME_STALE);
    assert_int_equal(late.outcome.problem, PROBLEM_UPSTREAM_UNREACHABLE);
    assert_int_equal(old->trouble, PROBLEM_UPSTREAM_UNREACHABLE);
    assert_false(cache_claim_refresh(old, stage->now_s + 29, 1));
    assert_true(cache_claim_refresh(old, stage->now_s + 30, 1));
    struct cache_value *value = find(stage, &request);
    assert_ptr_equal(value, old);
    cache_value_unref(value);
    cache_value_unref(old);
    job_free(job);
    guest_leave(&late);
}

/* The outcome for a client that joins the refresh of `old` a while after it began, when the refresh fails. */
static void fail_later(struct stage *stage, struct guest *ret_guest, int64_t later_ms)
{
    struct document_request request = tour_request("1");
    struct job *job = job_of(stage, &request, refresh_order(&request));
    assert_false(stage_turn_job(stage, job));
    stage_sleep(stage, later_ms);
    assert_true(job_join(job, guest_order(ret_guest, &request)));
    fake_upstream_fail(stage->upstream, TOUR_PAGE(1), PROBLEM_UPSTREAM_ERROR, 0);
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(ret_guest->told, 1);
    job_free(job);
}

/* The sentence why there is none was given out as the document, which was "damaged". */
static void when_all_fails_an_absence_is_no_old_document(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    struct cache_key key = route_key(&request);
    struct cache_value *absence =
        cache_value_new(0, PROBLEM_NOT_FOUND, stage->now_s, stage->now_s + 2, stage->now_s + 2);
    cache_put(stage->cache, &key, absence, stage->now_s);
    cache_value_unref(absence);
    fail_later(stage, &guest, 2000);
    assert_null(guest.outcome.document);
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_ERROR);
    guest_leave(&guest);
}

static void when_all_fails_no_document_is_given_that_may_not_be_kept_any_longer(void **state)
{
    struct stage *stage = *state;
    struct document_request request = tour_request("1");
    for (int64_t later_ms = 1000; later_ms <= 2000; later_ms += 1000) {
        struct guest guest = {0};
        cache_value_unref(leave(stage, &request, -1, 2));
        fail_later(stage, &guest, later_ms);
        assert_int_equal(guest.outcome.document != NULL, later_ms < 2000);
        guest_leave(&guest);
    }
}

/* One word of the upstream threw away what was good for a day. */
static void an_artist_that_was_there_is_gone_when_the_upstream_says_so_again_much_later(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    const int64_t gone_after_s = stage->config->cache.gone_after_s;
    cache_value_unref(leave(stage, &request, -1, 2 * gone_after_s));
    for (int64_t later_s = 0; later_s < gone_after_s; later_s += gone_after_s / 2) {
        struct job *job = job_of(stage, &request, refresh_order(&request));
        assert_false(stage_turn_job(stage, job));
        assert_true(job_join(job, guest_order(&guest, &request)));
        fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 404, "{}");
        assert_true(stage_turn_job(stage, job));
        assert_non_null(guest.outcome.document);
        assert_int_equal(guest.outcome.source, OUTCOME_STALE);
        assert_int_equal(guest.outcome.problem, PROBLEM_NOT_FOUND);
        assert_int_equal(guest.outcome.document->trouble, PROBLEM_NOT_FOUND);
        job_free(job);
        guest_leave(&guest);
        stage_sleep(stage, 1000 * gone_after_s / 2);
        stage_sleep(stage, INT64_C(1000) * stage->config->cache.not_found_fresh_s);
    }
    struct job *job = job_of(stage, &request, refresh_order(&request));
    assert_false(stage_turn_job(stage, job));
    assert_true(job_join(job, guest_order(&guest, &request)));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 404, "{}");
    assert_true(stage_turn_job(stage, job));
    assert_null(guest.outcome.document);
    assert_int_equal(guest.outcome.problem, PROBLEM_NOT_FOUND);
    job_free(job);
    guest_leave(&guest);
}

/* The answers are kept as long as the document: as one of another format is made, both clocks are the same.
 */
static void whoever_asks_for_another_format_meanwhile_gets_it_from_the_old_answers(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("2");
    const int64_t gone_after_s = stage->config->cache.gone_after_s;
    make_tour(stage, "1");
    stage_sleep(stage, INT64_C(1000) * config_fresh_s(stage->provider, RESOURCE_EVENTS));
    for (int64_t later_s = 0; later_s <= gone_after_s; later_s += gone_after_s) {
        struct job *job = job_of(stage, &request, guest_order(&guest, &request));
        if (stage_turn_job(stage, job))
            fail_msg("%d s later nothing is asked", (int)later_s);
        fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 404, "{}");
        assert_true(stage_turn_job(stage, job));
        if (later_s < gone_after_s) {
            assert_tour(guest.outcome.document, "a@One ");
            assert_int_equal(guest.outcome.document->trouble, PROBLEM_NOT_FOUND);
            assert_int_equal(guest.outcome.document->fresh_until_s - stage->now_s,
                             stage->config->cache.incomplete_fresh_s);
        } else {
            assert_int_equal(guest.outcome.problem, PROBLEM_NOT_FOUND);
        }
        job_free(job);
        guest_leave(&guest);
        stage_sleep(stage, INT64_C(1000) * gone_after_s);
    }
}

static void that_there_is_no_such_artist_is_remembered_in_the_place_of_the_old_document(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    stage->config->cache.gone_after_s = 0;
    cache_value_unref(leave(stage, &request, -1, HOUR_S));
    struct job *job = job_of(stage, &request, refresh_order(&request));
    assert_false(stage_turn_job(stage, job));
    assert_true(job_join(job, guest_order(&guest, &request)));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 404, "{}");
    assert_true(stage_turn_job(stage, job));
    assert_null(guest.outcome.document);
    assert_int_equal(guest.outcome.problem, PROBLEM_NOT_FOUND);
    assert_string_equal(guest.outcome.detail, "Songkick knows no artist with the id 1.");
    job_free(job);
    guest_leave(&guest);

    struct cache_value *absence = find(stage, &request);
    assert_non_null(absence);
    assert_int_equal(absence->status, PROBLEM_NOT_FOUND);
    assert_int_equal(absence->fresh_until_s - stage->now_s, stage->config->cache.not_found_fresh_s);
    cache_value_unref(absence);
    job = job_of(stage, &request, guest_order(&guest, &request));
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_NOT_FOUND);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 1);
    job_free(job);
    guest_leave(&guest);
}

static void a_failure_leaves_nothing_behind(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 500, "{}");
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_ERROR);
    assert_int_equal(cache_memory_stats(stage->cache).entries, 0);
    job_free(job);
    guest_leave(&guest);
}

static void a_document_with_a_stale_part_says_so_and_is_soon_made_anew(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("2");
    make_tour(stage, "1");
    stage_sleep(stage, INT64_C(1000) * config_fresh_s(stage->provider, RESOURCE_EVENTS));
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_false(stage_turn_job(stage, job));
    assert_true(fake_upstream_had_copy(stage->upstream, TOUR_PAGE(1)));
    fake_upstream_fail(stage->upstream, TOUR_PAGE(1), PROBLEM_UPSTREAM_SLOW, 0);
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "a@One ");
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(guest.outcome.document->trouble, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(guest.outcome.document->fresh_until_s - stage->now_s,
                     stage->config->cache.incomplete_fresh_s);
    job_free(job);
    guest_leave(&guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(the_document_is_kept_as_long_as_its_answers),
        STAGE_TEST(a_document_that_came_into_memory_meanwhile_is_given_and_nothing_is_asked),
        STAGE_TEST(answers_in_memory_are_not_asked_for_again),
        STAGE_TEST(what_the_last_making_needed_is_asked_for_in_one_round),
        STAGE_TEST(answers_of_which_no_document_can_be_made_are_asked_for_again_in_a_moment),
        STAGE_TEST(the_last_good_copy_is_not_thrown_away_because_no_document_can_be_made_of_it),
        STAGE_TEST(what_is_remembered_in_vain_does_not_keep_the_document_waiting),
        STAGE_TEST(a_stale_document_is_given_at_once_and_made_anew),
        STAGE_TEST(when_all_fails_the_old_document_stays_in_use_and_is_left_alone_for_a_while),
        STAGE_TEST(when_all_fails_an_absence_is_no_old_document),
        STAGE_TEST(when_all_fails_no_document_is_given_that_may_not_be_kept_any_longer),
        STAGE_TEST(an_artist_that_was_there_is_gone_when_the_upstream_says_so_again_much_later),
        STAGE_TEST(whoever_asks_for_another_format_meanwhile_gets_it_from_the_old_answers),
        STAGE_TEST(that_there_is_no_such_artist_is_remembered_in_the_place_of_the_old_document),
        STAGE_TEST(a_failure_leaves_nothing_behind),
        STAGE_TEST(a_document_with_a_stale_part_says_so_and_is_soon_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
