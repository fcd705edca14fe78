/* The sweep of a front thread: who keeps a connection busy without asking for anything, or begins requests
 * and does not end them, is shut. libh2o's own timers end who is quiet a turn earlier; those of HTTP/2 every
 * frame restarts. */
#ifndef MARQUEE_FRONT_SWEEP_H
#define MARQUEE_FRONT_SWEEP_H

struct thread;

/* After every turn of the loop, on its thread; looks once a second. */
void sweep_run(struct thread *thread);

#endif
