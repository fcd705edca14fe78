/* Things to do later, on one event loop: a list by time and a timerfd that becomes readable when the first is
 * due. libh2o 2.2.5 has only timers of fixed intervals. One thread. */
#ifndef SIMULATOR_TIMERS_H
#define SIMULATOR_TIMERS_H

#include <stdint.h>

struct timer {
    struct timer *prev, *next; /* NULL: not on a list */
    int64_t at_us;
    void (*fire)(struct timer *timer);
};

struct timers {
    struct timer head;
    int fd; /* the timerfd */
};

void timers_init(struct timers *list); /* aborts when there is no timerfd */
int64_t timers_now_us(void);           /* monotonic */

/* `at_us` in the past: as soon as the loop comes round. */
void timers_add(struct timers *list, struct timer *timer, int64_t at_us, void (*fire)(struct timer *timer));
void timer_cancel(struct timer *timer); /* a no-op when it is on no list */
void timers_run(struct timers *list);   /* when the fd is readable: fires what is due */

#endif
