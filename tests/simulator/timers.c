/* Insertion looks from the end, because most delays are the same: then it costs one step. */
#include "tests/simulator/timers.h"

#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int64_t timers_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void timers_arm(const struct timers *list)
{
    struct itimerspec at = {0};

    if (list->head.next != &list->head) {
        at.it_value.tv_sec = list->head.next->at_us / 1000000;
        at.it_value.tv_nsec = list->head.next->at_us % 1000000 * 1000;
    }
    timerfd_settime(list->fd, TFD_TIMER_ABSTIME, &at, NULL);
}

void timers_init(struct timers *list)
{
    list->head.prev = list->head.next = &list->head;
    list->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (list->fd < 0)
        abort();
}

void timers_add(struct timers *list, struct timer *timer, int64_t at_us, void (*fire)(struct timer *timer))
{
    struct timer *before = list->head.prev;

    timer->fire = fire;
    timer->at_us = at_us;
    while (before != &list->head && before->at_us > timer->at_us)
        before = before->prev;
    timer->prev = before;
    timer->next = before->next;
    before->next->prev = timer;
    before->next = timer;
    if (before == &list->head)
        timers_arm(list);
}

void timer_cancel(struct timer *timer)
{
    if (timer->prev == NULL)
        return;
    timer->prev->next = timer->next;
    timer->next->prev = timer->prev;
    timer->prev = timer->next = NULL;
}

void timers_run(struct timers *list)
{
    int64_t now_us = timers_now_us();
    uint64_t expirations;

    (void)!read(list->fd, &expirations, sizeof(expirations));
    while (list->head.next != &list->head && list->head.next->at_us <= now_us) {
        struct timer *timer = list->head.next;

        timer_cancel(timer);
        timer->fire(timer);
    }
    timers_arm(list);
}
