/* Tests of translators/pages: what each kind of page says, and that nothing from outside breaks out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/pages/pages.h"

#define MAX_BYTES 262144

static const struct translator provider = {
    .title = "Gigbook", .attribution = "Dates by Gigbook", .attribution_url = "https://gigbook.example/"};

/* A tour of three dates: a whole one, one that knows little, one that is cancelled. */
struct fixture {
    struct act acts[2];
    struct offer offer;
    struct event events[3];
    struct document document;
    struct render_options options;
    struct site site;
    struct arena *arena;
    struct buffer out;
};

static void fill_events(struct fixture *fixture)
{
    static const char *same_as[] = {"https://www.gigbook.example/mira-vale"};

    fixture->acts[0] = (struct act){.name = "Mira Vale",
                                    .headliner = true,
                                    .asked = true,
                                    .url = "https://mira.example/",
                                    .same_as = {same_as, 1}};
    fixture->acts[1] = (struct act){.name = "Glass Kites"};
    fixture->offer = (struct offer){.url = "https://tickets.example/1",
                                    .has_price = true,
                                    .price = 42.5,
                                    .currency = "EUR",
                                    .availability = AVAILABILITY_IN_STOCK,
                                    .valid_from = {.year = 2026, .month = 10, .day = 1}};
    fixture->events[0] =
        (struct event){.id = "7",
                       .url = "https://gigbook.example/7",
                       .age_range = "18-",
                       .description = "Unplugged.",
                       .organizer_name = "Gasometer GmbH",
                       .start = {.year = 2027,
                                 .month = 3,
                                 .day = 12,
                                 .has_time = true,
                                 .hour = 20,
                                 .has_offset = true,
                                 .offset_min = 60},
                       .doors = {.year = 2027, .month = 3, .day = 12, .has_time = true, .hour = 19},
                       .place = {.name = "Gasometer Hall",
                                 .street = "Columbiadamm 13",
                                 .postal_code = "10965",
                                 .locality = "Berlin",
                                 .region = "BE",
                                 .country = "DE",
                                 .has_geo = true,
                                 .latitude = 52.5,
                                 .longitude = 13.4},
                       .acts = fixture->acts,
                       .n_acts = 2,
                       .offers = &fixture->offer,
                       .n_offers = 1};
    fixture->events[1] = (struct event){.id = "8",
                                        .start = {.year = 2027, .month = 3, .day = 14},
                                        .place = {.locality = "Hamburg", .country = "DE"},
                                        .acts = fixture->acts,
                                        .n_acts = 1};
    fixture->events[2] = fixture->events[0];
    fixture->events[2].id = "9";
    fixture->events[2].start.month = 4;
    fixture->events[2].status = EVENT_CANCELLED;
}

static int set_up(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof(*fixture));

    fill_events(fixture);
    for (size_t i = 0; i < 3; i++) {
        fixture->events[i].seen_s = 1790000000;
        fixture->events[i].changed_s = 1790000000 + (int64_t)i * 3600;
    }
    fixture->document = (struct document){.subject = SUBJECT_ARTIST,
                                          .provider = "gigbook",
                                          .artist = {.name = "Mira Vale"},
                                          .events = fixture->events,
                                          .n_events = 3,
                                          .now_s = 1795000000};
    fixture->options = (struct render_options){.public_url = "https://marquee.example",
                                               .eventurl = "https://mira.example/tour/{date}-{city}-{id}/",
                                               .pages = "https://mira.example/tour",
                                               .translator = &provider};
    fixture->site = (struct site){.base = "https://mira.example/tour", .query = "", .is_public = true};
    fixture->arena = arena_new(1 << 22);
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

static const char *put(struct fixture *fixture, enum page_kind kind, size_t event)
{
    buffer_done(&fixture->out);
    pages_put(&fixture->document, &fixture->options, &fixture->site, kind, event, fixture->arena,
              &fixture->out);
    assert_false(fixture->out.overflowed);
    return fixture->out.bytes;
}

static void assert_in(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("%s is not in %s", part, text);
}

static void assert_not_in(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("%s is in %s", part, text);
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;

    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        n++;
    return n;
}

