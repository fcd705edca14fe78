/* Addresses that upstreams give -> addresses that may be given on. */
#ifndef MARQUEE_URL_H
#define MARQUEE_URL_H

struct arena;

/* A URL without a parameter of its query, as some upstreams write the caller's key into every address they
 * give out: all that have this name go, however it is escaped and in any case; the others stay as they are,
 * in order. NULL when "name=" still stands anywhere else in it, such as in an address within the address:
 * then the whole is not to be given out. Borrowed or new in `arena`; `url` may be NULL. */
const char *url_without_parameter(struct arena *arena, const char *url, const char *name);

#endif
