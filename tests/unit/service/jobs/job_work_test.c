/* Tests of what a job hands to other threads: a large document is written by one of them, and no other
 * document waits for it. */
#include "tests/unit/service/stage.h"

#include <stdatomic.h>
#include <stdio.h>

#include "service/process/task_pool.h"
#include "tests/unit/wait_until.h"

#define N_THREADS 2
#define N_EVENTS  40     /* more than are written at once */
#define PAD_BYTES 300000 /* of more than this the plan is run by another thread */
#define DAY_MS    86400000

/* Keeps the threads of the pool busy until the gate is open. */
struct fixture {
    struct stage *stage;
    atomic_bool gate;
    atomic_uint n_busy;
    struct task busy[N_THREADS];
};

static void keep_busy(void *arg)
{
    struct fixture *fixture = arg;
    fixture->n_busy++;
    while (!fixture->gate)
        usleep(100);
}

static void no_one_is_told(void *arg)
{
    (void)arg;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    fixture->stage = stage_new(STAGE_MEMORY_ONLY);
    fixture->stage->tools.tasks = task_pool_new(N_THREADS, no_one_is_told, NULL);
    for (unsigned i = 0; i < N_THREADS; i++) {
        fixture->busy[i] = (struct task){.work = keep_busy, .on_done = no_one_is_told, .arg = fixture};
        task_pool_submit(fixture->stage->tools.tasks, &fixture->busy[i]);
    }
    WAIT_UNTIL(fixture->n_busy == N_THREADS);
    *state = fixture;
    return 0;
}

static void end_tasks(struct fixture *fixture)
{
    fixture->gate = true;
    task_pool_free(fixture->stage->tools.tasks);
    fixture->stage->tools.tasks = NULL;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    end_tasks(fixture);
    stage_free(fixture->stage);
    free(fixture);
    return 0;
}

/* What the page says, and what must come of it. */
struct texts {
    char page[1024], want[1024];
};

static struct texts texts_of(unsigned n_events)
{
    struct texts texts = {0};
    size_t page = 0, want = 0;
    for (unsigned i = 0; i < n_events; i++) {
        page += (size_t)snprintf(texts.page + page, sizeof(texts.page) - page, "e%u@1 ", i);
        want += (size_t)snprintf(texts.want + want, sizeof(texts.want) - want, "e%u@One ", i);
    }
    return texts;
}

static bool turn(struct fixture *fixture, struct job *job)
{
    task_pool_run(fixture->stage->tools.tasks);
    return stage_turn_job(fixture->stage, job);
}

/* A job with a guest, all of whose answers have come. True: it is over. */
static bool begin(struct fixture *fixture, unsigned n_events, struct guest *guest, struct job **ret_job)
{
    struct stage *stage = fixture->stage;
    struct document_request request = tour_request("1");
    struct job *job = *ret_job = job_new(&stage->tools, &request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, guest_order(guest, &request)));
    assert_false(turn(fixture, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, texts_of(n_events).page));
    assert_false(turn(fixture, job));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    return turn(fixture, job);
}

static void a_small_document_does_not_wait_for_those_that_write_large_ones(void **state)
{
    struct guest guest = {0};
    struct job *job;
    assert_true(begin(*state, 10, &guest, &job));
    assert_tour(guest.outcome.document, texts_of(10).want);
    guest_end(job, &guest);
}

static void a_large_document_is_written_by_another_thread(void **state)
{
    struct fixture *fixture = *state;
    struct guest guest = {0};
    struct job *job;
    assert_false(begin(fixture, N_EVENTS, &guest, &job));
    for (unsigned i = 0; i < 3; i++)
        assert_false(turn(fixture, job));
    assert_int_equal(guest.told, 0);
    fixture->gate = true;
    WAIT_UNTIL(turn(fixture, job));
    assert_tour(guest.outcome.document, texts_of(N_EVENTS).want);
    assert_int_equal(guest.outcome.problem, PROBLEM_NONE);
    guest_end(job, &guest);
}

