/* Lists of events that an upstream gives in pages: is an answer one, and how many are there? Asking for them
 * is the translators'. */
#ifndef MARQUEE_PAGING_H
#define MARQUEE_PAGING_H

#include <jansson.h>
#include <stdbool.h>

/* Where an upstream's pages have what; all are paths for jget(). */
struct paging {
    const char *list;   /* the records */
    const char *holder; /* what holds them, or the list itself: not there when there are none */
    const char *mark;   /* the member, an object, that every record has beside its "id" */
    const char *size;   /* how many records a full page has */
    const char *count;  /* how many there are in all pages */
    unsigned per_page;  /* records asked for; no full page has more */
    unsigned max_pages;
};

/* Has an answer the shape of a page? A full one that does not say how many records there are may be half a
 * tour, and is none. */
bool paging_is_page(const struct paging *paging, const json_t *answer);

/* How many pages there are, by the first of them: 1 to max_pages. */
unsigned paging_count(const struct paging *paging, const json_t *first);

#endif
