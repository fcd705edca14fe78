/* One line per event on standard error: time, level, event, then name=value pairs (logfmt). Values are quoted
 * and escaped here, so that nothing from outside can forge a line. Only service/ logs. Thread-safe, and no
 * thread waits for whoever reads: lines that there is no room for are left out, and the next says how many.
 */
#ifndef MARQUEE_LOG_H
#define MARQUEE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* The level as it is written in lines and in the configuration. False, and nothing set: `name` (NULL too) is
 * none. */
bool log_level_read(const char *name, enum log_level *ret_level);

/* Process-wide; at each reload too, while other threads log. */
void log_set_level(enum log_level level);

/* `event` is one word; then pairs of name and printf-less string value, ending with NULL:
 *     log_event(LOG_WARN, "upstream_failed", "provider", "songkick", "why", "timeout", NULL); */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));

/* How many were left out, or could not be written, since the start. */
uint64_t log_lines_lost(void);

/* Decimal text of a number for log_event(), in one of a few buffers of the calling thread: valid for 8 more
 * calls. */
const char *log_number(long long number);

#endif