static void the_tour_page_leads_to_each_date_by_month(void **state)
{
    const char *page = put(*state, PAGE_TOUR, 0);

    assert_in(page, "<h1 class=\"tour-artist\" dir=\"auto\">Mira Vale</h1>");
    assert_in(page, "<h2 class=\"tour-month\">March 2027</h2>");
    assert_in(page, "<h2 class=\"tour-month\">April 2027</h2>");
    assert_int_equal(count(page, "<h2 class=\"tour-month\">"), 2);
    assert_in(page, "<a href=\"2027-03-12-berlin-7/\">");
    assert_in(page, "<a href=\"2027-03-14-hamburg-8/\">");
    assert_in(page, "<li class=\"tour-date tour-cancelled\"><a href=\"2027-04-12-berlin-9/\">");
    assert_in(page, "<strong class=\"tour-status\">Cancelled</strong>");
    assert_in(page, "href=\"webcal://mira.example/tour/dates.ics\"");
    assert_in(page, "https://gigbook.example/");
    assert_not_in(page, "noindex");
    assert_not_in(page, "<script");
}

static void a_date_s_page_says_all_that_is_known(void **state)
{
    static const char *const said[] = {"Mira Vale</h1>",
                                       "Friday, 12 March 2027, 20:00",
                                       "Doors 19:00",
                                       "Gasometer Hall</span>",
                                       "Columbiadamm 13</span>",
                                       "10965 Berlin</span>",
                                       "BE</span>",
                                       "Germany</span>",
                                       ">Mira Vale</a>",
                                       ">gigbook.example</a>",
                                       "Glass Kites",
                                       "from 42.50 EUR",
                                       ">Available<",
                                       "On sale since Thursday, 1 October 2026",
                                       "href=\"https://tickets.example/1\"",
                                       "Ages 18+",
                                       "Unplugged.",
                                       "Presented by Gasometer GmbH",
                                       "More at Gigbook",
                                       "mlat=52.500000",
                                       "dates=20270312T190000Z/20270312T220000Z",
                                       "href=\"date.ics\"",
                                       "href=\"../\"",
                                       "<a rel=\"next\" href=\"../2027-03-14-hamburg-8/\""};
    const char *page = put(*state, PAGE_DATE, 0);

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        assert_in(page, said[i]);
    assert_not_in(page, "rel=\"prev\"");
}

static void a_date_s_page_holds_its_own_event_alone(void **state)
{
    struct fixture *fixture = *state;
    struct buffer event = BUFFER_INIT(MAX_BYTES);
    const char *page;

    jsonld_put_event(&fixture->document, &fixture->events[0], &fixture->options, fixture->arena, &event);
    page = put(fixture, PAGE_DATE, 0);
    assert_int_equal(count(page, "<script"), 1);
    assert_int_equal(count(page, "\"@type\":\"MusicEvent\""), 1);
    assert_in(page, event.bytes);
    assert_in(event.bytes, "\"@id\":\"https://mira.example/tour/#event-7\"");
    assert_in(event.bytes, "\"url\":\"https://mira.example/tour/2027-03-12-berlin-7/\"");
    buffer_done(&event);
}

static void little_is_said_of_what_is_little_known(void **state)
{
    const char *page = put(*state, PAGE_DATE, 1);

    assert_in(page, "<time datetime=\"2027-03-14\">Sunday, 14 March 2027</time>");
    assert_in(page, "dates=20270314/20270315");
    assert_in(page, "openstreetmap.org/search?query=Hamburg%2C%20Germany");
    assert_not_in(page, "<dt>Tickets</dt>");
    assert_not_in(page, "Doors");
    assert_in(page, "rel=\"prev\"");
}

/* Google takes an hour without zone for the reader's own: a show in Chicago at 18:00 was one in London, too.
 */
static void an_hour_goes_into_calendars_where_its_zone_is_certain_alone(void **state)
{
    static const struct {
        const char *country, *region, *google, *outlook, *details;
    } cases[] = {
        {"US", "IL", "dates=20261209T000000Z/20261209T030000Z", "startdt=2026-12-08T18%3A00%3A00-06%3A00",
         "details=https"},
        {"US", NULL, "dates=20261208/20261209", "startdt=2026-12-08&#38;enddt=2026-12-09&#38;allday=true",
         "details=18%3A00%0Ahttps"},
    };
    struct fixture *fixture = *state;
    struct event *event = &fixture->events[0];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        event->start = (struct moment){.year = 2026, .month = 12, .day = 8, .has_time = true, .hour = 18};
        event->end = (struct moment){0};
        event->place = (struct place){.name = "Hall", .country = cases[i].country, .region = cases[i].region};
        const char *page = put(fixture, PAGE_DATE, 0);
        assert_in(page, cases[i].google);
        assert_in(page, cases[i].outlook);
        assert_in(page, cases[i].details);
    }
}

