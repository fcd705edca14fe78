/* Everything that people read, in a language that there is not: every text in « ». What stands outside of
 * them was not taken from the texts of a language, and would stay English in any other. The data is made of
 * digits, so that a letter outside is one of ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/service/wrapped.h"

#include <jansson.h>

#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/document/representation.h"
#include "service/http/guard.h"
#include "service/http/problem_answer.h"
#include "service/http/respond.h"
#include "service/page/form.h"
#include "service/page/home.h"
#include "service/page/web.h"
#include "translators/base/arena.h"
#include "translators/base/strings.h"
#include "translators/formats/format.h"

static struct config *config;
static struct web *web;
static struct arena *arena;

/* ---- what is shown ---- */

static struct moment day(int month, int hour)
{
    return (struct moment){.year = 2027, .month = month, .day = 12, .has_time = hour > 0, .hour = hour};
}

/* Events that have, and lack, all there is to say. */
static struct document *make_document(void)
{
    struct document *document = arena_alloc(arena, sizeof(*document));
    struct event *events = document_add_events(arena, document, 9);
    document->subject = SUBJECT_ARTIST;
    document->artist = (struct act){.name = "11"};
    document->n_bad_records = 2;
    for (int i = 0; i < 9; i++) {
        struct event *event = &events[i];
        struct act *acts = arena_alloc(arena, 2 * sizeof(*acts));
        struct offer *offer = arena_alloc(arena, sizeof(*offer));
        acts[0] = (struct act){.name = "11", .headliner = true};
        acts[1] = (struct act){.name = "22"};
        *offer = (struct offer){.url = "https://1.example", .has_price = true, .currency = "USD"};
        offer->price = i;
        offer->high_price = i == 2 ? 7 : 0;
        offer->availability = i < 4 ? (enum availability)i : AVAILABILITY_UNKNOWN;
        offer->valid_from = i == 5 ? day(1, 0) : (struct moment){.year = 0};
        *event = (struct event){.id = arena_printf(arena, "%d", i),
                                .status = (enum event_status)(i % 4),
                                .url = i < 6 ? "https://1.example" : NULL,
                                .age_range = i == 1 ? "18-" : NULL,
                                .description = i == 1 ? "33" : NULL,
                                .organizer_name = i == 1 ? "44" : NULL,
                                .start = day(3, i % 2 ? 0 : 20),
                                .end = i == 0 ? day(4, 0) : (struct moment){.year = 0},
                                .doors = i == 2 ? day(3, 19) : (struct moment){.year = 0},
                                .previous_start = i == 3 ? day(2, 0) : (struct moment){.year = 0},
                                .place = {.name = i < 8 ? "55" : NULL, .locality = "66"},
                                .acts = acts,
                                .n_acts = 2,
                                .n_acts_left_out = i == 4 ? 3 : 0,
                                .offers = offer,
                                .n_offers = i < 7 ? 1 : 0};
    }
    return document;
}

static struct cache_value *render(const struct format *format, const struct document *document,
                                  const struct render_options *options)
{
    static const struct representation_times times = {.fresh_until_s = 1, .keep_until_s = 1};
    struct buffer text = BUFFER_INIT(1 << 20);
    const char *why = NULL;
    if (!format->render(document, options, arena, &text, &why)) {
        read_all(why, format->name);
        buffer_done(&text);
        return NULL;
    }
    struct cache_value *value =
        representation_new(format->media_type, text.bytes, text.len, false, 0, NULL, &times);
    buffer_done(&text);
    return value;
}

static const char *text_of(struct cache_value *value)
{
    struct representation representation;
    assert_true(representation_open(value, &representation));
    return arena_strndup(arena, (const char *)representation.body[ENCODING_IDENTITY].bytes,
                         representation.body[ENCODING_IDENTITY].len);
}

static struct request request_for(const char *target)
{
    return (struct request){.method = METHOD_GET, .target = {target, strlen(target)}, .authority = {"1", 1}};
}

static const char *body_of(struct response *response)
{
    const char *body = arena_strndup(arena, (const char *)response->body, response->body_len);
    response_done(response);
    return body;
}

