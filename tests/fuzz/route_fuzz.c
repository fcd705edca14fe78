/* Fuzzes route_parse(): what passes has a key of bounded length and checked values, and a request rebuilt
 * from those values has the same key. What does not pass says why. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/document/route.h"
#include "translators/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_problem(const struct route_result *result)
{
    require(memchr(result->detail, '\0', sizeof(result->detail)) != NULL && result->detail[0] != '\0');
    require(result->n_faults <= ROUTE_MAX_FAULTS);
    require((result->problem == PROBLEM_PARAMETERS) == (result->n_faults > 0));
    for (size_t i = 0; i < result->n_faults; i++)
        require(result->faults[i].name != NULL && result->faults[i].reason[0] != '\0' &&
                memchr(result->faults[i].reason, '\0', sizeof(result->faults[i].reason)) != NULL);
}

/* "name=value", or nothing where the value is not given. */
static size_t add_argument(char **arguments, size_t n, const char *name, const char *value)
{
    size_t len = strlen(name) + strlen(value) + 2;
    if (*value == '\0')
        return n;
    arguments[n] = malloc(len);
    if (arguments[n] == NULL)
        abort();
    snprintf(arguments[n], len, "%s=%s", name, value);
    return n + 1;
}

static void check_document(const struct document_request *request)
{
    static const char *const markups[] = {[MARKUP_BOTH] = "", [MARKUP_ONLY] = "only", [MARKUP_NONE] = "none"};
    char *arguments[12], limit[16] = "";
    size_t n = 0;
    bool search = route_is_search(request);
    require((request->query[0] != '\0') == search && (request->id[0] == '\0') == search);
    require(request->format != NULL);
    require(request->key_len > 0 && request->key_len <= CACHE_KEY_MAX_BYTES);
    require(text_is_utf8(request->key, request->key_len));
    if (request->limit > 0)
        snprintf(limit, sizeof(limit), "%u", request->limit);
    n = add_argument(arguments, n, "id", request->id);
    n = add_argument(arguments, n, "q", request->query);
    n = add_argument(arguments, n, "name", request->name);
    n = add_argument(arguments, n, "weburl", request->weburl);
    n = add_argument(arguments, n, "eventurl", request->eventurl);
    bool page = route_is_page(request);
    n = add_argument(arguments, n, "pages", request->pages);
    n = add_argument(arguments, n, "image", request->image);
    n = add_argument(arguments, n, "style", request->style);
    n = add_argument(arguments, n, "format", search || page ? "" : request->format->name);
    n = add_argument(arguments, n, "limit", limit);
    n = add_argument(arguments, n, "indent", request->indent ? "1" : "");
    n = add_argument(arguments, n, "markup", markups[request->markup]);

    struct route_result *again = malloc(sizeof(*again));
    if (again == NULL)
        abort();
    (page ? route_parse_page_arguments : route_parse_arguments)(
        request->translator->name, subject_name(request->route->subject), arguments, n, again);
    require(again->target == ROUTE_DOCUMENT);
    struct cache_key key = route_job_key(request), key_again = route_job_key(&again->document);
    require(key.len == key_again.len && memcmp(key.text, key_again.text, key.len) == 0);
    free(again);
    while (n > 0)
        free(arguments[--n]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct route_result *result = malloc(sizeof(*result));
    if (result == NULL)
        abort();
    route_parse((const char *)data, size, result);
    if (result->target == ROUTE_PROBLEM)
        check_problem(result);
    else if (result->target == ROUTE_DOCUMENT)
        check_document(&result->document);
    free(result);
    return 0;
}
