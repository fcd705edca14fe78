/* Workers: the threads that talk to one server which may hang, the two bounded queues in front of them, and
 * the circuit breaker. It knows nothing of the server's protocol; slots do the talking and may block.
 *
 * The breaker opens at the first failure. A run that lasts longer than `max_wait_ms` is a failure: the next
 * call of any function here notices it and cancels the run. While the breaker is open nothing is sent: jobs
 * are finished at once as not run. One thread probes the server every `probe_ms`; a probe that succeeds
 * closes the breaker. Connections from before are not used again.
 *
 * A probe, a run of a LATER job and the first run on a connection, which has to connect, may last four times
 * `max_wait_ms`. FIRST jobs are refused while a run of a FIRST job lasts longer than `max_wait_ms`.
 *
 *     if (workers_reserve(workers, WORKERS_FIRST)) workers_push(workers, WORKERS_FIRST, job); else nothing
 * will come of it;
 *     ... do_run(connection, job) on a thread of the workers, perhaps twice, perhaps never ...
 *     ... do_finish(job, ran) on a thread of the workers, exactly once ...
 */
#ifndef MARQUEE_CACHE_WORKERS_H
#define MARQUEE_CACHE_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workers;

enum workers_result {
    WORKERS_DONE,   /* the server answered, whatever it said */
    WORKERS_BROKEN, /* the connection failed: it may have been a stale one */
    WORKERS_LATE    /* no answer in time */
};

struct workers_job { /* first member of the owner's job; hands off */
    struct workers_job *_next;
    int64_t _pushed_ms;
};

/* Somebody waits for what is FIRST. LATER never takes the last free thread, and runs one at a time and in the
 * order it was pushed in. With a single thread a FIRST job waits for at most one LATER job. */
enum workers_order { WORKERS_FIRST, WORKERS_LATER };

struct workers_slots {
    void *(*do_open)(void *arg);        /* new connection, not connected yet; does not block */
    void (*do_close)(void *connection); /* does not block */
    enum workers_result (*do_run)(void *connection, struct workers_job *job);
    enum workers_result (*do_probe)(void *connection);
    /* Any thread, while do_run or do_probe is under way and too late: makes it end soon; does not block. The
     * connection is closed after it. */
    void (*do_cancel)(void *connection);
    void (*do_finish)(struct workers_job *job, bool ran); /* takes the job; `ran`: do_run said DONE */
    /* After the breaker opened or closed: one call at a time, on a thread of the workers; NULL: nobody asks.
     * A state that lasts a moment may never be told. */
    void (*do_tell)(void *arg, bool down);
};

struct workers_options {
    const struct workers_slots *slots; /* borrowed until workers_free() */
    void *arg;                         /* for do_open and do_tell */
    unsigned threads;                  /* 1 or more */
    unsigned probe_ms;
    unsigned max_wait_ms; /* a FIRST job that waited longer is finished as not run: the server is too slow; a
                             run that lasts longer is a failure, see above */
    size_t max_queue;     /* jobs waiting in each of the two queues */
};

struct workers_stats {
    uint64_t failures; /* runs that were BROKEN or LATE in the end, or lasted too long */
    uint64_t expired;  /* jobs that waited too long */
    uint64_t opened;   /* how often the breaker opened */
    bool down;         /* it is open now */
};

/* New workers with running threads, which block all signals. NULL when threads cannot be had. */
struct workers *workers_new(const struct workers_options *options);

/* Begins the end: what is queued is run for another second at most, and finished as not run after that. Only
 * do_finish may reserve any more. */
void workers_stop(struct workers *workers);

/* Stops it, and waits for what is queued and under way until max_wait_ms and two seconds after
 * workers_stop(). False: a thread has not come back by then. What is queued has been finished, on the
 * caller's thread; what runs is never finished: leave the job, the slots and what do_run uses where they are.
 * The connection and the workers are freed when the thread comes back. NULL is a no-op, and true. */
bool workers_free(struct workers *workers);

/* A place in the queue, which workers_push() must fill. False: the breaker is open, the queue is full, or
 * what is FIRST would wait for a connection that is slow to come. */
bool workers_reserve(struct workers *workers, enum workers_order order);
void workers_push(struct workers *workers, enum workers_order order,
                  struct workers_job *job); /* takes the job */

struct workers_stats workers_stats(struct workers *workers);

/* Milliseconds of a clock that nobody sets: for the bounds of waits, not for freshness. */
int64_t workers_clock_ms(void);

#endif
