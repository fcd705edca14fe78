/* Tests of service/jobs/job_lookup.c: documents and memories in the slow tier, and the lock by which one of
 * many instances asks upstream. */
#include "tests/unit/service/stage.h"

#include "service/document/route.h"
#include "service/source/hints.h"

#define DEADLINE_MS 4000
#define POLL_MS     50
#define LIMIT_MS    100 /* of the slow tier, as stage.c sets it */
#define HOUR_S      3600

#define DOCUMENT_HINTS HINT_ADDRESSES /* the last kind is of pages alone */

static struct document_request request;

static struct job *job_for(struct stage *stage, const struct document_request *wish, struct order *order)
{
    struct job *job = job_new(&stage->tools, wish, stage->now_ms, stage->now_s);
    assert_true(job_join(job, order));
    assert_false(stage_turn_job(stage, job)); /* it looks into the slow tier */
    return job;
}

static struct job *job_of(struct stage *stage, struct order *order)
{
    struct job *job = job_for(stage, &request, order);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 0);
    return job;
}

/* The same tour in another format: a document of its own, of the same answers. */
static struct document_request other_format(void)
{
    struct document_request other = request;
    other.key[0]++;
    return other;
}

/* A document of an hour ago that is fresh for so long from now on. */
static struct cache_value *old_document(const struct stage *stage, int64_t fresh_s)
{
    return tour_document("old@Hall ", stage->now_s - HOUR_S, stage->now_s + fresh_s, stage->now_s + HOUR_S);
}

/* The slow tier has the document of a request. */
static void hold(struct stage *stage, const struct document_request *wish, int64_t fresh_s)
{
    struct cache_key key = route_key(wish);
    struct cache_value *value = old_document(stage, fresh_s);
    fake_memcached_hold(stage->memcached, &key, value);
    cache_value_unref(value);
}

static struct cache_value *hints_of(const char *lines)
{
    struct cache_value *value = cache_value_new(strlen(lines), 0, NOW_S, NOW_S + HOUR_S, NOW_S + HOUR_S);
    memcpy(value->bytes, lines, strlen(lines));
    return value;
}

/* A turn after the slow tier has answered gets and locks. */
static bool turn(struct stage *stage, struct job *job, bool lock_taken)
{
    fake_memcached_answer(stage->memcached);
    fake_memcached_answer_locks(stage->memcached, lock_taken);
    return stage_turn_job(stage, job);
}

static void answer_upstream(struct stage *stage)
{
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, ""));
}

/* Of a job that may be under way. */
static void end(struct job *job, struct guest *guest)
{
    job_abandon(job, PROBLEM_OVERLOADED, STRING_STOPPING);
    job_free(job);
    guest_leave(guest);
}

static void document_and_memories_are_looked_up_in_one_get(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    hold(stage, &request, 100);
    struct job *job = job_of(stage, guest_order(&guest, &request));
    assert_int_equal(fake_memcached_gets(stage->memcached), 1);
    assert_int_equal(fake_memcached_keys(stage->memcached), 1 + DOCUMENT_HINTS);
    assert_true(turn(stage, job, true));
    assert_tour(guest.outcome.document, "old@Hall ");
    assert_int_equal(guest.outcome.source, OUTCOME_MEMCACHED);
    assert_int_equal(fake_memcached_locks(stage->memcached), 0);
    end(job, &guest);
}

/* After a restart the pages of dates that are over were not found: only memory was asked for the addresses.
 */
static void of_pages_the_addresses_are_looked_up_too(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    request.format = &format_pages;
    request.tour_key_len = request.key_len;
    request.key_len += (size_t)snprintf(request.key + request.key_len, 16, " page=");
    struct job *job = job_of(stage, guest_order(&guest, &request));
    assert_int_equal(fake_memcached_keys(stage->memcached), 1 + HINT_KINDS);
    end(job, &guest);
}

