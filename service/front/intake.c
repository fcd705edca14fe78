/* Accepting: as many connections as there is room for, and what is done where there is none. */
#include "intake.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "conn.h"
#include "front_h2o.h"
#include "service/process/clock.h"
#include "service/process/stats.h"
#include "translators/base/must.h"

#define ACCEPTS_PER_TURN 32
#define CLOSING_ACCEPTS  4096 /* what a backlog may hold */
/* A connection that has been idle this long gives way when there is no room. */
#define IDLE_S        2
#define SHUT_PER_TURN 16
#define LOOK_AGAIN_MS 50   /* for one that is idle */
#define CROWDED_MS    2000 /* after somebody found no place */

static void on_accept(h2o_socket_t *socket, const char *err);

static bool has_room(struct front *front)
{
    return atomic_load(&front->n_conns) < front->options.max_connections;
}

/* The loop does not spin over listeners that it has no descriptors for. */
static void pause_accepting(struct thread *thread)
{
    for (size_t i = 0; i < thread->n_listeners; i++)
        if (thread->listeners[i].socket != NULL)
            h2o_socket_read_stop(thread->listeners[i].socket);
    thread->starved = true;
}

static void resume_accepting(struct thread *thread)
{
    for (size_t i = 0; i < thread->n_listeners; i++) {
        struct listener *listener = &thread->listeners[i];
        if (listener->socket != NULL)
            h2o_socket_read_start(listener->socket, on_accept);
    }
    thread->starved = false;
}

/* No descriptor is left: the client is told by closing, with the descriptor that was kept for this. */
static void shed_one(struct thread *thread, int listener_fd)
{
    if (thread->spare_fd != -1)
        close(thread->spare_fd);
    int fd = accept4(listener_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd != -1) {
        close(fd);
        stats_add(thread->front->options.stats, connections_refused, 1);
    }
    thread->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Who is idle gives way to who comes. Other threads learn of it by their next turn. */
static void make_place(struct thread *thread)
{
    struct front *front = thread->front;
    int64_t now_ms = clock_monotonic_ms();
    if (has_room(front))
        return;
    atomic_store(&front->crowded_ms, now_ms);
    if (now_ms < thread->no_idle_ms + LOOK_AGAIN_MS)
        return;
    size_t n = conn_shut_idle(thread, IDLE_S, 1);
    stats_add(front->options.stats, connections_refused, (int64_t)n);
    if (n == 0)
        thread->no_idle_ms = now_ms;
}

static void on_accept(h2o_socket_t *socket, const char *err)
{
    struct listener *listener = socket->data;
    struct thread *thread = CAST(struct thread, listener->thread, THREAD_MAGIC);
    if (err != NULL)
        return;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        h2o_socket_t *accepted = h2o_evloop_socket_accept(socket);
        if (accepted == NULL) {
            if (errno == EMFILE || errno == ENFILE)
                pause_accepting(thread);
            return;
        }
        if (listener->kind != KIND_ADMIN)
            make_place(thread);
        conn_begin(listener, accepted);
    }
}

void intake_make_room(struct thread *thread)
{
    struct front *front = thread->front;
    bool crowded = !has_room(front) && clock_monotonic_ms() < atomic_load(&front->crowded_ms) + CROWDED_MS;
    size_t n = 0;
    if (thread->starved || crowded)
        n = conn_shut_idle(thread, IDLE_S, SHUT_PER_TURN);
    stats_add(front->options.stats, connections_refused, (int64_t)n);
    if (!thread->starved)
        return;
    for (size_t i = 0; i < thread->n_listeners && n == 0; i++)
        shed_one(thread, h2o_socket_get_fd(thread->listeners[i].socket));
    resume_accepting(thread);
}

void intake_open(struct thread *thread, enum kind kind, const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct listener *listener = &thread->listeners[thread->n_listeners++];
        listener->thread = thread;
        listener->kind = kind;
        listener->accept = (h2o_accept_ctx_t){.ctx = &thread->context, .hosts = thread->front->config.hosts};
        listener->socket = h2o_evloop_socket_create(thread->loop, fds[i], H2O_SOCKET_FLAG_DONT_READ);
        listener->socket->data = listener;
        h2o_socket_read_start(listener->socket, on_accept);
    }
}

/* Connections that have already been made are served to their end: closing the listener would reset them.
 */
void intake_close(struct thread *thread)
{
    for (size_t i = 0; i < thread->n_listeners; i++) {
        struct listener *listener = &thread->listeners[i];
        if (listener->socket == NULL)
            continue;
        h2o_socket_t *accepted;
        for (int n = 0;
             n < CLOSING_ACCEPTS && (accepted = h2o_evloop_socket_accept(listener->socket)) != NULL; n++)
            conn_begin(listener, accepted);
        h2o_socket_read_stop(listener->socket);
        h2o_socket_close(listener->socket);
        listener->socket = NULL;
    }
}
