/* Tests of service/jobs/jobs.c: which documents are in the making, and what is refused before one begins. */
#include "tests/unit/service/stage.h"

#include <stdatomic.h>
#include <stdio.h>

#include "service/document/route.h"
#include "service/jobs/jobs.h"
#include "service/process/task_pool.h"
#include "tests/unit/wait_until.h"

#define PAD_BYTES 300000 /* more than answers have whose plan is run by the back thread */

static struct jobs *jobs;

static void submit(struct stage *stage, struct order *order)
{
    jobs_submit(jobs, order, stage->now_ms, stage->now_s);
}

static void turn(struct stage *stage)
{
    stage_turn(stage);
    jobs_run(jobs, stage->now_ms, stage->now_s);
    lookups_flush(stage->lookups, stage->now_ms, stage->now_s);
}

static void answer(struct stage *stage)
{
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, ""));
    turn(stage);
}

/* Before the guests are gone who still wait. */
static void stop(void)
{
    jobs_free(jobs);
    jobs = NULL;
}

/* How often a client was asked to pay. */
static unsigned n_begun;

static bool on_begin_paying(void *arg, struct outcome *ret_refusal)
{
    (void)ret_refusal;
    n_begun++;
    assert_null(arg);
    return true;
}

static bool on_begin_broke(void *arg, struct outcome *ret_refusal)
{
    (void)arg;
    ret_refusal->problem = PROBLEM_CLIENT_LIMIT;
    ret_refusal->retry_after_s = 7;
    return false;
}

static struct order *order_of(struct guest *guest, const struct document_request *request,
                              order_begin_fn *on_begin)
{
    struct order *order = guest_order(guest, request);
    order->on_begin = on_begin;
    return order;
}

/* Joining, and coming when it is finished, cost nothing, and nobody is asked. */
static void who_begins_a_document_pays_for_it_and_nobody_else(void **state)
{
    struct stage *stage = *state;
    struct guest guests[4] = {0};
    struct document_request one = tour_request("1");
    n_begun = 0;
    submit(stage, order_of(&guests[0], &one, on_begin_broke));
    assert_int_equal(guests[0].outcome.problem, PROBLEM_CLIENT_LIMIT);
    assert_int_equal(guests[0].outcome.retry_after_s, 7);
    assert_int_equal(stage->stats.jobs_started, 0);
    struct cache_key key = route_key(&one);
    assert_false(jobs_has(jobs, &key));
    submit(stage, order_of(&guests[1], &one, on_begin_paying));
    assert_int_equal(n_begun, 1);
    assert_true(jobs_has(jobs, &key));
    submit(stage, order_of(&guests[2], &one, on_begin_broke));
    turn(stage);
    answer(stage);
    assert_false(jobs_has(jobs, &key));
    submit(stage, order_of(&guests[3], &one, on_begin_broke));
    assert_int_equal(guests[3].outcome.source, OUTCOME_MEMORY);
    for (size_t i = 1; i < 4; i++) {
        assert_int_equal(guests[i].told, 1);
        assert_tour(guests[i].outcome.document, "");
    }
    assert_int_equal(stage->stats.jobs_started, 1);
    for (size_t i = 0; i < 4; i++)
        guest_leave(&guests[i]);
}

static void whoever_asks_for_a_document_in_the_making_joins_it(void **state)
{
    struct stage *stage = *state;
    struct guest guests[3] = {0};
    struct document_request one = tour_request("1"), two = tour_request("2");
    submit(stage, guest_order(&guests[0], &one));
    turn(stage);
    submit(stage, guest_order(&guests[1], &one));
    submit(stage, guest_order(&guests[2], &two));
    turn(stage);
    assert_int_equal(stage->stats.jobs_started, 2);
    assert_int_equal(stage->stats.jobs_running, 2);
    assert_int_equal(stage->stats.jobs_collapsed, 1);
    answer(stage);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(guests[i].told, 1);
        assert_tour(guests[i].outcome.document, "");
    }
    assert_ptr_equal(guests[0].outcome.document, guests[1].outcome.document);
    assert_ptr_not_equal(guests[0].outcome.document, guests[2].outcome.document);
    assert_int_equal(stage->stats.jobs_running, 0);
    for (size_t i = 0; i < 3; i++)
        guest_leave(&guests[i]);
}

