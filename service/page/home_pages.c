/* What a rule needs: where the service's pages are, where visitors shall see them, and the query that takes
 * the place of the visitor's. */
#include "home_pages.h"

#include <string.h>

#include "service/config/access_load.h"
#include "translators/base/arena.h"
#include "translators/base/buffer.h"
#include "translators/base/text.h"

#define MAX_QUERY_BYTES 32768

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

struct parameter_text {
    const char *name, *value;
};

/* "name=...&pages=...": what is not given is left out, or named without a value. Escapes are written as
 * `percent` and two digits; a backslash, which some servers take for an escape of theirs even then, as
 * `backslash`. */
static const char *query_of(struct arena *arena, const struct parameter_text *parameters, size_t n,
                            bool with_empty, const char *percent, const char *backslash)
{
    struct buffer query = BUFFER_INIT(MAX_QUERY_BYTES);
    for (size_t i = 0; i < n; i++) {
        if (parameters[i].value[0] == '\0' && !with_empty)
            continue;
        buffer_printf(&query, "%s%s=", query.len > 0 ? "&" : "", parameters[i].name);
        for (const char *at = text_escape(arena, parameters[i].value); *at != '\0'; at++) {
            if (strncmp(at, "%5C", 3) == 0) {
                buffer_puts(&query, backslash);
                at += 2;
            } else if (*at == '%') {
                buffer_puts(&query, percent);
            } else {
                buffer_append(&query, at, 1);
            }
        }
    }
    const char *text = query.bytes != NULL ? arena_strndup(arena, query.bytes, query.len) : "";
    buffer_done(&query);
    return text;
}

/* The path of a URL, without a slash at its end; "" for a whole host. */
static const char *path_of(const char *url)
{
    const char *host = strstr(url, "://") + 3;
    return host + strcspn(host, "/");
}

static const char *host_of(struct arena *arena, const char *url)
{
    const char *host = strstr(url, "://") + 3;
    return arena_strndup(arena, host, strcspn(host, "/"));
}

/* As a regular expression that is matched by this path alone. */
static const char *pattern_of(struct arena *arena, const char *path)
{
    struct buffer pattern = BUFFER_INIT(MAX_QUERY_BYTES);
    for (; *path != '\0'; path++)
        buffer_printf(&pattern, "%s%c", *path == '.' ? "\\" : "", *path);
    const char *text = pattern.bytes != NULL ? arena_strndup(arena, pattern.bytes, pattern.len) : "";
    buffer_done(&pattern);
    return text;
}

/* Configurations have a syntax: an address with other characters would need to be written by a person. */
static bool fits_rules(const char *pages)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_.~:-";
    return pages[strspn(pages, allowed)] == '\0' && strstr(path_of(pages), "//") == NULL;
}

/* Of a tour with these parameters: one signature is for all its pages. "" where links need none. */
static const char *signature_of(const struct config *config, struct arena *arena, const char *base,
                                const char *tour, const struct parameter_text *parameters, size_t n)
{
    const char *query = query_of(arena, parameters, n, false, "%", "%5C");
    const char *link = arena_printf(arena, "%s?%s", tour, query);
    const char *signature = strstr(config_sign(config, arena, base, link) + strlen(link), "sig=");
    return signature != NULL ? signature + 4 : "";
}

static const char *language_of(const struct document_request *asked)
{
    return asked->strings != NULL ? asked->strings->language : "";
}

static void add_rules(json_t *page, json_t *links, struct arena *arena, const struct config *config,
                      const char *base, const char *tour, const struct document_request *asked)
{
    struct parameter_text parameters[] = {{"name", asked->name},   {"weburl", asked->weburl},
                                          {"image", asked->image}, {"lang", language_of(asked)},
                                          {"pages", asked->pages}, {"sig", ""}};
    struct parameter_text all[] = {{"name", asked->name},
                                   {"weburl", asked->weburl},
                                   {"image", asked->image},
                                   {"style", ""},
                                   {"lang", language_of(asked)},
                                   {"pages", asked->pages},
                                   {"sig", ""}};
    parameters[5].value = all[6].value = signature_of(config, arena, base, tour, parameters, 5);
    size_t n_all = all[6].value[0] != '\0' ? 7 : 6;
    const char *path = path_of(asked->pages);
    set_text(links, "tour", tour);
    set_text(links, "tour_path", path_of(tour));
    set_text(links, "tour_host", host_of(arena, tour));
    set_text(links, "query", query_of(arena, parameters, 6, false, "%", "%5C"));
    set_text(links, "query_apache", query_of(arena, parameters, 6, false, "\\%", "\\%5C"));
    set_text(links, "query_whole", query_of(arena, all, n_all, true, "%", "%5C"));
    set_text(links, "query_vercel", query_of(arena, all, n_all, true, "%", "%5C%5C"));
    set_text(links, "path", path);
    set_text(links, "pattern", pattern_of(arena, path));
    set_text(links, "host", host_of(arena, asked->pages));
    json_object_set_new(page, "pages_rules", json_true());
    set_text(page, "pages_sitemap", arena_printf(arena, "%s/sitemap.xml", asked->pages));
    set_text(page, "pages_address", arena_printf(arena, "%s/", asked->pages));
}

void home_add_pages(json_t *page, json_t *links, struct arena *arena, const struct config *config,
                    const char *base, const struct document_request *asked)
{
    enum subject subject = asked->route->subject;
    struct parameter_text parameters[] = {{"name", asked->name},
                                          {"weburl", asked->weburl},
                                          {"image", asked->image},
                                          {"lang", language_of(asked)},
                                          {"sig", ""}};
    if (subject != SUBJECT_ARTIST && subject != SUBJECT_VENUE)
        return;
    const char *tour = arena_printf(arena, "%s/tour/%s/%s%s/", base, asked->translator->name,
                                    subject == SUBJECT_VENUE ? "venue/" : "", asked->id);
    parameters[4].value = signature_of(config, arena, base, tour, parameters, 4);
    const char *query = query_of(arena, parameters, 5, false, "%", "%5C");
    json_object_set_new(page, "tour", json_true());
    set_text(page, "tour_preview",
             arena_printf(arena, "%s%s%s", path_of(tour), query[0] != '\0' ? "?" : "", query));
    if (asked->pages[0] == '\0')
        return;
    json_object_set_new(page, "pages_given", json_true());
    if (fits_rules(asked->pages))
        add_rules(page, links, arena, config, base, tour, asked);
}
