/* What the header fields of an upstream's answer say of its limits. Pure: lines in, clamped numbers out; a
 * line that cannot be read says nothing. */
#ifndef MARQUEE_LIMIT_FIELDS_H
#define MARQUEE_LIMIT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "translators/ask/translator.h"

#define LIMIT_FIELDS_MAX_HEADER_BYTES 65536 /* of one answer, all 1xx included */

struct limit_fields {
    int64_t left;                   /* requests; -1: not said */
    int64_t reset_ms;               /* Unix time at which all requests are given back; -1: not said */
    int64_t pause_s, pause_until_s; /* Retry-After is one or the other; 0: not said */
    size_t header_bytes;
};

/* Of an answer whose first line is still to come. */
struct limit_fields limit_fields_nothing(void);

/* One line of the header as it came, its end included. Which fields count requests is the translator's to
 * know. Of two lines that say the same thing the later one that can be read counts. False: the header is over
 * its maximum. */
bool limit_fields_line(struct limit_fields *fields, const struct translator *translator, const char *line,
                       size_t len);

/* The Unix time until which nothing is left, by the upstream's own count; 0: something is, or it is not said.
 */
int64_t limit_fields_spent_until_s(const struct limit_fields *fields, int64_t now_s);

/* Seconds until all requests are given back, at most LIMITER_MAX_SPENT_S; 0: not said, or past. */
int64_t limit_fields_reset_after_s(const struct limit_fields *fields, int64_t now_s);

/* Retry-After in seconds, at most BREAKER_MAX_RETRY_AFTER_S; 0: not said, or past. */
int64_t limit_fields_pause_s(const struct limit_fields *fields, int64_t now_s);

#endif
