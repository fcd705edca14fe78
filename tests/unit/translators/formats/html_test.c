/* Tests of translators/formats/html.c, js.c and the words of prose.c and strings.c: what no golden case of a
 * provider can bring about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/formats/format.h"
#include "translators/formats/prose.h"

#define MAX_BYTES 65536

static const struct translator provider = {
    .title = "Gigbook", .attribution = "Dates by Gigbook", .attribution_url = "https://gigbook.example/"};

/* One event that has all that is required. */
struct fixture {
    struct act acts[3];
    struct offer offer;
    struct event event;
    struct document document;
    struct render_options options;
    struct arena *arena;
    struct buffer out;
};

static int set_up(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof(*fixture));

    fixture->acts[0] = (struct act){.name = "Mira Vale", .headliner = true};
    fixture->event =
        (struct event){.id = "7",
                       .url = "https://gigbook.example/7",
                       .start = {.year = 2027, .month = 3, .day = 12, .has_time = true, .hour = 20},
                       .place = {.name = "Gasometer Hall", .locality = "Berlin", .country = "DE"},
                       .acts = fixture->acts,
                       .n_acts = 1};
    fixture->document = (struct document){.subject = SUBJECT_ARTIST,
                                          .provider = "gigbook",
                                          .artist = {.name = "Mira Vale"},
                                          .events = &fixture->event,
                                          .n_events = 1};
    fixture->options =
        (struct render_options){.public_url = "https://marquee.example", .translator = &provider};
    fixture->arena = arena_new(1 << 20);
    fixture->out = BUFFER_INIT(MAX_BYTES);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    buffer_done(&fixture->out);
    arena_free(fixture->arena);
    test_free(fixture);
    return 0;
}

static const char *render(struct fixture *fixture, const struct format *format)
{
    const char *why = NULL;

    buffer_done(&fixture->out);
    assert_true(format->render(&fixture->document, &fixture->options, fixture->arena, &fixture->out, &why));
    assert_false(fixture->out.overflowed);
    return fixture->out.bytes != NULL ? fixture->out.bytes : "";
}

static void assert_shown(struct fixture *fixture, const char *html)
{
    const char *text = render(fixture, &format_html);

    if (strstr(text, html) == NULL)
        fail_msg("%s is not in %s", html, text);
}

static void assert_not_shown(struct fixture *fixture, const char *html)
{
    const char *text = render(fixture, &format_html);

    if (strstr(text, html) != NULL)
        fail_msg("%s is in %s", html, text);
}

static void the_list_is_these_bytes(void **state)
{
    struct fixture *fixture = *state;

    fixture->options.markup = MARKUP_NONE;
    assert_string_equal(
        render(fixture, &format_html),
        "<section class=\"marquee-events\" lang=\"en\" aria-label=\"Mira Vale: upcoming dates\">\n"
        "<ol class=\"marquee-list\">\n<li class=\"marquee-event\">\n"
        "<div class=\"marquee-when\"><time datetime=\"2027-03-12T20:00:00\">Friday, 12 March 2027, "
        "20:00</time></div>\n"
        "<div class=\"marquee-what\"><a class=\"marquee-name\" dir=\"auto\" "
        "href=\"https://gigbook.example/7\">Mira Vale</a></div>\n"
        "<div class=\"marquee-where\"><span class=\"marquee-venue\" dir=\"auto\">Gasometer Hall</span>, "
        "<span class=\"marquee-address\" dir=\"auto\">Berlin, Germany</span></div>\n"
        "</li>\n</ol>\n<p class=\"marquee-attribution\"><a class=\"marquee-provider\" "
        "href=\"https://gigbook.example/\">Dates by Gigbook</a></p>\n</section>\n");
}

