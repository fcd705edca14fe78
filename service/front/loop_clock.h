/* One turn of a front thread's loop, in which no jump of the wall clock sets off or stops a timer. The
 * loop's thread alone. */
#ifndef MARQUEE_FRONT_LOOP_CLOCK_H
#define MARQUEE_FRONT_LOOP_CLOCK_H

#include <stdint.h>
#include <sys/time.h>

struct thread;

/* Milliseconds of the wall clock, which libh2o's own notes are in. */
uint64_t loop_clock_ms_of(struct timeval at);

/* After the loop was made, and before any other timer is: libh2o runs timers in the order they were made in.
 */
void loop_clock_begin(struct thread *thread);
void loop_clock_run(struct thread *thread, int32_t max_wait_ms); /* one turn */
void loop_clock_end(struct thread *thread);

#endif