static void who_comes_while_it_is_written_gets_it_too(void **state)
{
    struct fixture *fixture = *state;
    struct document_request request = tour_request("1");
    struct guest guest = {0}, late = {0};
    struct job *job;
    assert_false(begin(fixture, N_EVENTS, &guest, &job));
    assert_true(job_join(job, guest_order(&late, &request)));
    fixture->gate = true;
    WAIT_UNTIL(turn(fixture, job));
    assert_tour(late.outcome.document, texts_of(N_EVENTS).want);
    guest_leave(&late);
    guest_end(job, &guest);
}

static void what_has_all_its_answers_is_written_whatever_the_time(void **state)
{
    struct fixture *fixture = *state;
    struct guest guest = {0};
    struct job *job;
    assert_false(begin(fixture, N_EVENTS, &guest, &job));
    assert_true(job_due_ms(job) > fixture->stage->now_ms + DAY_MS);
    stage_sleep(fixture->stage, DAY_MS);
    assert_false(turn(fixture, job));
    assert_true(job_due_ms(job) > fixture->stage->now_ms + DAY_MS);
    fixture->gate = true;
    WAIT_UNTIL(turn(fixture, job));
    assert_int_equal(guest.outcome.problem, PROBLEM_NONE);
    guest_end(job, &guest);
}

/* Page 2, of very many bytes, has come, so that the plan is run by another thread, and then the venue. */
static struct job *begin_with_many_bytes(struct fixture *fixture, struct guest *guest)
{
    struct stage *stage = fixture->stage;
    struct document_request request = tour_request("1");
    struct job *job = job_new(&stage->tools, &request, stage->now_ms, stage->now_s);
    char *page = malloc(PAD_BYTES + 1024);
    assert_non_null(page);
    assert_true(job_join(job, guest_order(guest, &request)));
    assert_false(turn(fixture, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(2, "a@1"));
    assert_false(turn(fixture, job));
    snprintf(page, PAD_BYTES + 1024, "%*s%s", PAD_BYTES, "", tour_page(2, "b@1"));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(2), 200, page);
    free(page);
    assert_false(turn(fixture, job));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_false(turn(fixture, job));
    return job;
}

static void what_comes_while_another_thread_runs_the_plan_is_given_to_it_afterwards(void **state)
{
    struct fixture *fixture = *state;
    struct guest guest = {0};
    struct job *job = begin_with_many_bytes(fixture, &guest);
    fixture->gate = true;
    WAIT_UNTIL(turn(fixture, job));
    assert_tour(guest.outcome.document, "a@One b@One ");
    assert_int_equal(guest.outcome.upstream_requests, 3);
    guest_end(job, &guest);
}

static void at_the_end_of_the_service_what_came_for_a_plan_is_dropped(void **state)
{
    struct fixture *fixture = *state;
    struct guest guest = {0};
    struct job *job = begin_with_many_bytes(fixture, &guest);
    end_tasks(fixture);
    job_abandon(job, PROBLEM_OVERLOADED, STRING_STOPPING);
    assert_int_equal(guest.outcome.problem, PROBLEM_OVERLOADED);
    guest_end(job, &guest);
}

static void at_the_end_of_the_service_it_is_given_up(void **state)
{
    struct fixture *fixture = *state;
    struct guest guest = {0};
    struct job *job;
    assert_false(begin(fixture, N_EVENTS, &guest, &job));
    end_tasks(fixture);
    job_abandon(job, PROBLEM_OVERLOADED, STRING_STOPPING);
    assert_int_equal(guest.outcome.problem, PROBLEM_OVERLOADED);
    guest_end(job, &guest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_small_document_does_not_wait_for_those_that_write_large_ones),
        TEST(a_large_document_is_written_by_another_thread),
        TEST(who_comes_while_it_is_written_gets_it_too),
        TEST(what_has_all_its_answers_is_written_whatever_the_time),
        TEST(at_the_end_of_the_service_it_is_given_up),
        TEST(what_comes_while_another_thread_runs_the_plan_is_given_to_it_afterwards),
        TEST(at_the_end_of_the_service_what_came_for_a_plan_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
