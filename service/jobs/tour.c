/* Which pages a tour has, in which order they are written, and what each has besides its text. */
#include "tour.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "service/config/config.h"
#include "service/document/page_policy.h"
#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"
#include "translators/base/text.h"
#include "translators/formats/eventurl.h"
#include "translators/pages/addresses.h"
#include "translators/pages/pages.h"

#define MAX_INDEX_BYTES 1048576

struct tour_page {
    enum page_kind kind;
    size_t event; /* of a page about one */
    const char *path;
    const char *over; /* the slug of a date that is over; NULL: it is none */
};

/* A date of the last making that the tour has no more. */
struct over {
    const char *id, *slug;
};

#define MAX_OVER 100

struct tour {
    const struct config *config;
    const struct plan *plan;
    const struct document *document;
    struct arena *arena; /* of what all pages need */
    struct render_options options;
    struct site site;
    bool is_foreign;
    bool is_guest;      /* its pages are one of many variants that anybody can ask for */
    const char **slugs; /* by event; NULL: it has no page */
    struct tour_page *pages;
    size_t n_pages;
    struct over over[MAX_OVER];
    size_t n_over;
};

/* ---- what all pages have in common ---- */

static const char *given(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

/* "?name=...&weburl=...": a preview leads to other pages of the same preview. */
static const char *query_of(struct arena *arena, const struct document_request *request)
{
    const struct {
        const char *name, *value;
    } parameters[] = {{"name", request->name},
                      {"weburl", request->weburl},
                      {"image", request->image},
                      {"lang", request->strings != NULL ? request->strings->language : ""}};
    const char *query = "";
    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++) {
        if (parameters[i].value[0] != '\0')
            query = arena_printf(arena, "%s%c%s=%s", query, query[0] != '\0' ? '&' : '?', parameters[i].name,
                                 text_escape(arena, parameters[i].value));
    }
    return query;
}

static const char *base_of(struct arena *arena, const struct config *config,
                           const struct document_request *request)
{
    if (request->pages[0] != '\0')
        return request->pages;
    bool of_venue = request->route->subject == SUBJECT_VENUE;
    return arena_printf(arena, "%s/tour/%s/%s%s", config->site.public_url, request->translator->name,
                        of_venue ? "venue/" : "", request->id);
}

/* Is it the host of a configured tour, which is ours as well? */
static bool is_tour_host(const struct config *config, const char *pages)
{
    const char *host = strstr(pages, "://") + 3;
    size_t len = strcspn(host, ":/");
    for (size_t i = 0; i < config->n_tours; i++) {
        const char *ours = config->tours[i].host;
        if (ours != NULL && strlen(ours) == len && strncasecmp(ours, host, len) == 0)
            return true;
    }
    return false;
}

static struct render_options options_of(struct arena *arena, const struct config *config,
                                        const struct document_request *request, const char *base)
{
    return (struct render_options){.strings = request->strings,
                                   .public_url = config->site.public_url,
                                   .eventurl = arena_printf(arena, "%s/" EVENTURL_OF_PAGES, base),
                                   .pages = base,
                                   .image = given(request->image),
                                   .translator = request->translator};
}

/* ---- the list of pages ---- */

static void add_page(struct tour *tour, enum page_kind kind, size_t event, const char *path)
{
    if (pages_has(&tour->site, kind))
        tour->pages[tour->n_pages++] = (struct tour_page){kind, event, path, NULL};
}

static void list_dates(struct tour *tour)
{
    size_t n = tour->document->n_events;
    tour->pages = arena_alloc(tour->arena, (2 * n + PAGE_KINDS + MAX_OVER) * sizeof(*tour->pages));
    for (size_t i = 0; i < n; i++) {
        const char *slug = address_slug(tour->arena, &tour->document->events[i]);
        tour->slugs[i] = slug;
        if (slug == NULL)
            continue;
        add_page(tour, PAGE_DATE, i, arena_printf(tour->arena, "%s/", slug));
        add_page(tour, PAGE_DATE_ICS, i, arena_printf(tour->arena, "%s/date.ics", slug));
    }
}

