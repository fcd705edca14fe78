/* The threads in front of a server that may hang. See crew.h for the rules; no protocol and no cache here. */
#include "crew.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#define CREW_MAGIC 0x6d716377u
#define PATIENCE   4    /* times max_wait_ms: nobody waits, or the connection is yet to be made */
#define END_MS     1000 /* after crew_stop() what is queued is still run for this long */
#define GRACE_MS   1000 /* beyond that and max_wait_ms, for a thread that was told to hurry */
#define LOOK_MS    10   /* how often crew_free() looks for runs that are late */

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

    /* guarded by the crew's mutex */
    void *running;                  /* the connection of the run or probe under way; NULL: none */
    int64_t slow_at_ms, late_at_ms; /* from when nobody waits for it; it is a failure */
    bool probes, late, over; /* what is under way is a probe; was found late; the thread is at its end */
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
    bool down, probing, stopping, abandoned;
    int64_t probe_at_ms, end_at_ms; /* end_at_ms once it is stopping */
    unsigned n_alive, n_finishing;  /* threads that are not over, and the owner; who calls do_finish */
    uint64_t generation;            /* grows when the breaker opens */
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

static void worker_open(struct worker *worker, uint64_t generation)
{
    if (worker->generation != generation)
        worker_disconnect(worker);
    worker->generation = generation;
    if (worker->connection == NULL)
        worker->connection = worker->crew->slots->do_open(worker->crew->arg);
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

/* Under the mutex: a slot cannot bound its own run. True: one is slow, and who comes would wait in vain. */
static bool look_for_late_runs(struct crew *crew)
{
    const int64_t now_ms = crew_clock_ms();
    const bool at_end = crew->stopping && now_ms >= crew->end_at_ms + crew->max_wait_ms;
    bool slow = false;
    for (unsigned i = 0; i < crew->threads; i++) {
        struct worker *worker = &crew->workers[i];
        if (worker->running == NULL || worker->late)
            continue;
        worker->late = now_ms >= worker->late_at_ms || at_end;
        slow |= worker->generation == crew->generation && now_ms >= worker->slow_at_ms;
        if (worker->late)
            crew->slots->do_hurry(worker->running);
        if (worker->late && !worker->probes)
            note_failure(crew, worker->generation);
    }
    return slow;
}

static void run_begins(struct worker *worker, bool awaited, bool probes)
{
    const int64_t wait_ms = worker->crew->max_wait_ms, now_ms = crew_clock_ms();
    pthread_mutex_lock(&worker->crew->mutex);
    worker->running = worker->connection;
    worker->probes = probes;
    worker->late = false;
    worker->slow_at_ms = awaited ? now_ms + wait_ms : INT64_MAX;
    worker->late_at_ms = now_ms + wait_ms * (awaited && worker->proven ? 1 : PATIENCE);
    pthread_mutex_unlock(&worker->crew->mutex);
}

/* Whether it was late; then the failure has been noted, otherwise it is when there is one and `note`. */
static bool run_ends(struct worker *worker, enum crew_result result, bool note)
{
    struct crew *crew = worker->crew;
    pthread_mutex_lock(&crew->mutex);
    look_for_late_runs(crew);
    const bool late = worker->late;
    worker->running = NULL;
    if (result != CREW_DONE && !late && note)
        note_failure(crew, worker->generation);
    pthread_mutex_unlock(&crew->mutex);
    if (result == CREW_DONE && !late)
        worker->proven = true;
    else
        worker_disconnect(worker);
    return late;
}

/* A connection that served before and is BROKEN now may only have been closed since, by a restart or an idle
 * timeout: that is worth one try with a new one, before anybody calls the server down. */
static enum crew_result worker_run(struct worker *worker, uint64_t generation, struct crew_job *job,
                                   bool awaited)
{
    enum crew_result result = CREW_BROKEN;
    bool late = false, again = true;
    while (result == CREW_BROKEN && !late && again) {
        worker_open(worker, generation);
        again = worker->proven;
        run_begins(worker, awaited, false);
        result = worker->crew->slots->do_run(worker->connection, job);
        late = run_ends(worker, result, result == CREW_LATE || !again);
    }
    return result;
}

/* Called and returns with the mutex held. */
static void finish(struct crew *crew, struct crew_job *job, bool ran)
{
    crew->n_finishing++;
    pthread_mutex_unlock(&crew->mutex);
    crew->slots->do_finish(job, ran);
    pthread_mutex_lock(&crew->mutex);
    crew->n_finishing--;
    pthread_cond_broadcast(&crew->wake);
}

/* Called and returns with the mutex held. */
static void serve(struct worker *worker, struct crew_job *job, bool later)
{
    struct crew *crew = worker->crew;
    const uint64_t generation = crew->generation;
    const int64_t now_ms = crew_clock_ms();
    const bool expired = !later && now_ms - job->_pushed_ms > crew->max_wait_ms;
    const bool run = !crew->down && !expired && !(crew->stopping && now_ms >= crew->end_at_ms);
    crew->expired += expired;
    crew->storing = crew->storing || later;
    pthread_mutex_unlock(&crew->mutex);
    const enum crew_result result = run ? worker_run(worker, generation, job, !later) : CREW_DONE;
    pthread_mutex_lock(&crew->mutex);
    if (!crew->abandoned)
        finish(crew, job, run && result == CREW_DONE);
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
    worker_open(worker, generation);
    run_begins(worker, false, true);
    const enum crew_result result = crew->slots->do_probe(worker->connection);
    const bool late = run_ends(worker, result, false);
    pthread_mutex_lock(&crew->mutex);
    crew->probing = false;
    crew->down = result != CREW_DONE || late;
    crew->probe_at_ms = crew_clock_ms() + crew->probe_ms;
}

static void wait_until(struct crew *crew, int64_t until_ms)
{
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    pthread_cond_timedwait(&crew->wake, &crew->mutex, &until);
}

static void wait_for_work(struct crew *crew)
{
    if (crew->down && !crew->probing)
        wait_until(crew, crew->probe_at_ms);
    else
        pthread_cond_wait(&crew->wake, &crew->mutex);
}

/* Called with the mutex held. The last one out frees the crew. */
static void leave(struct crew *crew)
{
    const bool last = --crew->n_alive == 0;
    pthread_mutex_unlock(&crew->mutex);
    if (!last)
        return;
    pthread_cond_destroy(&crew->wake);
    pthread_mutex_destroy(&crew->mutex);
    free(crew->workers);
    crew->magic = 0;
    free(crew);
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct crew *crew = worker->crew;
    assert(crew->magic == CREW_MAGIC);
    pthread_mutex_lock(&crew->mutex);
    while (!crew->abandoned) {
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
    pthread_mutex_lock(&crew->mutex);
    worker->over = true;
    pthread_cond_broadcast(&crew->wake);
    leave(crew);
    return NULL;
}

static void start_threads(struct crew *crew)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    unsigned n;
    for (n = 0; n < crew->threads; n++) {
        crew->workers[n].crew = crew;
        if (pthread_create(&crew->workers[n].thread, NULL, work, &crew->workers[n]) != 0)
            break;
        pthread_setname_np(crew->workers[n].thread, "memcached");
    }
    pthread_mutex_lock(&crew->mutex);
    crew->threads = n;
    crew->n_alive = n + 1;
    pthread_mutex_unlock(&crew->mutex);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
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
    start_threads(crew);
    if (crew->threads < options->threads) {
        crew_free(crew);
        return NULL;
    }
    return crew;
}

void crew_stop(struct crew *crew)
{
    assert(crew->magic == CREW_MAGIC);
    pthread_mutex_lock(&crew->mutex);
    if (!crew->stopping) {
        crew->stopping = true;
        crew->end_at_ms = crew_clock_ms() + END_MS;
        pthread_cond_broadcast(&crew->wake);
    }
    pthread_mutex_unlock(&crew->mutex);
}

/* Called and returns with the mutex held. */
static void wait_for_the_end(struct crew *crew)
{
    const int64_t last_ms = crew->end_at_ms + crew->max_wait_ms + GRACE_MS;
    for (; crew->n_alive > 1 && (crew->n_finishing > 0 || crew_clock_ms() < last_ms);
         wait_until(crew, crew_clock_ms() + LOOK_MS))
        look_for_late_runs(crew);
}

bool crew_free(struct crew *crew)
{
    if (crew == NULL)
        return true;
    crew_stop(crew);
    pthread_mutex_lock(&crew->mutex);
    wait_for_the_end(crew);
    const bool ended = crew->n_alive == 1;
    crew->abandoned = !ended;
    for (int order = CREW_FIRST; order <= CREW_LATER; order++)
        for (struct crew_job *job; (job = queue_pop(&crew->queues[order])) != NULL;)
            finish(crew, job, false);
    for (unsigned i = 0; i < crew->threads; i++) {
        if (crew->workers[i].over)
            pthread_join(crew->workers[i].thread, NULL);
        else
            pthread_detach(crew->workers[i].thread);
    }
    leave(crew);
    return ended;
}

bool crew_reserve(struct crew *crew, enum crew_order order)
{
    assert(crew->magic == CREW_MAGIC);
    pthread_mutex_lock(&crew->mutex);
    const bool slow = look_for_late_runs(crew) && order == CREW_FIRST;
    const bool ok = !crew->down && !slow && crew->queues[order].n < crew->max_queue;
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
    look_for_late_runs(crew);
    struct crew_stats stats = {
        .failures = crew->failures, .expired = crew->expired, .opened = crew->opened, .down = crew->down};
    pthread_mutex_unlock(&crew->mutex);
    return stats;
}
