/* Addresses inside addresses: links as social networks, search engines and mail filters hand them on, and
 * snippets that were escaped on the way. All is in the text itself; nothing is fetched. Pure. */
#ifndef MARQUEE_FORM_UNWRAP_H
#define MARQUEE_FORM_UNWRAP_H

#include <stdbool.h>
#include <stddef.h>

/* Turns HTML's references to ASCII characters back into these, however often a text was escaped: "&amp;amp;"
 * is
 * "&". In place. */
void form_unescape(char *text);

/* The n-th address that stands in another one: first those that are the value of a parameter, decoded, then
 * one that stands there as it is. `ret` has room for `size` bytes and may not be `url`. False: there are no
 * more. */
bool form_unwrap(const char *url, size_t n, char *ret, size_t size);

#endif