static void read_page(const char *target, struct outcome *outcome)
{
    struct request request = request_for(target);
    struct response response;
    struct form *form = malloc(sizeof(*form));
    assert_non_null(form);
    form_parse(config, target, strlen(target), strings_chosen(), form);
    home_respond(&request, config, web, form, outcome, &response);
    assert_int_equal(response.status, 200);
    read_html(body_of(&response), target);
    free(form);
}

/* ---- tests ---- */

static void the_form_is_in_the_language(void **state)
{
    static const char *const targets[] = {
        "/",
        "/?q=&name=1",
        "/?q=https://1.example/1/1",
        "/?q=https://www.bandsintown.com/a/4711-x",
        "/?q=https://www.ticketmaster.com/x-tickets/artist/806762",
        "/?q=1&weburl=ftp://x&eventurl=https://x/{x}&limit=0&format=x&markup=x&name=%20",
        "/?q=1&pick=x",
        "/?q=%ff&name=%00&limit=%zz",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
        read_page(targets[i], NULL);
    setenv("MARQUEE_SONGKICK_ENABLED", "no", 1);
    struct fault fault;
    struct config *usual = config;
    config = config_load(NULL, false, &fault);
    read_page("/", NULL);
    read_page("/?q=1", NULL);
    config_unref(config);
    config = usual;
    unsetenv("MARQUEE_SONGKICK_ENABLED");
}

static void problems_on_the_page_are_in_the_language(void **state)
{
    (void)state;
    for (int kind = 1; kind < PROBLEM_KINDS; kind++) {
        struct outcome outcome = {.problem = (enum problem_kind)kind, .retry_after_s = kind % 2 ? 600 : 6};
        read_page("/?q=7", &outcome);
        read_page("/?q=1&pick=7", &outcome);
        read_page("/?q=1+1&as=name", &outcome);
    }
    struct request request = request_for("/problems");
    struct response response;
    home_respond_problems(&request, web, &response);
    read_html(body_of(&response), "/problems");
}

static void a_document_and_its_report_are_in_the_language(void **state)
{
    const struct render_options plain = {.public_url = "https://1.example", .translator = translators[0]},
                                own = {.public_url = "https://1.example",
                                       .eventurl = "https://1.example/{id}",
                                       .translator = translators[0]};
    const struct render_options *const options[] = {&plain, &own};
    struct document *document = make_document();
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct outcome outcome = {.document = render(&format_preview, document, options[i])};
        read_page("/?q=7", &outcome);
        outcome.problem = PROBLEM_UPSTREAM_SLOW;
        read_page("/?q=7", &outcome);
        outcome_done(&outcome);

        struct cache_value *list = render(&format_html, document, options[i]);
        const char *html = text_of(list);
        read_html(html, "html");
        assert_non_null(strstr(html, OPENS "Rescheduled from "));
        cache_value_unref(list);
    }
    document->n_events = 0;
    struct outcome empty = {.document = render(&format_preview, document, &plain)};
    read_page("/?q=7", &empty);
    outcome_done(&empty);
    assert_null(render(&format_itemlist, document, &plain));
    assert_null(render(&format_itemlist, document, &own));
}

static void candidates_are_in_the_language(void **state)
{
    struct candidate found[] = {{.id = "1", .name = "1", .url = "https://1.example", .n_upcoming = 4},
                                {.id = "2", .name = "2", .n_upcoming = 0}};
    struct document document = {.subject = SUBJECT_SEARCH, .candidates = found, .n_candidates = 2};
    const struct render_options options = {.public_url = "https://1.example", .translator = translators[0]};
    (void)state;
    struct outcome outcome = {.document = render(&format_candidates, &document, &options)};
    read_page("/?q=1+1&as=name", &outcome);
    outcome_done(&outcome);
    document.n_candidates = 0;
    outcome.document = render(&format_candidates, &document, &options);
    read_page("/?q=1+1&as=name", &outcome);
    outcome_done(&outcome);
}

