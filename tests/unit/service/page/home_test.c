/* The pages for people: what they are made of, and the policy they are served with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/http/negotiate.h"
#include "service/http/problem_answer.h"
#include "service/page/form.h"
#include "service/page/home.h"
#include "service/page/web.h"

static struct config *config;
static struct web *web;

static struct request request_for(const char *target)
{
    return (struct request){.method = METHOD_GET,
                            .target = {target, strlen(target)},
                            .authority = {"host.example:8443", 17},
                            .https = true};
}

static void page(const char *target, const struct outcome *outcome, struct response *ret)
{
    struct request request = request_for(target);
    struct form *form = malloc(sizeof(*form));
    assert_non_null(form);
    form_parse(config, target, strlen(target), strings_chosen(), form);
    home_respond(&request, config, web, form, outcome, ret);
    assert_int_equal(ret->status, 200);
    free(form);
}

static const char *header(const struct response *response, const char *name)
{
    for (size_t i = 0; i < response->n_headers; i++)
        if (strcmp(response_field_name(response->headers[i].field), name) == 0)
            return response->headers[i].value;
    fail_msg("there is no %s", name);
    return NULL;
}

static void assert_says(const struct response *response, const char *text)
{
    if (memmem(response->body, response->body_len, text, strlen(text)) == NULL)
        fail_msg("the page does not say: %s", text);
}

static void the_page_allows_nothing_but_its_own_files(void **state)
{
    (void)state;
    struct response response;
    page("/", NULL, &response);
    const char *policy = header(&response, "content-security-policy");
    assert_non_null(strstr(policy, "default-src 'none';"));
    assert_null(strstr(policy, "unsafe"));
    assert_non_null(strstr(policy, web_find("form.js")->integrity));
    assert_says(&response, web_find("form.js")->integrity);
    assert_null(strstr((const char *)response.body, "<style"));
    assert_null(strstr((const char *)response.body, " style="));
    response_done(&response);
}

static void a_link_is_made_without_the_provider(void **state)
{
    (void)state;
    struct response response;
    const struct outcome slow = {
        .problem = PROBLEM_UPSTREAM_SLOW, .detail = "Too <slow>.", .retry_after_s = 600};
    page("/?q=7&name=A%26B&format=ics", &slow, &response);
    assert_says(&response,
                "value=\"https://host.example:8443/api/songkick/artist?id=7&amp;name=A%26B&amp;format=ics\"");
    assert_says(&response, "href=\"webcal://host.example:8443/api/songkick/artist.ics?id=7&amp;name=A%26B\"");
    assert_says(&response,
                "href=\"https://calendar.google.com/calendar/render?cid=webcal%3A%2F%2Fhost.example%3A8443"
                "%2Fapi%2Fsongkick%2Fartist.ics%3Fid%3D7%26name%3DA%2526B\"");
    assert_says(&response,
                "href=\"https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2Fhost.example%3A8443"
                "%2Fapi%2Fsongkick%2Fartist.ics%3Fid%3D7%26name%3DA%2526B&amp;name=A%26B\"");
    assert_says(&response, "Too &lt;slow&gt;.");
    assert_says(&response, "Try again in 10 minutes.");
    response_done(&response);
}

static void a_link_without_a_host_is_on_the_default_address(void **state)
{
    (void)state;
    struct request request = request_for("/?q=7&format=ics");
    struct form *form = malloc(sizeof(*form));
    struct response response;
    assert_non_null(form);
    request.authority = (struct slice){NULL, 0};
    form_parse(config, request.target.text, request.target.len, strings_chosen(), form);
    home_respond(&request, config, web, form, NULL, &response);
    assert_says(&response, "value=\"https://localhost");
    free(form);
    response_done(&response);
}

static void links_to_subscribe_are_an_option(void **state)
{
    (void)state;
    struct response response;
    const struct outcome failed = {.problem = PROBLEM_UPSTREAM_ERROR};
    page("/?q=7&calendar=1&format=html", &failed, &response);
    assert_says(
        &response,
        "value=\"https://host.example:8443/api/songkick/artist?id=7&amp;format=html&amp;calendar=1\"");
    assert_says(&response, "name=\"calendar\" value=\"1\" checked");
    response_done(&response);
    page("/?q=https://host.example/api/songkick/artist.html?id%3D7%26calendar%3D1", &failed, &response);
    assert_says(&response, "artist?id=7&amp;format=html&amp;calendar=1\"");
    response_done(&response);
    page("/?q=7&calendar=yes", &failed, &response);
    assert_says(&response, "It is not 1");
    response_done(&response);
}

static void the_language_of_the_list_is_an_option(void **state)
{
    (void)state;
    struct response response;
    const struct outcome failed = {.problem = PROBLEM_UPSTREAM_ERROR};
    page("/?q=https://host.example/api/songkick/artist.html?id%3D7%26lang%3Dde", &failed, &response);
    assert_says(&response, "artist?id=7&amp;lang=de&amp;format=html\"");
    assert_says(&response, "<option value=\"de\" selected>Deutsch</option>");
    response_done(&response);
    page("/?q=7&lang=tlh", &failed, &response);
    assert_says(&response, "It is not a known language");
    response_done(&response);
}

static void every_snippet_holds_the_link(void **state)
{
    (void)state;
    static const char *const names[] = {"php",      "wordpress", "node",   "python",   "hugo",
                                        "eleventy", "nginx",     "script", "calendar", "plugin",
                                        "element",  "react",     "fetch"};
    struct response response;
    const struct outcome failed = {.problem = PROBLEM_UPSTREAM_ERROR};
    page("/?q=7", &failed, &response);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char id[48];
        snprintf(id, sizeof(id), "id=\"snippet-%s\">", names[i]);
        const char *at = memmem(response.body, response.body_len, id, strlen(id));
        assert_non_null(at);
        const char *end = strstr(at, "</code>"),
                   *link = strstr(at, strcmp(names[i], "calendar") == 0
                                          ? "host.example:8443/api/songkick/artist.ics?id=7"
                                          : "host.example:8443/api/songkick/artist?id=7");
        assert_true(link != NULL && link < end);
    }
    response_done(&response);
}

static void what_was_typed_is_shown_as_text(void **state)
{
    (void)state;
    struct response response;
    page("/?q=%3C%2Fscript%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&name=%22%3E%3Cb%3E", NULL, &response);
    assert_null(memmem(response.body, response.body_len, "<img", 4));
    assert_null(memmem(response.body, response.body_len, "<b>", 3));
    assert_says(&response, "value=\"&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;\"");
    response_done(&response);
}

/* A search for an address or for a MusicBrainz id finds nobody. */
static void only_what_may_be_a_name_is_offered_to_be_searched_for(void **state)
{
    static const char offer[] = "value=\"name\" class=\"inline\"";
    static const char *const no_names[] = {
        "/?q=https://www.songkick.com/concerts/42428888-nobody-at-nowhere",
        "/?q=https://www.songkick.com/artists/4041234",
        "/?q=mbid:0383dadf-2a4e-4d10-a46a-e9e041da8eb3",
    };
    (void)state;
    struct response response;
    const struct outcome unknown = {.problem = PROBLEM_NOT_FOUND, .detail = "Nobody."};
    page("/?q=4041234", &unknown, &response);
    assert_says(&response, offer);
    response_done(&response);
    for (size_t i = 0; i < sizeof(no_names) / sizeof(no_names[0]); i++) {
        page(no_names[i], &unknown, &response);
        assert_says(&response, "Nobody.");
        assert_says(&response, strings_get(STRING_NOT_FOUND_NO_NAME));
        assert_null(memmem(response.body, response.body_len, offer, strlen(offer)));
        response_done(&response);
    }
}

