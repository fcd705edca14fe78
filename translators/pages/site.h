/* What a tour's pages are, and what they have in common: plain data that the service fills. */
#ifndef MARQUEE_SITE_H
#define MARQUEE_SITE_H

#include <stdbool.h>
#include <stddef.h>

enum page_kind {
    PAGE_TOUR,      /* all dates, as HTML */
    PAGE_DATES_ICS, /* all dates, as a calendar */
    PAGE_FEED_JSON, /* JSON Feed 1.1 */
    PAGE_FEED_XML,  /* Atom, RFC 4287 */
    PAGE_SITEMAP,   /* sitemaps.org 0.9 */
    PAGE_DATE,      /* one date, as HTML */
    PAGE_DATE_ICS,  /* one date, as a calendar */
    PAGE_KINDS
};

/* What all pages of a tour have in common beside the model. All strings are borrowed. */
struct site {
    const char *base;   /* absolute address of the tour page, without a slash at the end */
    const char *query;  /* what links within the pages carry: "" or "?name=..." */
    bool is_public;     /* visitors see the pages at `base`: they may be indexed, and feeds have a meaning */
    const char *style;  /* URL of a style sheet in place of ours; NULL: ours */
    const char *weburl; /* the artist's site; NULL: not given */
};

/* Our style sheet as it stands in a page, for the hash in a content security policy. Static. */
extern const char pages_style[];

/* A page as it was written before, in the same language; `text` is NULL where there is none any more.
 * Borrowed. */
struct page_copy {
    const char *text;
    size_t len;
};

#endif
