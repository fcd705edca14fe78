/* Configured tours become requests once, when the configuration is read. */
#include "tours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "service/config/config_find.h"
#include "service/config/tour_section.h"
#include "service/http/respond.h"
#include "service/page/web.h"
#include "translators/base/must.h"
#include "translators/pages/addresses.h"

#define PREFIX "/tour/"

struct tours {
    size_t n;
    struct tour_entry entries[];
};

/* ---- making ---- */

/* The setting that a parameter's value comes from. */
static const struct {
    enum parameter_index parameter;
    const char *key;
    size_t offset; /* into struct tour_config */
} values[] = {
    {PARAMETER_ID, "id", offsetof(struct tour_config, id)},
    {PARAMETER_NAME, "name", offsetof(struct tour_config, name)},
    {PARAMETER_WEBURL, "weburl", offsetof(struct tour_config, weburl)},
    {PARAMETER_PAGES, "pages", offsetof(struct tour_config, pages)},
    {PARAMETER_IMAGE, "image", offsetof(struct tour_config, image)},
    {PARAMETER_STYLE, "style", offsetof(struct tour_config, style)},
    {PARAMETER_LANG, "lang", offsetof(struct tour_config, lang)},
};
enum { N_VALUES = sizeof(values) / sizeof(values[0]) };

static bool refuse(const struct config *config, const struct tour_config *tour, const char *key,
                   const char *why, struct fault *ret_fault)
{
    fault_say(ret_fault, "[%s] %s: %s", tour->section, key, why);
    return config_locate(config, tour->section, key, ret_fault);
}

/* Where visitors see it: as given, or on its host, or here. */
static void write_pages(const struct config *config, const struct tour_config *tour, char ret_pages[4096])
{
    if (tour->pages != NULL)
        snprintf(ret_pages, 4096, "%s", tour->pages);
    else if (tour->host != NULL)
        snprintf(ret_pages, 4096, "https://%s", tour->host);
    else
        snprintf(ret_pages, 4096, "%s" PREFIX "%s", config->site.public_url, tour_section_name(tour));
}

static bool say_fault(const struct config *config, const struct tour_config *tour,
                      const struct route_result *result, struct fault *ret_fault)
{
    for (size_t i = 0; i < N_VALUES && result->n_faults > 0; i++) {
        if (values[i].parameter == result->faults[0].index)
            return refuse(config, tour, values[i].key, result->faults[0].reason, ret_fault);
    }
    return refuse(config, tour, "provider", result->detail, ret_fault);
}

static bool fill(const struct config *config, const struct tour_config *tour, struct tour_entry *entry,
                 struct route_result *result, struct fault *ret_fault)
{
    const struct translator *translator = translator_find(tour->provider, strlen(tour->provider));
    struct route_parse parse;
    char pages[4096];
    enum subject subject = SUBJECT_ARTIST;
    if (translator == NULL)
        return refuse(config, tour, "provider", "there is no provider of this name", ret_fault);
    if (strcmp(tour->resource, "venue") == 0)
        subject = SUBJECT_VENUE;
    else if (strcmp(tour->resource, "artist") != 0)
        return refuse(config, tour, "resource", "must be artist or venue", ret_fault);
    if (!route_begin_page(&parse, translator, subject, result))
        return refuse(config, tour, "resource", "this provider has none of these", ret_fault);
    write_pages(config, tour, pages);
    for (size_t i = 0; i < N_VALUES; i++) {
        const char *value = *(char *const *)((const char *)tour + values[i].offset);
        if (values[i].parameter == PARAMETER_PAGES)
            value = pages;
        if (value != NULL)
            route_take(&parse, values[i].parameter, value);
    }
    route_end(&parse);
    if (result->target != ROUTE_DOCUMENT)
        return say_fault(config, tour, result, ret_fault);
    entry->name = tour_section_name(tour);
    entry->host = tour->host;
    entry->request = result->document;
    return true;
}

struct tours *tours_new(const struct config *config, struct fault *ret_fault)
{
    struct tours *tours = must(calloc(1, sizeof(*tours) + config->n_tours * sizeof(tours->entries[0])));
    struct route_result *result = must(malloc(sizeof(*result)));
    bool done = true;
    for (size_t i = 0; i < config->n_tours && done; i++)
        done = fill(config, &config->tours[i], &tours->entries[tours->n++], result, ret_fault);
    free(result);
    if (done)
        return tours;
    tours_free(tours);
    return NULL;
}

void tours_free(struct tours *tours)
{
    free(tours);
}

/* ---- finding ---- */

const struct tour_entry *tours_at(const struct tours *tours, size_t index)
{
    return index < tours->n ? &tours->entries[index] : NULL;
}

const struct tour_entry *tours_find(const struct tours *tours, const char *name, size_t len)
{
    for (size_t i = 0; i < tours->n; i++) {
        if (strlen(tours->entries[i].name) == len && memcmp(tours->entries[i].name, name, len) == 0)
            return &tours->entries[i];
    }
    return NULL;
}

