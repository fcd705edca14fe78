/* A connection: from accept() to on_close(). It belongs to its listener's thread, and so do all calls here.
 */
#ifndef MARQUEE_FRONT_CONN_H
#define MARQUEE_FRONT_CONN_H

#include <stddef.h>
#include <stdint.h>

struct conn;
struct listener;
struct st_h2o_req_t;
struct st_h2o_socket_t;
struct thread;
struct tls_context;

/* Takes the accepted socket: hands it to libh2o. A connection that finds no place, or whose address has its
 * share, is `refused`: its requests get 503, and it ends. Where there are many of these it is closed at once.
 */
void conn_begin(struct listener *listener, struct st_h2o_socket_t *socket);

/* Shuts the socket down. libh2o finds it closed and frees the connection, never before this returns. */
void conn_shut(struct conn *conn);

/* Shuts at most `max` connections that have had no request under way for `idle_s`; their places are free at
 * once. Returns how many. */
size_t conn_shut_idle(struct thread *thread, int64_t idle_s, size_t max);

/* Has the alerts of failed handshakes sent. Before the first connection uses `tls`. */
void conn_watch_handshakes(struct tls_context *tls);

struct conn *conn_of(struct st_h2o_req_t *req); /* borrowed: lives longer than the request */

#endif
