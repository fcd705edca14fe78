/* The form's first way: pages of their own, with a preview and the rule for the artist's web server. */
#ifndef MARQUEE_HOME_PAGES_H
#define MARQUEE_HOME_PAGES_H

#include <jansson.h>

#include "service/document/document_request.h"

struct arena;
struct config;

/* Adds to `page` what the way shows, and to `links` what the rules are made of (web/snippets/pages_*). `base`
 * is the service's address. Nothing is added for what has no pages: single events. */
void home_add_pages(json_t *page, json_t *links, struct arena *arena, const struct config *config,
                    const char *base, const struct document_request *asked);

#endif
