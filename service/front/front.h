/* A front thread: libh2o behind our own thin interface. A request comes in as plain data, an answer goes out
 * as plain data; an answer may come later, from another thread, through a ticket. Nothing else in service/
 * knows libh2o. */
#ifndef MARQUEE_FRONT_H
#define MARQUEE_FRONT_H

#include <stdbool.h>

#include "front_options.h"

struct front;

#define FRONT_MAX_HANDSHAKE_MS 10000

/* New: threads that serve at once. NULL when one cannot be started: errno. Takes the listening sockets. */
struct front *front_new(const struct front_options *options);

/* New connections get the new context from now on; borrowed like the first one, and the old one must live
 * until handshakes that have begun are over: at most FRONT_MAX_HANDSHAKE_MS. Main thread. */
void front_set_tls(struct front *front, struct tls_context *tls);

/* Stops accepting, lets requests under way finish for at most `drain_ms`, then cuts what is left. Returns
 * when every thread has ended. Main thread. True: nothing had to be cut. */
bool front_stop(struct front *front, unsigned drain_ms);
void front_free(struct front *front); /* after front_stop(); NULL is a no-op */

#endif
