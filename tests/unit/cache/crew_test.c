/* Tests of cache/crew.c, with a server that does what the test says: every run waits until it is let go. */
#include "cache/crew.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 20000 /* longer than any wait can take on a busy machine */

struct fake_server {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned permits;        /* runs that may go on; more than are asked for: never waits */
    enum crew_result result; /* of runs; those on a stale connection are BROKEN */
    enum crew_result probe_result;
    unsigned stale_below; /* connections with a lower number are stale */
    unsigned opened, closed, started, probes;
    int order[64]; /* ids of the jobs in the order they were run in */
};

struct fake_connection {
    struct fake_server *server;
    unsigned number;
};

struct fake_job {
    struct crew_job crew_job;
    struct fake_server *server;
    int id;
    unsigned finished, ran;
};

static void *do_open(void *arg)
{
    struct fake_server *server = arg;
    struct fake_connection *connection = calloc(1, sizeof(*connection));
    connection->server = server;
    pthread_mutex_lock(&server->mutex);
    connection->number = server->opened++;
    pthread_mutex_unlock(&server->mutex);
    return connection;
}

static void do_close(void *arg)
{
    struct fake_connection *connection = arg;
    pthread_mutex_lock(&connection->server->mutex);
    connection->server->closed++;
    pthread_mutex_unlock(&connection->server->mutex);
    free(connection);
}

static enum crew_result do_run(void *arg, struct crew_job *crew_job)
{
    struct fake_connection *connection = arg;
    struct fake_server *server = connection->server;
    pthread_mutex_lock(&server->mutex);
    enum crew_result result = CREW_BROKEN;
    if (connection->number >= server->stale_below) {
        server->order[server->started++] = ((struct fake_job *)crew_job)->id;
        pthread_cond_broadcast(&server->changed);
        while (server->permits == 0)
            pthread_cond_wait(&server->changed, &server->mutex);
        server->permits--;
        result = server->result;
    }
    pthread_mutex_unlock(&server->mutex);
    return result;
}

static enum crew_result do_probe(void *arg)
{
    struct fake_connection *connection = arg;
    struct fake_server *server = connection->server;
    pthread_mutex_lock(&server->mutex);
    server->probes++;
    enum crew_result result = server->probe_result;
    pthread_mutex_unlock(&server->mutex);
    return result;
}

static void do_finish(struct crew_job *crew_job, bool ran)
{
    struct fake_job *job = (struct fake_job *)crew_job;
    pthread_mutex_lock(&job->server->mutex);
    job->finished++;
    job->ran += ran;
    pthread_mutex_unlock(&job->server->mutex);
}

static const struct crew_slots slots = {
    .do_open = do_open, .do_close = do_close, .do_run = do_run, .do_probe = do_probe, .do_finish = do_finish};

struct fixture {
    struct fake_server server;
    struct crew *crew;
    struct fake_job jobs[64];
    int pushed;
};

static void set_up_impatient(struct fixture *fixture, unsigned threads, unsigned permits, size_t max_queue,
                             unsigned max_wait_ms)
{
    *fixture =
        (struct fixture){.server = {.permits = permits, .result = CREW_DONE, .probe_result = CREW_DONE}};
    pthread_mutex_init(&fixture->server.mutex, NULL);
    pthread_cond_init(&fixture->server.changed, NULL);
    fixture->crew = crew_new(&(struct crew_options){.slots = &slots,
                                                    .arg = &fixture->server,
                                                    .threads = threads,
                                                    .probe_ms = 1,
                                                    .max_wait_ms = max_wait_ms,
                                                    .max_queue = max_queue});
    assert_non_null(fixture->crew);
}

static void set_up(struct fixture *fixture, unsigned threads, unsigned permits, size_t max_queue)
{
    set_up_impatient(fixture, threads, permits, max_queue, PATIENCE_MS);
}

static void tear_down(struct fixture *fixture)
{
    crew_free(fixture->crew);
    for (int i = 0; i < fixture->pushed; i++)
        assert_int_equal(fixture->jobs[i].finished, 1);
    assert_int_equal(fixture->server.opened, fixture->server.closed);
    pthread_cond_destroy(&fixture->server.changed);
    pthread_mutex_destroy(&fixture->server.mutex);
}

static bool push(struct fixture *fixture, enum crew_order order)
{
    if (!crew_reserve(fixture->crew, order))
        return false;
    struct fake_job *job = &fixture->jobs[fixture->pushed];
    *job = (struct fake_job){.server = &fixture->server, .id = fixture->pushed++};
    crew_push(fixture->crew, order, &job->crew_job);
    return true;
}

static void let_go(struct fixture *fixture, unsigned permits)
{
    pthread_mutex_lock(&fixture->server.mutex);
    fixture->server.permits += permits;
    pthread_cond_broadcast(&fixture->server.changed);
    pthread_mutex_unlock(&fixture->server.mutex);
}

static unsigned read_counter(struct fixture *fixture, const unsigned *counter)
{
    pthread_mutex_lock(&fixture->server.mutex);
    const unsigned count = *counter;
    pthread_mutex_unlock(&fixture->server.mutex);
    return count;
}

static void wait_for(struct fixture *fixture, const unsigned *counter, unsigned count)
{
    for (int ms = 0; read_counter(fixture, counter) < count; ms++) {
        assert_true(ms < PATIENCE_MS);
        usleep(1000);
    }
}

static void wait_until_down_is(struct fixture *fixture, bool down)
{
    for (int ms = 0; crew_stats(fixture->crew).down != down; ms++) {
        assert_true(ms < PATIENCE_MS);
        usleep(1000);
    }
}

