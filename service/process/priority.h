/* Whom the processor is for first: threads that answer hits, before those that make what is cold. Each call
 * is of the calling thread, for its life. A kernel or a sandbox that refuses changes nothing. sched(7). */
#ifndef MARQUEE_PRIORITY_H
#define MARQUEE_PRIORITY_H

/* The thread works in short pieces and asks to be let in soon after each wait. Linux from 6.12 on lets it in
 * before a thread that has a longer slice yet to run; an older one knows no such wish. */
void priority_come_soon(void);

/* The thread gives way to all that does not, and yields after each tenth of a millisecond of its work
 * (translators/base/memory.h). By niceness alone it would not give way enough: a front thread that is
 * preempted in the middle of an answer gets the processor back at the kernel's next tick, 4 ms on Debian's
 * kernels, however small the share is that the nice thread was due. Brotli makes no steps: a text of 78 kB
 * keeps the processor for 2 to 5 ms. */
void priority_give_way(void);

#endif
