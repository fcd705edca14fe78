/* The threads in front of a server that may hang. See crew.h for the rules; no protocol and no cache here. */
#include "crew.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#define CREW_MAGIC 0x6d716377u

struct queue {
    struct crew_job *head, **tail;
    size_t n; /* reserved places included */
};

struct worker {
    struct crew *crew;
    pthread_t thread;
    void *connection;    /* NULL: none yet */
    uint64_t generation; /* the crew's when the connection was opened */
    bool proven;         /* the server answered on this connection before */
};

struct crew {
    unsigned magic;
    const struct crew_slots *slots;
    void *arg;
    unsigned threads, probe_ms, max_wait_ms;
    size_t max_queue;
    struct worker *workers;

    pthread_mutex_t mutex; /* guards everything below */
    pthread_cond_t wake;
    struct queue queues[2]; /* by enum crew_order */
    bool storing;           /* a LATER job is running */
    bool down, probing, stopping;
    int64_t probe_at_ms;
    uint64_t generation; /* grows when the breaker opens */
    uint64_t failures, expired, opened;
};

int64_t crew_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct crew_job *queue_pop(struct queue *queue)
{
    struct crew_job *job = queue->head;
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
        worker->crew->slots->do_close(worker->connection);
    worker->connection = NULL;
    worker->proven = false;
}

static void *worker_connection(struct worker *worker, uint64_t generation)
{
    if (worker->generation != generation)
        worker_disconnect(worker);
    worker->generation = generation;
    if (worker->connection == NULL)
        worker->connection = worker->crew->slots->do_open(worker->crew->arg);
    return worker->connection;
}

static enum crew_result worker_note(struct worker *worker, enum crew_result result)
{
    if (result == CREW_DONE)
        worker->proven = true;
    else
        worker_disconnect(worker);
    return result;
}

/* A connection that served before and is BROKEN now may only have been closed since, by a restart or an idle
 * timeout: that is worth one try with a new one, before anybody calls the server down. */
static enum crew_result worker_run(struct worker *worker, uint64_t generation, struct crew_job *job)
{
    const struct crew_slots *slots = worker->crew->slots;
    void *connection = worker_connection(worker, generation);
    const bool proven = worker->proven;
    enum crew_result result = worker_note(worker, slots->do_run(connection, job));
    if (result == CREW_BROKEN && proven)
        result = worker_note(worker, slots->do_run(worker_connection(worker, generation), job));
    return result;
}

/* Under the mutex. A failure of a connection from before the last opening says nothing about now. */
static void note_failure(struct crew *crew, uint64_t generation)
{
    crew->failures++;
    if (crew->down || generation != crew->generation)
        return;
    crew->down = true;
    crew->opened++;
    crew->generation++;
    crew->probe_at_ms = crew_clock_ms() + crew->probe_ms;
    pthread_cond_broadcast(&crew->wake); /* to finish what is queued, and to wait for the probe's time */
}

/* Called and returns with the mutex held. */
static void serve(struct worker *worker, struct crew_job *job, bool later)
{
    struct crew *crew = worker->crew;
    const uint64_t generation = crew->generation;
    const bool expired = !later && crew_clock_ms() - job->_pushed_ms > crew->max_wait_ms;
    const bool run = !crew->down && !expired;
    crew->expired += expired;
    crew->storing = crew->storing || later;
    pthread_mutex_unlock(&crew->mutex);
    enum crew_result result = run ? worker_run(worker, generation, job) : CREW_DONE;
    if (result != CREW_DONE) {
        pthread_mutex_lock(&crew->mutex);
        note_failure(crew, generation);
        pthread_mutex_unlock(&crew->mutex);
    }
    crew->slots->do_finish(job, run && result == CREW_DONE);
    pthread_mutex_lock(&crew->mutex);
    if (later)
        crew->storing = false;
}

/* Called and returns with the mutex held. */
static void probe(struct worker *worker)
{
    struct crew *crew = worker->crew;
    const uint64_t generation = crew->generation;
    crew->probing = true;
    pthread_mutex_unlock(&crew->mutex);
    void *connection = worker_connection(worker, generation);
    enum crew_result result = worker_note(worker, crew->slots->do_probe(connection));
    pthread_mutex_lock(&crew->mutex);
    crew->probing = false;
    crew->down = result != CREW_DONE;
    crew->probe_at_ms = crew_clock_ms() + crew->probe_ms;
}

