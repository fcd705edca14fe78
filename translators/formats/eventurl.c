/* Templates of the artist's page about one event: checked once, then expanded for each event. */
#include "eventurl.h"

#include <jansson.h>
#include <string.h>

#include "format.h"
#include "translators/base/arena.h"
#include "translators/base/buffer.h"
#include "translators/base/text.h"

/* The longest template and the longest URL that text_is_web_url() takes. */
#define MAX_URL_BYTES 2048

/* A slug is for people to read in an address; the ends of long festival names are not missed. */
#define MAX_SLUG_BYTES 80

enum placeholder { PLACE_ID, PLACE_DATE, PLACE_CITY, PLACE_VENUE, PLACE_NAME, PLACEHOLDERS };

static const char *const placeholder_texts[PLACEHOLDERS] = {
    [PLACE_ID] = "{id}",       [PLACE_DATE] = "{date}", [PLACE_CITY] = "{city}",
    [PLACE_VENUE] = "{venue}", [PLACE_NAME] = "{name}",
};

/* The placeholder that `text` begins with; PLACEHOLDERS when there is none. */
static enum placeholder placeholder_at(const char *text, size_t len)
{
    for (int i = 0; i < PLACEHOLDERS; i++) {
        size_t len_i = strlen(placeholder_texts[i]);

        if (len >= len_i && memcmp(text, placeholder_texts[i], len_i) == 0)
            return (enum placeholder)i;
    }
    return PLACEHOLDERS;
}

/* Where path, query or fragment begin; `len` when there are none, or no authority. */
static size_t authority_end(const char *text, size_t len)
{
    const char *authority = memmem(text, len, "://", 3);
    size_t at = authority != NULL ? (size_t)(authority - text) + 3 : len;

    while (at < len && memchr("/?#", text[at], 3) == NULL)
        at++;
    return at;
}

bool eventurl_check(const char *text, size_t len, enum string_id *ret_reason)
{
    char sample[MAX_URL_BYTES];
    size_t path = authority_end(text, len), sample_len = 0;

    if (len > sizeof(sample)) {
        *ret_reason = STRING_FAULT_URL_TOO_LONG;
        return false;
    }
    for (size_t i = 0; i < len;) {
        enum placeholder placeholder = placeholder_at(text + i, len - i);

        if (text[i] == '}' || (text[i] == '{' && placeholder == PLACEHOLDERS)) {
            *ret_reason = STRING_FAULT_PLACEHOLDER;
            return false;
        }
        if (placeholder != PLACEHOLDERS && i < path) {
            *ret_reason = STRING_FAULT_PLACEHOLDER_IN_HOST;
            return false;
        }
        sample[sample_len++] = placeholder == PLACEHOLDERS ? text[i] : 'x';
        i += placeholder == PLACEHOLDERS ? 1 : strlen(placeholder_texts[placeholder]);
    }
    if (!text_is_web_url(sample, sample_len)) {
        *ret_reason = STRING_FAULT_URL;
        return false;
    }
    return true;
}

/* Ids are URL-safe as they are, and some providers' differ by case alone: so no slug is made of them. */
static const char *value_of(struct arena *arena, enum placeholder placeholder, const struct event *event)
{
    struct moment day = event->start;
    char date[WHEN_TEXT_BYTES];
    const char *text = NULL, *slug;
    size_t len;

    switch (placeholder) {
    case PLACE_ID:
        return event->id;
    case PLACE_DATE:
        day.has_time = false;
        when_format(&day, date);
        return arena_strndup(arena, date, strlen(date));
    case PLACE_CITY:
        text = event->place.locality;
        break;
    case PLACE_VENUE:
        text = event->place.name;
        break;
    case PLACE_NAME:
    case PLACEHOLDERS:
        text = event_display_name(arena, event);
        break;
    }
    slug = text != NULL ? text_slug(arena, text) : "";
    len = strlen(slug);
    if (len <= MAX_SLUG_BYTES)
        return slug;
    for (len = MAX_SLUG_BYTES; len > 1 && slug[len] != '-';)
        len--;
    return arena_strndup(arena, slug, len > 1 ? len : MAX_SLUG_BYTES);
}

static bool ends_part(char c)
{
    return c == '\0' || strchr("/?#&=._", c) != NULL;
}

/* A value that is not known leaves no hyphen behind that only stood beside it. Returns where to go on. */
static const char *skip_value(struct buffer *url, const char *rest)
{
    char before = url->bytes[url->len - 1];

    if (before == '-' && (*rest == '-' || ends_part(*rest)))
        url->len--;
    else if (*rest == '-' && ends_part(before))
        rest++;
    return rest;
}

const char *eventurl_expand(struct arena *arena, const char *eventurl, const struct event *event)
{
    struct buffer url = BUFFER_INIT(MAX_URL_BYTES);
    const char *expanded;

    for (const char *at = eventurl; *at != '\0';) {
        enum placeholder placeholder = placeholder_at(at, strlen(at));
        const char *value;

        if (placeholder == PLACEHOLDERS) {
            buffer_append(&url, at++, 1);
            continue;
        }
        at += strlen(placeholder_texts[placeholder]);
        value = value_of(arena, placeholder, event);
        if (*value != '\0')
            buffer_puts(&url, value);
        else if (url.len > 0)
            at = skip_value(&url, at);
    }
    expanded = url.overflowed ? NULL : arena_strndup(arena, url.bytes != NULL ? url.bytes : "", url.len);
    buffer_done(&url);
    return expanded;
}

const struct event_page *eventurl_pages(struct arena *arena, const struct document *document,
                                        const char *eventurl)
{
    struct event_page *pages = arena_alloc(arena, (document->n_events + 1) * sizeof(*pages));
    json_t *counts = json_object();

    for (size_t i = 0; i < document->n_events; i++) {
        const char *page = eventurl_expand(arena, eventurl, &document->events[i]);
        json_int_t n;

        pages[i].address = page != NULL ? arena_strndup(arena, page, strcspn(page, "#")) : NULL;
        n = json_integer_value(json_object_get(counts, pages[i].address));
        json_object_set_new(counts, pages[i].address, json_integer(n + 1));
    }
    for (size_t i = 0; i < document->n_events; i++)
        pages[i].n_events = (size_t)json_integer_value(json_object_get(counts, pages[i].address));
    json_decref(counts);
    return pages;
}

const char *eventurl_page(struct arena *arena, const struct render_options *options,
                          const struct event *event)
{
    const char *page = options->eventurl != NULL ? eventurl_expand(arena, options->eventurl, event) : NULL;

    return page != NULL ? page : event->url;
}
