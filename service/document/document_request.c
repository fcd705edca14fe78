/* A checked request -> the canonical text that its document is cached by. */
#include "document_request.h"

#include <string.h>

#include "representation.h"
#include "translators/base/must.h"

#define PREFIX "doc " REPRESENTATION_LAYOUT " "

static void key_add(struct document_request *request, const char *text, size_t len)
{
    /* Every value has a maximum, and CACHE_KEY_MAX_BYTES holds all of them. */
    must(len <= sizeof(request->key) - request->key_len);
    memcpy(request->key + request->key_len, text, len);
    request->key_len += len;
}

static void key_add_number(struct document_request *request, size_t number)
{
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    key_add(request, digits + at, sizeof(digits) - at);
}

/* " name=12:Milky Chance": the length makes every key unambiguous without escaping. */
static void key_add_value(struct document_request *request, const char *label, const char *value)
{
    size_t len = strlen(value);
    if (len == 0)
        return;
    key_add(request, label, strlen(label));
    key_add_number(request, len);
    key_add(request, ":", 1);
    key_add(request, value, len);
}

/* Does the document hold words of ours? Data is the same in every language. */
static bool route_is_worded(const struct document_request *request)
{
    const struct format *format = request->format;
    return route_is_page(request) || format == &format_html || format == &format_js ||
           format == &format_ics || format == &format_preview;
}

void route_build_key(struct document_request *request)
{
    key_add(request, PREFIX, sizeof(PREFIX) - 1);
    key_add(request, request->translator->name, strlen(request->translator->name));
    key_add(request, " ", 1);
    const char *resource = subject_name(request->route->subject);
    key_add(request, resource, strlen(resource));
    key_add_value(request, " id=", request->id);
    key_add_value(request, " q=", request->query);
    key_add_value(request, " format=", request->format->name);
    key_add_value(request, " name=", request->name);
    key_add_value(request, " weburl=", request->weburl);
    key_add_value(request, " eventurl=", request->eventurl);
    key_add_value(request, " pages=", request->pages);
    key_add_value(request, " image=", request->image);
    key_add_value(request, " style=", request->style);
    if (request->limit != 0) {
        key_add(request, " limit=", 7);
        key_add_number(request, request->limit);
    }
    if (request->indent)
        key_add(request, " indent", 7);
    if (request->has_no_memory && request->format == &format_ics)
        key_add(request, " plain", 6);
    if (request->strings != NULL && route_is_worded(request))
        key_add_value(request, " lang=", request->strings->language);
    if (request->reader != NULL)
        key_add_value(request, " reader=", request->reader->language);
    if (request->calendar)
        key_add(request, " calendar", 9);
    if (request->markup != MARKUP_BOTH)
        key_add(request, request->markup == MARKUP_ONLY ? " markup=only" : " markup=none", 12);
    if (route_is_page(request)) {
        request->tour_key_len = request->key_len;
        key_add(request, " page=", 6);
        key_add(request, request->page, strlen(request->page));
    }
}

const struct strings *route_problem_language(const struct document_request *request)
{
    if (request->reader != NULL)
        return request->reader;
    return route_is_page(request) && request->strings != NULL ? request->strings : strings_chosen();
}

bool route_is_page(const struct document_request *request)
{
    return request->format == &format_pages;
}

struct cache_key route_job_key(const struct document_request *request)
{
    return (struct cache_key){request->key,
                              route_is_page(request) ? request->tour_key_len : request->key_len};
}

struct cache_key route_key(const struct document_request *request)
{
    return (struct cache_key){request->key, request->key_len};
}
