/* The content security policy of a page of a tour: nothing but its style and its one picture. Pure. */
#ifndef MARQUEE_PAGE_POLICY_H
#define MARQUEE_PAGE_POLICY_H

#include <stdbool.h>

#include "representation.h"

/* Writes the policy. `style` is the address of a style sheet in place of ours; NULL: ours, which stands in
 * the page. `picture` may be NULL. An address whose host has characters that end a source allows nothing. */
void page_policy_write(const char *style, const char *picture, char ret[REPRESENTATION_MAX_POLICY_BYTES]);

/* Of what is no HTML and loads nothing. Static. */
const char *page_policy_of_data(void);

/* Do two absolute addresses have one scheme, host and port? */
bool page_policy_same_origin(const char *a, const char *b);

#endif
