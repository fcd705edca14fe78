/* The files of service/page/web/, compiled in: templates, and what is served under /static/. And the two
 * files that every host is asked for. */
#ifndef MARQUEE_WEB_H
#define MARQUEE_WEB_H

#include <stddef.h>

#include "service/http/request.h"
#include "service/http/response.h"
#include "translators/base/strings.h"

struct web_file {
    const char *name;       /* below service/page/web/ */
    const char *media_type; /* "": a template, which is not served as it is */
    const char *hash;       /* of its bytes: 16 hex digits */
    const char *integrity;  /* the whole hash, as pages and their policy write it */
    const char *bytes;
    size_t len;
};

/* Made by service/page/web/compile. */
extern const struct web_file web_files[];
extern const size_t web_n_files;

/* Aborts when there is none of that name: names are in the program. */
const struct web_file *web_find(const char *name);

/* What is served, compressed once at start, and the pages to fill. Any thread may read it. */
struct web;
struct web *web_new(void);
void web_free(struct web *web); /* NULL is a no-op */

/* A page's template with the texts of a language (texts.h), borrowed: of the program's where the pages are
 * not in that one. Aborts when there is none of that name. */
const char *web_page(const struct web *web, const char *name, const struct strings *strings, size_t *ret_len);

/* /static/{hash}/{name}: for ever, because another file has another hash. One that is not there, or not any
 * more, is a 404. */
void web_respond(const struct web *web, const struct request *request, struct response *ret);

void web_respond_robots(const struct request *request, struct response *ret);  /* /robots.txt */
void web_respond_favicon(const struct request *request, struct response *ret); /* /favicon.ico */

#endif
