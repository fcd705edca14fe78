/* Answers kept by name, so that asking again costs no making. Bounded: when it is full it forgets everything.
 * Any thread. */
#ifndef SIMULATOR_MEMO_H
#define SIMULATOR_MEMO_H

#include "tests/simulator/reply.h"

struct memo;

struct memo *memo_new(size_t max_bytes); /* lives as long as the process */

struct reply *memo_get(struct memo *memo, const char *name); /* a reference; NULL: not kept */
void memo_put(struct memo *memo, const char *name, struct reply *reply);

#endif
