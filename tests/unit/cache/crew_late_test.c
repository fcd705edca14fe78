/* Tests of cache/crew.c with runs that do not come back in time, or not at all. */
#include "fake_server.h"

#define MAX_WAIT_MS 100

static void set_up_late(struct fixture *fixture, unsigned threads)
{
    set_up_impatient(fixture, threads, 0, 64, MAX_WAIT_MS);
    fixture->server.probe_result = CREW_LATE;
}

static void sleep_ms(unsigned ms)
{
    const int64_t start_ms = crew_clock_ms();
    while (crew_clock_ms() - start_ms < ms)
        usleep(1000);
}

static void start_run(struct fixture *fixture, enum crew_order order)
{
    assert_true(push(fixture, order));
    wait_for(fixture, &fixture->server.started, 1);
}

/* A server that sent a byte now and then was never called down: only runs that had ended counted. */
static void a_run_that_lasts_too_long_opens_the_breaker_before_it_ends(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_late(&fixture, 2);
    start_run(&fixture, CREW_FIRST);
    sleep_ms(MAX_WAIT_MS + 1);
    assert_false(push(&fixture, CREW_FIRST));
    assert_int_equal(read_counter(&fixture, &fixture.jobs[0].finished), 0);
    assert_int_equal(read_counter(&fixture, &fixture.server.hurried), 1);
    let_go(&fixture, 1);
    wait_for(&fixture, &fixture.jobs[0].finished, 1);
    const struct crew_stats stats = crew_stats(fixture.crew);
    assert_int_equal(stats.failures, 1);
    assert_int_equal(stats.opened, 1);
    tear_down(&fixture);
    assert_int_equal(fixture.jobs[0].ran, 1);
    assert_int_equal(fixture.server.hurried, 1);
}

static void a_run_that_lasted_too_long_is_a_failure_though_nobody_asked_meanwhile(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_late(&fixture, 1);
    start_run(&fixture, CREW_FIRST);
    sleep_ms(MAX_WAIT_MS + 1);
    let_go(&fixture, 1);
    wait_for(&fixture, &fixture.jobs[0].finished, 1);
    const struct crew_stats stats = crew_stats(fixture.crew);
    assert_int_equal(stats.failures, 1);
    assert_true(stats.down);
    tear_down(&fixture);
}

static void a_broken_run_that_lasted_too_long_is_not_tried_again(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_late(&fixture, 1);
    let_go(&fixture, 1);
    assert_true(push(&fixture, CREW_FIRST)); /* the server answered on this connection before */
    wait_for(&fixture, &fixture.jobs[0].finished, 1);
    fixture.server.result = CREW_BROKEN;
    assert_true(push(&fixture, CREW_FIRST));
    wait_for(&fixture, &fixture.server.started, 2);
    sleep_ms(MAX_WAIT_MS + 1);
    let_go(&fixture, 2);
    wait_for(&fixture, &fixture.jobs[1].finished, 1);
    tear_down(&fixture);
    assert_int_equal(fixture.server.started, 2);
}

static void what_can_wait_may_last_longer_but_not_for_ever(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_late(&fixture, 2);
    start_run(&fixture, CREW_LATER);
    sleep_ms(MAX_WAIT_MS + 1);
    assert_false(crew_stats(fixture.crew).down);
    sleep_ms(3 * MAX_WAIT_MS);
    assert_true(crew_stats(fixture.crew).down);
    let_go(&fixture, 1);
    tear_down(&fixture);
}

static void a_probe_that_lasts_too_long_does_not_close_the_breaker(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_late(&fixture, 1);
    fixture.server.result = CREW_LATE;
    fixture.server.probe_result = CREW_DONE;
    fixture.server.probe_lasts_ms = MAX_WAIT_MS + 1;
    let_go(&fixture, 1);
    start_run(&fixture, CREW_FIRST);
    wait_for(&fixture, &fixture.server.probes, 2);
    assert_true(crew_stats(fixture.crew).down);
    tear_down(&fixture);
}

static void the_end_hurries_a_run_that_lasts_too_long(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_late(&fixture, 1);
    fixture.server.obeys = true;
    start_run(&fixture, CREW_FIRST);
    assert_true(push(&fixture, CREW_LATER));
    tear_down(&fixture);
    assert_int_equal(fixture.server.hurried, 1);
    assert_int_equal(fixture.server.started, 1);
}

/* The service did not end while memcached kept a thread. */
static void a_thread_that_does_not_come_back_is_left_behind(void **state)
{
    (void)state;
    static struct fixture fixture; /* the thread goes on with it */
    set_up_late(&fixture, 1);
    start_run(&fixture, CREW_FIRST);
    assert_true(push(&fixture, CREW_FIRST));
    assert_true(push(&fixture, CREW_LATER));
    assert_false(crew_free(fixture.crew));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(read_counter(&fixture, &fixture.jobs[i].finished), i > 0);
        assert_int_equal(fixture.jobs[i].ran, 0);
    }
    let_go(&fixture, 1);
    wait_for(&fixture, &fixture.server.closed, 1);
    assert_int_equal(read_counter(&fixture, &fixture.jobs[0].finished), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_lasts_too_long_opens_the_breaker_before_it_ends),
        cmocka_unit_test(a_run_that_lasted_too_long_is_a_failure_though_nobody_asked_meanwhile),
        cmocka_unit_test(a_broken_run_that_lasted_too_long_is_not_tried_again),
        cmocka_unit_test(what_can_wait_may_last_longer_but_not_for_ever),
        cmocka_unit_test(a_probe_that_lasts_too_long_does_not_close_the_breaker),
        cmocka_unit_test(the_end_hurries_a_run_that_lasts_too_long),
        cmocka_unit_test(a_thread_that_does_not_come_back_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
