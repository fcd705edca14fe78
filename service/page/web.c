/* Serving the compiled-in files. Which there are: service/page/web/web.mk, and two small ones at the end
 * here. */
#include "web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/document/representation.h"
#include "service/http/negotiate.h"
#include "service/http/problem_answer.h"
#include "service/http/respond.h"
#include "texts.h"
#include "translators/base/must.h"

#define ELEMENT_FILE   "marquee-dates.js"
#define ELEMENT_PATH   "/static/" ELEMENT_FILE
#define MAX_FILES      64
#define MAX_PAGES      4
#define LANGUAGES      4
#define MAX_PAGE_BYTES 131072

struct web {
    struct cache_value *served[MAX_FILES];      /* by index of web_files; NULL: not served */
    const struct strings *languages[LANGUAGES]; /* of the pages; the program's first */
    struct {
        const char *name; /* NULL behind the last */
        struct buffer texts[LANGUAGES];
    } pages[MAX_PAGES];
};

const struct web_file *web_find(const char *name)
{
    for (size_t i = 0; i < web_n_files; i++) {
        if (strcmp(web_files[i].name, name) == 0)
            return &web_files[i];
    }
    must_fail("a file of the program's own", __FILE__, __LINE__);
}

/* Names of texts are in the program as templates are: one that is wrong is found by every test of a page. */
static void add_page(struct web *web, size_t n, const struct web_file *file)
{
    struct fault fault;
    must(n != MAX_PAGES);
    web->pages[n].name = file->name;
    for (size_t i = 0; i < LANGUAGES; i++) {
        struct buffer *text = &web->pages[n].texts[i];
        *text = (struct buffer)BUFFER_INIT(MAX_PAGE_BYTES);
        if (texts_put(file->bytes, file->len, web->languages[i], text, &fault) && !text->overflowed)
            continue;
        fprintf(stderr, "marquee: %s (%s): %s\n", file->name, web->languages[i]->language, fault.text);
        must_fail("a page of the program's own that can be made", __FILE__, __LINE__);
    }
}

const char *web_page(const struct web *web, const char *name, const struct strings *strings, size_t *ret_len)
{
    size_t language = 0;
    for (size_t i = 0; i < LANGUAGES; i++)
        language = web->languages[i] == strings ? i : language;
    for (size_t i = 0; i < MAX_PAGES && web->pages[i].name != NULL; i++) {
        const struct buffer *text = &web->pages[i].texts[language];
        if (strcmp(web->pages[i].name, name) != 0)
            continue;
        *ret_len = text->len;
        return text->bytes;
    }
    must_fail("a page of the program's own", __FILE__, __LINE__);
}

static bool is_page(const struct web_file *file)
{
    return strstr(file->name, ".html") != NULL;
}

struct web *web_new(void)
{
    static const struct representation_times forever = {0, 0, INT64_MAX, INT64_MAX};
    struct web *web = must(calloc(1, sizeof(*web)));
    size_t n_pages = 0;
    must(web_n_files <= MAX_FILES);
    web->languages[0] = strings_chosen();
    web->languages[1] = &strings_german;
    web->languages[2] = &strings_french;
    web->languages[3] = &strings_spanish;
    for (size_t i = 0; i < web_n_files; i++) {
        const struct web_file *file = &web_files[i];
        if (is_page(file))
            add_page(web, n_pages++, file);
        if (file->media_type[0] != '\0')
            web->served[i] =
                representation_new(file->media_type, file->bytes, file->len, false, 0, NULL, &forever);
    }
    return web;
}

void web_free(struct web *web)
{
    if (web == NULL)
        return;
    for (size_t i = 0; i < web_n_files; i++)
        cache_value_unref(web->served[i]);
    for (size_t i = 0; i < MAX_PAGES * LANGUAGES; i++)
        buffer_done(&web->pages[i / LANGUAGES].texts[i % LANGUAGES]);
    free(web);
}

static void add_file(struct response *ret, const struct representation *representation,
                     enum encoding encoding)
{
    response_add_text(ret, FIELD_CONTENT_TYPE, representation->media_type);
    if (encoding != ENCODING_IDENTITY)
        response_add_text(ret, FIELD_CONTENT_ENCODING, encoding_name(encoding));
    ret->body = representation->body[encoding].bytes;
    ret->body_len = representation->body[encoding].len;
}