const struct tour_entry *tours_of_host(const struct tours *tours, struct slice authority)
{
    const char *colon = authority.text != NULL ? memchr(authority.text, ':', authority.len) : NULL;
    size_t len = colon != NULL ? (size_t)(colon - authority.text) : authority.len;
    for (size_t i = 0; i < tours->n && authority.text != NULL; i++) {
        const char *host = tours->entries[i].host;
        if (host != NULL && strlen(host) == len && strncasecmp(host, authority.text, len) == 0)
            return &tours->entries[i];
    }
    return NULL;
}

/* ---- requests ---- */

static void no_such_page(struct route_result *ret)
{
    ret->target = ROUTE_PROBLEM;
    ret->problem = PROBLEM_NO_SUCH_PATH;
    snprintf(ret->detail, sizeof(ret->detail), "%s", strings_get(STRING_NO_SUCH_PAGE));
}

static void page_of(const struct tour_entry *tour, const char *page, size_t len, struct route_result *ret)
{
    struct page_path path;
    if (len > ROUTE_PAGE_MAX_BYTES || !address_parse(page, len, &path)) {
        no_such_page(ret);
        return;
    }
    ret->document = tour->request;
    memcpy(ret->document.page, page, len);
    ret->document.page[len] = '\0';
    ret->document.key_len = 0;
    route_build_key(&ret->document);
}

/* On another host the tour is only pointed to. `page` begins behind "/tour/NAME", with its slash if it has
 * one.
 */
static void lead_to(const struct tour_entry *tour, const char *page, size_t len, struct route_result *ret)
{
    struct page_path path;
    if (len > 0 && !address_parse(page + 1, len - 1, &path)) {
        no_such_page(ret);
        return;
    }
    ret->target = ROUTE_MOVED;
    if (tour->host != NULL)
        snprintf(ret->location, sizeof(ret->location), "https://%s/%.*s", tour->host,
                 (int)(len > 0 ? len - 1 : 0), len > 0 ? page + 1 : "");
    else
        snprintf(ret->location, sizeof(ret->location), "./%s/", tour->name);
}

static bool find_tour(const struct tours *tours, const struct request *request, struct route_result *ret)
{
    const char *target = request->target.text, *query = memchr(target, '?', request->target.len);
    size_t len = query != NULL ? (size_t)(query - target) : request->target.len, prefix = strlen(PREFIX);
    const struct tour_entry *tour = tours->n > 0 ? tours_of_host(tours, request->authority) : NULL;
    ret->target = ROUTE_DOCUMENT;
    ret->n_faults = 0;
    ret->is_page = ret->is_configured = true;
    if (tour != NULL && len == strlen("/robots.txt") && memcmp(target, "/robots.txt", len) == 0)
        ret->target = ROUTE_ROBOTS;
    else if (tour != NULL && len > 0)
        page_of(tour, target + 1, len - 1, ret);
    if (tour != NULL)
        return true;
    if (len <= prefix || memcmp(target, PREFIX, prefix) != 0)
        return false;
    const char *name = target + prefix, *slash = memchr(name, '/', len - prefix);
    size_t name_len = slash != NULL ? (size_t)(slash - name) : len - prefix;
    tour = tours_find(tours, name, name_len);
    if (tour == NULL)
        return false;
    if (slash == NULL || tour->host != NULL)
        lead_to(tour, name + name_len, len - prefix - name_len, ret);
    else
        page_of(tour, slash + 1, len - prefix - name_len - 1, ret);
    return true;
}

void tours_find_route(const struct tours *tours, const struct config *config, const struct request *request,
                      struct route_result *ret)
{
    const char *open_pages = config->site.open_pages;
    if (find_tour(tours, request, ret))
        return;
    route_parse(request->target.text, request->target.len, ret);
    bool is_preview = ret->target != ROUTE_DOCUMENT || ret->document.pages[0] == '\0';
    if (!ret->is_page || strcmp(open_pages, "yes") == 0 || (is_preview && strcmp(open_pages, "preview") == 0))
        return;
    ret->target = ROUTE_PROBLEM;
    ret->problem = PROBLEM_NO_SUCH_PATH;
    ret->n_faults = 0;
    strings_write(ret->detail, sizeof(ret->detail), strings_get(STRING_PAGES_NOT_OPEN), NULL);
}

void tours_respond_robots(const struct tours *tours, const struct request *request, struct response *ret)
{
    const struct tour_entry *tour = tours_of_host(tours, request->authority);
    char text[ROUTE_URL_MAX_BYTES + 128];
    if (tour == NULL) {
        web_respond_robots(request, ret);
        return;
    }
    int len = snprintf(text, sizeof(text), "User-agent: *\nDisallow:\nSitemap: %s/sitemap.xml\n",
                       tour->request.pages);
    respond_text(request, 200, "text/plain; charset=utf-8", text, (size_t)len, ret);
}