static void the_block_is_what_jsonld_renders(void **state)
{
    struct fixture *fixture = *state;
    struct buffer block = BUFFER_INIT(MAX_BYTES);

    buffer_printf(&block, "<script type=\"application/ld+json\">%s</script>\n",
                  render(fixture, &format_jsonld));
    fixture->options.markup = MARKUP_ONLY;
    assert_string_equal(render(fixture, &format_html), block.bytes);
    buffer_done(&block);
}

static void a_status_is_said_in_words(void **state)
{
    struct fixture *fixture = *state;

    assert_not_shown(fixture, "marquee-status");
    fixture->event.status = EVENT_CANCELLED;
    assert_shown(fixture, "<li class=\"marquee-event marquee-cancelled\">");
    assert_shown(fixture, "<strong class=\"marquee-status\">Cancelled</strong>");
    fixture->event.status = EVENT_POSTPONED;
    assert_shown(fixture, "<strong class=\"marquee-status\">Postponed</strong>");
    fixture->event.status = EVENT_RESCHEDULED;
    assert_shown(fixture, "<strong class=\"marquee-status\">Rescheduled</strong>");
    fixture->event.previous_start = (struct moment){.year = 2027, .month = 2, .day = 1};
    assert_shown(fixture, "Rescheduled from Monday, 1 February 2027</strong>");
}

static void an_end_on_the_same_day_is_an_hour(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.end = fixture->event.start;
    fixture->event.end.hour = 23;
    assert_shown(fixture, "20:00</time> to <time datetime=\"2027-03-12T23:00:00\">23:00</time>");
    fixture->event.end.day = 13;
    assert_shown(fixture, "to <time datetime=\"2027-03-13T23:00:00\">Saturday, 13 March 2027, 23:00</time>");
    fixture->event.end.has_time = false;
    assert_shown(fixture, "<time datetime=\"2027-03-12\">Friday, 12 March 2027</time> to ");
}

static void an_offer_leads_to_tickets_and_says_what_they_cost(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.offers = &fixture->offer;
    fixture->event.n_offers = 1;
    assert_not_shown(fixture, "marquee-offer");
    fixture->offer = (struct offer){.url = "https://tickets.example/7?a=1&b=2",
                                    .has_price = true,
                                    .price = 42.5,
                                    .currency = "EUR",
                                    .valid_from = {.year = 2027, .month = 1, .day = 4}};
    assert_shown(fixture, "<div class=\"marquee-offer\"><a class=\"marquee-tickets\" "
                          "href=\"https://tickets.example/7?a=1&#38;b=2\">Tickets</a> <span "
                          "class=\"marquee-price\">from 42.50 EUR</span> <span "
                          "class=\"marquee-availability\">On sale from Monday, 4 January 2027</span></div>");
    fixture->document.now_s = 1799280000; /* 2027-01-07: the sale has begun */
    assert_not_shown(fixture, "On sale");
    fixture->document.now_s = 0;
    fixture->offer.high_price = 60;
    fixture->offer.availability = AVAILABILITY_SOLD_OUT;
    assert_shown(fixture, ">42.50 to 60 EUR</span> <span class=\"marquee-availability\">Sold out</span>");
    fixture->offer =
        (struct offer){.has_price = true, .currency = "EUR", .availability = AVAILABILITY_PRE_ORDER};
    assert_shown(fixture, "<span class=\"marquee-tickets\">Tickets</span> <span class=\"marquee-price\">"
                          "Free</span> <span class=\"marquee-availability\">Pre-order</span>");
    fixture->event.status = EVENT_CANCELLED;
    assert_not_shown(fixture, "marquee-offer");
}

static void what_the_block_says_the_list_says_too(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.description = "An evening of songs.";
    fixture->event.doors = fixture->event.start;
    fixture->event.doors.hour = 19;
    fixture->event.age_range = "18-";
    fixture->event.organizer_name = "Hall & Sons";
    assert_shown(fixture, "<div class=\"marquee-description\" dir=\"auto\">An evening of songs.</div>\n");
    assert_shown(fixture, "<div class=\"marquee-doors\">Doors 19:00</div>\n");
    assert_shown(fixture, "<div class=\"marquee-ages\">Ages 18+</div>\n");
    assert_shown(fixture, "dir=\"auto\">Presented by Hall &#38; Sons</div>\n");
    fixture->event.age_range = "6-12";
    assert_shown(fixture, "Ages 6-12");
}

