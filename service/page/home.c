/* Filling the page at /: the data that service/page/web/index.html shows, and the link and snippets made of
 * it. All words of the page are in translators/base/strings_en.def. Not here: what was pasted (form.c), when
 * there is a document to show (serve.c). */
#include "home.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "form.h"
#include "form_provider.h"
#include "home_pages.h"
#include "service/config/access_load.h"
#include "service/config/config.h"
#include "service/config/public_url.h"
#include "service/document/document_link.h"
#include "service/document/representation.h"
#include "service/http/negotiate.h"
#include "service/http/problem_answer.h"
#include "service/http/respond.h"
#include "template.h"
#include "translators/base/arena.h"
#include "translators/base/buffer.h"
#include "translators/base/subscribe.h"
#include "translators/base/text.h"
#include "web.h"

#define MAX_PAGE_BYTES  2097152
#define MAX_ARENA_BYTES 262144
#define EXAMPLE_ID      "6395144" /* of the 2014 service's example, at the first provider */

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text)); /* what is no UTF-8 is left out */
}

static void set_flag(json_t *object, const char *key, bool flag)
{
    json_object_set_new(object, key, json_boolean(flag));
}

static void set_number(json_t *object, const char *key, int64_t number)
{
    json_object_set_new(object, key, json_integer(number));
}

/* ---- sending ---- */

static const char *base_text(const struct request *request)
{
    return request->base.text != NULL ? request->base.text : "";
}

/* Where the browser would be answered in another language, links of the page carry its own on. */
static void add_language(json_t *page, const struct request *request, const struct strings *strings)
{
    char pair[24] = "";
    if (negotiate_language(request->accept_language) != strings)
        snprintf(pair, sizeof(pair), "?ui=%s", strings->language);
    set_text(page, "ui_query", pair);
    if (pair[0] != '\0')
        pair[0] = '&';
    set_text(page, "ui_pair", pair);
}

static void set_file(json_t *page, const char *key, const struct request *request, const char *name)
{
    char path[ROUTE_URL_MAX_BYTES + 96];
    snprintf(path, sizeof(path), "%.*s/static/%s/%s", (int)request->base.len, base_text(request),
             web_find(name)->hash, name);
    set_text(page, key, path);
}

/* The one script is allowed by its hash: this origin has others, for other people's pages, under /api/. */
static void add_policy(struct response *ret)
{
    char *value = response_open(ret);
    response_put(ret, "default-src 'none'; style-src 'self'; script-src '");
    response_put(ret, web_find("form.js")->integrity);
    response_put(ret, "'; connect-src 'self' https:; frame-src 'self'; img-src 'self' data:; form-action "
                      "'self'; base-uri 'none'; "
                      "frame-ancestors 'none'");
    response_close(ret, FIELD_CONTENT_SECURITY_POLICY, value);
}

/* Takes `text`. */
static void add_body(struct response *ret, struct buffer *text, enum encoding encoding)
{
    size_t len = 0;
    uint8_t *gzip = encoding == ENCODING_GZIP ? representation_gzip(text->bytes, text->len, &len) : NULL;
    ret->owned = text->bytes;
    ret->body_len = text->len;
    if (gzip != NULL) {
        buffer_done(text);
        response_add_text(ret, FIELD_CONTENT_ENCODING, encoding_name(encoding));
        ret->owned = (char *)gzip;
        ret->body_len = len;
    }
    ret->body = (const uint8_t *)ret->owned;
    response_add_text(ret, FIELD_CONTENT_TYPE, "text/html; charset=utf-8");
}

