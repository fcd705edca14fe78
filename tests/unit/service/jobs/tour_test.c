/* Tests of service/jobs/tour.c: which pages a finished plan has, and what the index keeps of dates that are
 * over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/document/route.h"
#include "service/jobs/tour.h"
#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/base/must.h"

#define DAY_S  86400
#define NOW_S  INT64_C(1805000000) /* 2027-03-14 */
#define TARGET "/tour/songkick/1/?pages=https://mira.example/tour"

/* Events on the days of March 2027 that the history names, one character each: 'a' is the 1st. */
static void step(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    size_t n = strlen(args->history);
    out->artist = (struct act){.name = "Mira Vale", .asked = true};
    out->subject = SUBJECT_ARTIST;
    out->provider = "songkick";
    out->now_s = args->now_s;
    struct event *events = document_add_events(arena, out, n);
    static struct act acts[] = {{.name = "Mira Vale", .asked = true, .headliner = true},
                                {.name = "</dl><script>Glass Kites"}};
    static struct offer offer = {
        .url = "https://tickets.example/1", .has_price = true, .price = 20, .currency = "EUR"};
    for (size_t i = 0; i < n; i++)
        events[i] =
            (struct event){.id = arena_printf(arena, "%d", args->history[i] - 'a' + 1),
                           .start = {.year = 2027, .month = 3, .day = args->history[i] - 'a' + 1},
                           .place = {.name = "Gasometer </h1>", .locality = "Berlin", .country = "DE"},
                           .acts = acts,
                           .n_acts = 2,
                           .offers = &offer,
                           .n_offers = 1};
}

static const struct route route = {.subject = SUBJECT_ARTIST, .step = step};

struct fixture {
    struct config *config;
    struct route_result *request;
    struct plan *plan;
    struct route_args args;
    struct tour *tour;
    struct cache_value *index; /* of the last making */
};

/* Makes the tour of these days, after the one before. */
static void make(struct fixture *fixture, const char *days, int64_t now_s)
{
    static const struct plan_limits limits = {10, 10, 1 << 20, 1 << 20};
    static const struct representation_times times = {NOW_S, NOW_S, NOW_S + DAY_S, NOW_S + DAY_S};
    tour_free(fixture->tour);
    plan_free(fixture->plan);
    fixture->args = (struct route_args){.id = "1", .now_s = now_s, .history = days};
    fixture->plan = plan_new(fixture->request->document.translator, &route, &fixture->args, &limits);
    assert_int_equal(plan_step(fixture->plan), PLAN_DONE);
    struct cache_value *before = fixture->index;
    fixture->tour = tour_new(fixture->config, &fixture->request->document, fixture->plan, before, 2 * DAY_S);
    fixture->index = tour_index(fixture->tour, &times);
    cache_value_unref(before);
}

static void assert_index(const struct fixture *fixture, const char *text)
{
    assert_int_equal(fixture->index->len, strlen(text));
    assert_memory_equal(fixture->index->bytes, text, strlen(text));
}

/* A page by its path, after the one before it, as it is made at NOW_S + `after_s`. NULL: the tour has none.
 */
static struct cache_value *value_at(const struct fixture *fixture, const char *path,
                                    const struct cache_value *previous, int64_t after_s)
{
    int64_t now_s = NOW_S + after_s;
    const struct representation_times times = {now_s, now_s, now_s + DAY_S, now_s + DAY_S};
    for (size_t i = 0; i < tour_n_pages(fixture->tour); i++) {
        if (strcmp(tour_path(fixture->tour, i), path) == 0)
            return tour_render(fixture->tour, i, previous, &times);
    }
    return NULL;
}

/* Its bytes; the caller's to free. */
static char *text_of(const struct cache_value *value)
{
    struct representation opened;
    assert_true(representation_open(value, &opened));
    assert_non_null(opened.page.policy);
    assert_true(opened.page.is_listed && opened.page.is_foreign);
    return strndup((const char *)opened.body[ENCODING_IDENTITY].bytes, opened.body[ENCODING_IDENTITY].len);
}

static char *page_at(const struct fixture *fixture, const char *path)
{
    struct cache_value *value = value_at(fixture, path, NULL, 0);
    char *text = value != NULL ? text_of(value) : NULL;
    cache_value_unref(value);
    return text;
}

static void a_tour_has_a_page_and_a_calendar_for_each_date_and_five_for_all(void **state)
{
    struct fixture *fixture = *state;
    static const char *const paths[] = {"2027-03-16-berlin-16/",
                                        "2027-03-16-berlin-16/date.ics",
                                        "",
                                        "dates.ics",
                                        "feed.json",
                                        "feed.xml",
                                        "sitemap.xml"};
    make(fixture, "pq", NOW_S);
    assert_int_equal(tour_n_pages(fixture->tour), 2 * 2 + 5);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        char *text = page_at(fixture, paths[i]);
        assert_non_null(text);
        free(text);
    }
    assert_index(fixture, "16 2027-03-16-berlin-16\n17 2027-03-17-berlin-17\n");
}