static void jobs_are_run_once_each_and_finished(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 2, 1000, 64);
    for (int i = 0; i < 40; i++)
        assert_true(push(&fixture, i % 2 ? CREW_FIRST : CREW_LATER));
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
    assert_true(push(&fixture, CREW_LATER));
    wait_for(&fixture, &fixture.server.started, 1);
    assert_true(push(&fixture, CREW_LATER));
    assert_true(push(&fixture, CREW_LATER));
    assert_true(push(&fixture, CREW_FIRST));
    assert_true(push(&fixture, CREW_FIRST));
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
        assert_true(push(&fixture, CREW_LATER));
    wait_for(&fixture, &fixture.server.started, 1);
    assert_true(push(&fixture, CREW_FIRST));
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
    assert_true(push(&fixture, CREW_FIRST));
    wait_for(&fixture, &fixture.server.started, 1);
    for (int i = 0; i < 3; i++)
        assert_true(push(&fixture, CREW_LATER));
    assert_false(push(&fixture, CREW_LATER));
    for (int i = 0; i < 3; i++)
        assert_true(push(&fixture, CREW_FIRST));
    assert_false(push(&fixture, CREW_FIRST));
    let_go(&fixture, 7);
    tear_down(&fixture);
}

static void what_waited_too_long_is_not_run_but_what_can_wait_is(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up_impatient(&fixture, 1, 0, 64, 100);
    assert_true(push(&fixture, CREW_LATER));
    wait_for(&fixture, &fixture.server.started, 1);
    assert_true(push(&fixture, CREW_FIRST));
    assert_true(push(&fixture, CREW_LATER));
    const int64_t start_ms = crew_clock_ms();
    while (crew_clock_ms() - start_ms <= 100)
        usleep(1000);
    let_go(&fixture, 3);
    for (int i = 0; i < 3; i++)
        wait_for(&fixture, &fixture.jobs[i].finished, 1);
    struct crew_stats stats = crew_stats(fixture.crew);
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
    fixture.server.result = CREW_LATE;
    fixture.server.probe_result = CREW_LATE;
    for (int i = 0; i < 10; i++)
        assert_true(push(&fixture, i % 3 ? CREW_FIRST : CREW_LATER));
    let_go(&fixture, 1);
    for (int i = 0; i < 10; i++)
        wait_for(&fixture, &fixture.jobs[i].finished, 1);
    assert_false(push(&fixture, CREW_FIRST));
    assert_false(push(&fixture, CREW_LATER));
    struct crew_stats stats = crew_stats(fixture.crew);
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
    fixture.server.result = CREW_BROKEN;
    fixture.server.probe_result = CREW_BROKEN;
    assert_true(push(&fixture, CREW_FIRST));
    wait_until_down_is(&fixture, true);
    wait_for(&fixture, &fixture.server.probes, 3);
    assert_true(crew_stats(fixture.crew).down);

    pthread_mutex_lock(&fixture.server.mutex);
    fixture.server.result = CREW_DONE;
    fixture.server.probe_result = CREW_DONE;
    pthread_mutex_unlock(&fixture.server.mutex);
    wait_until_down_is(&fixture, false);
    const unsigned probes = read_counter(&fixture, &fixture.server.probes);
    assert_true(push(&fixture, CREW_FIRST));
    wait_for(&fixture, &fixture.jobs[1].finished, 1);
    assert_int_equal(fixture.jobs[1].ran, 1);
    assert_int_equal(crew_stats(fixture.crew).opened, 1);
    tear_down(&fixture);
    assert_int_equal(fixture.server.probes, probes);
}

static void a_stale_connection_is_replaced_without_calling_the_server_down(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 1, 1000, 64);
    assert_true(push(&fixture, CREW_FIRST));
    wait_for(&fixture, &fixture.jobs[0].finished, 1);
    pthread_mutex_lock(&fixture.server.mutex);
    fixture.server.stale_below = fixture.server.opened;
    pthread_mutex_unlock(&fixture.server.mutex);
    assert_true(push(&fixture, CREW_FIRST));
    wait_for(&fixture, &fixture.jobs[1].finished, 1);
    assert_int_equal(fixture.jobs[1].ran, 1);
    assert_int_equal(crew_stats(fixture.crew).failures, 0);
    assert_int_equal(fixture.server.opened, 2);
    tear_down(&fixture);
}

static void a_late_failure_from_before_does_not_open_the_breaker_again(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 2, 0, 64);
    fixture.server.result = CREW_LATE;
    assert_true(push(&fixture, CREW_FIRST));
    assert_true(push(&fixture, CREW_FIRST));
    wait_for(&fixture, &fixture.server.started, 2);
    let_go(&fixture, 1); /* one fails, opens the breaker, probes and closes it */
    wait_for(&fixture, &fixture.server.probes, 1);
    wait_until_down_is(&fixture, false);
    let_go(&fixture, 1); /* the other fails only now */
    wait_for(&fixture, &fixture.jobs[0].finished, 1);
    wait_for(&fixture, &fixture.jobs[1].finished, 1);
    struct crew_stats stats = crew_stats(fixture.crew);
    assert_int_equal(stats.failures, 2);
    assert_int_equal(stats.opened, 1);
    assert_false(stats.down);
    tear_down(&fixture);
}

static void no_crew_is_freed_without_harm(void **state)
{
    (void)state;
    struct fixture fixture;
    crew_free(NULL);
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
