/* Tests of cache/workers.c with runs that do not come back in time, or not at all. */
#include "fake_server.h"

#include <limits.h>

#define MAX_WAIT_MS 100

static void set_up_late(struct fixture *fixture, unsigned threads)
{
    set_up_impatient(fixture, threads, 0, 64, MAX_WAIT_MS);
    fixture->server.probe_result = WORKERS_LATE;
}

static void sleep_ms(unsigned ms)
{
    const int64_t start_ms = workers_clock_ms();
    while (workers_clock_ms() - start_ms < ms)
        usleep(1000);
}

/* The job that runs: the last one pushed. On a busy machine others may have waited too long for the thread.
 */
static struct fake_job *start_run(struct fixture *fixture, enum workers_order order)
{
    const unsigned before = read_counter(fixture, &fixture->server.started);
    struct fake_job *job = NULL;
    for (int ms = 0;; ms++) {
        const bool over = job == NULL || read_counter(fixture, &job->finished) > 0;
        if (read_counter(fixture, &fixture->server.started) > before)
            return job;
        if (over) {
            job = &fixture->jobs[fixture->pushed];
            assert_true(push(fixture, order));
        }
        assert_true(ms < PATIENCE_MS);
        usleep(1000);
    }
}

/* One thread, and the server answered on its connection before. */
static void set_up_proven(struct fixture *fixture)
{
    set_up_late(fixture, 1);
    let_go(fixture, 1);
    const struct fake_job *job = start_run(fixture, WORKERS_FIRST);
    wait_for(fixture, &job->finished, 1);
}

/* A server that sent a byte now and then was never called down: only runs that had ended counted. */
static void a_run_that_lasts_too_long_opens_the_breaker_before_it_ends(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_proven(&fixture);
    const struct fake_job *job = start_run(&fixture, WORKERS_FIRST);
    sleep_ms(MAX_WAIT_MS + 1);
    assert_false(push(&fixture, WORKERS_FIRST));
    assert_int_equal(read_counter(&fixture, &job->finished), 0);
    assert_int_equal(read_counter(&fixture, &fixture.server.cancelled), 1);
    let_go(&fixture, 1);
    wait_for(&fixture, &job->finished, 1);
    const struct workers_stats stats = workers_stats(fixture.workers);
    assert_int_equal(stats.failures, 1);
    assert_int_equal(stats.opened, 1);
    tear_down(&fixture);
    assert_int_equal(job->ran, 1);
    assert_int_equal(fixture.server.cancelled, 1);
}

static void a_run_that_lasted_too_long_is_a_failure_though_nobody_asked_meanwhile(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_proven(&fixture);
    const struct fake_job *job = start_run(&fixture, WORKERS_FIRST);
    sleep_ms(MAX_WAIT_MS + 1);
    let_go(&fixture, 1);
    wait_for(&fixture, &job->finished, 1);
    const struct workers_stats stats = workers_stats(fixture.workers);
    assert_int_equal(stats.failures, 1);
    assert_true(stats.down);
    tear_down(&fixture);
}

static void a_broken_run_that_lasted_too_long_is_not_tried_again(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_proven(&fixture);
    fixture.server.result = WORKERS_BROKEN;
    const struct fake_job *job = start_run(&fixture, WORKERS_FIRST);
    sleep_ms(MAX_WAIT_MS + 1);
    let_go(&fixture, 2);
    wait_for(&fixture, &job->finished, 1);
    tear_down(&fixture);
    assert_int_equal(fixture.server.started, 2);
}

static void what_can_wait_may_last_longer_but_not_for_ever(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_late(&fixture, 2);
    start_run(&fixture, WORKERS_LATER);
    sleep_ms(MAX_WAIT_MS + 1);
    assert_false(workers_stats(fixture.workers).down);
    sleep_ms(3 * MAX_WAIT_MS);
    assert_true(workers_stats(fixture.workers).down);
    let_go(&fixture, 1);
    tear_down(&fixture);
}

/* Each further thread opened the breaker again that the first had closed. */
static void the_first_run_on_a_new_connection_may_last_as_long_as_connecting(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_late(&fixture, 2);
    const struct fake_job *job = start_run(&fixture, WORKERS_FIRST);
    sleep_ms(MAX_WAIT_MS + 1);
    const struct workers_stats stats = workers_stats(fixture.workers);
    let_go(&fixture, 2);
    wait_for(&fixture, &job->finished, 1);
    assert_int_equal(stats.opened, 0);
    assert_true(push(&fixture, WORKERS_FIRST));
    tear_down(&fixture);
    assert_int_equal(job->ran, 1);
    assert_int_equal(fixture.server.cancelled, 0);
}

static void nobody_waits_for_a_new_connection_that_is_slow_and_it_is_late_at_last(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_late(&fixture, 2);
    start_run(&fixture, WORKERS_FIRST);
    sleep_ms(MAX_WAIT_MS + 1);
    assert_false(push(&fixture, WORKERS_FIRST));
    assert_true(push(&fixture, WORKERS_LATER));
    assert_int_equal(workers_stats(fixture.workers).opened, 0);
    sleep_ms(3 * MAX_WAIT_MS);
    assert_int_equal(workers_stats(fixture.workers).opened, 1);
    let_go(&fixture, 2);
    tear_down(&fixture);
}