/* Fills a template and sends it. Takes `page`. */
static void respond_filled(const struct request *request, const struct web *web, const char *name,
                           const struct strings *strings, json_t *page, struct response *ret)
{
    size_t template_len = 0;
    const char *template = web_page(web, name, strings, &template_len);
    struct buffer text = BUFFER_INIT(MAX_PAGE_BYTES);
    const struct representation both = {.body = {[ENCODING_GZIP] = {(const uint8_t *)"", 0}}};
    enum encoding encoding = negotiate_encoding(request->accept_encoding, &both);
    set_file(page, "css", request, "style.css");
    set_file(page, "js", request, "form.js");
    add_language(page, request, strings);
    json_object_set_new(page, "base", json_stringn(base_text(request), request->base.len));
    set_text(page, "js_integrity", web_find("form.js")->integrity);
    bool filled = template_expand(template, template_len, page, &text);
    json_decref(page);
    if (!filled || text.overflowed) {
        buffer_done(&text);
        problem_respond(request, PROBLEM_INTERNAL, strings_get(STRING_PAGE_NOT_MADE), ret);
        return;
    }
    response_begin(ret, 200);
    if (respond_validate(request, text.bytes, text.len, encoding, ret))
        buffer_done(&text);
    else
        add_body(ret, &text, encoding);
    response_add_text(ret, FIELD_CACHE_CONTROL, "no-cache");
    response_add_text(ret, FIELD_VARY, "Accept-Encoding, Accept-Language");
    add_policy(ret);
    response_add_text(ret, FIELD_REFERRER_POLICY, "no-referrer");
    response_add_common(ret, request->https);
}

/* ---- the form ---- */

/* Nobody looks for a provider that is named here and cannot be chosen. */
static void add_unserved(json_t *page, const struct config *config)
{
    const struct translator *translator;
    enum form_trouble why;
    json_t *list = json_array();
    for (size_t i = 0; (translator = form_unserved(config, i, &why)) != NULL; i++) {
        json_t *node = json_object();
        set_text(node, "title", translator->title);
        set_flag(node, "off", why == FORM_SWITCHED_OFF);
        json_array_append_new(list, node);
    }
    set_flag(page, "some_unserved", json_array_size(list) > 0);
    json_object_set_new(page, "unserved", list);
}

static void add_providers(json_t *page, const struct config *config, const struct form *form)
{
    const struct translator *translator;
    json_t *list = json_array();
    char titles[256] = "";
    size_t n = 0;
    while ((translator = form_provider(config, n)) != NULL) {
        json_t *node = json_object();
        size_t len = strlen(titles);
        set_text(node, "name", translator->name);
        set_text(node, "title", translator->title);
        set_flag(node, "chosen", translator == form->provider);
        json_array_append_new(list, node);
        snprintf(titles + len, sizeof(titles) - len, "%s%s", n > 0 ? ", " : "", translator->title);
        n++;
    }
    set_flag(page, "many_providers", n > 1);
    set_text(page, "provider_titles", titles);
    set_text(page, "provider_title", form->provider != NULL ? form->provider->title : "");
    set_flag(page, "no_provider", n == 0);
    json_object_set_new(page, "providers", list);
    if (form_provider(config, 0) == translator_first)
        set_text(page, "example_id", EXAMPLE_ID);
    add_unserved(page, config);
}

/* What the page is asked for again with, in another language. */
static const char *query_in(struct arena *arena, const struct form *form, const char *tag)
{
    const char *query = arena_printf(arena, "?ui=%s", tag);
    for (int i = 0; i < FORM_UI; i++) {
        if (form->value[i][0] != '\0' && (i != FORM_LANG || form->is_list_chosen))
            query = arena_printf(arena, "%s&%s=%s", query, form_field_name((enum form_field)i),
                                 text_escape(arena, form->value[i]));
    }
    return query;
}

