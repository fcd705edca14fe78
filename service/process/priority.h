/* Whom the processor is for first: threads that answer hits, before those that make what is cold. Each call
 * is of the calling thread, for its life. A kernel or a sandbox that refuses changes nothing. sched(7). */
#ifndef MARQUEE_PRIORITY_H
#define MARQUEE_PRIORITY_H

/* The thread works in short pieces and asks to be let in soon after each wait. Linux from 6.12 on lets it in
 * before a thread that has its longer slice yet to run; an older one knows no such wish. */
void priority_come_soon(void);

/* The thread gives way to all that does not. When they want all of a processor it keeps about a fifth of it.
 * What it makes takes longer than a hit may wait, and the kernel by itself takes the processor from it at a
 * tick alone, up to 4 ms later, once its turn was due by however little. So it yields after each of its
 * quanta (translators/base/memory.h). */
void priority_give_way(void);

#endif
