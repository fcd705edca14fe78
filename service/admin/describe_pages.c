/* One table of pages for both descriptions. Which ids a provider has is its route's to say. */
#include "describe_pages.h"

#include <stdio.h>
#include <string.h>

#include "service/document/parameter.h"
#include "translators/base/strings.h"
#include "translators/pages/addresses.h"
#include "translators/pages/pages.h"

#define PATH_MAX_BYTES 128

static const struct page {
    const char *path; /* below the tour's own */
    const char *name, *what;
    enum page_kind kind;
} pages[] = {
    {"", "dates", "All dates, each leading to its page", PAGE_TOUR},
    {"{date}/", "date", "The page about one date, with its JSON-LD", PAGE_DATE},
    {"{date}/date.ics", "date-calendar", "That date as a calendar", PAGE_DATE_ICS},
    {"dates.ics", "calendar", "All dates as a calendar", PAGE_DATES_ICS},
    {"feed.json", "feed-json", "All dates as a JSON Feed; only with pages", PAGE_FEED_JSON},
    {"feed.xml", "feed-xml", "All dates as an Atom feed; only with pages", PAGE_FEED_XML},
    {"sitemap.xml", "sitemap", "All pages with the time of their last change; only with pages", PAGE_SITEMAP},
};

const struct describe_claim describe_claims[DESCRIBE_CLAIMS] = {
    {"sig", "string",
     "The signature of the link, where the operator wants one: `marquee sign URL` makes it."},
    {"expires", "integer", "When a signed link ends, in seconds since 1970; its signature covers it."},
};

#define N_PAGES (sizeof(pages) / sizeof(pages[0]))

static const char date_help[] =
    "{date}-{city}-{id} of the event, as the page with all dates has it. The id at "
    "its end decides: other words before it lead to the right address.";
static const char tour_help[] =
    "The name of a tour that the operator has set up. Its query is ignored. With a "
    "host of its own the same pages stand at / of that host.";

static const enum subject subjects[] = {SUBJECT_ARTIST, SUBJECT_VENUE};
#define N_SUBJECTS (sizeof(subjects) / sizeof(subjects[0]))

/* Where a provider's pages begin. */
static void root_of(const struct translator *translator, enum subject subject, char *ret, size_t size)
{
    snprintf(ret, size, "/tour/%s/%s{id}/", translator->name, subject == SUBJECT_VENUE ? "venue/" : "");
}

/* ---- OpenAPI ---- */

void describe_add_ref(json_t *list, const char *parameter)
{
    json_array_append_new(list, json_pack("{s:s+}", "$ref", "#/components/parameters/", parameter));
}

static json_t *path_parameter(const char *name, const char *help, size_t max_bytes)
{
    return json_pack("{s:s, s:s, s:b, s:s, s:{s:s, s:i, s:i}}", "name", name, "in", "path", "required", 1,
                     "description", help, "schema", "type", "string", "minLength", 1, "maxLength",
                     (int)max_bytes);
}

/* `route`: NULL of a tour that is set up. */
static json_t *parameters_of(const struct route *route, const struct page *page)
{
    json_t *list = json_array();
    json_array_append_new(list, route != NULL
                                    ? path_parameter("id", strings_get(route->id_form), ROUTE_ID_MAX_BYTES)
                                    : path_parameter("tour", tour_help, ROUTE_ID_MAX_BYTES));
    if (strstr(page->path, "{date}") != NULL)
        json_array_append_new(list, path_parameter("date", date_help, ADDRESS_MAX_BYTES));
    for (int i = 0; route != NULL && i < PARAMETERS; i++) {
        if ((parameters[i].where & FOR_PAGES) != 0)
            describe_add_ref(list, parameters[i].name);
    }
    for (size_t i = 0; route != NULL && i < DESCRIBE_CLAIMS; i++)
        describe_add_ref(list, describe_claims[i].name);
    return list;
}