static void every_problem_has_its_place(void **state)
{
    (void)state;
    struct response response;
    struct request request = request_for("/problems");
    home_respond_problems(&request, web, &response);
    for (int kind = 1; kind < PROBLEM_KINDS; kind++) {
        char place[64];
        snprintf(place, sizeof(place), "<section id=\"%s\">", problem_slug((enum problem_kind)kind));
        assert_says(&response, place);
    }
    assert_says(&response, "<section id=\"bad-request\">");
    assert_says(&response, "<section id=\"request-too-large\">");
    response_done(&response);
}

static void files_are_kept_for_ever_under_their_hash(void **state)
{
    (void)state;
    struct response response;
    char path[128];
    snprintf(path, sizeof(path), "/static/%s/style.css", web_find("style.css")->hash);
    struct request request = request_for(path);
    request.accept_encoding = (struct slice){"br", 2};
    web_respond(web, &request, &response);
    assert_int_equal(response.status, 200);
    assert_non_null(strstr(header(&response, "cache-control"), "immutable"));
    assert_string_equal(header(&response, "content-encoding"), "br");
    assert_string_equal(header(&response, "content-type"), "text/css; charset=utf-8");
    assert_true(response.body_len < web_find("style.css")->len);
    response_done(&response);

    static const char *const absent[] = {"/static/0000000000000000/style.css", "/static/x",
                                         "/static/style.css", "/static/../index.html"};
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        request = request_for(absent[i]);
        web_respond(web, &request, &response);
        assert_int_equal(response.status, 404);
        response_done(&response);
    }
}