static void a_calendar_is_in_the_language(void **state)
{
    const struct render_options options = {.public_url = "https://1.example", .translator = translators[0]};
    struct document *document = make_document();
    int n = 0;
    (void)state;
    struct cache_value *value = render(&format_ics, document, &options);
    char *text = strdup(text_of(value)), *to = text;
    assert_non_null(text);
    for (const char *from = text; *from != '\0';) {
        if (strncmp(from, "\r\n ", 3) == 0) /* RFC 5545, 3.1: a line goes on */
            from += 3;
        else
            *to++ = *from++;
    }
    *to = '\0';
    for (char *line = text, *end; (end = strstr(line, "\r\n")) != NULL; line = end + 2) {
        *end = '\0';
        const char *value_of = strchr(line, ':');
        if (strncmp(line, "SUMMARY", 7) != 0 && strncmp(line, "DESCRIPTION", 11) != 0)
            continue;
        read_all(value_of + 1, "ics");
        n++;
    }
    assert_true(n >= 18);
    free(text);
    cache_value_unref(value);
}

static void read_member(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    assert_memory_equal(text, OPENS, 2);
    read_all(text, key);
}

static void read_problem(struct response *response)
{
    size_t i;
    json_t *fault, *body = json_loads(body_of(response), 0, NULL);
    assert_non_null(body);
    read_member(body, "title");
    read_member(body, "detail");
    json_array_foreach(json_object_get(body, "parameters"), i, fault) read_member(fault, "reason");
    json_decref(body);
}

static void problems_for_programs_are_in_the_language(void **state)
{
    static const char *const targets[] = {
        "/nothing",
        "/api/songkick/nothing",
        "/api/songkick/artist",
        "/api/songkick/artist?id=1&id=2&limit=0&format=x&indent=2&markup=x&name=%20&weburl=x&eventurl=x",
        "/api/songkick/artist?id=x&name=%zz&weburl=%01&eventurl=https://{id}.x/&limit=123456789",
        "/api/bandsintown/artist?id=x&name=%ff&eventurl=https://x/{x}",
        "/api/ticketmaster/event?id=!",
    };
    struct route_result *route = malloc(sizeof(*route));
    struct response response;
    (void)state;
    assert_non_null(route);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct request request = request_for(targets[i]);
        route_parse(targets[i], strlen(targets[i]), route);
        assert_int_equal(route->target, ROUTE_PROBLEM);
        route->document.format = formats[0];
        problem_respond_route(&request, route, &response);
        read_problem(&response);
    }
    free(route);
    struct request request = request_for("/");
    static const int refusals[] = {400, 405, 414, 431, 503};
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        problem_respond_refusal(&request, refusals[i], strings_get(STRING_GUARD_PATH), &response);
        read_problem(&response);
    }
    read_all(guard_check(&(struct guard_input){.method = {"GET", 3}}, &(struct guard_fields){.n = 0}).detail,
             "guard");
    char detail[CONFIG_MAX_DETAIL_BYTES];
    config_say_unserved(config_provider(config, translators[0]), strings_chosen(), detail);
    assert_memory_equal(detail, OPENS, 2);
    respond_redirect(&request, "https://1", 9, &response);
    read_all(body_of(&response), "redirect");
}

static int set_up(void **state)
{
    struct fault fault;
    (void)state;
    arena = arena_new(1 << 26);
    wrap_all(arena);
    setenv("MARQUEE_SONGKICK_API_KEY", "k", 1);
    setenv("MARQUEE_TICKETMASTER_ENABLED", "no", 1);
    config = config_load(NULL, false, &fault);
    web = web_new();
    return config != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    web_free(web);
    config_unref(config);
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_is_in_the_language),
        cmocka_unit_test(problems_on_the_page_are_in_the_language),
        cmocka_unit_test(a_document_and_its_report_are_in_the_language),
        cmocka_unit_test(candidates_are_in_the_language),
        cmocka_unit_test(a_calendar_is_in_the_language),
        cmocka_unit_test(problems_for_programs_are_in_the_language),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