static void list_whole(struct tour *tour)
{
    add_page(tour, PAGE_TOUR, 0, "");
    add_page(tour, PAGE_DATES_ICS, 0, "dates.ics");
    add_page(tour, PAGE_FEED_JSON, 0, "feed.json");
    add_page(tour, PAGE_FEED_XML, 0, "feed.xml");
    add_page(tour, PAGE_SITEMAP, 0, "sitemap.xml");
}

static bool has_event(const struct tour *tour, const struct address_line *line)
{
    for (size_t i = 0; i < tour->document->n_events; i++) {
        const char *id = tour->document->events[i].id;
        if (strlen(id) == line->id_len && memcmp(id, line->id, line->id_len) == 0)
            return true;
    }
    return false;
}

/* What is gone though its day is not over was withdrawn: nothing is said of it. */
static void list_over(struct tour *tour, const struct cache_value *index, int64_t over_s)
{
    struct address_line line;
    struct moment day;
    int64_t now_s = tour->document->now_s;
    if (index == NULL || index->status != PROBLEM_NONE)
        return;
    const char *at = (const char *)index->bytes, *end = at + index->len;
    while (tour->n_over < MAX_OVER && address_next(&at, end, &line)) {
        if (line.is_alias || has_event(tour, &line) || !address_day(line.slug, line.slug_len, &day) ||
            !when_day_is_over(&day, now_s) || when_day_is_over(&day, now_s - over_s))
            continue;
        struct over *over = &tour->over[tour->n_over++];
        over->id = arena_strndup(tour->arena, line.id, line.id_len);
        over->slug = arena_strndup(tour->arena, line.slug, line.slug_len);
        tour->pages[tour->n_pages++] = (struct tour_page){
            .kind = PAGE_DATE, .path = arena_printf(tour->arena, "%s/", over->slug), .over = over->slug};
    }
}

struct tour *tour_new(const struct config *config, const struct document_request *request,
                      const struct plan *plan, const struct cache_value *index_before, int64_t over_s)
{
    struct tour *tour = memory_new_zeroed(1, sizeof(*tour));
    struct arena *arena = arena_new(config->limits.max_document_bytes);
    const struct document *document = plan_document(plan);
    const char *base = base_of(arena, config, request);
    size_t n = document->n_events + 1;
    *tour = (struct tour){.config = config,
                          .plan = plan,
                          .document = document,
                          .arena = arena,
                          .is_guest = request->style[0] != '\0' || request->image[0] != '\0',
                          .options = options_of(arena, config, request, base),
                          .is_foreign = request->pages[0] != '\0' && !is_tour_host(config, request->pages) &&
                                        !page_policy_same_origin(request->pages, config->site.public_url),
                          .slugs = arena_alloc(arena, n * sizeof(*tour->slugs))};
    tour->site = (struct site){.base = base,
                               .query = request->pages[0] != '\0' ? "" : query_of(arena, request),
                               .is_public = request->pages[0] != '\0',
                               .style = given(request->style),
                               .weburl = given(request->weburl)};
    list_dates(tour);
    list_over(tour, index_before, over_s);
    list_whole(tour);
    return tour;
}

void tour_free(struct tour *tour)
{
    if (tour == NULL)
        return;
    arena_free(tour->arena);
    free(tour);
}

size_t tour_n_pages(const struct tour *tour)
{
    return tour->n_pages;
}

const char *tour_path(const struct tour *tour, size_t page)
{
    return tour->pages[page].path;
}

bool tour_is_over(const struct tour *tour, size_t page)
{
    return tour->pages[page].over != NULL;
}

/* ---- one page ---- */

/* Pages alone load something. `text` holds it. */
static const char *policy_of(const struct tour *tour, const struct tour_page *page,
                             char text[REPRESENTATION_MAX_POLICY_BYTES])
{
    if (page->kind != PAGE_TOUR && page->kind != PAGE_DATE)
        return page_policy_of_data();
    const char *picture =
        page->over != NULL ? NULL : pages_picture(tour->document, &tour->options, page->kind, page->event);
    page_policy_write(tour->site.style, picture, text);
    return text;
}

