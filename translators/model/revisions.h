/* The memory of revisions: when an event was first seen, and when what is known of it last changed.
 * Calendars, feeds and sitemaps say it, so it never goes back: an event that is not remembered was seen and
 * changed now.
 *
 * A memory is text, a line for each event: id, day, digest of what is known, and the minutes since 2026 at
 * which it was first seen and last changed. It holds nothing that an upstream wrote but ids and days, so the
 * terms set no limit to keeping it. Pure: who keeps the text between two documents is the driver's business.
 */
#ifndef MARQUEE_REVISIONS_H
#define MARQUEE_REVISIONS_H

#include <stdint.h>

#include "model.h"
#include "translators/base/buffer.h"

#define REVISIONS_EPOCH_S 1767225600 /* 2026-01-01T00:00:00Z */

/* Sets seen_s and changed_s of the document's events by what was remembered of them. A change is at least a
 * minute later than the one before. `memory` may be NULL or anything from outside: lines that make no sense
 * say nothing. */
void revisions_apply(struct arena *arena, const struct document *document, const char *memory, int64_t now_s);

/* Appends the memory after this document, which revisions_apply() has seen: its events, and those of `memory`
 * (may be NULL) that it does not have and whose day is not over at `now_s`. */
void revisions_write(struct arena *arena, const struct document *document, const char *memory, int64_t now_s,
                     struct buffer *out);

/* The number of an event's last change, which only grows: minutes since 2026. 0: it is not remembered. */
int64_t revisions_number(const struct event *event);

#endif
