/* What a thread asks of the kernel's scheduler, and when a cold one yields. */
#include "priority.h"

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <threads.h>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "translators/base/memory.h"

#define SLICE_NS           100000 /* the shortest that the kernel takes */
#define NICER              6      /* than the thread was */
#define NICEST             19
#define STEPS_BEFORE_YIELD 256 /* 0.1 ms */

static void wish_for_short_slices(void)
{
    /* glibc 2.36 has no wrappers. What the thread has otherwise stays: only its slice changes, which is the
     * runtime of a policy that is not the deadline's. */
    struct sched_attr wish = {.size = sizeof(wish)};
    if (syscall(SYS_sched_getattr, 0, &wish, sizeof(wish), 0) != 0 || wish.sched_policy != SCHED_NORMAL)
        return;
    wish.sched_runtime = SLICE_NS;
    (void)syscall(SYS_sched_setattr, 0, &wish, 0);
}

void priority_come_soon(void)
{
    wish_for_short_slices();
}

void priority_give_way(void)
{
    /* Linux keeps the value by thread, unlike POSIX: setpriority(2), "C library/kernel differences". Where
     * the whole service is nice already, these threads are nicer. */
    const id_t thread = (id_t)gettid();
    const int nice = getpriority(PRIO_PROCESS, thread) + NICER;
    (void)setpriority(PRIO_PROCESS, thread, nice < NICEST ? nice : NICEST);
    /* Since Linux 6.18 who yields gives up what is left of its slice. Of a long one that would be most. */
    wish_for_short_slices();
    memory_set_quantum(STEPS_BEFORE_YIELD, thrd_yield);
}