static struct page_copy copy_of(const struct cache_value *previous)
{
    struct representation representation;
    if (previous == NULL || previous->status != PROBLEM_NONE ||
        !representation_open(previous, &representation))
        return (struct page_copy){NULL, 0};
    return (struct page_copy){(const char *)representation.body[ENCODING_IDENTITY].bytes,
                              representation.body[ENCODING_IDENTITY].len};
}

bool tour_tells(const struct tour *tour, size_t page, const struct cache_value *previous)
{
    const struct page_copy copy = copy_of(previous);
    return tour->pages[page].over == NULL || page_copy_tells(&copy);
}

/* What the upstream wrote is kept no longer by being copied. */
static struct representation_times times_of(const struct tour_page *page, const struct page_copy *copy,
                                            const struct cache_value *previous,
                                            const struct representation_times *times)
{
    struct representation_times own = *times;
    if (page->over == NULL || !page_copy_tells(copy) || previous->keep_until_s >= times->keep_until_s)
        return own;
    own.keep_until_s = previous->keep_until_s > own.stored_s ? previous->keep_until_s : own.stored_s;
    if (own.fresh_until_s > own.keep_until_s)
        own.fresh_until_s = own.keep_until_s;
    return own;
}

static void put_page(const struct tour *tour, const struct tour_page *page, const struct page_copy *copy,
                     struct arena *arena, struct buffer *out)
{
    struct moment day;
    if (page->over != NULL && address_day(page->over, strlen(page->over), &day))
        pages_put_over(tour->document, &tour->options, &tour->site, &day, page->over, copy, arena, out);
    else
        pages_put(tour->document, &tour->options, &tour->site, page->kind, page->event, arena, out);
}

struct cache_value *tour_render(const struct tour *tour, size_t page, const struct cache_value *previous,
                                const struct representation_times *times)
{
    const struct tour_page *wanted = &tour->pages[page];
    size_t max_bytes = tour->config->limits.max_document_bytes;
    struct arena *arena = arena_new(max_bytes);
    struct buffer text = BUFFER_INIT(max_bytes);
    struct cache_value *value = NULL;
    char policy[REPRESENTATION_MAX_POLICY_BYTES];
    const struct page_copy copy = copy_of(wanted->over != NULL ? previous : NULL);
    const struct representation_times own = times_of(wanted, &copy, previous, times);
    put_page(tour, wanted, &copy, arena, &text);
    if (!text.overflowed) {
        struct representation_page with = {.policy = policy_of(tour, wanted, policy),
                                           .is_listed = tour->site.is_public,
                                           .is_foreign = tour->is_foreign};
        value = representation_new_page(&with, pages_media_type(wanted->kind), text.bytes, text.len,
                                        plan_incomplete(tour->plan), previous, &own);
    }
    if (value != NULL)
        value->is_guest = tour->is_guest;
    buffer_done(&text);
    arena_free(arena);
    return value;
}

/* ---- the index ---- */

/* The ids of an event's other records lead to its page, too. */
static void write_addresses(struct buffer *index, const struct event *event, const char *slug)
{
    address_write(index, event->id, slug, false);
    for (size_t i = 0; i < event->folded_ids.n; i++)
        address_write(index, event->folded_ids.items[i], slug, false);
}

struct cache_value *tour_index(const struct tour *tour, const struct representation_times *times)
{
    struct buffer text = BUFFER_INIT(MAX_INDEX_BYTES);
    for (size_t i = 0; i < tour->document->n_events; i++) {
        if (tour->slugs[i] != NULL)
            write_addresses(&text, &tour->document->events[i], tour->slugs[i]);
    }
    for (size_t i = 0; i < tour->n_over; i++)
        address_write(&text, tour->over[i].id, tour->over[i].slug, true);
    size_t len = text.overflowed ? 0 : text.len;
    struct cache_value *value =
        cache_value_new(len, PROBLEM_NONE, times->stored_s, times->fresh_until_s, times->keep_until_s);
    if (len > 0)
        memcpy(value->bytes, text.bytes, len);
    value->is_guest = tour->is_guest;
    buffer_done(&text);
    return value;
}
