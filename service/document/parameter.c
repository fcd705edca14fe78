/* What each parameter may hold: one take function each, and the table of all (README.md, One request).
 * Finding them in a URL is route.c's business. */
#include "parameter.h"

#include <string.h>

#include "translators/ask/mbid.h"
#include "translators/base/strings.h"
#include "translators/base/text.h"
#include "translators/formats/eventurl.h"

static bool take_text(char *field, const char *value, size_t len, bool again, enum string_id *ret_why)
{
    if (again) {
        *ret_why = STRING_FAULT_TWICE;
        return strcmp(field, value) == 0;
    }
    memcpy(field, value, len + 1);
    return true;
}

/* What is wrong with a number that is no id; STRING_NONE: it is no number. */
static enum string_id number_fault(const char *text)
{
    size_t len = strspn(text, "0123456789");
    if (len == 0 || text[len] != '\0')
        return STRING_NONE;
    return text[0] == '0' ? STRING_FAULT_ID_ZERO : STRING_FAULT_ID_DIGITS;
}

/* What is wrong with an id that the route refuses; STRING_NONE: it is of none of its forms. Each artist has
 * an id of MusicBrainz', whatever the provider's own look like. */
static enum string_id id_fault(const struct route *route, const char *id)
{
    const char *prefix = route->digits_behind;
    if (route->subject == SUBJECT_ARTIST && mbid_is_meant(id))
        return STRING_FAULT_ID_MBID;
    if (prefix == NULL || strncmp(id, prefix, strlen(prefix)) != 0)
        return STRING_NONE;
    return number_fault(id + strlen(prefix));
}

static bool take_id(struct document_request *request, char *value, size_t len, bool again,
                    enum string_id *ret_why)
{
    mbid_fold_id(value);
    *ret_why = id_fault(request->route, value);
    return request->route->id_ok(value) && take_text(request->id, value, len, again, ret_why);
}

/* A name without blanks at its ends, 1 to 200 characters, none of which controls anything. */
static bool take_words(char *field, char *value, size_t len, bool again, enum string_id *ret_why)
{
    while (len > 0 && value[0] == ' ') {
        value++;
        len--;
    }
    while (len > 0 && value[len - 1] == ' ')
        len--;
    size_t chars = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)value[i];
        chars += (c & 0xc0) != 0x80;
        if (c == 0xc2 && (unsigned char)value[i + 1] < 0xa0) { /* U+0080 to U+009F */
            *ret_why = STRING_FAULT_CONTROL;
            return false;
        }
    }
    *ret_why = chars == 0 ? STRING_FAULT_EMPTY : STRING_FAULT_WORDS_TOO_LONG;
    if (chars == 0 || chars > ROUTE_NAME_MAX_CHARS)
        return false;
    value[len] = '\0';
    return take_text(field, value, len, again, ret_why);
}

static bool take_name(struct document_request *request, char *value, size_t len, bool again,
                      enum string_id *ret_why)
{
    return take_words(request->name, value, len, again, ret_why);
}

static bool take_query(struct document_request *request, char *value, size_t len, bool again,
                       enum string_id *ret_why)
{
    return take_words(request->query, value, len, again, ret_why);
}

static bool take_weburl(struct document_request *request, char *value, size_t len, bool again,
                        enum string_id *ret_why)
{
    *ret_why = STRING_FAULT_WEBURL;
    return text_is_web_url(value, len) && take_text(request->weburl, value, len, again, ret_why);
}

static bool take_eventurl(struct document_request *request, char *value, size_t len, bool again,
                          enum string_id *ret_why)
{
    return eventurl_check(value, len, ret_why) && take_text(request->eventurl, value, len, again, ret_why);
}

/* An address of a picture or a style sheet, which a page over HTTPS can only have over HTTPS. */
static bool is_https_url(const char *value, size_t len, const char *forbidden)
{
    return len > 8 && memcmp(value, "https://", 8) == 0 && value[strcspn(value, forbidden)] == '\0' &&
           text_is_web_url(value, len);
}

static bool take_pages(struct document_request *request, char *value, size_t len, bool again,
                       enum string_id *ret_why)
{
    *ret_why = STRING_FAULT_PAGES;
    if (!is_https_url(value, len, "?#"))
        return false;
    while (value[len - 1] == '/')
        value[--len] = '\0';
    return take_text(request->pages, value, len, again, ret_why);
}

static bool take_image(struct document_request *request, char *value, size_t len, bool again,
                       enum string_id *ret_why)
{
    *ret_why = STRING_FAULT_HTTPS_URL;
    return is_https_url(value, len, "#") && take_text(request->image, value, len, again, ret_why);
}

static bool take_style(struct document_request *request, char *value, size_t len, bool again,
                       enum string_id *ret_why)
{
    *ret_why = STRING_FAULT_HTTPS_URL;
    return is_https_url(value, len, "#") && take_text(request->style, value, len, again, ret_why);
}

static bool take_format(struct document_request *request, char *value, size_t len, bool again,
                        enum string_id *ret_why)
{
    const struct format *format = format_find(value, len);
    *ret_why = format == NULL ? STRING_NONE : STRING_FAULT_TWICE;
    if (format == NULL || (again && format != request->format))
        return false;
    request->format = format;
    return true;
}

