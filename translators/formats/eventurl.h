/* The artist's own page about an event: the template that the parameter `eventurl` gives, and the addresses
 * made of it. A checked template is one that eventurl_check() took. Pure. */
#ifndef MARQUEE_EVENTURL_H
#define MARQUEE_EVENTURL_H

#include <stdbool.h>
#include <stddef.h>

#include "translators/base/strings.h"

struct arena;
struct document;
struct event;
struct render_options;

/* The template of a page of marquee's own, below the address of all of them (translators/pages). */
#define EVENTURL_OF_PAGES "{date}-{city}-{id}/"

/* Checks a template: an absolute http(s) URL whose placeholders are all of {id} {date} {city} {venue} {name}
 * and stand behind the host. False: *ret_reason says what is wrong. */
bool eventurl_check(const char *text, size_t len, enum string_id *ret_reason);

/* The page of one event by a checked template; each value as a URL slug, ids as they are, what is unknown as
 * nothing, never two hyphens where one will do. New in `arena`; NULL when it would pass 2,048 bytes. */
const char *eventurl_expand(struct arena *arena, const char *eventurl, const struct event *event);

/* The page of an event as search engines tell pages apart, which is up to the #; and how many events of the
 * document have it, this one among them. NULL and 0 where eventurl_expand() gives none. */
struct event_page {
    const char *address;
    size_t n_events;
};

/* The pages of a document's events by a checked template, in the events' order. New in `arena`. */
const struct event_page *eventurl_pages(struct arena *arena, const struct document *document,
                                        const char *eventurl);

/* The page about an event that people are led to: by options->eventurl, otherwise the provider's. NULL:
 * neither is known. Borrowed from the event or new in `arena`. */
const char *eventurl_page(struct arena *arena, const struct render_options *options,
                          const struct event *event);

#endif
