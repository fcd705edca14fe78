/* Threads that compute for another one, the owner, so that it never does for long. Tasks begin in the order
 * they came. What a task reads, nobody changes before its on_done; what it makes is its own until then. */
#ifndef MARQUEE_TASK_POOL_H
#define MARQUEE_TASK_POOL_H

#include <stdbool.h>

struct task_pool;

/* The owner's: it lives until on_done is called or the pool is freed. */
struct task {
    void (*work)(void *arg);    /* on a thread of the pool; waits for nothing */
    void (*on_done)(void *arg); /* on the owner's thread, from task_pool_run() */
    void *arg;
    bool ran_out; /* when it is done: memory ran out on the way, so that what it made is not to be used */
    struct task *_next; /* hands off */
};

/* New pool, running. `wake` is called on a thread of the pool when there is something for task_pool_run(). */
struct task_pool *task_pool_new(unsigned n_threads, void (*wake)(void *arg), void *arg);

/* Waits for the tasks that have begun. on_done is called for none any more, and those that wait never begin.
 * NULL is a no-op. */
void task_pool_free(struct task_pool *pool);

/* Owner only. The queue needs no room of its own: the owner has as many tasks as it has made. */
void task_pool_submit(struct task_pool *pool, struct task *task);

/* Owner only: calls on_done of all that are done. */
void task_pool_run(struct task_pool *pool);

#endif
