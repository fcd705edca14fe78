/* The intake of a front thread: its listeners, and who gets a place. On that thread alone. */
#ifndef MARQUEE_FRONT_INTAKE_H
#define MARQUEE_FRONT_INTAKE_H

#include <stddef.h>

#include "front_h2o.h"

/* Takes `n` listening sockets, and accepts from now on. */
void intake_open(struct thread *thread, enum kind kind, const int *fds, size_t n);

/* Once a turn: where all places are taken and somebody came, who is idle makes room. Where descriptors have
 * run out and nobody is idle, one of those who wait on each listener is sent away, so that they do not all
 * wait for nothing. */
void intake_make_room(struct thread *thread);

/* Closes every listener. Connections that have already been made are served to their end: closing the
 * listener would reset them. */
void intake_close(struct thread *thread);

#endif