static json_t *responses_of(const struct page *page, const json_t *problems)
{
    const char *media_type = pages_media_type(page->kind);
    char type[64];
    snprintf(type, sizeof(type), "%.*s", (int)strcspn(media_type, ";"), media_type);
    json_t *schema = json_pack("{s:s}", "type", page->kind == PAGE_FEED_JSON ? "object" : "string");
    json_t *responses =
        json_pack("{s:{s:s, s:{s:{s:o}}}, s:{s:s}, s:{s:s, s:{s:{s:s, s:b, s:{s:s}}}}}", "200", "description",
                  page->what, "content", type, "schema", schema, "304", "description",
                  "What the client has is still right (If-None-Match)", "308", "description",
                  "The page has another address", "headers", "Location", "description",
                  "Relative to what was asked for", "required", 1, "schema", "type", "string");
    json_object_update(responses, (json_t *)problems);
    return responses;
}

static void add_root(json_t *paths, const struct translator *translator, const struct route *route,
                     const char *root, const json_t *problems)
{
    const char *owner = route != NULL ? translator->name : "tour";
    for (size_t i = 0; i < N_PAGES; i++) {
        char path[PATH_MAX_BYTES], id[PATH_MAX_BYTES];
        snprintf(path, sizeof(path), "%s%s", root, pages[i].path);
        snprintf(id, sizeof(id), "%s-%spage-%s", owner,
                 route != NULL && route->subject == SUBJECT_VENUE ? "venue-" : "", pages[i].name);
        json_object_set_new(paths, path,
                            json_pack("{s:{s:s, s:[s], s:s, s:s, s:o, s:o}}", "get", "operationId", id,
                                      "tags", owner, "summary", pages[i].what, "description",
                                      "For people, crawlers and calendars; programs take /api.", "parameters",
                                      parameters_of(route, &pages[i]), "responses",
                                      responses_of(&pages[i], problems)));
    }
}

/* Where the pages of one kind of thing of one provider are. */
struct root {
    const struct translator *translator;
    const struct route *route;
    char path[PATH_MAX_BYTES];
};

/* False: there are no more than n. */
static bool root_at(size_t n, struct root *ret)
{
    for (size_t i = 0; translators[i] != NULL; i++) {
        for (size_t k = 0; k < N_SUBJECTS; k++) {
            ret->translator = translators[i];
            ret->route = translator_route(translators[i], subjects[k]);
            root_of(translators[i], subjects[k], ret->path, sizeof(ret->path));
            if (ret->route != NULL && n-- == 0)
                return true;
        }
    }
    return false;
}

void describe_pages_add(json_t *paths, const json_t *problems)
{
    struct root root;
    for (size_t n = 0; root_at(n, &root); n++)
        add_root(paths, root.translator, root.route, root.path, problems);
    add_root(paths, NULL, NULL, "/tour/{tour}/", problems);
}

/* ---- words ---- */

static void put_roots(struct buffer *out, const char *base)
{
    struct root root;
    for (size_t n = 0; root_at(n, &root); n++)
        buffer_printf(out, "- `%s%s` id: %s.\n", base, root.path, strings_get(root.route->id_form));
    buffer_printf(out, "- `%s/tour/{tour}/` tour: %s\n", base, tour_help);
}

void describe_pages_in_words(struct buffer *out, const char *base)
{
    buffer_puts(out,
                "\n## Pages of a tour\n\nFor people, crawlers and calendars; programs take the addresses "
                "above. They begin at:\n\n");
    put_roots(out, base);
    buffer_puts(out, "\nBelow each, with the same query:\n\n");
    for (size_t i = 0; i < N_PAGES; i++) {
        const char *media_type = pages_media_type(pages[i].kind);
        buffer_printf(out, "- `%s` %s (%.*s).\n", pages[i].path[0] != '\0' ? pages[i].path : "/",
                      pages[i].what, (int)strcspn(media_type, ";"), media_type);
    }
    buffer_printf(out,
                  "\ndate: %s A page that has moved is answered with 308. Errors are pages, too.\n\n"
                  "Parameters of the query:",
                  date_help);
    for (int i = 0; i < PARAMETERS; i++) {
        if ((parameters[i].where & FOR_PAGES) != 0)
            buffer_printf(out, " `%s`", parameters[i].name);
    }
    buffer_puts(out, ".\n");
}
