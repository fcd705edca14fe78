/* Insertion looks from the end, because most delays are the same: then it costs one step. */
#include "tests/simulator/due.h"

#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int64_t due_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void due_arm(const struct due_list *list)
{
    struct itimerspec at = {0};

    if (list->head.next != &list->head) {
        at.it_value.tv_sec = list->head.next->at_us / 1000000;
        at.it_value.tv_nsec = list->head.next->at_us % 1000000 * 1000;
    }
    timerfd_settime(list->fd, TFD_TIMER_ABSTIME, &at, NULL);
}

void due_init(struct due_list *list)
{
    list->head.prev = list->head.next = &list->head;
    list->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (list->fd < 0)
        abort();
}

void due_add(struct due_list *list, struct due *due, int64_t at_us, void (*fire)(struct due *due))
{
    struct due *before = list->head.prev;

    due->fire = fire;
    due->at_us = at_us;
    while (before != &list->head && before->at_us > due->at_us)
        before = before->prev;
    due->prev = before;
    due->next = before->next;
    before->next->prev = due;
    before->next = due;
    if (before == &list->head)
        due_arm(list);
}

void due_cancel(struct due *due)
{
    if (due->prev == NULL)
        return;
    due->prev->next = due->next;
    due->next->prev = due->prev;
    due->prev = due->next = NULL;
}

void due_run(struct due_list *list)
{
    int64_t now_us = due_now_us();
    uint64_t expirations;

    (void)!read(list->fd, &expirations, sizeof(expirations));
    while (list->head.next != &list->head && list->head.next->at_us <= now_us) {
        struct due *due = list->head.next;

        due_cancel(due);
        due->fire(due);
    }
    due_arm(list);
}
