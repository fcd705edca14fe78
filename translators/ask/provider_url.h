/* Addresses of providers' pages, as people paste them -> what they show. For recognise() of translators. */
#ifndef MARQUEE_PROVIDER_URL_H
#define MARQUEE_PROVIDER_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "translator.h"

#define PROVIDER_URL_PATH_BYTES 1024 /* no page of use has a longer path */

/* The path of a URL on `domain` or a host below it, without query and fragment; false for any other host and
 * a path that does not fit. The scheme may be missing, as browsers show addresses without it. */
bool provider_url_path(const char *url, const char *domain, char ret_path[PROVIDER_URL_PATH_BYTES]);

/* A path without the language that stands before it: "/de/artists/1" and "/pt-br/artists/1" are "/artists/1".
 */
const char *provider_url_past_language(const char *path);

/* Fills `ret` with `len` bytes of text; false when that is nothing or too long. */
bool provider_url_found(struct recognised *ret, enum subject subject, const char *text, size_t len);

/* The same with words as addresses write them, "die-%C3%A4rzte": hyphens become blanks, escapes are undone.
 * False also for blanks alone, broken escapes, control characters, and what is not UTF-8. */
bool provider_url_words_found(struct recognised *ret, enum subject subject, const char *text, size_t len);

#endif