static void make_stale(struct fixture *fixture, bool stale)
{
    pthread_mutex_lock(&fixture->server.mutex);
    fixture->server.stale_below = stale ? UINT_MAX : 0;
    pthread_mutex_unlock(&fixture->server.mutex);
}

/* The server is back, and a thread still hangs on the connection of before. */
static void a_slow_run_from_before_the_breaker_closed_keeps_nobody_out(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_impatient(&fixture, 2, 0, 64, 8 * MAX_WAIT_MS);
    start_run(&fixture, WORKERS_FIRST);
    make_stale(&fixture, true);
    assert_true(push(&fixture, WORKERS_LATER));
    for (int ms = 0; workers_stats(fixture.workers).opened == 0; ms++) {
        assert_true(ms < PATIENCE_MS);
        usleep(1000);
    }
    make_stale(&fixture, false);
    wait_until_down_is(&fixture, false);
    sleep_ms(8 * MAX_WAIT_MS + 1);
    assert_true(push(&fixture, WORKERS_FIRST));
    let_go(&fixture, 2);
    tear_down(&fixture);
}

static void open_the_breaker(struct fixture *fixture, unsigned probe_lasts_ms)
{
    set_up_late(fixture, 1);
    fixture->server.result = WORKERS_LATE;
    fixture->server.probe_result = WORKERS_DONE;
    fixture->server.probe_lasts_ms = probe_lasts_ms;
    let_go(fixture, 1);
    const struct fake_job *job = start_run(fixture, WORKERS_FIRST);
    wait_for(fixture, &job->finished, 1);
}

/* A server far away never came back: each probe was too late, and began with a new connection. */
static void a_probe_that_connects_and_asks_in_twice_the_timeout_closes_the_breaker(void **state)
{
    (void)state;
    struct fixture fixture;
    open_the_breaker(&fixture, 2 * MAX_WAIT_MS);
    wait_until_down_is(&fixture, false);
    tear_down(&fixture);
}

static void a_probe_that_lasts_too_long_does_not_close_the_breaker(void **state)
{
    (void)state;
    struct fixture fixture;
    open_the_breaker(&fixture, 4 * MAX_WAIT_MS + 1);
    wait_for(&fixture, &fixture.server.probes, 2);
    assert_true(workers_stats(fixture.workers).down);
    tear_down(&fixture);
}

/* Its own time would be beyond the wait for the thread. */
static void the_end_hurries_a_run_that_lasts_too_long(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_impatient(&fixture, 1, 0, 64, 8 * MAX_WAIT_MS);
    fixture.server.obeys = true;
    start_run(&fixture, WORKERS_LATER);
    assert_true(push(&fixture, WORKERS_LATER));
    tear_down(&fixture);
    assert_int_equal(fixture.server.cancelled, 1);
    assert_int_equal(fixture.server.started, 1);
}

/* The service did not end while memcached kept a thread. */
static void a_thread_that_does_not_come_back_is_left_behind(void **state)
{
    (void)state;
    static struct fixture fixture; /* the thread goes on with it */
    set_up_late(&fixture, 1);
    const struct fake_job *job = start_run(&fixture, WORKERS_FIRST);
    assert_true(push(&fixture, WORKERS_FIRST));
    assert_true(push(&fixture, WORKERS_LATER));
    assert_false(workers_free(fixture.workers));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(read_counter(&fixture, &job[i].finished), i > 0);
        assert_int_equal(job[i].ran, 0);
    }
    let_go(&fixture, 1);
    wait_for(&fixture, &fixture.server.closed, 1);
    assert_int_equal(read_counter(&fixture, &job->finished), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_lasts_too_long_opens_the_breaker_before_it_ends),
        cmocka_unit_test(a_run_that_lasted_too_long_is_a_failure_though_nobody_asked_meanwhile),
        cmocka_unit_test(a_broken_run_that_lasted_too_long_is_not_tried_again),
        cmocka_unit_test(what_can_wait_may_last_longer_but_not_for_ever),
        cmocka_unit_test(the_first_run_on_a_new_connection_may_last_as_long_as_connecting),
        cmocka_unit_test(nobody_waits_for_a_new_connection_that_is_slow_and_it_is_late_at_last),
        cmocka_unit_test(a_slow_run_from_before_the_breaker_closed_keeps_nobody_out),
        cmocka_unit_test(a_probe_that_connects_and_asks_in_twice_the_timeout_closes_the_breaker),
        cmocka_unit_test(a_probe_that_lasts_too_long_does_not_close_the_breaker),
        cmocka_unit_test(the_end_hurries_a_run_that_lasts_too_long),
        cmocka_unit_test(a_thread_that_does_not_come_back_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
