/* Asks the admin port of a running service: one request, one answer, with an end to the wait. */
#ifndef MARQUEE_ADMIN_CLIENT_H
#define MARQUEE_ADMIN_CLIENT_H

#include "service/config/config.h"

#define ADMIN_MAX_BODY_BYTES 4096
#define ADMIN_WORD           "marquee" /* in Authorization: what changes something answers to that alone */

/* Sends the request to the first of `addresses` (as in [listen] admin, at least one); every address of the
 * machine is asked on the loopback interface. Returns the status of the answer, whose body is written as
 * text, cut at its maximum; -1 when there is none within 3 seconds. Unless it is 200 ret_fault says why. */
int admin_ask(const char *addresses, const char *method, const char *target,
              char ret_body[ADMIN_MAX_BODY_BYTES], struct fault *ret_fault);

#endif