static bool take_limit(struct document_request *request, char *value, size_t len, bool again,
                       enum string_id *ret_why)
{
    unsigned limit = 0;
    *ret_why = STRING_FAULT_LIMIT;
    for (size_t i = 0; i < len; i++) {
        if (value[i] < '0' || value[i] > '9')
            return false;
        limit = limit * 10 + (unsigned)(value[i] - '0');
    }
    if (limit < 1 || limit > ROUTE_LIMIT_MAX)
        return false;
    *ret_why = STRING_FAULT_TWICE;
    if (again && limit != request->limit)
        return false;
    request->limit = limit;
    return true;
}

static bool take_indent(struct document_request *request, char *value, size_t len, bool again,
                        enum string_id *ret_why)
{
    (void)again;
    *ret_why = STRING_FAULT_INDENT;
    request->indent = len == 1 && value[0] == '1';
    return request->indent;
}

static bool take_markup(struct document_request *request, char *value, size_t len, bool again,
                        enum string_id *ret_why)
{
    bool only = len == 4 && memcmp(value, "only", len) == 0;
    bool none = len == 4 && memcmp(value, "none", len) == 0;
    enum markup markup = only ? MARKUP_ONLY : MARKUP_NONE;
    *ret_why = only || none ? STRING_FAULT_TWICE : STRING_FAULT_MARKUP;
    if ((!only && !none) || (again && markup != request->markup))
        return false;
    request->markup = markup;
    return true;
}

static bool take_calendar(struct document_request *request, char *value, size_t len, bool again,
                          enum string_id *ret_why)
{
    (void)again;
    *ret_why = STRING_FAULT_CALENDAR;
    request->calendar = len == 1 && value[0] == '1';
    return request->calendar;
}

static bool take_lang(struct document_request *request, char *value, size_t len, bool again,
                      enum string_id *ret_why)
{
    const struct strings *strings = strings_of_tag(value);
    (void)len;
    *ret_why = strings != NULL ? STRING_FAULT_TWICE : STRING_NONE;
    if (strings == NULL)
        return false;
    if (strings == &strings_english)
        strings = NULL; /* as where it is not given: one document */
    if (again && strings != request->strings)
        return false;
    request->strings = strings;
    return true;
}

/* clang-format off */
const struct parameter parameters[PARAMETERS] = {
    [PARAMETER_ID] = {"id", ROUTE_ID_MAX_BYTES, FOR_DOCUMENTS | FOR_FILES, true, take_id, 0, NULL,
        "The provider's id of what is asked for."},
    [PARAMETER_Q] = {"q", ROUTE_NAME_MAX_CHARS * 4, FOR_SEARCHES, true, take_query, 0, NULL,
        "What a person typed: the name of an artist, 1 to 200 characters."},
    [PARAMETER_NAME] = {"name", ROUTE_NAME_MAX_CHARS * 4, FOR_DOCUMENTS | FOR_PAGES, false, take_name, 0, NULL,
        "The artist's name as the artist's own site writes it; the provider's otherwise."},
    [PARAMETER_WEBURL] = {"weburl", ROUTE_URL_MAX_BYTES, FOR_DOCUMENTS | FOR_PAGES, false, take_weburl, 0, NULL,
        "The artist's own site, an absolute http or https URL."},
    [PARAMETER_EVENTURL] = {"eventurl", ROUTE_URL_MAX_BYTES, FOR_DOCUMENTS, false, take_eventurl, 0, NULL,
        "The artist's page about one event, with {id} {date} {city} {venue} {name} where they belong."},
    [PARAMETER_PAGES] = {"pages", ROUTE_URL_MAX_BYTES, FOR_DOCUMENTS | FOR_PAGES, false, take_pages, 0, NULL,
        "The address of the artist's own pages about the dates (/tour): absolute, https, without a query. Not beside eventurl."},
    [PARAMETER_IMAGE] = {"image", ROUTE_URL_MAX_BYTES, FOR_DOCUMENTS | FOR_PAGES, false, take_image, 0, NULL,
        "A picture of the artist for events of which the provider has none: absolute, https."},
    [PARAMETER_STYLE] = {"style", ROUTE_URL_MAX_BYTES, FOR_PAGES, false, take_style, 0, NULL,
        "A style sheet for the pages, on the host of pages: absolute, https."},
    [PARAMETER_FORMAT] = {"format", 32, FOR_DOCUMENTS, false, take_format, 0, NULL,
        "What is answered; an array of self-contained events when it is not given."},
    [PARAMETER_LIMIT] = {"limit", 8, FOR_DOCUMENTS, false, take_limit, ROUTE_LIMIT_MAX, NULL,
        "At most so many events, soonest first."},
    [PARAMETER_INDENT] = {"indent", 8, FOR_DOCUMENTS | FOR_SEARCHES, false, take_indent, 0, "1",
        "1: indented for people."},
    [PARAMETER_MARKUP] = {"markup", 8, FOR_DOCUMENTS, false, take_markup, 0, "only none",
        "Of html and js: the JSON-LD block alone, or the list alone."},
    [PARAMETER_CALENDAR] = {"calendar", 8, FOR_DOCUMENTS, false, take_calendar, 0, "1",
        "1, of html and js: links below the list that subscribe to its calendar."},
    [PARAMETER_LANG] = {"lang", 16, FOR_DOCUMENTS | FOR_PAGES, false, take_lang, 0, "en en-US de fr es",
        "The language of html, js, ics and pages: their words, and how they write dates; English otherwise."},
};
/* clang-format on */