static void a_stale_document_of_the_slow_tier_is_given_at_once_and_made_anew(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    hold(stage, &request, -1);
    struct job *job = job_of(stage, guest_order(&guest, &request));
    assert_false(turn(stage, job, true));
    assert_int_equal(guest.told, 1);
    assert_int_equal(guest.outcome.source, OUTCOME_STALE);
    assert_int_equal(fake_memcached_locks(stage->memcached), 1);
    end(job, &guest);
}

/* It marked the slow tier's copy, which nobody is given: the document in memory said nothing of the trouble,
 * and was made anew at once. */
static void when_all_fails_the_document_in_memory_is_marked_though_the_slow_tier_has_it_too(void **state)
{
    struct stage *stage = *state;
    struct cache_key key = route_key(&request);
    struct cache_value *in_memory = old_document(stage, -1);
    cache_put(stage->cache, &key, in_memory, stage->now_s);
    hold(stage, &request, -1);
    struct job *job = job_of(stage, refresh_order(&request));
    for (int i = 0; i < 3; i++) /* document, lock, answer */
        assert_false(turn(stage, job, true));
    fake_upstream_fail(stage->upstream, TOUR_PAGE(1), PROBLEM_UPSTREAM_ERROR, 0);
    assert_true(turn(stage, job, true));
    assert_int_equal(atomic_load(&in_memory->trouble), PROBLEM_UPSTREAM_ERROR);
    assert_true(atomic_load(&in_memory->refresh_after_s) > stage->now_s);
    cache_value_unref(in_memory);
    job_free(job);
}

static void of_what_nobody_has_the_lock_is_taken_then_the_upstream_asked_and_the_lock_given_back(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = job_of(stage, guest_order(&guest, &request));
    assert_false(turn(stage, job, true));
    assert_int_equal(fake_memcached_locks(stage->memcached), 1);
    assert_false(turn(stage, job, true));
    assert_int_equal(fake_memcached_gets(stage->memcached), 2); /* of the answer */
    assert_false(turn(stage, job, true));
    answer_upstream(stage);
    assert_true(turn(stage, job, true));
    assert_tour(guest.outcome.document, "");
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 0);
    job_free(job);
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 1);
    guest_leave(&guest);
}

static void what_the_slow_tier_remembers_is_asked_for_in_the_first_round(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct cache_value *value = hints_of("songkick 0 pages/1\nsongkick 1 venues/7\n");
    char text[HINTS_KEY_MAX_BYTES];
    struct cache_key key = hints_key(HINT_QUESTIONS, &request, text);
    fake_memcached_hold(stage->memcached, &key, value);
    cache_value_unref(value);
    struct job *job = job_of(stage, guest_order(&guest, &request));
    for (int i = 0; i < 3; i++)
        assert_false(turn(stage, job, true));
    assert_int_equal(fake_upstream_asked(stage->upstream, TOUR_PAGE(1)), 1);
    assert_int_equal(fake_upstream_asked(stage->upstream, TOUR_VENUE(7)), 1);
    end(job, &guest);
}

static void what_memory_remembers_is_not_looked_up(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct cache_value *value = hints_of("songkick 0 pages/1\n");
    char text[HINTS_KEY_MAX_BYTES];
    struct cache_key key = hints_key(HINT_QUESTIONS, &request, text);
    cache_put(stage->cache, &key, value, stage->now_s);
    cache_value_unref(value);
    struct job *job = job_of(stage, guest_order(&guest, &request));
    assert_int_equal(fake_memcached_keys(stage->memcached), DOCUMENT_HINTS);
    end(job, &guest);
}

static void while_another_instance_has_the_lock_nobody_asks_until_its_document_is_there(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = job_of(stage, guest_order(&guest, &request));
    assert_false(turn(stage, job, false));
    for (int i = 0; i < 3; i++) {
        assert_false(turn(stage, job, false));
        assert_int_equal(job_due_ms(job), stage->now_ms + POLL_MS);
        stage_sleep(stage, POLL_MS - 1);
        assert_false(turn(stage, job, false));
        assert_int_equal(fake_memcached_locks(stage->memcached), 1 + (size_t)i);
        stage_sleep(stage, 1);
        assert_false(turn(stage, job, false));
        assert_int_equal(fake_memcached_locks(stage->memcached), 2 + (size_t)i);
    }
    hold(stage, &request, 100);
    assert_false(turn(stage, job, true)); /* it looks again, before it asks */
    assert_true(turn(stage, job, true));
    assert_tour(guest.outcome.document, "old@Hall ");
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 0);
    end(job, &guest);
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 1);
}

