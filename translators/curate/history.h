/* The memory of events' dates: what tells an event that was moved to another day from one that always was on
 * it. Upstreams that move an event just give another date; Google wants the old one beside it.
 *
 * A history is text, a line for each event: id, the day it was on when last seen, and the day before that, or
 * "-" when it never moved. Pure: who keeps the text between two documents is the driver's business. */
#ifndef MARQUEE_HISTORY_H
#define MARQUEE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "translators/base/buffer.h"
#include "translators/model/model.h"

/* Gives events that were on another day their previous_start and, unless they are cancelled or postponed, the
 * status EVENT_RESCHEDULED. An hour that changed is no other day. What the upstream itself knows of an
 * earlier date stays. `history` may be NULL or anything from outside: lines that make no sense say nothing.
 */
void history_apply(struct arena *arena, struct document *document, const char *history);

/* Does the history know an event of this id? `history` as above. */
bool history_knows(const char *history, const char *id);

/* Appends the history after this document: its events, and those of `history` (may be NULL) that it does not
 * have and whose day is not over at `now_s`. */
void history_write(struct arena *arena, const struct document *document, const char *history, int64_t now_s,
                   struct buffer *out);

#endif