static void wait_for_work(struct crew *crew)
{
    if (!crew->down || crew->probing) {
        pthread_cond_wait(&crew->wake, &crew->mutex);
        return;
    }
    struct timespec until = {.tv_sec = crew->probe_at_ms / 1000,
                             .tv_nsec = crew->probe_at_ms % 1000 * 1000000};
    pthread_cond_timedwait(&crew->wake, &crew->mutex, &until);
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct crew *crew = worker->crew;
    assert(crew->magic == CREW_MAGIC);
    pthread_mutex_lock(&crew->mutex);
    for (;;) {
        struct crew_job *job = queue_pop(&crew->queues[CREW_FIRST]);
        const bool later = job == NULL && !crew->storing;
        if (later)
            job = queue_pop(&crew->queues[CREW_LATER]);
        if (job != NULL)
            serve(worker, job, later);
        else if (crew->stopping)
            break; /* a LATER job that may be left is taken by the thread that is storing */
        else if (crew->down && !crew->probing && crew_clock_ms() >= crew->probe_at_ms)
            probe(worker);
        else
            wait_for_work(crew);
    }
    pthread_mutex_unlock(&crew->mutex);
    worker_disconnect(worker);
    return NULL;
}

/* Ends and joins the first n threads, and frees the crew. */
static void disband(struct crew *crew, unsigned n)
{
    pthread_mutex_lock(&crew->mutex);
    crew->stopping = true;
    pthread_cond_broadcast(&crew->wake);
    pthread_mutex_unlock(&crew->mutex);
    for (unsigned i = 0; i < n; i++)
        pthread_join(crew->workers[i].thread, NULL);
    assert(crew->queues[CREW_FIRST].n == 0 && crew->queues[CREW_LATER].n == 0);
    pthread_cond_destroy(&crew->wake);
    pthread_mutex_destroy(&crew->mutex);
    free(crew->workers);
    crew->magic = 0;
    free(crew);
}

static unsigned start_threads(struct crew *crew)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    unsigned n = 0;
    while (n < crew->threads) {
        crew->workers[n].crew = crew;
        if (pthread_create(&crew->workers[n].thread, NULL, work, &crew->workers[n]) != 0)
            break;
        pthread_setname_np(crew->workers[n].thread, "memcached");
        n++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return n;
}

struct crew *crew_new(const struct crew_options *options)
{
    assert(options->threads > 0);
    struct crew *crew = calloc(1, sizeof(*crew));
    struct worker *workers = calloc(options->threads, sizeof(*workers));
    if (crew == NULL || workers == NULL)
        abort();
    crew->magic = CREW_MAGIC;
    crew->slots = options->slots;
    crew->arg = options->arg;
    crew->threads = options->threads;
    crew->probe_ms = options->probe_ms;
    crew->max_wait_ms = options->max_wait_ms;
    crew->max_queue = options->max_queue;
    crew->workers = workers;
    for (int order = CREW_FIRST; order <= CREW_LATER; order++)
        crew->queues[order].tail = &crew->queues[order].head;
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&crew->wake, &attr);
    pthread_condattr_destroy(&attr);

    unsigned started = start_threads(crew);
    if (started < crew->threads) {
        disband(crew, started);
        return NULL;
    }
    return crew;
}

void crew_free(struct crew *crew)
{
    if (crew == NULL)
        return;
    assert(crew->magic == CREW_MAGIC);
    disband(crew, crew->threads);
}

bool crew_reserve(struct crew *crew, enum crew_order order)
{
    assert(crew->magic == CREW_MAGIC);
    pthread_mutex_lock(&crew->mutex);
    const bool ok = !crew->down && crew->queues[order].n < crew->max_queue;
    if (ok)
        crew->queues[order].n++;
    pthread_mutex_unlock(&crew->mutex);
    return ok;
}

void crew_push(struct crew *crew, enum crew_order order, struct crew_job *job)
{
    assert(crew->magic == CREW_MAGIC);
    job->_next = NULL;
    job->_pushed_ms = crew_clock_ms();
    pthread_mutex_lock(&crew->mutex);
    struct queue *queue = &crew->queues[order];
    *queue->tail = job;
    queue->tail = &job->_next;
    pthread_cond_signal(&crew->wake);
    pthread_mutex_unlock(&crew->mutex);
}

struct crew_stats crew_stats(struct crew *crew)
{
    assert(crew->magic == CREW_MAGIC);
    pthread_mutex_lock(&crew->mutex);
    struct crew_stats stats = {
        .failures = crew->failures, .expired = crew->expired, .opened = crew->opened, .down = crew->down};
    pthread_mutex_unlock(&crew->mutex);
    return stats;
}
