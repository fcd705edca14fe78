/* What is wrong, in one line without its end, for the person who can mend it: where, what, and what to do.
 * Whatever can fail for more reasons than one fills the caller's fault:
 *
 *     struct fault fault;
 *     if (!listen_open(..., &fault))
 *         log_error("%s", fault.text);
 *
 * What has few reasons, all known at build time, gives a static `const char *` instead. */
#ifndef MARQUEE_FAULT_H
#define MARQUEE_FAULT_H

#include <stdbool.h>

#define FAULT_MAX_BYTES 512

struct fault {
    char text[FAULT_MAX_BYTES];
};

/* Fills `ret`; cuts what is longer. `ret` may be among the arguments. Always false, so that the caller can
 * return it. */
bool fault_say(struct fault *ret, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