static void nobody_is_told_while_it_submits_but_who_is_refused(void **state)
{
    struct stage *stage = *state;
    struct guest taken = {0}, refused = {0};
    struct document_request one = tour_request("1"), two = tour_request("2");
    stage->config->limits.max_jobs = 1;
    submit(stage, guest_order(&taken, &one));
    submit(stage, guest_order(&refused, &two));
    assert_int_equal(taken.told, 0);
    assert_int_equal(refused.told, 1);
    assert_int_equal(refused.outcome.problem, PROBLEM_OVERLOADED);
    assert_int_equal(refused.outcome.retry_after_s, 1);
    assert_int_equal(stage->stats.orders_refused, 1);
    stop();
    guest_leave(&refused);
}

static void with_all_jobs_taken_one_may_still_join(void **state)
{
    struct stage *stage = *state;
    struct guest first = {0}, second = {0};
    struct document_request request = tour_request("1");
    stage->config->limits.max_jobs = 1;
    submit(stage, guest_order(&first, &request));
    submit(stage, guest_order(&second, &request));
    turn(stage);
    assert_int_equal(second.told, 0);
    answer(stage);
    assert_int_equal(first.told + second.told, 2);
    assert_tour(second.outcome.document, "");
    guest_leave(&first);
    guest_leave(&second);
}

static void a_job_that_is_over_makes_room(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request one = tour_request("1"), two = tour_request("2");
    stage->config->limits.max_jobs = 1;
    submit(stage, guest_order(&guest, &one));
    turn(stage);
    answer(stage);
    guest_leave(&guest);
    submit(stage, guest_order(&guest, &two));
    assert_int_equal(guest.told, 0);
    turn(stage);
    assert_int_equal(guest.told, 1);
    assert_tour(guest.outcome.document, "");
    guest_leave(&guest);
}

static void who_waits_for_a_document_is_counted_and_one_too_many_refused(void **state)
{
    struct stage *stage = *state;
    struct guest guests[3] = {0};
    struct document_request request = tour_request("1");
    stage->config->limits.max_waiters_per_job = 2;
    for (size_t i = 0; i < 3; i++)
        submit(stage, guest_order(&guests[i], &request));
    assert_int_equal(guests[2].outcome.problem, PROBLEM_OVERLOADED);
    turn(stage);
    answer(stage);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(guests[i].told, 1);
        guest_leave(&guests[i]);
    }
}

static void a_provider_that_is_not_served_is_not_asked(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    stage->provider->enabled = false;
    submit(stage, guest_order(&guest, &request));
    assert_int_equal(guest.outcome.problem, PROBLEM_NO_SUCH_PATH);
    assert_non_null(strstr(guest.outcome.detail, "enabled = yes"));
    guest_leave(&guest);

    stage->provider->enabled = true;
    free(stage->provider->api_key);
    stage->provider->api_key = NULL;
    submit(stage, guest_order(&guest, &request));
    assert_int_equal(guest.outcome.problem, PROBLEM_NO_SUCH_PATH);
    assert_int_equal(stage->stats.jobs_started, 0);
    guest_leave(&guest);
}

static void a_refresh_is_made_without_anybody_waiting_and_clients_join_it(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    submit(stage, refresh_order(&request));
    turn(stage);
    assert_int_equal(stage->stats.refreshes, 1);
    submit(stage, guest_order(&guest, &request));
    answer(stage);
    assert_int_equal(stage->stats.jobs_started, 1);
    assert_tour(guest.outcome.document, "");
    guest_leave(&guest);
}

static void a_refused_refresh_is_let_go(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request one = tour_request("1"), two = tour_request("2");
    stage->config->limits.max_jobs = 1;
    submit(stage, guest_order(&guest, &one));
    submit(stage, refresh_order(&two));
    assert_int_equal(stage->stats.orders_refused, 1);
    assert_int_equal(stage->stats.refreshes, 0);
    stop();
}