static void nobody_is_sent_to_what_is_cancelled(void **state)
{
    const char *page = put(*state, PAGE_DATE, 2);

    assert_in(page, "<strong>Cancelled</strong>");
    assert_in(page, "https://schema.org/EventCancelled");
    assert_in(page, "from 42.50 EUR");
    assert_not_in(page, "href=\"https://tickets.example/1\"");
    assert_not_in(page, "calendar.google.com");
}

static void a_preview_keeps_its_query_and_is_not_listed(void **state)
{
    struct fixture *fixture = *state;
    const char *page;

    fixture->site =
        (struct site){.base = "https://marquee.example/tour/gigbook/1", .query = "?name=Mira%20%26%20Vale"};
    page = put(fixture, PAGE_TOUR, 0);
    assert_in(page, "<meta name=\"robots\" content=\"noindex\">");
    assert_in(page, "<a href=\"2027-03-12-berlin-7/?name=Mira%20%26%20Vale\">");
    assert_not_in(page, "canonical");
    assert_not_in(page, "feed.xml");
    assert_false(pages_has(&fixture->site, PAGE_SITEMAP));
    assert_true(pages_has(&fixture->site, PAGE_DATES_ICS));
}

static void canonical_addresses_are_those_that_visitors_see(void **state)
{
    const char *page = put(*state, PAGE_DATE, 0);

    assert_in(page, "<link rel=\"canonical\" href=\"https://mira.example/tour/2027-03-12-berlin-7/\">");
    assert_in(page, "<meta property=\"og:url\" content=\"https://mira.example/tour/2027-03-12-berlin-7/\">");
    assert_in(page, "<title>Mira Vale at Gasometer Hall, Friday, 12 March 2027</title>");
}

static void feeds_and_sitemap_say_when_something_changed(void **state)
{
    const char *page = put(*state, PAGE_FEED_XML, 0);

    assert_in(page, "<updated>2026-09-21T16:13:20Z</updated>");
    assert_in(page, "<published>2026-09-21T14:13:20Z</published>");
    assert_in(page, "<id>https://mira.example/tour/#event-7</id>");
    assert_int_equal(count(page, "<entry>"), 3);
    page = put(*state, PAGE_FEED_JSON, 0);
    assert_in(page, "\"version\":\"https://jsonfeed.org/version/1.1\"");
    assert_in(page, "\"date_modified\":\"2026-09-21T15:13:20Z\"");
    page = put(*state, PAGE_SITEMAP, 0);
    assert_in(page, "<url><loc>https://mira.example/tour/2027-03-12-berlin-7/</loc>"
                    "<lastmod>2026-09-21T14:13:20Z</lastmod></url>");
    assert_int_equal(count(page, "<loc>"), 4);
}

static void calendars_are_of_one_date_or_of_all(void **state)
{
    assert_int_equal(count(put(*state, PAGE_DATE_ICS, 1), "BEGIN:VEVENT"), 1);
    assert_in(put(*state, PAGE_DATE_ICS, 1), "gigbook-8@");
    assert_int_equal(count(put(*state, PAGE_DATES_ICS, 0), "BEGIN:VEVENT"), 3);
}

static void a_tour_without_dates_is_still_a_page(void **state)
{
    struct fixture *fixture = *state;
    const char *page;

    fixture->document.n_events = 0;
    page = put(fixture, PAGE_TOUR, 0);
    assert_in(page, "No dates are announced at the moment.");
    assert_int_equal(count(put(fixture, PAGE_SITEMAP, 0), "<loc>"), 1);
}

static void a_country_is_named_in_the_language_of_the_pages(void **state)
{
    static const enum page_kind named[] = {PAGE_TOUR, PAGE_DATE, PAGE_FEED_JSON, PAGE_FEED_XML};
    struct fixture *fixture = *state;

    fixture->options.strings = &strings_german;
    for (enum page_kind kind = 0; kind < PAGE_KINDS; kind++)
        assert_not_in(put(fixture, kind, 1), "Germany");
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
        assert_in(put(fixture, named[i], 1), "Hamburg, Deutschland");
    assert_in(put(fixture, PAGE_DATE, 1), "<p class=\"date-lead\" dir=\"auto\">Hamburg, Deutschland</p>");
}