static void a_lock_that_is_never_let_go_is_waited_for_half_of_the_time(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = job_of(stage, guest_order(&guest, &request));
    int64_t asked_ms = 0;
    for (int i = 0; i < 2 * DEADLINE_MS / POLL_MS && asked_ms == 0; i++) {
        assert_false(turn(stage, job, false));
        if (fake_upstream_asked_in_all(stage->upstream) > 0)
            asked_ms = stage->now_ms - NOW_MS;
        stage_sleep(stage, POLL_MS);
    }
    assert_in_range(asked_ms, DEADLINE_MS / 2, DEADLINE_MS / 2 + 3 * POLL_MS);
    answer_upstream(stage);
    assert_true(turn(stage, job, false));
    assert_tour(guest.outcome.document, "");
    end(job, &guest);
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 0); /* it is another's */
}

static void a_refresh_that_another_instance_is_at_is_over(void **state)
{
    struct stage *stage = *state;
    struct job *job = job_of(stage, refresh_order(&request));
    assert_false(turn(stage, job, false));
    assert_true(turn(stage, job, false));
    job_free(job);
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 0);
}

/* It took its own process for another instance, and was dropped. */
static void a_refresh_goes_on_while_another_format_of_this_process_has_the_lock(void **state)
{
    struct stage *stage = *state;
    struct document_request other = other_format();
    struct job *first = job_of(stage, refresh_order(&request));
    for (int i = 0; i < 3; i++) /* document, lock, answer */
        assert_false(turn(stage, first, true));
    struct job *second = job_for(stage, &other, refresh_order(&other));
    assert_false(turn(stage, second, false));
    assert_int_equal(fake_memcached_locks(stage->memcached), 1);
    answer_upstream(stage);
    assert_true(turn(stage, first, false));
    assert_true(stage_turn_job(stage, second));
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 1);
    job_free(first);
    job_free(second);
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 1);
}

static void a_refresh_is_not_over_while_another_format_of_this_process_asks_for_the_lock(void **state)
{
    struct stage *stage = *state;
    struct document_request other = other_format();
    struct job *first = job_of(stage, refresh_order(&request));
    struct job *second = job_for(stage, &other, refresh_order(&other));
    fake_memcached_answer(stage->memcached);
    assert_false(stage_turn_job(stage, first));
    assert_false(stage_turn_job(stage, second));
    assert_int_equal(fake_memcached_locks(stage->memcached), 2);
    fake_memcached_answer_last_lock(stage->memcached, false);
    assert_false(stage_turn_job(stage, second));
    assert_false(turn(stage, first, true));
    stage_sleep(stage, POLL_MS);
    assert_false(stage_turn_job(stage, second)); /* it looks once more */
    assert_false(turn(stage, second, false));
    assert_false(turn(stage, second, false));
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 1);
    assert_int_equal(fake_memcached_locks(stage->memcached), 2);
    job_free(first);
    job_free(second);
}

static void formats_that_waited_for_another_instance_each_look_for_what_it_left(void **state)
{
    struct stage *stage = *state;
    struct guest guests[2] = {0};
    struct document_request other = other_format();
    struct job *first = job_of(stage, guest_order(&guests[0], &request));
    struct job *second = job_for(stage, &other, guest_order(&guests[1], &other));
    for (int i = 0; i < 2; i++) { /* document, lock */
        fake_memcached_answer(stage->memcached);
        fake_memcached_answer_locks(stage->memcached, false);
        assert_false(stage_turn_job(stage, first));
        assert_false(stage_turn_job(stage, second));
    }
    hold(stage, &other, 100);
    stage_sleep(stage, POLL_MS);
    assert_false(stage_turn_job(stage, first));
    assert_false(turn(stage, first, true));
    assert_false(stage_turn_job(stage, second));
    assert_true(turn(stage, second, true));
    assert_int_equal(guests[1].outcome.source, OUTCOME_MEMCACHED);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 0);
    end(first, &guests[0]);
    end(second, &guests[1]);
}