/* Those of lists, to choose from, and those of the page, to follow. */
static void add_languages(json_t *page, const struct form *form)
{
    static const struct {
        const char *tag;
        enum string_id name;
    } rows[] = {{"en", STRING_LANG_EN},
                {"en-US", STRING_LANG_EN_US},
                {"de", STRING_LANG_DE},
                {"es", STRING_LANG_ES},
                {"fr", STRING_LANG_FR}};
    struct arena *arena = arena_new(MAX_ARENA_BYTES);
    json_t *of_list = json_array(), *of_page = json_array();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct strings *strings = strings_of_tag(rows[i].tag);
        /* Without the parameter a link is English. */
        bool is_absent = strings == &strings_english && form->strings == strings_chosen();
        json_t *node = json_object();
        set_text(node, "tag", is_absent ? "" : rows[i].tag);
        set_text(node, "name", form->strings->texts[rows[i].name]);
        set_flag(node, "chosen", strcmp(form->value[FORM_LANG], rows[i].tag) == 0);
        json_array_append_new(of_list, node);
        if (strings == &strings_english_us)
            continue;
        node = json_object();
        set_text(node, "tag", rows[i].tag);
        set_text(node, "name", form->strings->texts[rows[i].name]);
        set_text(node, "query", query_in(arena, form, rows[i].tag));
        set_flag(node, "current", strcmp(form->strings->language, rows[i].tag) == 0);
        json_array_append_new(of_page, node);
    }
    json_object_set_new(page, "languages", of_list);
    json_object_set_new(page, "page_languages", of_page);
    set_text(page, "page_language", form->strings->language);
    arena_free(arena);
}

static void add_fields(json_t *page, const struct form *form)
{
    static const char *const troubles[] = {[FORM_NOTHING_GIVEN] = "trouble_blank",
                                           [FORM_UNKNOWN_PAGE] = "trouble_unknown_page",
                                           [FORM_SWITCHED_OFF] = "trouble_switched_off",
                                           [FORM_NO_KEY] = "trouble_no_key",
                                           [FORM_NO_PROVIDER] = "trouble_no_provider",
                                           [FORM_NO_SEARCH] = "trouble_no_search",
                                           [FORM_NO_MBID] = "trouble_no_mbid"};
    char key[32];
    for (int i = 0; i < FORM_FIELDS; i++) {
        const char *name = form_field_name((enum form_field)i);
        set_text(page, name, form->value[i]);
        snprintf(key, sizeof(key), "%s_fault", name);
        set_text(page, key, form->fault[i]);
    }
    set_text(page, "id_fault", form->id_fault);
    set_text(page, "off_title", form->unserved != NULL ? form->unserved->title : "");
    if (form->trouble != FORM_NO_TROUBLE)
        set_flag(page, troubles[form->trouble], true);
    set_flag(page, "q_faulty",
             form->trouble != FORM_NO_TROUBLE || form->id_fault[0] != '\0' || form->fault[FORM_Q][0] != '\0');
    snprintf(key, sizeof(key), "format_%s", form->format->name);
    set_flag(page, key, true);
    add_languages(page, form);
    set_flag(page, "subscribe_links", form->value[FORM_CALENDAR][0] != '\0');
    set_flag(page, "markup_only", form->markup == MARKUP_ONLY);
    set_flag(page, "markup_none", form->markup == MARKUP_NONE);
    set_flag(page, "more_open",
             form->value[FORM_EVENTURL][0] != '\0' || form->value[FORM_LIMIT][0] != '\0' ||
                 form->value[FORM_IMAGE][0] != '\0' || form->fault[FORM_IMAGE][0] != '\0' ||
                 form->fault[FORM_EVENTURL][0] != '\0' || form->fault[FORM_LIMIT][0] != '\0' ||
                 form->fault[FORM_FORMAT][0] != '\0' || form->format != formats[0] ||
                 form->markup != MARKUP_BOTH || form->value[FORM_CALENDAR][0] != '\0' ||
                 strcmp(form->value[FORM_LANG],
                        form->strings != strings_chosen() ? form->strings->language : "") != 0);
}

/* ---- the link and the snippets ---- */

/* Without a public URL of its own the service writes the name that the client used for it. HTTP/1.0 may have
 * none. */
static const char *base_of(struct arena *arena, const struct request *request, const struct config *config)
{
    const char *configured = public_url_configured(config);
    if (configured != NULL)
        return configured;
    if (request->authority.len == 0)
        return config->site.public_url != NULL ? config->site.public_url : "https://localhost";
    return arena_printf(arena, "https://%.*s%.*s", (int)request->authority.len, request->authority.text,
                        (int)request->base.len, base_text(request));
}