static void only_links_have_what_only_links_may_have(void **state)
{
    struct fixture *fixture = *state;

    assert_in(put(fixture, PAGE_DATE, 0), "<a class=\"date-act\" dir=\"auto\" rel=\"nofollow\" "
                                          "href=\"https://mira.example/\">Mira Vale</a>");
    fixture->document.artist.url = "https://mira.example/";
    assert_in(put(fixture, PAGE_TOUR, 0), "<a rel=\"nofollow\" href=\"https://mira.example/\">");
    fixture->acts[0].url = NULL;
    assert_in(put(fixture, PAGE_DATE, 0), "<span class=\"date-act\" dir=\"auto\">Mira Vale</span>");
    fixture->document.artist.url = "mira.example";
    assert_in(put(fixture, PAGE_TOUR, 0), "<p class=\"tour-site\"><span>");
}

/* The page says both days, and no hour where its markup has none. */
static void a_festival_has_both_days_and_no_hour_in_all_that_is_said_of_it(void **state)
{
    static const char days[] = "Friday, 12 March 2027 to Sunday, 14 March 2027";
    struct fixture *fixture = *state;
    const char *page;

    fixture->events[0].name = "Ravine Festival";
    fixture->events[0].end = (struct moment){.year = 2027, .month = 3, .day = 14};
    page = put(fixture, PAGE_DATE, 0);
    assert_in(page, "<title>Ravine Festival at Gasometer Hall, Friday, 12 March 2027 to Sunday, 14 March 2027"
                    "</title>");
    assert_in(page, "<meta name=\"description\" content=\"Friday, 12 March 2027 to Sunday, 14 March 2027, ");
    assert_in(page, "<meta property=\"og:description\" content=\"Friday, 12 March 2027 to Sunday, ");
    assert_not_in(page, "20:00");
    assert_int_equal(count(put(fixture, PAGE_FEED_XML, 0), days), 2);
    assert_int_equal(count(put(fixture, PAGE_FEED_JSON, 0), days), 2);
    assert_not_in(put(fixture, PAGE_FEED_JSON, 0), "12 March 2027, 20:00");
    assert_in(put(fixture, PAGE_DATE, 1), days);
}

static void a_night_that_ends_on_the_next_morning_is_one_day(void **state)
{
    struct fixture *fixture = *state;
    const char *page;

    fixture->events[0].end = fixture->events[0].start;
    fixture->events[0].end.day = 13;
    fixture->events[0].end.hour = 4;
    page = put(fixture, PAGE_DATE, 0);
    assert_in(page, "Gasometer Hall, Friday, 12 March 2027</title>");
    assert_in(page, "content=\"Friday, 12 March 2027, 20:00 to Saturday, 13 March 2027, 04:00, ");
    assert_not_in(put(fixture, PAGE_TOUR, 0), "13 March");
}

static void a_row_names_no_act_that_its_title_holds(void **state)
{
    struct fixture *fixture = *state;

    fixture->events[2].name = "Mira Vale with Glass Kites";
    assert_int_equal(count(put(fixture, PAGE_TOUR, 0), ">with Glass Kites</span>"),
                     1); /* of the first date */
    assert_in(put(fixture, PAGE_DATE, 2), "<span class=\"date-act\" dir=\"auto\">Glass Kites</span>");
}

/* The lines of the address: "[class text]" each. */
static void put_lines(const char *page, struct buffer *out)
{
    static const char begin[] = "<span class=\"", middle[] = "\" dir=\"auto\">";
    const char *at = strstr(page, "<address>"), *end = strstr(page, "</address>");

    while ((at = strstr(at, begin)) != NULL && at < end) {
        const char *text;

        at += strlen(begin);
        text = strstr(at, middle);
        buffer_printf(out, "[%.*s ", (int)(text - at), at);
        text += strlen(middle);
        buffer_printf(out, "%.*s]", (int)strcspn(text, "<"), text);
    }
}