static void a_slow_tier_that_says_nothing_costs_its_limits_and_no_document(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct job *job = job_of(stage, guest_order(&guest, &request));
    for (int i = 0; i < 3; i++) { /* document, lock, answer */
        assert_int_equal(lookups_due_ms(stage->lookups), stage->now_ms + LIMIT_MS);
        stage_sleep(stage, LIMIT_MS);
        assert_false(stage_turn_job(stage, job));
    }
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 1);
    answer_upstream(stage);
    assert_true(stage_turn_job(stage, job));
    assert_tour(guest.outcome.document, "");
    end(job, &guest);
}

static void a_slow_tier_that_is_down_costs_turns_and_no_time(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    fake_memcached_set_down(stage->memcached, true);
    struct job *job = job_of(stage, guest_order(&guest, &request));
    for (int i = 0; i < 3; i++)
        assert_false(stage_turn_job(stage, job));
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 1);
    end(job, &guest);
}

/* What the slow tier answers after the job has gone is told to nobody, whatever the job waited for. */
static void a_job_may_end_while_the_slow_tier_is_still_asked(void **state)
{
    struct stage *stage = *state;
    for (int turns = 0; turns < 3; turns++) {
        struct guest guest = {0};
        struct job *job = job_of(stage, guest_order(&guest, &request));
        for (int i = 0; i < turns; i++)
            assert_false(turn(stage, job, true));
        end(job, &guest);
        fake_memcached_answer(stage->memcached);
        fake_memcached_answer_locks(stage->memcached, true);
        stage_turn(stage);
    }
}

static void the_deadline_ends_a_job_that_still_looks(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    stage->config->limits.document_deadline_ms = LIMIT_MS / 2;
    struct job *job = job_of(stage, guest_order(&guest, &request));
    assert_int_equal(job_due_ms(job), NOW_MS + LIMIT_MS / 2);
    stage_sleep(stage, LIMIT_MS / 2);
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 0);
    end(job, &guest);
}

static int set_up(void **state)
{
    struct stage *stage = stage_new(STAGE_WITH_SLOW_TIER);
    stage->config->limits.document_deadline_ms = DEADLINE_MS;
    request = tour_request("1");
    *state = stage;
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(document_and_memories_are_looked_up_in_one_get),
        TEST(of_pages_the_addresses_are_looked_up_too),
        TEST(a_stale_document_of_the_slow_tier_is_given_at_once_and_made_anew),
        TEST(when_all_fails_the_document_in_memory_is_marked_though_the_slow_tier_has_it_too),
        TEST(of_what_nobody_has_the_lock_is_taken_then_the_upstream_asked_and_the_lock_given_back),
        TEST(what_the_slow_tier_remembers_is_asked_for_in_the_first_round),
        TEST(what_memory_remembers_is_not_looked_up),
        TEST(while_another_instance_has_the_lock_nobody_asks_until_its_document_is_there),
        TEST(a_lock_that_is_never_let_go_is_waited_for_half_of_the_time),
        TEST(a_refresh_that_another_instance_is_at_is_over),
        TEST(a_refresh_goes_on_while_another_format_of_this_process_has_the_lock),
        TEST(a_refresh_is_not_over_while_another_format_of_this_process_asks_for_the_lock),
        TEST(formats_that_waited_for_another_instance_each_look_for_what_it_left),
        TEST(a_slow_tier_that_says_nothing_costs_its_limits_and_no_document),
        TEST(a_slow_tier_that_is_down_costs_turns_and_no_time),
        TEST(a_job_may_end_while_the_slow_tier_is_still_asked),
        TEST(the_deadline_ends_a_job_that_still_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
