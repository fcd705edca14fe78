/* Front threads: libh2o's loops, their beginning, their turns and their orderly end. What a request means is
 * serve.c's business.
 *
 * What libh2o leaves out, and where it is made up for:
 *   - lax parsing, endless resets: guard.h, asked in on_request();
 *   - no write timeout: every exchange has a deadline, on_deadline(); TCP_USER_TIMEOUT for the rest;
 *   - HTTP/2 requests that never end, and idle connections that every frame keeps alive: sweep_run();
 *   - no cap on connections, spinning at the limit of descriptors: on_accept(), intake_make_room();
 *   - timers use the wall clock, and a clock jump fires all of them, or none: loop_clock.c;
 *   - a graceful stop that forgets idle HTTP/1 connections and those that never end: drain_step();
 *   - reference counts that are not atomic: bodies are held by the cache's own;
 *   - answers of its own to what is no request: on_own_answer() makes problems of them. Not of one: an HTTP/1
 *     head that cannot be parsed gets a 400 in plain text that libh2o writes without asking anybody. */
#include "front.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "conn.h"
#include "exchange.h"
#include "frames.h"
#include "front_h2o.h"
#include "handler.h"
#include "intake.h"
#include "loop_clock.h"
#include "service/http/clients.h"
#include "service/http/guard.h"
#include "service/process/clock.h"
#include "service/process/priority.h"
#include "sweep.h"
#include "ticket.h"
#include "translators/base/must.h"

#define HEADER_TIMEOUT_MS 1000 /* for a PROXY header to be whole */
#define BUSY_TURN_MS      50   /* while stopping, or while not accepting */
/* A connection that is stopping waits for the GOAWAY that libh2o sends after 1 s, and for a last request. */
#define DRAIN_IDLE_MS 1200
#define CUT_MS        2000 /* for connections to fall apart after they were cut */

/* ---- stopping ---- */

static void cut_all(struct thread *thread)
{
    for (h2o_linklist_t *link = thread->conns.next; link != &thread->conns; link = link->next) {
        struct conn *conn = H2O_STRUCT_FROM_MEMBER(struct conn, link, link);
        if (!h2o_linklist_is_empty(&conn->exchanges))
            thread->clean = false;
        exchange_cut(conn);
    }
}

/* One turn of the way out: accept no more, let requests finish, cut what is left. False: it is over. */
static bool drain_step(struct thread *thread, int64_t drain_until_ms)
{
    int64_t now_ms = clock_monotonic_ms();
    if (thread->stage == STAGE_SERVING) {
        thread->stage = STAGE_DRAINING;
        thread->cut_at_ms = now_ms + DRAIN_IDLE_MS;
        intake_close(thread);
        h2o_context_request_shutdown(&thread->context);
    }
    if (thread->n_conns == 0)
        return false;
    if (thread->stage == STAGE_DRAINING && now_ms >= drain_until_ms) {
        thread->stage = STAGE_CUTTING;
        thread->cut_at_ms = now_ms + CUT_MS;
        cut_all(thread);
    } else if (thread->stage == STAGE_DRAINING && now_ms >= thread->cut_at_ms) {
        conn_shut_idle(thread, 0, thread->n_conns);
    }
    return thread->stage != STAGE_CUTTING || now_ms < thread->cut_at_ms;
}

/* ---- threads ---- */

/* Runs on the thread itself: libh2o's buffers belong to the thread that made them. */
static void thread_begin(struct thread *thread)
{
    struct front *front = thread->front;
    const struct front_options *options = &front->options;
    size_t index = (size_t)(thread - front->threads);
    thread->loop = h2o_evloop_create();
    loop_clock_begin(thread);
    h2o_context_init(&thread->context, thread->loop, &front->config);
    h2o_timeout_init(thread->loop, &thread->deadline, options->response_deadline_ms);
    h2o_timeout_init(thread->loop, &thread->header_timeout, HEADER_TIMEOUT_MS);
    ticket_inbox_open(thread->inbox, thread->context.queue);
    thread->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    intake_open(thread, KIND_HTTPS, options->https_fds + index * options->n_https, options->n_https);
    intake_open(thread, KIND_PLAIN, options->http_fds + index * options->n_http, options->n_http);
    intake_open(thread, KIND_ADMIN, options->admin_fds + index * options->n_admin, options->n_admin);
    intake_open(thread, KIND_TRUSTED, options->trusted_fds + index * options->n_trusted, options->n_trusted);
    intake_open(thread, KIND_PROXIED, options->proxied_fds + index * options->n_proxied, options->n_proxied);
}

static void thread_end(struct thread *thread)
{
    ticket_inbox_close(thread->inbox);
    while (!ticket_inbox_is_empty(thread->inbox))
        loop_clock_run(thread, BUSY_TURN_MS);
    if (thread->spare_fd != -1)
        close(thread->spare_fd);
    /* Connections that survived being cut are left to the end of the process, and their context with them. */
    if (thread->n_conns > 0)
        return;
    h2o_multithread_queue_t *queue = thread->context.queue;
    ticket_inbox_leave(thread->inbox, queue);
    h2o_timeout_dispose(thread->loop, &thread->deadline);
    h2o_timeout_dispose(thread->loop, &thread->header_timeout);
    loop_clock_end(thread);
    /* The second GOAWAY is due 1 s after the first, whether or not there is still anybody to get it. */
    h2o_timeout_unlink(&thread->context.http2._graceful_shutdown_timeout);
    h2o_context_dispose(&thread->context);
    free(queue); /* h2o_multithread_destroy_queue() does not */
    h2o_evloop_destroy(thread->loop);
}

