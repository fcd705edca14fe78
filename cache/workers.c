/* The threads in front of a server that may hang. See workers.h for the rules; no protocol and no cache here.
 */
#include "workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "translators/base/must.h"

#define WORKERS_MAGIC 0x6d716377u
#define PATIENCE      4    /* times max_wait_ms: nobody waits, or the connection is yet to be made */
#define END_MS        1000 /* after workers_stop() what is queued is still run for this long */
#define GRACE_MS      1000 /* beyond that and max_wait_ms, for a thread that was cancelled */
#define LOOK_MS       10   /* how often workers_free() looks for runs that are late */

struct queue {
    struct workers_job *head, **tail;
    size_t n; /* reserved places included */
};

struct worker {
    struct workers *workers;
    pthread_t thread;
    void *connection;    /* NULL: none yet */
    uint64_t generation; /* the workers's when the connection was opened */
    bool proven;         /* the server answered on this connection before */

    /* guarded by the workers's mutex */
    void *running;                  /* the connection of the run or probe under way; NULL: none */
    int64_t slow_at_ms, late_at_ms; /* from when nobody waits for it; it is a failure */
    bool probes, late, over; /* what is under way is a probe; was found late; the thread is at its end */
};

struct workers {
    unsigned magic;
    const struct workers_slots *slots;
    void *arg;
    unsigned threads, probe_ms, max_wait_ms;
    size_t max_queue;
    struct worker *each;

    pthread_mutex_t mutex; /* guards everything below */
    pthread_cond_t wake;
    struct queue queues[2]; /* by enum workers_order */
    bool storing;           /* a LATER job is running */
    bool down, probing, stopping, abandoned;
    bool told_down, telling;        /* what do_tell said last; it is being said */
    int64_t probe_at_ms, end_at_ms; /* end_at_ms once it is stopping */
    unsigned n_alive, n_finishing;  /* threads that are not over, and the owner; who calls do_finish */
    uint64_t generation;            /* grows when the breaker opens */
    uint64_t failures, expired, opened;
};

int64_t workers_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct workers_job *queue_pop(struct queue *queue)
{
    struct workers_job *job = queue->head;
    if (job != NULL) {
        queue->n--;
        queue->head = job->_next;
        if (queue->head == NULL)
            queue->tail = &queue->head;
    }
    return job;
}

static void worker_disconnect(struct worker *worker)
{
    if (worker->connection != NULL)
        worker->workers->slots->do_close(worker->connection);
    worker->connection = NULL;
    worker->proven = false;
}

static void worker_open(struct worker *worker, uint64_t generation)
{
    if (worker->generation != generation)
        worker_disconnect(worker);
    worker->generation = generation;
    if (worker->connection == NULL)
        worker->connection = worker->workers->slots->do_open(worker->workers->arg);
}

/* Under the mutex. A failure of a connection from before the last opening says nothing about now. */
static void note_failure(struct workers *workers, uint64_t generation)
{
    workers->failures++;
    if (workers->down || generation != workers->generation)
        return;
    workers->down = true;
    workers->opened++;
    workers->generation++;
    workers->probe_at_ms = workers_clock_ms() + workers->probe_ms;
    pthread_cond_broadcast(&workers->wake); /* to finish what is queued, and to wait for the probe's time */
}

/* Under the mutex: a slot cannot bound its own run. True: one is slow, and who comes would wait in vain. */
static bool look_for_late_runs(struct workers *workers)
{
    const int64_t now_ms = workers_clock_ms();
    const bool at_end = workers->stopping && now_ms >= workers->end_at_ms + workers->max_wait_ms;
    bool slow = false;
    for (unsigned i = 0; i < workers->threads; i++) {
        struct worker *worker = &workers->each[i];
        if (worker->running == NULL || worker->late)
            continue;
        worker->late = now_ms >= worker->late_at_ms || at_end;
        slow |= worker->generation == workers->generation && now_ms >= worker->slow_at_ms;
        if (worker->late)
            workers->slots->do_cancel(worker->running);
        if (worker->late && !worker->probes)
            note_failure(workers, worker->generation);
    }
    return slow;
}

static void run_begins(struct worker *worker, bool awaited, bool probes)
{
    const int64_t wait_ms = worker->workers->max_wait_ms, now_ms = workers_clock_ms();
    pthread_mutex_lock(&worker->workers->mutex);
    worker->running = worker->connection;
    worker->probes = probes;
    worker->late = false;
    worker->slow_at_ms = awaited ? now_ms + wait_ms : INT64_MAX;
    worker->late_at_ms = now_ms + wait_ms * (awaited && worker->proven ? 1 : PATIENCE);
    pthread_mutex_unlock(&worker->workers->mutex);
}