static void respond_file(const struct request *request, struct cache_value *file, struct response *ret)
{
    struct representation representation;
    must(representation_open(file, &representation));
    enum encoding encoding = negotiate_encoding(request->accept_encoding, &representation);
    response_begin(ret, 200);
    add_file(ret, &representation, encoding);
    response_add_text(ret, FIELD_CACHE_CONTROL, "public, max-age=31536000, immutable");
    response_add_text(ret, FIELD_VARY, "Accept-Encoding");
    ret->hold = cache_value_ref(file);
    response_add_common(ret, request->https);
}

static bool is_at(const struct request *request, const struct web_file *file)
{
    char path[128];
    int len = snprintf(path, sizeof(path), "/static/%s/%s", file->hash, file->name);
    return request->target.len == (size_t)len && memcmp(request->target.text, path, (size_t)len) == 0;
}

/* The one file that pages of other people load. They name it without its version, so they look for another
 * one within the hour. */
static void respond_element(const struct request *request, const struct web_file *file,
                            struct cache_value *served, struct response *ret)
{
    struct representation representation;
    must(representation_open(served, &representation));
    enum encoding encoding = negotiate_encoding(request->accept_encoding, &representation);
    response_begin(ret, 200);
    char *etag = response_open(ret);
    response_put(ret, "\"");
    response_put(ret, file->hash);
    response_put(ret, encoding == ENCODING_IDENTITY ? "" : "-");
    response_put(ret, encoding == ENCODING_IDENTITY ? "" : encoding_name(encoding));
    response_put(ret, "\"");
    response_close(ret, FIELD_ETAG, etag);
    if (negotiate_none_match(request->if_none_match, ret->headers[0].value, ret->headers[0].value_len))
        ret->status = 304;
    else
        add_file(ret, &representation, encoding);
    ret->hold = cache_value_ref(served);
    response_add_text(ret, FIELD_CACHE_CONTROL, "public, max-age=3600");
    response_add_text(ret, FIELD_VARY, "Accept-Encoding");
    response_add_text(ret, FIELD_ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    response_add_text(ret, FIELD_CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin");
    response_add_common(ret, request->https);
}

/* With or without a query, which some sites add to every script. */
static bool is_element(const struct request *request, const struct web_file *file)
{
    size_t len = sizeof(ELEMENT_PATH) - 1;
    return strcmp(file->name, ELEMENT_FILE) == 0 && request->target.len >= len &&
           memcmp(request->target.text, ELEMENT_PATH, len) == 0 &&
           (request->target.len == len || request->target.text[len] == '?');
}

void web_respond(const struct web *web, const struct request *request, struct response *ret)
{
    for (size_t i = 0; i < web_n_files; i++) {
        if (web->served[i] != NULL && is_at(request, &web_files[i])) {
            respond_file(request, web->served[i], ret);
            return;
        }
        if (web->served[i] != NULL && is_element(request, &web_files[i])) {
            respond_element(request, &web_files[i], web->served[i], ret);
            return;
        }
    }
    problem_respond(request, PROBLEM_NO_SUCH_PATH, strings_get(STRING_NO_SUCH_FILE), ret);
}

/* ---- what every host is asked for ---- */

/* Search engines fetch documents where a page's script asks for them, so they may; what a document says
 * belongs to the pages that include it (X-Robots-Tag in respond.c). */
static const char robots[] = "User-agent: *\nDisallow:\n";

static const char favicon[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><rect width=\"16\" height=\"16\" "
    "rx=\"3\" "
    "fill=\"#222\"/><path d=\"M3 12V4l5 5 5-5v8\" fill=\"none\" stroke=\"#fc3\" stroke-width=\"2\"/></svg>\n";

void web_respond_robots(const struct request *request, struct response *ret)
{
    respond_page(request, "text/plain", NULL, robots, sizeof(robots) - 1, ret);
}

void web_respond_favicon(const struct request *request, struct response *ret)
{
    respond_page(request, "image/svg+xml", "default-src 'none'", favicon, sizeof(favicon) - 1, ret);
}
