/* Moved and missing pages. They are seen on other people's hosts, so nothing binds these to HTTPS. */
#include "page_response.h"

#include <stdio.h>
#include <string.h>

#include "service/document/page_policy.h"
#include "service/document/representation.h"
#include "translators/base/must.h"
#include "translators/base/strings.h"
#include "translators/pages/addresses.h"
#include "translators/pages/pages.h"

#define PREFIX              "/tour/"
#define MAX_TROUBLE_BYTES   16384
#define MOVED_CACHE_CONTROL "public, max-age=300"

bool page_is_asked_for(const struct request *request)
{
    size_t len = sizeof(PREFIX) - 1;
    return request->target.len >= len && memcmp(request->target.text, PREFIX, len) == 0;
}

void page_respond_trouble(int status, const struct strings *strings, const char *title, const char *detail,
                          const char *back, struct response *ret)
{
    struct buffer text = BUFFER_INIT(MAX_TROUBLE_BYTES);
    char policy[REPRESENTATION_MAX_POLICY_BYTES];
    pages_put_trouble(strings, title, detail, back, &text);
    must(!text.overflowed);
    page_policy_write(NULL, NULL, policy);
    response_begin(ret, status);
    ret->owned = text.bytes;
    ret->body = (const uint8_t *)text.bytes;
    ret->body_len = text.len;
    response_add_text(ret, FIELD_CONTENT_TYPE, "text/html; charset=utf-8");
    response_add_text(ret, FIELD_CACHE_CONTROL, "no-store");
    char *value = response_open(ret);
    response_put(ret, policy);
    response_close(ret, FIELD_CONTENT_SECURITY_POLICY, value);
    response_add_text(ret, FIELD_REFERRER_POLICY, "no-referrer");
    response_add_text(ret, FIELD_X_ROBOTS_TAG, "noindex");
    response_add_common(ret, false);
}

void page_respond_moved(const struct request *request, const char *location, struct response *ret)
{
    (void)request;
    response_begin(ret, 308);
    char *value = response_open(ret);
    response_put(ret, location);
    response_close(ret, FIELD_LOCATION, value);
    response_add_text(ret, FIELD_CACHE_CONTROL, MOVED_CACHE_CONTROL);
    response_add_common(ret, false);
}

/* From a page of a date back to all dates. A preview keeps its query; where `pages` is given the proxy adds
 * it.
 */
static void write_back(const struct request *request, const struct document_request *wanted, char *ret_back,
                       size_t size)
{
    const char *query =
        wanted->pages[0] == '\0' ? memchr(request->target.text, '?', request->target.len) : NULL;
    size_t query_len = query != NULL ? request->target.len - (size_t)(query - request->target.text) : 0;
    snprintf(ret_back, size, "%s%.*s", strchr(wanted->page, '/') != NULL ? "../" : "./", (int)query_len,
             query != NULL ? query : "");
}

bool page_respond_by_index(const struct request *request, const struct document_request *wanted,
                           const struct cache_value *index, struct response *ret)
{
    struct page_path path;
    struct address_line line;
    char location[ADDRESS_MAX_BYTES + 32], back[ROUTE_URL_MAX_BYTES * 4];
    if (!address_parse(wanted->page, strlen(wanted->page), &path) || path.slug == NULL)
        return false;
    bool found = address_find((const char *)index->bytes, index->len, path.slug, path.slug_len, &line);
    if (!found || (line.is_over && path.kind == PAGE_DATE_ICS)) {
        write_back(request, wanted, back, sizeof(back));
        const struct strings *strings = route_problem_language(wanted);
        page_respond_trouble(404, strings, strings->texts[STRING_TROUBLE_NO_DATE],
                             strings->texts[STRING_TROUBLE_NO_DATE_DETAIL], back, ret);
        return true;
    }
    if (path.whole && line.slug_len == path.slug_len && memcmp(line.slug, path.slug, path.slug_len) == 0)
        return false;
    snprintf(location, sizeof(location), "%s%.*s/%s", strchr(wanted->page, '/') != NULL ? "../" : "",
             (int)line.slug_len, line.slug, path.kind == PAGE_DATE_ICS ? "date.ics" : "");
    page_respond_moved(request, location, ret);
    return true;
}
