/* Addresses of providers' pages, as people paste them -> what they show. For recognise() of translators. */
#ifndef MARQUEE_PAGE_H
#define MARQUEE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "translator.h"

/* Path and query of a URL on `domain` or a host below it, borrowed from the URL; NULL for any other. A domain
 * that ends with a dot stands for all countries: "ticketmaster." for ticketmaster.co.uk too. The scheme may
 * be missing, as browsers show addresses without it. */
const char *page_path(const char *url, const char *domain);

/* A path without the language that stands before it: "/de/artists/1" and "/pt-br/artists/1" are "/artists/1".
 */
const char *page_past_language(const char *path);

/* Fills `ret` with `len` bytes of text; false when that is nothing or too long. */
bool page_found(struct recognised *ret, const char *resource, const char *text, size_t len);

#endif
