/* Where a redirect of an upstream may lead: below the base URL of its API and nowhere else, because the next
 * request carries the same key. Pure. */
#ifndef MARQUEE_REDIRECT_H
#define MARQUEE_REDIRECT_H

#include <stdbool.h>

#define REDIRECT_MAX_HOPS       3
#define REDIRECT_MAX_PATH_BYTES 4096

/* Does an answer of this status lead elsewhere (RFC 9110 section 15.4)? */
bool redirect_is(int status);

/* The path to ask next, as upstream_get() takes one: relative to the base URL, without the key. `target` is
 * an absolute URL; NULL and what is no URL lead nowhere. `key_parameter` is the name of the parameter that
 * carries the key; NULL: there is none. New, for free(). NULL: the target has another scheme, host, port or
 * user, is not below the base path once its escapes are undone, repeats the key in a place that it cannot be
 * taken out of, or is longer than REDIRECT_MAX_PATH_BYTES. */
char *redirect_path_new(const char *base_url, const char *key_parameter, const char *target);

#endif
