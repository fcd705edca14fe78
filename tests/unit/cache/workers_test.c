/* Tests of cache/workers.c. */
#include "fake_server.h"

static void jobs_are_run_once_each_and_finished(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 2, 1000, 64);
    for (int i = 0; i < 40; i++)
        assert_true(push(&fixture, i % 2 ? WORKERS_FIRST : WORKERS_LATER));
    tear_down(&fixture);
    assert_int_equal(fixture.server.started, 40);
    for (int i = 0; i < 40; i++)
        assert_int_equal(fixture.jobs[i].ran, 1);
}

static void what_somebody_waits_for_goes_first(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 1, 0, 64);
    assert_true(push(&fixture, WORKERS_LATER));
    wait_for(&fixture, &fixture.server.started, 1);
    assert_true(push(&fixture, WORKERS_LATER));
    assert_true(push(&fixture, WORKERS_LATER));
    assert_true(push(&fixture, WORKERS_FIRST));
    assert_true(push(&fixture, WORKERS_FIRST));
    let_go(&fixture, 5);
    tear_down(&fixture);
    static const int expected[] = {0, 3, 4, 1, 2};
    assert_memory_equal(fixture.server.order, expected, sizeof(expected));
}

static void what_can_wait_never_takes_the_last_thread(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 2, 0, 64);
    for (int i = 0; i < 5; i++)
        assert_true(push(&fixture, WORKERS_LATER));
    wait_for(&fixture, &fixture.server.started, 1);
    assert_true(push(&fixture, WORKERS_FIRST));
    wait_for(&fixture, &fixture.server.started, 2);
    assert_int_equal(fixture.server.order[1], 5);
    let_go(&fixture, 6);
    tear_down(&fixture);
    static const int expected[] = {0, 5, 1, 2, 3, 4};
    assert_memory_equal(fixture.server.order, expected, sizeof(expected));
}

static void each_queue_has_its_bound(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 1, 0, 3);
    assert_true(push(&fixture, WORKERS_FIRST));
    wait_for(&fixture, &fixture.server.started, 1);
    for (int i = 0; i < 3; i++)
        assert_true(push(&fixture, WORKERS_LATER));
    assert_false(push(&fixture, WORKERS_LATER));
    for (int i = 0; i < 3; i++)
        assert_true(push(&fixture, WORKERS_FIRST));
    assert_false(push(&fixture, WORKERS_FIRST));
    let_go(&fixture, 7);
    tear_down(&fixture);
}

static void what_waited_too_long_is_not_run_but_what_can_wait_is(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_impatient(&fixture, 1, 0, 64, 200);
    assert_true(push(&fixture, WORKERS_LATER));
    wait_for(&fixture, &fixture.server.started, 1);
    assert_true(push(&fixture, WORKERS_FIRST));
    assert_true(push(&fixture, WORKERS_LATER));
    const int64_t start_ms = workers_clock_ms();
    while (workers_clock_ms() - start_ms <= 200)
        usleep(1000);
    let_go(&fixture, 3);
    for (int i = 0; i < 3; i++)
        wait_for(&fixture, &fixture.jobs[i].finished, 1);
    struct workers_stats stats = workers_stats(fixture.workers);
    assert_int_equal(stats.expired, 1);
    assert_int_equal(stats.failures, 0);
    assert_false(stats.down);
    tear_down(&fixture);
    assert_int_equal(fixture.jobs[0].ran, 1);
    assert_int_equal(fixture.jobs[1].ran, 0);
    assert_int_equal(fixture.jobs[2].ran, 1);
}

static void a_failure_opens_the_breaker_and_finishes_what_waits(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 1, 0, 64);
    fixture.server.result = WORKERS_LATE;
    fixture.server.probe_result = WORKERS_LATE;
    for (int i = 0; i < 10; i++)
        assert_true(push(&fixture, i % 3 ? WORKERS_FIRST : WORKERS_LATER));
    let_go(&fixture, 1);
    for (int i = 0; i < 10; i++)
        wait_for(&fixture, &fixture.jobs[i].finished, 1);
    assert_false(push(&fixture, WORKERS_FIRST));
    assert_false(push(&fixture, WORKERS_LATER));
    struct workers_stats stats = workers_stats(fixture.workers);
    assert_true(stats.down);
    assert_int_equal(stats.opened, 1);
    assert_int_equal(stats.failures, 1);
    assert_int_equal(fixture.server.started, 1);
    for (int i = 0; i < 10; i++)
        assert_int_equal(fixture.jobs[i].ran, 0);
    tear_down(&fixture);
}

