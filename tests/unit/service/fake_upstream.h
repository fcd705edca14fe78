/* An upstream that the test plays: it stands in for service/upstream/upstream.c, takes questions, and gives
 * the answers that the test wrote, in the test's order, or none at all. No clock, no network.
 *
 * How it takes the place of the real one: its object defines every upstream_* that upstream.h declares, so
 * that the linker has no need of upstream.o out of libmarquee.a, and none of libcurl. Should upstream.h gain
 * a function that is not here, upstream.o comes in after all, and linking ends with "multiple definition".
 *
 * Answers are given by upstream_run(), as the real one does, so the test may be on another thread than the
 * code under test. Functions assert with cmocka: call them on the test's thread. */
#ifndef MARQUEE_TESTS_FAKE_UPSTREAM_H
#define MARQUEE_TESTS_FAKE_UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service/upstream/upstream.h"

/* The one made last; NULL: there is none. For tests of what makes its own. */
struct upstream *fake_upstream_latest(void);

/* How often a path was asked for, and all paths together. Refused questions do not count. */
size_t fake_upstream_asked(struct upstream *upstream, const char *path);
size_t fake_upstream_asked_in_all(struct upstream *upstream);

/* What the path was asked for with last. */
const struct provider_config *fake_upstream_provider(struct upstream *upstream, const char *path);

/* Did whoever asked for the path last say that it has a copy? */
bool fake_upstream_had_copy(struct upstream *upstream, const char *path);

/* With the next upstream_run() the oldest open question for the path gets this answer. `text` is copied. */
void fake_upstream_answer(struct upstream *upstream, const char *path, int status, const char *text);

/* The same without an answer: `problem` says why. */
void fake_upstream_fail(struct upstream *upstream, const char *path, enum problem_kind problem,
                        int64_t retry_after_s);

/* From here on every question is refused at once; PROBLEM_NONE: no longer. */
void fake_upstream_refuse(struct upstream *upstream, enum problem_kind problem, int64_t retry_after_s);

/* How long the first wait after the latest question (or refusal) was to be at most; -1: it has not begun. */
int fake_upstream_next_wait_ms(struct upstream *upstream);

#endif
