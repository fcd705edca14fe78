/* Things to do later, on one event loop: a list by time and a timerfd that becomes readable when the first is
 * due. libh2o 2.2.5 has only timers of fixed intervals. One thread. */
#ifndef SIMULATOR_DUE_H
#define SIMULATOR_DUE_H

#include <stdint.h>

struct due {
    struct due *prev, *next; /* NULL: not on a list */
    int64_t at_us;
    void (*fire)(struct due *due);
};

struct due_list {
    struct due head;
    int fd; /* the timerfd */
};

void due_init(struct due_list *list); /* aborts when there is no timerfd */
int64_t due_now_us(void);             /* monotonic */

/* `at_us` in the past: as soon as the loop comes round. */
void due_add(struct due_list *list, struct due *due, int64_t at_us, void (*fire)(struct due *due));
void due_cancel(struct due *due);    /* a no-op when it is on no list */
void due_run(struct due_list *list); /* when the fd is readable: fires what is due */

#endif
