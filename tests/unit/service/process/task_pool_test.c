/* Tests of service/process/task_pool.c. */
#include "service/process/task_pool.h"

#include <pthread.h>
#include <stdatomic.h>

#include "tests/unit/wait_until.h"
#include "translators/base/memory.h"

struct piece {
    struct task task;
    atomic_bool *gate; /* the work lasts until it is open; NULL: it is at once */
    atomic_bool has_begun;
    bool needs_memory;
    pthread_t by, told;
    unsigned n_told, *counter;
    unsigned place; /* in the order of the works' ends */
};

static atomic_uint wakes;

static void on_wake(void *arg)
{
    (void)arg;
    wakes++;
}

static void work(void *arg)
{
    struct piece *piece = arg;
    piece->has_begun = true;
    while (piece->gate != NULL && !*piece->gate)
        usleep(100);
    if (piece->needs_memory)
        assert_true(memory_give_back());
    piece->by = pthread_self();
    if (piece->counter != NULL)
        piece->place = (*piece->counter)++;
}

static void on_done(void *arg)
{
    struct piece *piece = arg;
    piece->n_told++;
    piece->told = pthread_self();
}

static void submit(struct task_pool *pool, struct piece *piece)
{
    piece->task = (struct task){.work = work, .on_done = on_done, .arg = piece};
    task_pool_submit(pool, &piece->task);
}

static bool is_told(struct task_pool *pool, const struct piece *piece)
{
    task_pool_run(pool);
    return piece->n_told > 0;
}

static void another_thread_works_and_the_owner_is_told(void **state)
{
    (void)state;
    struct piece piece = {0};
    struct task_pool *pool = task_pool_new(2, on_wake, NULL);
    unsigned before = wakes;
    submit(pool, &piece);
    WAIT_UNTIL(wakes == before + 1);
    assert_int_equal(piece.n_told, 0);
    task_pool_run(pool);
    task_pool_run(pool);
    assert_int_equal(piece.n_told, 1);
    assert_false(pthread_equal(piece.by, pthread_self()));
    assert_true(pthread_equal(piece.told, pthread_self()));
    assert_false(piece.task.ran_out);
    task_pool_free(pool);
}

static void tasks_of_one_thread_are_done_in_the_order_they_came(void **state)
{
    enum { N = 20 };
    (void)state;
    unsigned counter = 0;
    struct piece pieces[N] = {0};
    struct task_pool *pool = task_pool_new(1, on_wake, NULL);
    for (unsigned i = 0; i < N; i++) {
        pieces[i].counter = &counter;
        submit(pool, &pieces[i]);
    }
    WAIT_UNTIL(is_told(pool, &pieces[N - 1]));
    for (unsigned i = 0; i < N; i++)
        assert_int_equal(pieces[i].place, i);
    task_pool_free(pool);
}

static void what_takes_long_holds_up_nothing_while_a_thread_is_left(void **state)
{
    (void)state;
    atomic_bool gate = false;
    struct piece slow = {.gate = &gate}, quick[3] = {0};
    struct task_pool *pool = task_pool_new(2, on_wake, NULL);
    submit(pool, &slow);
    for (unsigned i = 0; i < 3; i++)
        submit(pool, &quick[i]);
    WAIT_UNTIL(is_told(pool, &quick[2]));
    assert_int_equal(slow.n_told, 0);
    gate = true;
    WAIT_UNTIL(is_told(pool, &slow));
    task_pool_free(pool);
}

static void the_end_waits_for_what_has_begun_and_begins_nothing_more(void **state)
{
    (void)state;
    atomic_bool gate = false;
    struct piece slow = {.gate = &gate}, late = {0};
    struct task_pool *pool = task_pool_new(1, on_wake, NULL);
    submit(pool, &slow);
    WAIT_UNTIL(slow.has_begun);
    submit(pool, &late);
    gate = true;
    task_pool_free(pool);
    assert_int_equal(slow.n_told, 0);
    assert_int_equal(late.n_told, 0);
}

static void the_owner_learns_of_which_task_memory_ran_out(void **state)
{
    (void)state;
    struct piece first = {.needs_memory = true}, second = {0};
    struct task_pool *pool = task_pool_new(1, on_wake, NULL);
    submit(pool, &first);
    submit(pool, &second);
    WAIT_UNTIL(is_told(pool, &second));
    assert_true(first.task.ran_out);
    assert_false(second.task.ran_out);
    task_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_thread_works_and_the_owner_is_told),
        cmocka_unit_test(tasks_of_one_thread_are_done_in_the_order_they_came),
        cmocka_unit_test(what_takes_long_holds_up_nothing_while_a_thread_is_left),
        cmocka_unit_test(the_end_waits_for_what_has_begun_and_begins_nothing_more),
        cmocka_unit_test(the_owner_learns_of_which_task_memory_ran_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
