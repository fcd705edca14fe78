/* Judges documents by the form of their format alone: nothing from outside may ever become syntax. Not here:
 * what they say, and what other people's readers make of them (tests/conformance). */
#include "shapes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "translators/base/text.h"

#define MAX_DEPTH       8
#define MAX_LINE_OCTETS 75 /* RFC 5545 section 3.1 */
#define BLOCK_BEGIN     "<script type=\"application/ld+json\">"
#define BLOCK_END       "</script>\n"

/* ---- JSON-LD ---- */

static const char *json_fault(const char *text, size_t len, json_t **ret_json)
{
    if (strcspn(text, "<>&") < len || memmem(text, len, "\xe2\x80\xa8", 3) != NULL ||
        memmem(text, len, "\xe2\x80\xa9", 3) != NULL)
        return "the document cannot be pasted into HTML";
    *ret_json = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    return *ret_json != NULL ? NULL : "the document is not JSON";
}

/* ---- HTML ---- */

static bool is_one_of(const char *const *names, const char *text, size_t len)
{
    for (; *names != NULL; names++) {
        if (strlen(*names) == len && memcmp(*names, text, len) == 0)
            return true;
    }
    return false;
}

/* Behind a tag's name: name="value" again and again, then >. Returns what follows, NULL when it is not so. */
static const char *skip_attributes(const char *at)
{
    static const char *const known[] = {"class", "lang", "aria-label", "dir", "href", "datetime", NULL};

    while (*at == ' ') {
        size_t len = strcspn(++at, "= >");

        if (!is_one_of(known, at, len) || at[len] != '=' || at[len + 1] != '"')
            return NULL;
        if (strncasecmp(at, "href=\"http://", 13) != 0 && strncasecmp(at, "href=\"https://", 14) != 0 &&
            strncmp(at, "href", 4) == 0)
            return NULL;
        at += len + 2;
        at += strcspn(at, "\"<>");
        if (*at++ != '"')
            return NULL;
    }
    return *at == '>' ? at + 1 : NULL;
}

/* Elements that we know, each closed where it should be. */
static const char *elements_fault(const char *at, const char *end)
{
    static const char *const known[] = {"section", "ol", "li",     "div",  "time",
                                        "p",       "a",  "strong", "span", NULL};
    const char *open[MAX_DEPTH];
    size_t depth = 0;

    while ((at += strcspn(at, "<>\"")) < end) {
        bool closes = at[1] == '/';
        const char *name = at + 1 + closes;
        size_t len = strcspn(name, " >");

        if (*at != '<' || !is_one_of(known, name, len))
            return "a text became HTML";
        if (closes && (depth == 0 || strncmp(open[--depth], name, len) != 0))
            return "elements are not closed where they should be";
        if (!closes && depth == MAX_DEPTH)
            return "elements are nested too deep";
        if (!closes)
            open[depth++] = name;
        at = skip_attributes(name + len);
        if (at == NULL)
            return "an attribute is not of our own";
    }
    return depth == 0 ? NULL : "an element is not closed";
}

static const char *html_fault(const char *text, json_t **ret_json)
{
    const char *block = strstr(text, BLOCK_BEGIN), *end = text + strlen(text);
    size_t tail = strlen(BLOCK_END), len;
    char *json;
    const char *fault;

    if (strcmp(text, "<!-- No upcoming dates. -->\n") == 0)
        return NULL;
    if (block == NULL)
        return elements_fault(text, end);
    if (strcmp(end - tail, BLOCK_END) != 0)
        return "the block is not the last thing";
    len = (size_t)(end - tail - block) - strlen(BLOCK_BEGIN);
    json = strndup(block + strlen(BLOCK_BEGIN), len);
    fault = json_fault(json, len, ret_json);
    free(json);
    return fault != NULL ? fault : elements_fault(text, block);
}

/* ---- scripts ---- */

/* The script is always the same but for its arguments, which are JSON: a list in HTML, JSON-LD, and what they
 * are of. */
static const char *js_fault(const char *text, json_t **ret_json)
{
    static const char call[] = "})(document.currentScript,\n";
    const char *arguments = strstr(text, call), *fault = NULL;
    size_t len = strlen(text);
    json_t *parsed;
    char *list;

    if (arguments == NULL || strcmp(text + len - 3, ");\n") != 0)
        return "the script is not called";
    if ((size_t)(arguments - text) > 5120)
        return "the script is over 5 KB";
    arguments += strlen(call);
    if (strcspn(arguments, "<>&") < strlen(arguments) || strstr(arguments, "\xe2\x80\xa8") != NULL ||
        strstr(arguments, "\xe2\x80\xa9") != NULL)
        return "the script cannot be pasted into HTML";
    list = calloc(1, len + 3);
    snprintf(list, len + 3, "[%.*s]", (int)strlen(arguments) - 3, arguments);
    parsed = json_loads(list, 0, NULL);
    free(list);
    if (json_array_size(parsed) != 3 || !json_is_string(json_array_get(parsed, 0)) ||
        !json_is_string(json_array_get(parsed, 1)) || !json_is_string(json_array_get(parsed, 2)))
        fault = "the script's arguments are not three texts";
    else if (json_string_length(json_array_get(parsed, 0)) > 0)
        fault = html_fault(json_string_value(json_array_get(parsed, 0)), ret_json);
    if (fault == NULL && json_string_length(json_array_get(parsed, 1)) > 0)
        fault = json_fault(json_string_value(json_array_get(parsed, 1)),
                           json_string_length(json_array_get(parsed, 1)), ret_json);
    json_decref(parsed);
    return fault;
}

/* ---- calendars ---- */

/* Content lines, folded where UTF-8 may be; which lines there are is for tests/conformance to judge. */
static const char *ics_fault(const char *text)
{
    if (strncmp(text, "BEGIN:VCALENDAR\r\n", 17) != 0)
        return "the calendar does not begin as one";
    while (*text != '\0') {
        size_t len = strcspn(text, "\r\n");

        if (len == 0 || (len == 1 && text[0] == ' '))
            return "a line is empty";
        if (len > MAX_LINE_OCTETS)
            return "a line is over 75 octets";
        if (!text_is_utf8(text, len))
            return "a line is folded within a character";
        for (size_t i = 0; i < len; i++) {
            if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
                return "a line holds a control character";
        }
        if (text[0] != ' ' && strcspn(text, ":;") >= len)
            return "a line is no property";
        if (text[len] != '\r' || text[len + 1] != '\n')
            return "a line does not end in CR LF";
        text += len + 2;
        if (*text == '\0' && strncmp(text - 15, "END:VCALENDAR\r\n", 15) != 0)
            return "the calendar does not end as one";
    }
    return NULL;
}

const char *shape_fault(const struct format *format, const char *text, json_t **ret_json)
{
    *ret_json = NULL;
    if (format == &format_html)
        return html_fault(text, ret_json);
    if (format == &format_js)
        return js_fault(text, ret_json);
    if (format == &format_ics)
        return ics_fault(text);
    return json_fault(text, strlen(text), ret_json);
}