static void the_next_turn_is_due_when_the_first_of_all_jobs_is(void **state)
{
    struct stage *stage = *state;
    struct guest guests[2] = {0};
    struct document_request one = tour_request("1"), two = tour_request("2");
    const int64_t deadline_ms = stage->config->limits.document_deadline_ms;
    assert_int_equal(jobs_due_ms(jobs), -1);
    submit(stage, guest_order(&guests[0], &one));
    assert_int_equal(jobs_due_ms(jobs), 0);
    turn(stage);
    stage_sleep(stage, 10);
    submit(stage, guest_order(&guests[1], &two));
    turn(stage);
    assert_int_equal(jobs_due_ms(jobs), NOW_MS + deadline_ms);
    stage_sleep(stage, deadline_ms - 10);
    turn(stage);
    assert_int_equal(guests[0].told, 1);
    assert_int_equal(guests[1].told, 0);
    assert_int_equal(jobs_due_ms(jobs), NOW_MS + 10 + deadline_ms);
    stop();
    guest_leave(&guests[0]);
}

static void the_end_tells_everybody_that_the_service_stops(void **state)
{
    enum { N = 5 };
    struct stage *stage = *state;
    struct guest guests[N] = {0};
    for (size_t i = 0; i < N; i++) {
        char id[8];
        snprintf(id, sizeof(id), "%zu", i / 2);
        struct document_request request = tour_request(id);
        submit(stage, guest_order(&guests[i], &request));
        if (i == 2)
            turn(stage);
    }
    stop();
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(guests[i].told, 1);
        assert_int_equal(guests[i].outcome.problem, PROBLEM_OVERLOADED);
        guest_leave(&guests[i]);
    }
    assert_int_equal(stage->stats.jobs_running, 0);
}

/* It was joined to a job that was over, and never heard of again. */
static void who_asks_in_the_turn_that_brings_the_document_from_the_slow_tier_gets_it_too(void **state)
{
    struct stage *stage = *state;
    struct guest first = {0}, second = {0};
    struct document_request request = tour_request("1");
    struct cache_key key = route_key(&request);
    struct cache_value *value =
        tour_document("old@Hall ", stage->now_s, stage->now_s + 100, stage->now_s + 100);
    fake_memcached_hold(stage->memcached, &key, value);
    cache_value_unref(value);
    submit(stage, guest_order(&first, &request));
    turn(stage);
    fake_memcached_answer(stage->memcached);
    stage_turn(stage);
    submit(stage, guest_order(&second, &request));
    turn(stage);
    assert_int_equal(first.told, 1);
    assert_int_equal(second.told, 1);
    assert_tour(second.outcome.document, "old@Hall ");
    assert_int_equal(stage->stats.jobs_running, 0);
    guest_leave(&first);
    guest_leave(&second);
}

static void
who_asks_in_the_turn_in_which_another_instance_has_the_lock_of_a_refresh_waits_for_it(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    submit(stage, refresh_order(&request));
    turn(stage);
    fake_memcached_answer(stage->memcached);
    turn(stage);
    fake_memcached_answer_locks(stage->memcached, false);
    stage_turn(stage);
    submit(stage, guest_order(&guest, &request));
    turn(stage);
    assert_int_equal(stage->stats.jobs_running, 1);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 0);
    stop();
    assert_int_equal(guest.told, 1);
    guest_leave(&guest);
}

/* ---- with a thread of the task pool ---- */

static atomic_uint n_done;
static atomic_bool is_open;

static void on_task_done(void *arg)
{
    (void)arg;
    n_done++;
}

static void wait_until_open(void *arg)
{
    (void)arg;
    while (!is_open)
        usleep(100);
}

static void nothing_is_to_be_done(void *arg)
{
    (void)arg;
}

/* The document of so many bytes is delivered, and its plan left behind a task that waits until it is open. */
static void make_a_large_one(struct stage *stage, struct guest *guest, struct task *busy)
{
    struct document_request request = tour_request("1");
    char *page = malloc(PAD_BYTES + 1024);
    assert_non_null(page);
    submit(stage, guest_order(guest, &request));
    turn(stage);
    snprintf(page, PAD_BYTES + 1024, "%*s%s", PAD_BYTES, "", tour_page(1, ""));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, page);
    free(page);
    turn(stage);
    WAIT_UNTIL(n_done == 1); /* the plan is run */
    *busy = (struct task){.work = wait_until_open, .on_done = nothing_is_to_be_done};
    task_pool_submit(stage->tools.tasks, busy);
    task_pool_run(stage->tools.tasks);
    turn(stage);
    assert_int_equal(guest->told, 1);
    assert_tour(guest->outcome.document, "");
    assert_int_equal(stage->stats.jobs_running, 0);
}