/* Whether it was late; then the failure has been noted, otherwise it is when there is one and `note`. */
static bool run_ends(struct worker *worker, enum workers_result result, bool note)
{
    struct workers *workers = worker->workers;
    pthread_mutex_lock(&workers->mutex);
    look_for_late_runs(workers);
    const bool late = worker->late;
    worker->running = NULL;
    if (result != WORKERS_DONE && !late && note)
        note_failure(workers, worker->generation);
    pthread_mutex_unlock(&workers->mutex);
    if (result == WORKERS_DONE && !late)
        worker->proven = true;
    else
        worker_disconnect(worker);
    return late;
}

/* A connection that served before and is BROKEN now may only have been closed since, by a restart or an idle
 * timeout: that is worth one try with a new one, before anybody calls the server down. */
static enum workers_result worker_run(struct worker *worker, uint64_t generation, struct workers_job *job,
                                      bool awaited)
{
    enum workers_result result = WORKERS_BROKEN;
    bool late = false, again = true;
    while (result == WORKERS_BROKEN && !late && again) {
        worker_open(worker, generation);
        again = worker->proven;
        run_begins(worker, awaited, false);
        result = worker->workers->slots->do_run(worker->connection, job);
        late = run_ends(worker, result, result == WORKERS_LATE || !again);
    }
    return result;
}

/* Called and returns with the mutex held. */
static void finish(struct workers *workers, struct workers_job *job, bool ran)
{
    workers->n_finishing++;
    pthread_mutex_unlock(&workers->mutex);
    workers->slots->do_finish(job, ran);
    pthread_mutex_lock(&workers->mutex);
    workers->n_finishing--;
    pthread_cond_broadcast(&workers->wake);
}

/* Called and returns with the mutex held. */
static void run_job(struct worker *worker, struct workers_job *job, bool later)
{
    struct workers *workers = worker->workers;
    const uint64_t generation = workers->generation;
    const int64_t now_ms = workers_clock_ms();
    const bool expired = !later && now_ms - job->_pushed_ms > workers->max_wait_ms;
    const bool run = !workers->down && !expired && !(workers->stopping && now_ms >= workers->end_at_ms);
    workers->expired += expired;
    workers->storing = workers->storing || later;
    pthread_mutex_unlock(&workers->mutex);
    const enum workers_result result = run ? worker_run(worker, generation, job, !later) : WORKERS_DONE;
    pthread_mutex_lock(&workers->mutex);
    if (!workers->abandoned)
        finish(workers, job, run && result == WORKERS_DONE);
    if (later)
        workers->storing = false;
}

/* Called and returns with the mutex held. */
static void probe(struct worker *worker)
{
    struct workers *workers = worker->workers;
    const uint64_t generation = workers->generation;
    workers->probing = true;
    pthread_mutex_unlock(&workers->mutex);
    worker_open(worker, generation);
    run_begins(worker, false, true);
    const enum workers_result result = workers->slots->do_probe(worker->connection);
    const bool late = run_ends(worker, result, false);
    pthread_mutex_lock(&workers->mutex);
    workers->probing = false;
    workers->down = result != WORKERS_DONE || late;
    workers->probe_at_ms = workers_clock_ms() + workers->probe_ms;
}

/* Called and returns with the mutex held. */
static void tell(struct workers *workers)
{
    workers->telling = true;
    workers->told_down = workers->down;
    const bool down = workers->down;
    pthread_mutex_unlock(&workers->mutex);
    if (workers->slots->do_tell != NULL)
        workers->slots->do_tell(workers->arg, down);
    pthread_mutex_lock(&workers->mutex);
    workers->telling = false;
}

static void wait_until(struct workers *workers, int64_t until_ms)
{
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    pthread_cond_timedwait(&workers->wake, &workers->mutex, &until);
}

static void wait_for_work(struct workers *workers)
{
    if (workers->down && !workers->probing)
        wait_until(workers, workers->probe_at_ms);
    else
        pthread_cond_wait(&workers->wake, &workers->mutex);
}

/* Called with the mutex held. The last one out frees the workers. */
static void leave(struct workers *workers)
{
    const bool last = --workers->n_alive == 0;
    pthread_mutex_unlock(&workers->mutex);
    if (!last)
        return;
    pthread_cond_destroy(&workers->wake);
    pthread_mutex_destroy(&workers->mutex);
    free(workers->each);
    workers->magic = 0;
    free(workers);
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct workers *workers = worker->workers;
    must(workers->magic == WORKERS_MAGIC);
    pthread_mutex_lock(&workers->mutex);
    while (!workers->abandoned) {
        if (workers->told_down != workers->down && !workers->telling)
            tell(workers);
        struct workers_job *job = queue_pop(&workers->queues[WORKERS_FIRST]);
        const bool later = job == NULL && !workers->storing;
        if (later)
            job = queue_pop(&workers->queues[WORKERS_LATER]);
        if (job != NULL)
            run_job(worker, job, later);
        else if (workers->stopping)
            break; /* a LATER job that may be left is taken by the thread that is storing */
        else if (workers->down && !workers->probing && workers_clock_ms() >= workers->probe_at_ms)
            probe(worker);
        else
            wait_for_work(workers);
    }
    pthread_mutex_unlock(&workers->mutex);
    worker_disconnect(worker);
    pthread_mutex_lock(&workers->mutex);
    worker->over = true;
    pthread_cond_broadcast(&workers->wake);
    leave(workers);
    return NULL;
}