static void probes_go_on_until_one_succeeds_and_closes_the_breaker(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 2, 1000, 64);
    fixture.server.result = WORKERS_BROKEN;
    fixture.server.probe_result = WORKERS_BROKEN;
    assert_true(push(&fixture, WORKERS_FIRST));
    wait_until_down_is(&fixture, true);
    wait_for(&fixture, &fixture.server.probes, 3);
    assert_true(workers_stats(fixture.workers).down);

    pthread_mutex_lock(&fixture.server.mutex);
    fixture.server.result = WORKERS_DONE;
    fixture.server.probe_result = WORKERS_DONE;
    pthread_mutex_unlock(&fixture.server.mutex);
    wait_until_down_is(&fixture, false);
    const unsigned probes = read_counter(&fixture, &fixture.server.probes);
    assert_true(push(&fixture, WORKERS_FIRST));
    wait_for(&fixture, &fixture.jobs[1].finished, 1);
    assert_int_equal(fixture.jobs[1].ran, 1);
    assert_int_equal(workers_stats(fixture.workers).opened, 1);
    tear_down(&fixture);
    assert_int_equal(fixture.server.probes, probes);
}

static void a_stale_connection_is_replaced_without_calling_the_server_down(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 1, 1000, 64);
    assert_true(push(&fixture, WORKERS_FIRST));
    wait_for(&fixture, &fixture.jobs[0].finished, 1);
    pthread_mutex_lock(&fixture.server.mutex);
    fixture.server.stale_below = fixture.server.opened;
    pthread_mutex_unlock(&fixture.server.mutex);
    assert_true(push(&fixture, WORKERS_FIRST));
    wait_for(&fixture, &fixture.jobs[1].finished, 1);
    assert_int_equal(fixture.jobs[1].ran, 1);
    assert_int_equal(workers_stats(fixture.workers).failures, 0);
    assert_int_equal(fixture.server.opened, 2);
    tear_down(&fixture);
}

static void a_late_failure_from_before_does_not_open_the_breaker_again(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 2, 0, 64);
    fixture.server.result = WORKERS_LATE;
    assert_true(push(&fixture, WORKERS_FIRST));
    assert_true(push(&fixture, WORKERS_FIRST));
    wait_for(&fixture, &fixture.server.started, 2);
    let_go(&fixture, 1); /* one fails, opens the breaker, probes and closes it */
    wait_for(&fixture, &fixture.server.probes, 1);
    wait_until_down_is(&fixture, false);
    let_go(&fixture, 1); /* the other fails only now */
    wait_for(&fixture, &fixture.jobs[0].finished, 1);
    wait_for(&fixture, &fixture.jobs[1].finished, 1);
    struct workers_stats stats = workers_stats(fixture.workers);
    assert_int_equal(stats.failures, 2);
    assert_int_equal(stats.opened, 1);
    assert_false(stats.down);
    tear_down(&fixture);
}

static void no_crew_is_freed_without_harm(void **state)
{
    (void)state;
    struct fixture fixture;
    workers_free(NULL);
    set_up(&fixture, 3, 0, 64);
    tear_down(&fixture);
    assert_int_equal(fixture.server.opened, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_are_run_once_each_and_finished),
        cmocka_unit_test(what_somebody_waits_for_goes_first),
        cmocka_unit_test(what_can_wait_never_takes_the_last_thread),
        cmocka_unit_test(each_queue_has_its_bound),
        cmocka_unit_test(what_waited_too_long_is_not_run_but_what_can_wait_is),
        cmocka_unit_test(a_failure_opens_the_breaker_and_finishes_what_waits),
        cmocka_unit_test(probes_go_on_until_one_succeeds_and_closes_the_breaker),
        cmocka_unit_test(a_stale_connection_is_replaced_without_calling_the_server_down),
        cmocka_unit_test(a_late_failure_from_before_does_not_open_the_breaker_again),
        cmocka_unit_test(no_crew_is_freed_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