static void a_date_that_is_over_says_so_for_a_while(void **state)
{
    struct fixture *fixture = *state;
    make(fixture, "pq", NOW_S);
    make(fixture, "q", NOW_S + 4 * DAY_S); /* the 16th is over everywhere since noon of the 17th */
    assert_string_equal(tour_path(fixture->tour, tour_n_pages(fixture->tour) - 1), "sitemap.xml");
    assert_index(fixture, "17 2027-03-17-berlin-17\n16 2027-03-16-berlin-16 over\n");
    char *text = page_at(fixture, "2027-03-16-berlin-16/");
    assert_non_null(strstr(text, "This date is over: Tuesday, 16 March 2027."));
    assert_null(strstr(text, "<script"));
    assert_null(page_at(fixture, "2027-03-16-berlin-16/date.ics"));
    free(text);
    text = page_at(fixture, "sitemap.xml");
    assert_null(strstr(text, "2027-03-16"));
    free(text);
    make(fixture, "", NOW_S + 6 * DAY_S);
    assert_index(fixture, "17 2027-03-17-berlin-17 over\n");
}

static void a_date_that_is_over_keeps_what_its_last_page_told_but_no_longer_than_that(void **state)
{
    static const char path[] = "2027-03-16-berlin-16/";
    struct fixture *fixture = *state;
    make(fixture, "pq", NOW_S);
    struct cache_value *before = value_at(fixture, path, NULL, 0);
    char *first = text_of(before);
    assert_non_null(strstr(first, "https://tickets.example/1"));
    make(fixture, "q", NOW_S + 4 * DAY_S);
    struct cache_value *over = value_at(fixture, path, before, DAY_S / 2);
    char *text = text_of(over);
    assert_non_null(strstr(text, "This date is over: Tuesday, 16 March 2027."));
    assert_non_null(strstr(text, "Gasometer &#60;/h1&#62;"));
    assert_non_null(strstr(text, "&#60;/dl&#62;&#60;script&#62;Glass Kites"));
    assert_non_null(strstr(text, "<span class=\"date-country\" dir=\"auto\">Germany</span>"));
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "tickets.example"));
    assert_int_equal(over->keep_until_s, before->keep_until_s);
    assert_int_equal(over->fresh_until_s, before->keep_until_s);
    /* The next making takes it from this page. */
    struct cache_value *later = value_at(fixture, path, over, DAY_S / 2 + 60);
    char *again = text_of(later);
    assert_string_equal(again, text);
    assert_int_equal(later->keep_until_s, before->keep_until_s);
    cache_value_unref(before);
    cache_value_unref(over);
    cache_value_unref(later);
    free(first);
    free(text);
    free(again);
}

/* Ten thousand variants of one tour pushed all else out of memory: their indexes were no guests. */
static void a_variant_is_a_guest_in_memory_and_so_is_its_index(void **state)
{
    struct fixture *fixture = *state;
    make(fixture, "pq", NOW_S);
    assert_false(fixture->index->is_guest);
    snprintf(fixture->request->document.style, sizeof(fixture->request->document.style), "%s",
             "https://velvet.example/tour.css");
    make(fixture, "pq", NOW_S);
    assert_true(fixture->index->is_guest);
    struct cache_value *page = value_at(fixture, "", NULL, 0);
    assert_true(page->is_guest);
    cache_value_unref(page);
}

static void a_date_that_is_withdrawn_is_gone(void **state)
{
    struct fixture *fixture = *state;
    make(fixture, "pq", NOW_S);
    make(fixture, "q", NOW_S);
    assert_index(fixture, "17 2027-03-17-berlin-17\n");
    assert_null(page_at(fixture, "2027-03-16-berlin-16/"));
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct fault fault;
    assert_non_null(fixture);
    fixture->config = config_load(NULL, false, &fault);
    fixture->request = malloc(sizeof(*fixture->request));
    assert_non_null(fixture->config);
    assert_non_null(fixture->request);
    route_parse(TARGET, strlen(TARGET), fixture->request);
    assert_int_equal(fixture->request->target, ROUTE_DOCUMENT);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    tour_free(fixture->tour);
    plan_free(fixture->plan);
    cache_value_unref(fixture->index);
    config_unref(fixture->config);
    free(fixture->request);
    free(fixture);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_tour_has_a_page_and_a_calendar_for_each_date_and_five_for_all,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_date_that_is_over_says_so_for_a_while, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_date_that_is_over_keeps_what_its_last_page_told_but_no_longer_than_that, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_variant_is_a_guest_in_memory_and_so_is_its_index, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_date_that_is_withdrawn_is_gone, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
