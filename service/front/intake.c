/* Accepting: as many connections as there is room for, and what is done where there is none. */
#include "intake.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "conn.h"
#include "front_h2o.h"
#include "service/process/stats.h"
#include "translators/base/must.h"

#define ACCEPTS_PER_TURN 32
#define CLOSING_ACCEPTS  4096 /* what a backlog may hold */
/* A connection that has been idle this long gives way when there is no room. */
#define IDLE_S        2
#define SHUT_PER_TURN 16

static void on_accept(h2o_socket_t *socket, const char *err);

static bool has_room(struct front *front)
{
    return atomic_load(&front->n_conns) < front->options.max_connections;
}

/* Clients wait in the kernel's queue, and the loop does not spin over a listener it cannot serve. The admin
 * listener stays as long as there are descriptors: an operator must be able to look. */
static void pause_accepting(struct thread *thread)
{
    for (size_t i = 0; i < thread->n_listeners; i++) {
        struct listener *listener = &thread->listeners[i];
        if (listener->socket != NULL && (listener->kind != KIND_ADMIN || thread->starved))
            h2o_socket_read_stop(listener->socket);
    }
    thread->paused = true;
}

static void resume_accepting(struct thread *thread)
{
    for (size_t i = 0; i < thread->n_listeners; i++) {
        struct listener *listener = &thread->listeners[i];
        if (listener->socket != NULL)
            h2o_socket_read_start(listener->socket, on_accept);
    }
    thread->paused = false;
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

static void on_accept(h2o_socket_t *socket, const char *err)
{
    struct listener *listener = socket->data;
    struct thread *thread = CAST(struct thread, listener->thread, THREAD_MAGIC);
    if (err != NULL)
        return;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        if (listener->kind != KIND_ADMIN && !has_room(thread->front)) {
            pause_accepting(thread);
            return;
        }
        h2o_socket_t *accepted = h2o_evloop_socket_accept(socket);
        if (accepted == NULL) {
            if (errno == EMFILE || errno == ENFILE) {
                thread->starved = true;
                pause_accepting(thread);
            }
            return;
        }
        conn_begin(listener, accepted);
    }
}

/* One turn without accepting: who is idle makes room for who waits. Where descriptors have run out and
 * nobody is idle, one of those who wait on each listener is sent away, so that they do not all wait for
 * nothing. */
void intake_make_room(struct thread *thread)
{
    size_t n = 0;
    if (thread->starved || !has_room(thread->front))
        n = conn_shut_idle(thread, IDLE_S, SHUT_PER_TURN);
    stats_add(thread->front->options.stats, connections_refused, (int64_t)n);
    for (size_t i = 0; i < thread->n_listeners && thread->starved && n == 0; i++)
        shed_one(thread, h2o_socket_get_fd(thread->listeners[i].socket));
    thread->starved = false;
    if (has_room(thread->front))
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
