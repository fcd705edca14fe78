/* Slugs, paths, and the text of an index. */
#include "addresses.h"

#include <string.h>

#include "translators/base/arena.h"
#include "translators/formats/eventurl.h"

#define ID_CHARACTERS   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
#define WORD_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

/* ---- slugs ---- */

const char *address_slug(struct arena *arena, const struct event *event)
{
    const char *address;
    size_t len;

    if (event->id == NULL || *event->id == '\0' || event->id[strspn(event->id, ID_CHARACTERS)] != '\0')
        return NULL;
    address = eventurl_expand(arena, EVENTURL_OF_PAGES, event);
    len = address != NULL ? strlen(address) : 0;
    return len > 1 && len - 1 <= ADDRESS_MAX_BYTES ? arena_strndup(arena, address, len - 1) : NULL;
}

/* ---- paths ---- */

static bool all_of(const char *text, size_t len, const char *characters)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\0' || strchr(characters, text[i]) == NULL)
            return false;
    }
    return true;
}

static bool is(const char *text, size_t len, const char *other)
{
    return len == strlen(other) && memcmp(text, other, len) == 0;
}

bool address_parse(const char *path, size_t len, struct page_path *ret)
{
    static const struct {
        const char *name;
        enum page_kind kind;
    } files[] = {{"", PAGE_TOUR},
                 {"dates.ics", PAGE_DATES_ICS},
                 {"feed.json", PAGE_FEED_JSON},
                 {"feed.xml", PAGE_FEED_XML},
                 {"sitemap.xml", PAGE_SITEMAP}};
    const char *slash = memchr(path, '/', len);

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (is(path, len, files[i].name)) {
            *ret = (struct page_path){.kind = files[i].kind, .whole = true};
            return true;
        }
    }
    *ret = (struct page_path){.kind = PAGE_DATE, .slug = path, .whole = slash != NULL};
    ret->slug_len = slash != NULL ? (size_t)(slash - path) : len;
    if (slash != NULL && is(slash + 1, len - ret->slug_len - 1, "date.ics"))
        ret->kind = PAGE_DATE_ICS;
    else if (slash != NULL && ret->slug_len + 1 != len)
        return false;
    return ret->slug_len > 0 && ret->slug_len <= ADDRESS_MAX_BYTES &&
           all_of(path, ret->slug_len, ID_CHARACTERS);
}

/* ---- the index ---- */

void address_write(struct buffer *index, const char *id, const char *slug, bool is_over)
{
    buffer_printf(index, "%s %s%s\n", id, slug, is_over ? " over" : "");
}

bool address_day(const char *slug, size_t len, struct moment *ret_day)
{
    char day[sizeof("2027-03-12")];

    if (len < sizeof(day) - 1)
        return false;
    memcpy(day, slug, sizeof(day) - 1);
    day[sizeof(day) - 1] = '\0';
    return when_parse_date(day, ret_day);
}

/* The next word of a line, up to a space or the line's end. */
static bool next_word(const char **at, const char *end, const char **ret_word, size_t *ret_len)
{
    const char *word = *at;

    while (*at < end && **at != ' ')
        ++*at;
    *ret_word = word;
    *ret_len = (size_t)(*at - word);
    if (*at < end)
        ++*at;
    return *ret_len > 0;
}

/* Is it "words-ID"? */
static bool ends_with(const char *slug, size_t slug_len, const struct address_line *line)
{
    size_t words = slug_len - line->id_len;

    return slug_len > line->id_len + 1 && slug[words - 1] == '-' &&
           memcmp(slug + words, line->id, line->id_len) == 0 && all_of(slug, words, WORD_CHARACTERS);
}

static bool read_line(const char *at, const char *end, struct address_line *ret)
{
    const char *word;
    size_t len;

    ret->is_over = false;
    if (!(next_word(&at, end, &ret->id, &ret->id_len) && next_word(&at, end, &ret->slug, &ret->slug_len) &&
          all_of(ret->id, ret->id_len, ID_CHARACTERS) && all_of(ret->slug, ret->slug_len, ID_CHARACTERS) &&
          ret->slug_len <= ADDRESS_MAX_BYTES))
        return false;
    ret->is_over = next_word(&at, end, &word, &len);
    ret->is_alias = !ends_with(ret->slug, ret->slug_len, ret);
    return at == end && (!ret->is_over || is(word, len, "over"));
}

bool address_next(const char **at, const char *end, struct address_line *ret)
{
    while (*at < end) {
        const char *line = *at, *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline != NULL ? newline : end;

        *at = newline != NULL ? newline + 1 : end;
        if (read_line(line, stop, ret))
            return true;
    }
    return false;
}

bool address_find(const char *index, size_t len, const char *slug, size_t slug_len, struct address_line *ret)
{
    const char *end = index + len;
    struct address_line line;

    ret->id_len = 0;
    while (address_next(&index, end, &line)) {
        if (line.id_len > ret->id_len && ends_with(slug, slug_len, &line))
            *ret = line;
    }
    return ret->id_len > 0;
}
