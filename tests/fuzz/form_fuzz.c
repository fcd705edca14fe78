/* Fuzzes form_parse() and the page made of it: the input is what stands behind "/?", for one byte of state
 * before it. What is asked for is what its link asks for, and no text from outside becomes markup. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/page/form.h"
#include "service/page/home.h"
#include "service/page/web.h"
#include "translators/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_TARGET_BYTES 8190 /* guard.h lets no more through */

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void *must(void *memory)
{
    require(memory != NULL);
    return memory;
}

static size_t count(const char *text, size_t len, const char *what)
{
    size_t n = 0, what_len = strlen(what);
    for (const char *at = text; (at = memmem(at, len - (size_t)(at - text), what, what_len)) != NULL; n++)
        at += what_len;
    return n;
}

/* The template has one script, no picture, and closes what it opens. */
static void check_page(const struct response *page)
{
    const char *text = (const char *)page->body;
    require(page->status == 200);
    require(text_is_utf8(text, page->body_len));
    require(count(text, page->body_len, "<script") == 1 && count(text, page->body_len, "<img") == 0);
    require(count(text, page->body_len, "<section") == count(text, page->body_len, "</section>"));
    require(count(text, page->body_len, "\"") % 2 == 0);
}

static void check_form(const struct form *form)
{
    require(form->provider != NULL);
    if (form->state == FORM_LINK)
        require(form->request.id[0] != '\0' && form->request.format == &format_preview &&
                form->format != NULL);
    if (form->state == FORM_SEARCH)
        require(route_is_search(&form->request) && form->request.query[0] != '\0');
    if (form->state == FORM_LINK || form->state == FORM_SEARCH)
        require(form->request.key_len > 0 && form->request.key_len <= CACHE_KEY_MAX_BYTES);
    for (int i = 0; i < FORM_FIELDS; i++)
        require(text_is_utf8(form->value[i], strlen(form->value[i])));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fault fault;
    if (size == 0 || size > MAX_TARGET_BYTES)
        return 0;
    setenv("MARQUEE_SONGKICK_API_KEY", "k", 1);
    setenv("MARQUEE_TICKETMASTER_API_KEY", "k", 1);
    static struct web *web; /* the pages are the same for all inputs */
    if (web == NULL)
        web = web_new();
    struct config *config = must(config_load(NULL, false, &fault));
    struct form *form = must(malloc(sizeof(*form)));
    struct response *page = must(malloc(sizeof(*page)));
    char *target = must(malloc(size + 1));
    memcpy(target, "/?", 2);
    memcpy(target + 2, data + 1, size - 1);
    const struct request request = {
        .method = METHOD_GET, .target = {target, size + 1}, .authority = {"h.example", 9}, .https = true};
    const struct outcome failed = {.problem = data[0] & 2 ? PROBLEM_NOT_FOUND : PROBLEM_UPSTREAM_SLOW,
                                   .detail = "It <failed>."};

    form_parse(config, target, size + 1, strings_chosen(), form);
    check_form(form);
    bool asks = form->state == FORM_LINK || form->state == FORM_SEARCH;
    home_respond(&request, config, web, form, asks && data[0] & 1 ? &failed : NULL, page);
    check_page(page);
    response_done(page);
    free(target);
    free(page);
    free(form);
    config_unref(config);
    return 0;
}