static void search_engines_may_fetch_what_scripts_ask_for(void **state)
{
    (void)state;
    struct response response;
    struct request request = request_for("/robots.txt");
    web_respond_robots(&request, &response);
    assert_null(memmem(response.body, response.body_len, "/api", 4));
    response_done(&response);
}

static int set_up(void **state)
{
    struct fault fault;
    (void)state;
    setenv("MARQUEE_SONGKICK_API_KEY", "k", 1);
    config = config_load(NULL, false, &fault);
    web = web_new();
    return config != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    config_unref(config);
    web_free(web);
    return 0;
}

static void answer_to(const char *accept_encoding, const char *if_none_match, struct response *ret)
{
    struct request request = request_for("/");
    struct form *form = malloc(sizeof(*form));
    assert_non_null(form);
    if (accept_encoding != NULL)
        request.accept_encoding = (struct slice){accept_encoding, strlen(accept_encoding)};
    if (if_none_match != NULL)
        request.if_none_match = (struct slice){if_none_match, strlen(if_none_match)};
    form_parse(config, "/", 1, strings_chosen(), form);
    home_respond(&request, config, web, form, NULL, ret);
    free(form);
}

static void copy_etag(const struct response *response, char *ret, size_t room)
{
    for (size_t i = 0; i < response->n_headers; i++)
        if (response->headers[i].field == FIELD_ETAG)
            snprintf(ret, room, "%.*s", (int)response->headers[i].value_len, response->headers[i].value);
}

static void who_has_the_page_does_not_get_it_again(void **state)
{
    struct response first, second;
    char plain[64] = "", gzip[64] = "";
    (void)state;
    answer_to(NULL, NULL, &first);
    answer_to("gzip", NULL, &second);
    copy_etag(&first, plain, sizeof(plain));
    copy_etag(&second, gzip, sizeof(gzip));
    assert_int_equal(strlen(plain), 34);
    assert_int_equal(strncmp(plain, gzip, 33), 0);
    assert_string_equal(gzip + 33, "-gzip\"");
    response_done(&first);
    response_done(&second);

    answer_to(NULL, plain, &first);
    assert_int_equal(first.status, 304);
    assert_null(first.body);
    assert_int_equal(first.body_len, 0);
    assert_string_equal(header(&first, "vary"), "Accept-Encoding, Accept-Language");
    assert_string_equal(header(&first, "cache-control"), "no-cache");
    answer_to("gzip", gzip, &second);
    assert_int_equal(second.status, 304);
    response_done(&first);
    response_done(&second);

    answer_to("gzip", "\"00000000000000000000000000000000\"", &second);
    assert_int_equal(second.status, 200);
    response_done(&second);
}