static void acts_that_the_name_does_not_hold_are_named(void **state)
{
    struct fixture *fixture = *state;

    fixture->acts[1] = (struct act){.name = "Glass Kites"};
    fixture->acts[2] = (struct act){.name = "Low Tide"};
    fixture->event.n_acts = 3;
    assert_shown(fixture, ">Mira Vale</a> <span class=\"marquee-acts\" dir=\"auto\">with Glass Kites, Low "
                          "Tide</span>");
    fixture->event.n_acts_left_out = 4;
    assert_shown(fixture, ">with Glass Kites, Low Tide and 4 more</span>");
    fixture->event.name = "Harbour Sounds";
    assert_shown(fixture, ">with Mira Vale, Glass Kites, Low Tide and 4 more</span>");
    fixture->event.name = NULL;
    fixture->acts[0].headliner = false;
    assert_not_shown(fixture, "marquee-acts");
}

/* As ticket sellers title their events: with everybody who plays. */
static void acts_that_the_title_holds_are_not_named_twice(void **state)
{
    struct fixture *fixture = *state;

    fixture->acts[1] = (struct act){.name = "Glass Kites"};
    fixture->acts[2] = (struct act){.name = "Tide"};
    fixture->event.n_acts = 3;
    fixture->event.name = "Mira Vale: Paper Moon Tour";
    assert_shown(fixture, ">with Glass Kites, Tide</span>");
    fixture->event.name = "Paper Moon 2027 With GLASS KÎTES / Mira-Vale & Tides";
    assert_shown(fixture, ">with Tide</span>");
    fixture->event.name = "mira vale, glass kites & tide";
    assert_not_shown(fixture, "marquee-acts");
    fixture->event.n_acts_left_out = 4;
    assert_not_shown(fixture, "marquee-acts");
}

static void names_that_have_no_words_are_compared_as_they_stand(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.name = arena_printf(fixture->arena, "%600d Mira Vale", 1);
    assert_not_shown(fixture, "marquee-acts");
    fixture->acts[0].name = "🎸";
    assert_shown(fixture, ">with 🎸</span>");
    fixture->event.name = "🎸: live";
    assert_not_shown(fixture, "marquee-acts");
}

static void a_page_of_the_artist_keeps_the_way_to_the_provider(void **state)
{
    struct fixture *fixture = *state;

    assert_not_shown(fixture, "marquee-more");
    fixture->options.eventurl = "https://mira.example/{date}";
    assert_shown(fixture, "href=\"https://mira.example/2027-03-12\">Mira Vale</a>");
    assert_shown(fixture, "<a class=\"marquee-more\" href=\"https://gigbook.example/7\">More at Gigbook</a>");
}

static void only_addresses_on_the_web_are_links(void **state)
{
    static const char *const urls[] = {"javascript:alert(1)",  "data:text/html,x",
                                       "//evil.example/",      "https://a.example/\"onclick=\"x",
                                       "https://a.example/ b", ""};
    struct fixture *fixture = *state;

    fixture->options.translator = NULL;
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        fixture->event.url = urls[i];
        fixture->options.markup = MARKUP_NONE;
        assert_not_shown(fixture, "href");
        assert_shown(fixture, "<span class=\"marquee-name\" dir=\"auto\">Mira Vale</span>");
    }
}