static void an_address_is_in_the_order_of_its_country(void **state)
{
    static const struct {
        struct place place;
        const char *lines;
    } cases[] = {
        {{.postal_code = "10965", .locality = "Berlin", .region = "BE", .country = "DE"},
         "[date-town 10965 Berlin][date-region BE][date-country Germany]"},
        {{.postal_code = "60601", .locality = "Chicago", .region = "IL", .country = "US"},
         "[date-town Chicago, IL 60601][date-country United States]"},
        {{.postal_code = "2000", .locality = "Sydney", .region = "NSW", .country = "AU"},
         "[date-town Sydney, NSW 2000][date-country Australia]"},
        {{.postal_code = "M5V 2T6", .locality = "Toronto", .country = "CA"},
         "[date-town Toronto M5V 2T6][date-country Canada]"},
        {{.postal_code = "60601", .country = "US"}, "[date-town 60601][date-country United States]"},
        {{.postal_code = "SW1A 1AA", .locality = "London", .region = "ENG", .country = "GB"},
         "[date-town London][date-postal-code SW1A 1AA][date-region ENG][date-country United Kingdom]"},
        {{.postal_code = "01310-100", .locality = "São Paulo", .region = "SP", .country = "BR"},
         "[date-town São Paulo, SP][date-postal-code 01310-100][date-country Brazil]"},
        {{.postal_code = "1010", .locality = "Auckland", .country = "NZ"},
         "[date-town Auckland 1010][date-country New Zealand]"},
        {{.postal_code = "1010", .locality = "Atlantis"}, "[date-town 1010 Atlantis]"},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buffer lines = BUFFER_INIT(MAX_BYTES);

        fixture->events[1].place = cases[i].place;
        put_lines(put(fixture, PAGE_DATE, 1), &lines);
        assert_string_equal(lines.bytes, cases[i].lines);
        buffer_done(&lines);
    }
}

static void the_picture_is_the_event_s_or_the_given_one(void **state)
{
    static const char *pictures[] = {"https://images.example/1.jpg"};
    struct fixture *fixture = *state;

    assert_null(strstr(put(fixture, PAGE_DATE, 0), "<img"));
    fixture->options.image = "https://mira.example/mira.jpg";
    assert_in(put(fixture, PAGE_DATE, 0), "<img src=\"https://mira.example/mira.jpg\" alt=\"Mira Vale\">");
    fixture->events[0].images = (struct text_list){pictures, 1};
    assert_in(put(fixture, PAGE_DATE, 0), "<img src=\"https://images.example/1.jpg\" alt=\"Mira Vale\">");
    assert_in(put(fixture, PAGE_DATE, 1), "\"image\":[\"https://mira.example/mira.jpg\"]");
}

static void text_from_outside_breaks_out_of_nothing(void **state)
{
    static const char evil[] = "</script><script>alert('1')</script>\"><img src=x onerror=\"1\">]]>";
    struct fixture *fixture = *state;

    fixture->acts[0].name = fixture->acts[1].name = evil;
    fixture->document.artist.name = evil;
    fixture->events[0].name = fixture->events[0].description = fixture->events[0].organizer_name = evil;
    fixture->events[0].place.name = fixture->events[0].place.street = evil;
    fixture->events[0].place.locality = fixture->events[0].place.region = evil;
    fixture->events[0].url = fixture->offer.url = "javascript:alert(1)";
    fixture->acts[0].url = "javascript:alert(1)";
    for (enum page_kind kind = 0; kind < PAGE_KINDS; kind++) {
        const char *page = put(fixture, kind, 0);

        if (kind == PAGE_DATE_ICS || kind == PAGE_DATES_ICS)
            continue;
        assert_not_in(page, "<script>");
        assert_not_in(page, "<img");
        assert_not_in(page, "]]>");
        if (kind != PAGE_DATE)
            assert_not_in(page, "javascript:");
    }
    assert_not_in(put(fixture, PAGE_DATE, 0), "href=\"javascript:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_tour_page_leads_to_each_date_by_month, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_date_s_page_says_all_that_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_date_s_page_holds_its_own_event_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(little_is_said_of_what_is_little_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_hour_goes_into_calendars_where_its_zone_is_certain_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nobody_is_sent_to_what_is_cancelled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_preview_keeps_its_query_and_is_not_listed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(canonical_addresses_are_those_that_visitors_see, set_up, tear_down),
        cmocka_unit_test_setup_teardown(feeds_and_sitemap_say_when_something_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(calendars_are_of_one_date_or_of_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_tour_without_dates_is_still_a_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_country_is_named_in_the_language_of_the_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_links_have_what_only_links_may_have, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_festival_has_both_days_and_no_hour_in_all_that_is_said_of_it,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_night_that_ends_on_the_next_morning_is_one_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_names_no_act_that_its_title_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_address_is_in_the_order_of_its_country, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_picture_is_the_event_s_or_the_given_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(text_from_outside_breaks_out_of_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
