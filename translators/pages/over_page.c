/* The page of a date that is over: what its page said of the event, without tickets and markup. The upstream
 * does not tell of it any more, so the last copy of that page is all there is to take it from. What an
 * upstream wrote is escaped in it, so that no name of an act can look like a part of the page. */
#include <string.h>

#include "page_writer.h"
#include "pages.h"
#include "translators/base/arena.h"
#include "translators/formats/hput.h"

/* From `begin` to the end of the next `end` behind it. False: it is not there. */
static bool find_part(const struct page_copy *copy, size_t from, const char *begin, const char *end,
                      struct page_copy *ret)
{
    const char *text = copy->text + from, *stop = copy->text + copy->len;
    const char *at = memmem(text, (size_t)(stop - text), begin, strlen(begin));
    const char *last = at != NULL ? memmem(at, (size_t)(stop - at), end, strlen(end)) : NULL;

    if (last == NULL)
        return false;
    *ret = (struct page_copy){at, (size_t)(last - at) + strlen(end)};
    return true;
}

bool page_copy_tells(const struct page_copy *copy)
{
    struct page_copy name, facts;

    return copy->text != NULL && find_part(copy, 0, "<h1 " PAGE_NAME_ATTRIBUTES, "</h1>\n", &name) &&
           find_part(copy, 0, PAGE_FACTS_BEGIN, PAGE_FACTS_END, &facts);
}

static void put_part(const struct page_writer *writer, const struct page_copy *part)
{
    buffer_append(writer->out, part->text, part->len);
}

/* The name of what was there; without a copy, whose date it was. */
static void put_name(const struct page_writer *writer, const struct page_copy *copy)
{
    struct page_copy name;

    if (page_copy_tells(copy) && find_part(copy, 0, "<h1 " PAGE_NAME_ATTRIBUTES, "</h1>\n", &name)) {
        put_part(writer, &name);
        return;
    }
    hput_element(writer->out, "h1", PAGE_NAME_ATTRIBUTES, page_subject(writer));
    buffer_puts(writer->out, "\n");
}

/* Day, place and acts. */
static void put_facts(const struct page_writer *writer, const struct page_copy *copy)
{
    struct page_copy facts;
    size_t from = 0;

    if (!page_copy_tells(copy))
        return;
    while (find_part(copy, from, PAGE_FACTS_BEGIN, PAGE_FACTS_END, &facts)) {
        put_part(writer, &facts);
        from = (size_t)(facts.text - copy->text) + facts.len;
    }
}

void page_put_over(const struct page_writer *writer, const struct moment *day, const char *slug,
                   const struct page_copy *copy)
{
    const char *words = prose_date(&writer->prose, day);
    const struct page_head head = {.title =
                                       page_words(writer, STRING_DATE_TITLE, page_subject(writer), words),
                                   .description = page_words(writer, STRING_DATE_OVER, words, NULL),
                                   .path = arena_printf(writer->prose.arena, "%s/", slug)};

    page_put_head(writer, &head);
    page_put_up(writer);
    buffer_puts(writer->out, "<main class=\"date date-over\">\n");
    put_name(writer, copy);
    buffer_puts(writer->out, "<p class=\"date-status\">");
    hput_element(writer->out, "strong", "", head.description);
    buffer_puts(writer->out, "</p>\n");
    put_facts(writer, copy);
    page_put_foot(writer);
}