/* To free 500 events and 400 venues took the back thread 10 ms, for which every other document waited. */
static void what_a_large_document_leaves_is_freed_by_another_thread_and_takes_room_until_then(void **state)
{
    struct stage *stage = *state;
    struct guest large = {0}, refused = {0}, taken = {0};
    struct document_request two = tour_request("2");
    struct task busy;
    stage->config->limits.max_jobs = 1;
    make_a_large_one(stage, &large, &busy);
    submit(stage, guest_order(&refused, &two));
    assert_int_equal(refused.outcome.problem, PROBLEM_OVERLOADED);
    is_open = true;
    WAIT_UNTIL(n_done == 3);
    task_pool_run(stage->tools.tasks);
    submit(stage, guest_order(&taken, &two));
    assert_int_equal(taken.told, 0);
    turn(stage);
    assert_int_equal(taken.outcome.problem, PROBLEM_NONE);
    guest_leave(&large);
    guest_leave(&refused);
    guest_leave(&taken);
}

static void at_the_end_of_the_service_what_a_large_document_leaves_is_freed(void **state)
{
    struct guest guest = {0};
    struct task busy;
    make_a_large_one(*state, &guest, &busy);
    guest_leave(&guest);
}

static int set_up(void **state)
{
    struct stage *stage = stage_new(STAGE_MEMORY_ONLY);
    jobs = jobs_new(&stage->tools);
    *state = stage;
    return 0;
}

static int set_up_with_slow_tier(void **state)
{
    struct stage *stage = stage_new(STAGE_WITH_SLOW_TIER);
    jobs = jobs_new(&stage->tools);
    *state = stage;
    return 0;
}

static int set_up_with_task_pool(void **state)
{
    struct stage *stage = stage_new(STAGE_MEMORY_ONLY);
    n_done = 0;
    is_open = false;
    stage->tools.tasks = task_pool_new(1, on_task_done, NULL);
    jobs = jobs_new(&stage->tools);
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    is_open = true;
    task_pool_free(stage->tools.tasks);
    stop(); /* when the test has failed */
    stage_free(stage);
    return 0;
}

#define TEST(name)                cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TEST_WITH_TASK_POOL(name) cmocka_unit_test_setup_teardown(name, set_up_with_task_pool, tear_down)
#define TEST_WITH_SLOW_TIER(name) cmocka_unit_test_setup_teardown(name, set_up_with_slow_tier, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_begins_a_document_pays_for_it_and_nobody_else),
        TEST(whoever_asks_for_a_document_in_the_making_joins_it),
        TEST(nobody_is_told_while_it_submits_but_who_is_refused),
        TEST(with_all_jobs_taken_one_may_still_join),
        TEST(a_job_that_is_over_makes_room),
        TEST(who_waits_for_a_document_is_counted_and_one_too_many_refused),
        TEST(a_provider_that_is_not_served_is_not_asked),
        TEST(a_refresh_is_made_without_anybody_waiting_and_clients_join_it),
        TEST(a_refused_refresh_is_let_go),
        TEST(the_next_turn_is_due_when_the_first_of_all_jobs_is),
        TEST(the_end_tells_everybody_that_the_service_stops),
        TEST_WITH_SLOW_TIER(who_asks_in_the_turn_that_brings_the_document_from_the_slow_tier_gets_it_too),
        TEST_WITH_SLOW_TIER(
            who_asks_in_the_turn_in_which_another_instance_has_the_lock_of_a_refresh_waits_for_it),
        TEST_WITH_TASK_POOL(
            what_a_large_document_leaves_is_freed_by_another_thread_and_takes_room_until_then),
        TEST_WITH_TASK_POOL(at_the_end_of_the_service_what_a_large_document_leaves_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
