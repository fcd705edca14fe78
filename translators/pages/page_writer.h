/* What the pages of a tour are written with. For the files of this wing. */
#ifndef MARQUEE_PAGE_WRITER_H
#define MARQUEE_PAGE_WRITER_H

#include "site.h"
#include "translators/base/buffer.h"
#include "translators/formats/format.h"
#include "translators/formats/prose.h"

/* What the page of a date that is over takes from the page that the date had. */
#define PAGE_NAME_ATTRIBUTES "class=\"date-name\" dir=\"auto\""
#define PAGE_FACTS_BEGIN     "<dl class=\"date-facts\">\n"
#define PAGE_FACTS_END       "</dl>\n"

struct page_writer {
    const struct document *document;
    const struct render_options *options;
    const struct site *site;
    struct prose prose;
    struct buffer *out;
};

/* What stands in the head of a page. NULL: it is not known. */
struct page_head {
    const char *title, *description;
    const char *path; /* below the tour page: "" or "SLUG/" */
    const char *picture;
};

/* A text of the language with gaps filled; new in the arena. `b` may be NULL. */
const char *page_words(const struct page_writer *writer, enum string_id id, const char *a, const char *b);

/* Whose dates they are: the artist's or the venue's name; never NULL. */
const char *page_subject(const struct page_writer *writer);

/* The slug of an event of the document; NULL: it has no page. */
const char *page_slug(const struct page_writer *writer, size_t event);

/* An absolute address below the tour page's; new in the arena. */
const char *page_absolute(const struct page_writer *writer, const char *path);

/* Appends ` href="path?query"`, escaped: how pages of a tour lead to each other. */
void page_put_href(const struct page_writer *writer, const char *path);

/* Appends all of a page up to the beginning of its <main>, and all from its end. */
void page_put_head(const struct page_writer *writer, const struct page_head *head);
void page_put_foot(const struct page_writer *writer);

/* Appends the way back to all dates. */
void page_put_up(const struct page_writer *writer);

/* Appends <time datetime="...">words</time>. */
void page_put_time(const struct page_writer *writer, const char *attributes, const struct moment *moment,
                   const char *words);

/* The one picture of the tour page, and that of a date's page; NULL: there is none that browsers can be
 * given. Borrowed. */
const char *page_tour_picture(const struct page_writer *writer);
const char *page_date_picture(const struct page_writer *writer, const struct event *event);

/* Appends the picture of whom or what `of` names; nothing without one. */
void page_put_picture(const struct page_writer *writer, const char *url, const char *of);

/* "Berlin", "Germany": where an event is, in as few words as will do. NULL: only the venue is known. */
const char *page_city(const struct page_writer *writer, const struct event *event);

void page_put_tour(const struct page_writer *writer);               /* tour_page.c */
void page_put_date(const struct page_writer *writer, size_t index); /* date_page.c */
void page_put_over(const struct page_writer *writer, const struct moment *day, const char *slug,
                   const struct page_copy *copy);          /* over_page.c */
void page_put_feed_json(const struct page_writer *writer); /* feeds.c, as the next two */
void page_put_feed_xml(const struct page_writer *writer);
void page_put_sitemap(const struct page_writer *writer);

#endif