/* The page for a target, asked for by a browser of these languages. New, NUL-terminated; `ret_etag` has room
 * for 64 bytes. */
static char *page_in(const char *target, const char *accept_language, char *ret_etag)
{
    struct request request = request_for(target);
    struct response response;
    struct form *form = malloc(sizeof(*form));
    assert_non_null(form);
    if (accept_language != NULL)
        request.accept_language = (struct slice){accept_language, strlen(accept_language)};
    form_parse(config, target, strlen(target), negotiate_language(request.accept_language), form);
    home_respond(&request, config, web, form, NULL, &response);
    char *text = strndup((const char *)response.body, response.body_len);
    assert_non_null(text);
    copy_etag(&response, ret_etag, 64);
    response_done(&response);
    free(form);
    return text;
}

static void the_page_speaks_as_its_reader_asks_for(void **state)
{
    static const struct {
        const char *target, *accept, *want;
    } cases[] = {
        {"/", NULL, "<html lang=\"en\">"},
        {"/", "de-AT,en;q=0.5", "<html lang=\"de\">"},
        {"/", "tlh, fr;q=0.1", "Les dates de concert, sur le site"},
        {"/?lang=es", "de", "<html lang=\"es\">"},
        {"/?lang=es&ui=fr", "de", "<html lang=\"fr\">"},
        {"/?lang=en-US", "de", "<html lang=\"en\">"},
        {"/?ui=tlh", "de", "<html lang=\"de\">"},
        {"/?name=x", "de", "Hier fehlt noch eine Eingabe."},
        {"/?q=7&limit=0", "es", "No es un n\303\272mero entero de 1 a 500."},
        {"/?q=7&name=%ff", "fr", "UTF-8 valide."},
        {"/?q=7", "de", "artist?id=7&amp;lang=de\""},
        {"/?q=7&lang=en", "de", "artist?id=7\""},
        {"/?ui=de&q=%2Fapi%2Fsongkick%2Fartist%3Fid%3D7", "en", "artist?id=7\""},
        {"/?ui=de&lang=de&q=%2Fapi%2Fsongkick%2Fartist%3Fid%3D7%26lang%3Dfr", "en", "id=7&amp;lang=fr\""},
        {"/?q=7", "de", "name=\"ui\" value=\"de\""},
        {"/?q=7&ui=de", "en", "href=\"/problems?ui=de\""},
        {"/?q=7&name=A%26B", "de", "href=\"/?ui=fr&amp;q=7&amp;name=A%26B\""}};
    char etag[64];
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = page_in(cases[i].target, cases[i].accept, etag);
        if (strstr(text, cases[i].want) == NULL)
            fail_msg("%s in %s: not there: %s", cases[i].target, cases[i].accept, cases[i].want);
        free(text);
    }
}

static void each_language_of_the_page_has_an_entity_tag_of_its_own(void **state)
{
    static const char *const accepts[] = {"en", "de", "fr", "es"};
    char etags[4][64];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        free(page_in("/", accepts[i], etags[i]));
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(etags[i], etags[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_speaks_as_its_reader_asks_for),
        cmocka_unit_test(each_language_of_the_page_has_an_entity_tag_of_its_own),
        cmocka_unit_test(the_page_allows_nothing_but_its_own_files),
        cmocka_unit_test(a_link_is_made_without_the_provider),
        cmocka_unit_test(a_link_without_a_host_is_on_the_default_address),
        cmocka_unit_test(links_to_subscribe_are_an_option),
        cmocka_unit_test(the_language_of_the_list_is_an_option),
        cmocka_unit_test(every_snippet_holds_the_link),
        cmocka_unit_test(what_was_typed_is_shown_as_text),
        cmocka_unit_test(only_what_may_be_a_name_is_offered_to_be_searched_for),
        cmocka_unit_test(every_problem_has_its_place),
        cmocka_unit_test(files_are_kept_for_ever_under_their_hash),
        cmocka_unit_test(search_engines_may_fetch_what_scripts_ask_for),
        cmocka_unit_test(who_has_the_page_does_not_get_it_again),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
