/* A workers whose server does what the test says: every run waits until it is let go. */
#ifndef MARQUEE_TESTS_FAKE_SERVER_H
#define MARQUEE_TESTS_FAKE_SERVER_H

#include "cache/workers.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 20000 /* longer than any wait can take on a busy machine */

struct fake_server {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned permits;           /* runs that may go on; more than are asked for: never waits */
    enum workers_result result; /* of runs; those on a stale connection are BROKEN */
    enum workers_result probe_result;
    unsigned stale_below; /* connections with a lower number are stale */
    unsigned probe_lasts_ms;
    bool obeys; /* a run that is cancelled is let go */
    unsigned opened, closed, started, probes, cancelled;
    int order[64]; /* ids of the jobs in the order they were run in */
};

struct fake_connection {
    struct fake_server *server;
    unsigned number;
};

struct fake_job {
    struct workers_job workers_job;
    struct fake_server *server;
    int id;
    unsigned finished, ran;
};

static inline void *do_open(void *arg)
{
    struct fake_server *server = arg;
    struct fake_connection *connection = calloc(1, sizeof(*connection));
    connection->server = server;
    pthread_mutex_lock(&server->mutex);
    connection->number = server->opened++;
    pthread_mutex_unlock(&server->mutex);
    return connection;
}

static inline void do_close(void *arg)
{
    struct fake_connection *connection = arg;
    pthread_mutex_lock(&connection->server->mutex);
    connection->server->closed++;
    pthread_mutex_unlock(&connection->server->mutex);
    free(connection);
}

static inline enum workers_result do_run(void *arg, struct workers_job *workers_job)
{
    struct fake_connection *connection = arg;
    struct fake_server *server = connection->server;
    pthread_mutex_lock(&server->mutex);
    enum workers_result result = WORKERS_BROKEN;
    if (connection->number >= server->stale_below) {
        server->order[server->started++] = ((struct fake_job *)workers_job)->id;
        pthread_cond_broadcast(&server->changed);
        while (server->permits == 0)
            pthread_cond_wait(&server->changed, &server->mutex);
        server->permits--;
        result = server->result;
    }
    pthread_mutex_unlock(&server->mutex);
    return result;
}

static inline enum workers_result do_probe(void *arg)
{
    struct fake_connection *connection = arg;
    struct fake_server *server = connection->server;
    pthread_mutex_lock(&server->mutex);
    server->probes++;
    enum workers_result result = server->probe_result;
    const unsigned lasts_ms = server->probe_lasts_ms;
    pthread_mutex_unlock(&server->mutex);
    usleep(lasts_ms * 1000);
    return result;
}

static inline void do_cancel(void *arg)
{
    struct fake_server *server = ((struct fake_connection *)arg)->server;
    pthread_mutex_lock(&server->mutex);
    server->cancelled++;
    server->permits += server->obeys;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->mutex);
}

static inline void do_finish(struct workers_job *workers_job, bool ran)
{
    struct fake_job *job = (struct fake_job *)workers_job;
    pthread_mutex_lock(&job->server->mutex);
    job->finished++;
    job->ran += ran;
    pthread_mutex_unlock(&job->server->mutex);
}

static const struct workers_slots slots = {
    .do_open = do_open,
    .do_close = do_close,
    .do_run = do_run,
    .do_probe = do_probe,
    .do_cancel = do_cancel,
    .do_finish = do_finish,
};

struct fixture {
    struct fake_server server;
    struct workers *workers;
    struct fake_job jobs[64];
    int pushed;
};

static inline void set_up_impatient(struct fixture *fixture, unsigned threads, unsigned permits,
                                    size_t max_queue, unsigned max_wait_ms)
{
    *fixture = (struct fixture){
        .server = {.permits = permits, .result = WORKERS_DONE, .probe_result = WORKERS_DONE}};
    pthread_mutex_init(&fixture->server.mutex, NULL);
    pthread_cond_init(&fixture->server.changed, NULL);
    fixture->workers = workers_new(&(struct workers_options){.slots = &slots,
                                                             .arg = &fixture->server,
                                                             .threads = threads,
                                                             .probe_ms = 1,
                                                             .max_wait_ms = max_wait_ms,
                                                             .max_queue = max_queue});
    assert_non_null(fixture->workers);
}

static inline void set_up(struct fixture *fixture, unsigned threads, unsigned permits, size_t max_queue)
{
    set_up_impatient(fixture, threads, permits, max_queue, PATIENCE_MS);
}

static inline void tear_down(struct fixture *fixture)
{
    assert_true(workers_free(fixture->workers));
    for (int i = 0; i < fixture->pushed; i++)
        assert_int_equal(fixture->jobs[i].finished, 1);
    assert_int_equal(fixture->server.opened, fixture->server.closed);
    pthread_cond_destroy(&fixture->server.changed);
    pthread_mutex_destroy(&fixture->server.mutex);
}

static inline bool push(struct fixture *fixture, enum workers_order order)
{
    if (!workers_reserve(fixture->workers, order))
        return false;
    struct fake_job *job = &fixture->jobs[fixture->pushed];
    *job = (struct fake_job){.server = &fixture->server, .id = fixture->pushed++};
    workers_push(fixture->workers, order, &job->workers_job);
    return true;
}

static inline void let_go(struct fixture *fixture, unsigned permits)
{
    pthread_mutex_lock(&fixture->server.mutex);
    fixture->server.permits += permits;
    pthread_cond_broadcast(&fixture->server.changed);
    pthread_mutex_unlock(&fixture->server.mutex);
}

static inline unsigned read_counter(struct fixture *fixture, const unsigned *counter)
{
    pthread_mutex_lock(&fixture->server.mutex);
    const unsigned count = *counter;
    pthread_mutex_unlock(&fixture->server.mutex);
    return count;
}

static inline void wait_for(struct fixture *fixture, const unsigned *counter, unsigned count)
{
    for (int ms = 0; read_counter(fixture, counter) < count; ms++) {
        assert_true(ms < PATIENCE_MS);
        usleep(1000);
    }
}

static inline void wait_until_down_is(struct fixture *fixture, bool down)
{
    for (int ms = 0; workers_stats(fixture->workers).down != down; ms++) {
        assert_true(ms < PATIENCE_MS);
        usleep(1000);
    }
}

#endif