/* What a snippet calls its list on a site that may have several. */
static const char *slug_of(struct arena *arena, const struct document_request *asked)
{
    return text_slug(arena, arena_printf(arena, "marquee %s %s %s", asked->translator->name,
                                         subject_name(asked->route->subject), asked->id));
}

static void add_snippets(json_t *page, const json_t *links)
{
    static const char folder[] = "snippets/";
    for (size_t i = 0; i < web_n_files; i++) {
        const struct web_file *file = &web_files[i];
        struct buffer text = BUFFER_INIT(MAX_ARENA_BYTES);
        if (strncmp(file->name, folder, sizeof(folder) - 1) != 0)
            continue;
        template_expand(file->bytes, file->len, links, &text);
        json_object_set_new(page, file->name + sizeof(folder) - 1, json_stringn(text.bytes, text.len));
        buffer_done(&text);
    }
}

static void add_link(json_t *page, const struct request *request, const struct config *config,
                     const struct form *form)
{
    struct arena *arena = arena_new(MAX_ARENA_BYTES);
    const char *base = base_of(arena, request, config);
    const struct document_request *asked = &form->request;
    const char *ics = config_sign(config, arena, base, document_link_calendar(arena, base, asked));
    json_t *links = json_object();
    set_text(links, "html_url",
             config_sign(config, arena, base, document_link(arena, base, asked, &format_html, form->markup)));
    set_text(links, "js_url",
             config_sign(config, arena, base, document_link(arena, base, asked, &format_js, form->markup)));
    set_text(links, "webcal", subscribe_webcal(arena, ics));
    set_text(links, "google", subscribe_google(arena, ics));
    set_text(links, "outlook",
             subscribe_outlook(arena, ics,
                               asked->name[0] != '\0' ? asked->name : form->strings->texts[STRING_UPCOMING]));
    set_text(links, "site", base);
    set_text(links, "slug", slug_of(arena, &form->request));
    home_add_pages(page, links, arena, config, base, &form->request);
    add_snippets(page, links);
    set_flag(page, "link", true);
    set_text(page, "url",
             config_sign(config, arena, base, document_link(arena, base, asked, form->format, form->markup)));
    set_text(page, "jsonld_url",
             config_sign(config, arena, base,
                         arena_printf(arena, "%s&indent=1",
                                      document_link(arena, base, asked, formats[0], form->markup))));
    static const char *const shown[] = {"webcal", "google", "outlook", "slug"};
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        json_object_set(page, shown[i], json_object_get(links, shown[i]));
    json_decref(links);
    arena_free(arena);
}

/* ---- what came of it ---- */

static void add_problem(json_t *page, const struct strings *strings, const struct outcome *outcome)
{
    bool not_found = outcome->problem == PROBLEM_NOT_FOUND;
    set_flag(page, "problem", true);
    set_flag(page, "not_found", not_found);
    set_flag(page, "temporary",
             !not_found && outcome->problem != PROBLEM_TOO_LARGE && outcome->problem != PROBLEM_NO_SUCH_PATH);
    set_text(page, "problem_title", problem_title(outcome->problem, strings));
    set_text(page, "problem_slug", problem_slug(outcome->problem));
    set_text(page, "problem_detail", outcome->detail);
    if (outcome->retry_after_s >= 120)
        set_number(page, "retry_min", (outcome->retry_after_s + 59) / 60);
    else if (outcome->retry_after_s == 1)
        set_flag(page, "retry_s_one", true);
    else if (outcome->retry_after_s > 0)
        set_number(page, "retry_s", outcome->retry_after_s);
}

