/* Overwrites a key in what an upstream answers, so that no cache holds it: some repeat in every address the
 * key that they were asked with. Pure. */
#ifndef MARQUEE_REDACT_H
#define MARQUEE_REDACT_H

#include <stddef.h>

struct redactor;

/* Of a key as it is configured, not escaped; copied. */
struct redactor *redactor_new(const char *key);
void redactor_free(struct redactor *redactor); /* wipes the copies; NULL is a no-op */

/* Overwrites every key among `bytes` with as many 'x': as it is, escaped for a URL, and escaped for JSON.
 * A key that could be a word is overwritten only where it is the whole value of a parameter. NULL is a no-op.
 */
void redactor_run(const struct redactor *redactor, char *bytes, size_t len);

#endif