static void every_character_that_means_something_is_escaped(void **state)
{
    struct fixture *fixture = *state;

    fixture->options.markup = MARKUP_NONE;
    fixture->document.artist.name = fixture->acts[0].name = "a<b>c&d\"e'f";
    assert_shown(fixture, "aria-label=\"a&#60;b&#62;c&#38;d&#34;e&#39;f: upcoming dates\"");
    assert_shown(fixture, ">a&#60;b&#62;c&#38;d&#34;e&#39;f</a>");
}

static void a_script_says_nothing_of_a_half_that_is_left_out(void **state)
{
    struct fixture *fixture = *state;

    assert_null(strstr(strstr(render(fixture, &format_js), "})(document.currentScript,"), "\"\""));
    fixture->options.markup = MARKUP_ONLY;
    assert_non_null(strstr(render(fixture, &format_js), "})(document.currentScript,\n\"\",\n\"[{"));
    fixture->options.markup = MARKUP_NONE;
    assert_non_null(strstr(render(fixture, &format_js), "\\u003c/section\\u003e\\n\",\n\"\",\n\"gigbook"));
    fixture->document.n_events = 0;
    fixture->options.markup = MARKUP_BOTH;
    assert_non_null(strstr(render(fixture, &format_js), "No upcoming dates"));
    assert_null(strstr(fixture->out.bytes, "schema.org"));
}

static void a_script_whose_list_is_too_long_is_known_as_such(void **state)
{
    struct fixture *fixture = *state;
    const char *why = NULL;

    fixture->out = BUFFER_INIT(8000);
    fixture->acts[0].name = arena_printf(fixture->arena, "%8000d", 1);
    format_js.render(&fixture->document, &fixture->options, fixture->arena, &fixture->out, &why);
    assert_true(fixture->out.overflowed);
}

static void dates_are_read_from_the_wall(void **state)
{
    static const struct {
        struct moment moment;
        const char *words;
    } dates[] = {
        {{.year = 1970, .month = 1, .day = 1}, "Thursday, 1 January 1970"},
        {{.year = 1969, .month = 12, .day = 31}, "Wednesday, 31 December 1969"},
        {{.year = 1900, .month = 1, .day = 1}, "Monday, 1 January 1900"},
        {{.year = 2028,
          .month = 2,
          .day = 29,
          .has_time = true,
          .minute = 5,
          .offset_min = -480,
          .has_offset = 1},
         "Tuesday, 29 February 2028, 00:05"},
    };
    struct fixture *fixture = *state;
    struct prose prose = {&strings_english, fixture->arena, 0};

    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
        assert_string_equal(prose_date(&prose, &dates[i].moment), dates[i].words);
}

static void gaps_may_be_in_any_order_and_braces_may_be_text(void **state)
{
    struct fixture *fixture = *state;

    assert_string_equal(strings_fill(fixture->arena, "{2}, {1}{1} {x} {", "a", "{2}", NULL), "{2}, aa {x} {");
    assert_string_equal(strings_fill(fixture->arena, "{1}{3}", "a", NULL), "a");
    assert_string_equal(strings_fill(fixture->arena, "", "a", NULL), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_list_is_these_bytes),
        TEST(the_block_is_what_jsonld_renders),
        TEST(a_status_is_said_in_words),
        TEST(an_end_on_the_same_day_is_an_hour),
        TEST(an_offer_leads_to_tickets_and_says_what_they_cost),
        TEST(what_the_block_says_the_list_says_too),
        TEST(acts_that_the_name_does_not_hold_are_named),
        TEST(acts_that_the_title_holds_are_not_named_twice),
        TEST(names_that_have_no_words_are_compared_as_they_stand),
        TEST(a_page_of_the_artist_keeps_the_way_to_the_provider),
        TEST(only_addresses_on_the_web_are_links),
        TEST(every_character_that_means_something_is_escaped),
        TEST(a_script_says_nothing_of_a_half_that_is_left_out),
        TEST(a_script_whose_list_is_too_long_is_known_as_such),
        TEST(dates_are_read_from_the_wall),
        TEST(gaps_may_be_in_any_order_and_braces_may_be_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
