/* A queue in front of threads, and a list of what they have done. */
#include "task_pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "exhaustion.h"
#include "priority.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"

struct task_pool {
    void (*wake)(void *arg);
    void *arg;
    unsigned n_threads;
    pthread_t *threads;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    struct task *waiting, **waiting_end;
    struct task *done; /* the latest first */
    bool stopping;
};

/* NULL: the pool ends. */
static struct task *take(struct task_pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    while (pool->waiting == NULL && !pool->stopping)
        pthread_cond_wait(&pool->changed, &pool->mutex);
    struct task *task = pool->stopping ? NULL : pool->waiting;
    if (task != NULL) {
        pool->waiting = task->_next;
        if (pool->waiting == NULL)
            pool->waiting_end = &pool->waiting;
    }
    pthread_mutex_unlock(&pool->mutex);
    return task;
}

static void give(struct task_pool *pool, struct task *task)
{
    pthread_mutex_lock(&pool->mutex);
    task->_next = pool->done;
    pool->done = task;
    pthread_mutex_unlock(&pool->mutex);
    pool->wake(pool->arg);
}

static void *run(void *arg)
{
    struct task_pool *pool = arg;
    struct task *task;
    priority_give_way();
    memory_put_by(EXHAUSTION_RESERVE_BYTES);
    while ((task = take(pool)) != NULL) {
        task->work(task->arg);
        task->ran_out = memory_ran_out();
        give(pool, task);
        memory_put_by(EXHAUSTION_RESERVE_BYTES);
    }
    memory_let_go();
    return NULL;
}

struct task_pool *task_pool_new(unsigned n_threads, void (*wake)(void *arg), void *arg)
{
    struct task_pool *pool = must(calloc(1, sizeof(*pool)));
    *pool = (struct task_pool){.wake = wake,
                               .arg = arg,
                               .n_threads = n_threads,
                               .threads = must(calloc(n_threads, sizeof(pthread_t))),
                               .waiting_end = &pool->waiting};
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->changed, NULL);
    sigset_t all, before;
    sigfillset(&all); /* signals are for the main thread */
    pthread_sigmask(SIG_BLOCK, &all, &before);
    for (unsigned i = 0; i < n_threads; i++) {
        must(pthread_create(&pool->threads[i], NULL, run, pool) == 0);
        pthread_setname_np(pool->threads[i], "task");
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pool;
}

void task_pool_free(struct task_pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->mutex);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
    for (unsigned i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->changed);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->threads);
    free(pool);
}

void task_pool_submit(struct task_pool *pool, struct task *task)
{
    task->_next = NULL;
    task->ran_out = false;
    pthread_mutex_lock(&pool->mutex);
    *pool->waiting_end = task;
    pool->waiting_end = &task->_next;
    pthread_cond_signal(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
}

void task_pool_run(struct task_pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    struct task *done = pool->done;
    pool->done = NULL;
    pthread_mutex_unlock(&pool->mutex);
    for (struct task *task = done, *next; task != NULL; task = next) {
        next = task->_next;
        task->on_done(task->arg);
    }
}
