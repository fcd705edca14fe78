/* The address that the world knows the service by. Pure. */
#ifndef MARQUEE_PUBLIC_URL_H
#define MARQUEE_PUBLIC_URL_H

#include <stddef.h>
#include <stdint.h>

#include "service/http/request.h"

struct config;

#define PUBLIC_URL_MAX_BYTES 320 /* a Host has at most 255 bytes */

/* The configured one; NULL where there is only the default, which is on localhost and says nothing about the
 * name this machine is reached by. Borrowed. */
const char *public_url_configured(const struct config *config);

/* The path of the service's address, without a slash at the end; "": it has none. Borrowed. */
const char *public_url_path(const struct config *config);

/* "https://", the name in a Host that the guard has checked, and a port unless it is 443. Returns the length.
 */
size_t public_url_of_host(struct slice host, uint16_t https_port, char ret_url[PUBLIC_URL_MAX_BYTES]);

#endif
