/* Tests of service/process/priority.c: what the kernel says of the calling thread, and of no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

#include "service/process/priority.h"
#include "translators/base/memory.h"

/* sched_getattr(2): glibc 2.36 has neither it nor this. */
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime_ns, deadline_ns, period_ns;
};

static struct attributes seen_of_thread, seen_of_main;

static struct attributes own(void)
{
    struct attributes attr = {.size = sizeof(attr)};
    assert_int_equal(syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0), 0);
    return attr;
}

static void *give_way(void *arg)
{
    (void)arg;
    assert_int_equal(memory_quantum.steps, 0);
    priority_give_way();
    assert_in_range(memory_quantum.steps, 1, 1000);
    assert_ptr_equal(memory_quantum.on_end, thrd_yield);
    memory_step(1000);
    seen_of_thread = own();
    return NULL;
}

static void *come_soon(void *arg)
{
    (void)arg;
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), 5);
    priority_come_soon();
    seen_of_thread = own();
    return NULL;
}

static void run(void *(*body)(void *))
{
    pthread_t thread;
    seen_of_main = own();
    assert_int_equal(pthread_create(&thread, NULL, body, NULL), 0);
    pthread_join(thread, NULL);
    assert_int_equal(own().nice, seen_of_main.nice);
    assert_int_equal(own().runtime_ns, seen_of_main.runtime_ns);
}

static void a_thread_that_gives_way_is_nicer_than_the_others(void **state)
{
    (void)state;
    run(give_way);
    assert_int_equal(seen_of_thread.nice, seen_of_main.nice < 13 ? seen_of_main.nice + 6 : 19);
    if (seen_of_main.runtime_ns > 0)
        assert_int_equal(seen_of_thread.runtime_ns, 100000);
}

/* An older kernel says nothing of slices. */
static void a_thread_that_comes_soon_has_a_short_slice_and_is_as_nice_as_before(void **state)
{
    (void)state;
    run(come_soon);
    assert_int_equal(seen_of_thread.policy, SCHED_OTHER);
    assert_true(seen_of_thread.nice >= 5);
    if (seen_of_main.runtime_ns > 0)
        assert_int_equal(seen_of_thread.runtime_ns, 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_that_gives_way_is_nicer_than_the_others),
        cmocka_unit_test(a_thread_that_comes_soon_has_a_short_slice_and_is_as_nice_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