static void start_threads(struct workers *workers)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    unsigned n;
    for (n = 0; n < workers->threads; n++) {
        workers->each[n].workers = workers;
        if (pthread_create(&workers->each[n].thread, NULL, work, &workers->each[n]) != 0)
            break;
        pthread_setname_np(workers->each[n].thread, "memcached");
    }
    pthread_mutex_lock(&workers->mutex);
    workers->threads = n;
    workers->n_alive = n + 1;
    pthread_mutex_unlock(&workers->mutex);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct workers *workers_new(const struct workers_options *options)
{
    must(options->threads > 0);
    struct workers *workers = must(calloc(1, sizeof(*workers)));
    struct worker *each = must(calloc(options->threads, sizeof(*each)));
    workers->magic = WORKERS_MAGIC;
    workers->slots = options->slots;
    workers->arg = options->arg;
    workers->threads = options->threads;
    workers->probe_ms = options->probe_ms;
    workers->max_wait_ms = options->max_wait_ms;
    workers->max_queue = options->max_queue;
    workers->each = each;
    for (int order = WORKERS_FIRST; order <= WORKERS_LATER; order++)
        workers->queues[order].tail = &workers->queues[order].head;
    pthread_mutex_init(&workers->mutex, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&workers->wake, &attr);
    pthread_condattr_destroy(&attr);
    start_threads(workers);
    if (workers->threads < options->threads) {
        workers_free(workers);
        return NULL;
    }
    return workers;
}

void workers_stop(struct workers *workers)
{
    must(workers->magic == WORKERS_MAGIC);
    pthread_mutex_lock(&workers->mutex);
    if (!workers->stopping) {
        workers->stopping = true;
        workers->end_at_ms = workers_clock_ms() + END_MS;
        pthread_cond_broadcast(&workers->wake);
    }
    pthread_mutex_unlock(&workers->mutex);
}

/* Called and returns with the mutex held. */
static void wait_for_the_end(struct workers *workers)
{
    const int64_t last_ms = workers->end_at_ms + workers->max_wait_ms + GRACE_MS;
    for (; workers->n_alive > 1 && (workers->n_finishing > 0 || workers_clock_ms() < last_ms);
         wait_until(workers, workers_clock_ms() + LOOK_MS))
        look_for_late_runs(workers);
}

bool workers_free(struct workers *workers)
{
    if (workers == NULL)
        return true;
    workers_stop(workers);
    pthread_mutex_lock(&workers->mutex);
    wait_for_the_end(workers);
    const bool ended = workers->n_alive == 1;
    workers->abandoned = !ended;
    for (int order = WORKERS_FIRST; order <= WORKERS_LATER; order++)
        for (struct workers_job *job; (job = queue_pop(&workers->queues[order])) != NULL;)
            finish(workers, job, false);
    for (unsigned i = 0; i < workers->threads; i++) {
        if (workers->each[i].over)
            pthread_join(workers->each[i].thread, NULL);
        else
            pthread_detach(workers->each[i].thread);
    }
    leave(workers);
    return ended;
}

bool workers_reserve(struct workers *workers, enum workers_order order)
{
    must(workers->magic == WORKERS_MAGIC);
    pthread_mutex_lock(&workers->mutex);
    const bool slow = look_for_late_runs(workers) && order == WORKERS_FIRST;
    const bool ok = !workers->down && !slow && workers->queues[order].n < workers->max_queue;
    if (ok)
        workers->queues[order].n++;
    pthread_mutex_unlock(&workers->mutex);
    return ok;
}

void workers_push(struct workers *workers, enum workers_order order, struct workers_job *job)
{
    must(workers->magic == WORKERS_MAGIC);
    job->_next = NULL;
    job->_pushed_ms = workers_clock_ms();
    pthread_mutex_lock(&workers->mutex);
    struct queue *queue = &workers->queues[order];
    *queue->tail = job;
    queue->tail = &job->_next;
    pthread_cond_signal(&workers->wake);
    pthread_mutex_unlock(&workers->mutex);
}

struct workers_stats workers_stats(struct workers *workers)
{
    must(workers->magic == WORKERS_MAGIC);
    pthread_mutex_lock(&workers->mutex);
    look_for_late_runs(workers);
    struct workers_stats stats = {.failures = workers->failures,
                                  .expired = workers->expired,
                                  .opened = workers->opened,
                                  .down = workers->down};
    pthread_mutex_unlock(&workers->mutex);
    return stats;
}