static bool wait_for_gate(struct front *front)
{
    pthread_mutex_lock(&front->mutex);
    while (front->gate == GATE_SHUT)
        pthread_cond_wait(&front->changed, &front->mutex);
    bool go = front->gate == GATE_OPEN;
    pthread_mutex_unlock(&front->mutex);
    return go;
}

static void tell_begun(struct front *front)
{
    pthread_mutex_lock(&front->mutex);
    front->n_begun++;
    pthread_cond_broadcast(&front->changed);
    pthread_mutex_unlock(&front->mutex);
}

static void *thread_main(void *arg)
{
    struct thread *thread = arg;
    struct front *front = thread->front;
    if (thread->magic != THREAD_MAGIC || !wait_for_gate(front))
        return NULL;
    priority_come_soon();
    thread_begin(thread);
    tell_begun(front);
    for (;;) {
        int64_t drain_until_ms = atomic_load(&front->drain_until_ms);
        if (drain_until_ms != 0 && !drain_step(thread, drain_until_ms))
            break;
        loop_clock_run(thread, drain_until_ms != 0 || thread->starved ? BUSY_TURN_MS : TURN_MS);
        sweep_run(thread);
        if (thread->stage == STAGE_SERVING)
            intake_make_room(thread);
    }
    thread_end(thread);
    return NULL;
}

/* ---- the front ---- */

static void configure(struct front *front)
{
    h2o_globalconf_t *config = &front->config;
    unsigned timeout_ms = front->options.request_timeout_ms;
    h2o_config_init(config);
    config->server_name = h2o_iovec_init("", 0);
    /* Larger, over HTTP/1 it is a 413 of libh2o's own; over HTTP/2 the connection ends: frames.h. */
    config->max_request_entity_size = FRAMES_MAX_BODY_BYTES;
    config->handshake_timeout = timeout_ms < FRONT_MAX_HANDSHAKE_MS ? timeout_ms : FRONT_MAX_HANDSHAKE_MS;
    config->http1.req_timeout = timeout_ms;
    config->http1.upgrade_to_http2 = 0;
    config->http2.idle_timeout = timeout_ms;
    h2o_hostconf_t *host = h2o_config_register_host(config, h2o_iovec_init(H2O_STRLIT(GUARD_NO_HOST)), 65535);
    handler_register(host);
}

/* With GATE_OPEN, returns when every thread serves: the caller's list of sockets is not read after that. */
static void set_gate(struct front *front, enum gate gate)
{
    pthread_mutex_lock(&front->mutex);
    front->gate = gate;
    pthread_cond_broadcast(&front->changed);
    while (gate == GATE_OPEN && front->n_begun < front->n_threads)
        pthread_cond_wait(&front->changed, &front->mutex);
    pthread_mutex_unlock(&front->mutex);
}

static struct thread *prepare_thread(struct front *front)
{
    const struct front_options *options = &front->options;
    struct thread *thread = &front->threads[front->n_threads];
    thread->magic = THREAD_MAGIC;
    thread->front = front;
    thread->inbox = ticket_inbox_new();
    thread->listeners = must(calloc(options->n_https + options->n_http + options->n_admin +
                                        options->n_trusted + options->n_proxied + 1,
                                    sizeof(*thread->listeners)));
    thread->clean = true;
    exchange_name_fields(thread);
    h2o_linklist_init_anchor(&thread->conns);
    return thread;
}

struct front *front_new(const struct front_options *options)
{
    struct front *front = must(calloc(1, sizeof(*front)));
    front->options = *options;
    if (options->tls != NULL)
        conn_watch_handshakes(options->tls);
    front->tls = options->tls;
    front->clients = clients_new(options->max_connections, options->max_connections_per_address);
    front->threads = must(calloc(options->threads, sizeof(*front->threads)));
    pthread_mutex_init(&front->mutex, NULL);
    pthread_cond_init(&front->changed, NULL);
    configure(front);

    /* Signals are for the main thread. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int error = 0;
    for (unsigned i = 0; i < options->threads && error == 0; i++) {
        struct thread *thread = prepare_thread(front);
        error = pthread_create(&thread->id, NULL, thread_main, thread);
        if (error == 0)
            front->n_threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    set_gate(front, error == 0 ? GATE_OPEN : GATE_ABANDONED);
    if (error == 0)
        return front;
    for (size_t i = 0; i < front->n_threads; i++)
        pthread_join(front->threads[i].id, NULL);
    front_free(front);
    errno = error;
    return NULL;
}

void front_set_tls(struct front *front, struct tls_context *tls)
{
    conn_watch_handshakes(tls);
    atomic_store(&front->tls, tls);
}

bool front_stop(struct front *front, unsigned drain_ms)
{
    bool clean = true;
    atomic_store(&front->drain_until_ms, clock_monotonic_ms() + drain_ms);
    for (size_t i = 0; i < front->n_threads; i++)
        ticket_inbox_wake(front->threads[i].inbox);
    for (size_t i = 0; i < front->n_threads; i++) {
        pthread_join(front->threads[i].id, NULL);
        clean &= front->threads[i].clean;
    }
    return clean;
}

void front_free(struct front *front)
{
    if (front == NULL)
        return;
    for (unsigned i = 0; i < front->options.threads; i++) {
        if (front->threads[i].inbox == NULL)
            continue;
        ticket_inbox_unref(front->threads[i].inbox);
        free(front->threads[i].listeners);
    }
    h2o_config_dispose(&front->config);
    pthread_cond_destroy(&front->changed);
    pthread_mutex_destroy(&front->mutex);
    clients_free(front->clients);
    free(front->threads);
    free(front);
}
