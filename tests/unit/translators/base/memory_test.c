/* Tests of translators/base/memory.c: when a thread lets others in, and that work is counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>

#include "translators/base/arena.h"
#include "translators/base/buffer.h"
#include "translators/base/memory.h"

static unsigned n_ends;

static void on_end(void)
{
    n_ends++;
}

static int begin(void **state)
{
    (void)state;
    memory_set_quantum(10, on_end);
    n_ends = 0;
    return 0;
}

static void a_quantum_ends_at_its_last_step_and_begins_anew(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++)
        memory_step(1);
    assert_int_equal(n_ends, 0);
    memory_step(1);
    assert_int_equal(n_ends, 1);
    for (int i = 0; i < 20; i++)
        memory_step(1);
    assert_int_equal(n_ends, 3);
}

static void what_takes_longer_than_a_quantum_ends_it_once(void **state)
{
    (void)state;
    memory_step(9);
    memory_step(1000);
    assert_int_equal(n_ends, 1);
    memory_step(9);
    assert_int_equal(n_ends, 1);
    memory_step(1);
    assert_int_equal(n_ends, 2);
}

static void allocations_and_what_is_appended_are_steps(void **state)
{
    (void)state;
    struct buffer text = BUFFER_INIT(100);
    struct arena *arena = arena_new(1000); /* two allocations */
    memory_free(memory_new(1));
    for (int i = 0; i < 2; i++) {
        arena_alloc(arena, 1);
        buffer_puts(&text, "a");
    }
    assert_int_equal(n_ends, 0);
    buffer_puts(&text, "b"); /* the ninth */
    assert_int_equal(n_ends, 0);
    buffer_puts(&text, "c");
    assert_int_equal(n_ends, 1);
    buffer_done(&text);
    arena_free(arena);
}

static void *work(void *arg)
{
    for (int i = 0; i < 100; i++)
        free(memory_new(1));
    return arg;
}

static void a_thread_has_no_quantum_of_another(void **state)
{
    pthread_t thread;
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, work, NULL), 0);
    pthread_join(thread, NULL);
    assert_int_equal(n_ends, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_quantum_ends_at_its_last_step_and_begins_anew, begin),
        cmocka_unit_test_setup(what_takes_longer_than_a_quantum_ends_it_once, begin),
        cmocka_unit_test_setup(allocations_and_what_is_appended_are_steps, begin),
        cmocka_unit_test_setup(a_thread_has_no_quantum_of_another, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
