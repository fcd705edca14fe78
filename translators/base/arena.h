/* Memory that lives as long as one run of a plan: handed out piece by piece, taken back all at once.
 *
 * Running out of memory aborts the process: every input is bounded before it gets here, so that cannot be
 * brought about from outside. */
#ifndef MARQUEE_ARENA_H
#define MARQUEE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* New arena that is exceeded once more than `max_bytes` have been handed out. */
struct arena *arena_new(size_t max_bytes);

/* Takes the arena back with all it handed out. NULL is a no-op. */
void arena_free(struct arena *arena);

/* Takes back all that was handed out; the arena itself stays usable and is no longer exceeded. */
void arena_reset(struct arena *arena);

/* Zeroed memory, aligned for any type, valid until arena_reset() or arena_free(). Never NULL. Also hands out
 * beyond the maximum: the owner looks at arena_exceeded() when the run is over, so that code in between need
 * not check every allocation; one run over bounded input overshoots by a bounded amount. */
void *arena_alloc(struct arena *arena, size_t bytes);

/* Copy of `len` bytes with a NUL behind them. */
char *arena_strndup(struct arena *arena, const char *text, size_t len);

char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool arena_exceeded(const struct arena *arena);

#endif