static void add_candidates(json_t *page, json_t *found)
{
    size_t i;
    json_t *candidate;
    json_t *list = json_object_get(found, "candidates");
    if (json_array_size(list) == 0) {
        set_flag(page, "nobody", true);
        return;
    }
    json_array_foreach(list, i, candidate)
    {
        json_int_t n = json_integer_value(json_object_get(candidate, "upcoming"));
        bool known = json_object_get(candidate, "upcoming") != NULL;
        set_flag(candidate, "some", n > 0);
        set_flag(candidate, "none", known && n == 0);
        set_flag(candidate, "both", known && json_object_get(candidate, "detail") != NULL);
    }
    json_object_set(found, "list", list);
    json_object_set(page, "found", found);
}

/* A link that could only answer that it cannot be made is not given out: the fault is said at its field. */
static void add_preview(json_t *page, const struct form *form, json_t *preview)
{
    json_int_t n = json_integer_value(json_object_get(preview, "n"));
    json_int_t n_ready = json_integer_value(json_object_get(preview, "n_ready"));
    json_int_t n_jsonld = json_integer_value(json_object_get(preview, "n_jsonld"));
    set_number(preview, "n_more", n - json_integer_value(json_object_get(preview, "n_shown")));
    set_number(preview, "total", n);
    set_text(preview, "provider_name", form->request.translator->name);
    set_flag(preview, "jsonld_more", n_jsonld < n);
    set_flag(preview, "all_ready", n_ready == n);
    set_flag(preview, "one_ready", n_ready == 1);
    set_flag(preview, "has_rows", json_array_size(json_object_get(preview, "rows")) > 0);
    json_t *why = json_object_get(preview, "no_itemlist");
    if (why != NULL && form->format == &format_itemlist) {
        json_object_set(page, "format_fault", why);
        set_flag(page, "faulty", true);
        set_flag(page, "link", false);
    }
    json_object_set(page, "title", json_object_get(preview, "title"));
    json_object_set(page, "preview", preview);
}

static void add_outcome(json_t *page, const struct form *form, const struct outcome *outcome)
{
    struct representation representation;
    json_t *shown = NULL;
    if (outcome->document != NULL && representation_open(outcome->document, &representation))
        shown = json_loadb((const char *)representation.body[ENCODING_IDENTITY].bytes,
                           representation.body[ENCODING_IDENTITY].len, 0, NULL);
    if (shown == NULL) {
        if (outcome->problem == PROBLEM_NOT_FOUND && form->state == FORM_SEARCH)
            set_flag(page, "nobody", true);
        else
            add_problem(page, form->strings, outcome);
        return;
    }
    set_flag(page, "stale", outcome->problem != PROBLEM_NONE);
    if (form->state == FORM_SEARCH)
        add_candidates(page, shown);
    else
        add_preview(page, form, shown);
    json_decref(shown);
}

void home_respond(const struct request *request, const struct config *config, const struct web *web,
                  const struct form *form, const struct outcome *outcome, struct response *ret)
{
    json_t *page = json_object();
    add_providers(page, config, form);
    add_fields(page, form);
    set_flag(page, "blank", form->state == FORM_BLANK);
    set_flag(page, "faulty", form->state == FORM_FAULTY);
    bool useless = outcome != NULL && outcome->document == NULL &&
                   (outcome->problem == PROBLEM_NOT_FOUND || outcome->problem == PROBLEM_NO_SUCH_PATH);
    set_flag(page, "may_be_name", form->may_be_name && form->provider->search != NULL);
    if (form->state == FORM_LINK && !useless)
        add_link(page, request, config, form);
    if (form->state == FORM_SEARCH)
        set_text(page, "searched", form->request.query);
    if (outcome != NULL)
        add_outcome(page, form, outcome);
    respond_filled(request, web, "index.html", form->strings, page, ret);
}

/* ---- the other page ---- */

void home_respond_problems(const struct request *request, const struct web *web, struct response *ret)
{
    const struct strings *strings = form_language(request->target.text, request->target.len,
                                                  negotiate_language(request->accept_language));
    respond_filled(request, web, "problems.html", strings, json_object(), ret);
}
