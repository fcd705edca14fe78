/* The played API: envelopes, paging and errors as the recordings of the real one show them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/simulator/provider.h"

#define BASE "/songkick/api/3.0"

static int setup(void **state)
{
    *state = tour_world_new((struct tour_date){2027, 1, 15});
    return *state == NULL;
}

static int teardown(void **state)
{
    tour_world_free(*state);
    return 0;
}

/* New: the page that a target gets; checks the status. */
static json_t *ask(void **state, const char *target, unsigned status)
{
    const struct provider *provider;
    struct request request;
    struct reply *reply;
    const char *rest;
    json_t *whole, *page;

    assert_true(request_parse(target, strlen(target), &request));
    provider = provider_of(request.path, &rest);
    assert_non_null(provider);
    reply = provider->answer(*state, rest, &request);
    assert_int_equal(reply->status, status);
    whole = json_loadb(reply->body, reply->len, 0, NULL);
    reply_unref(reply);
    assert_non_null(whole);
    page = json_incref(json_object_get(whole, "resultsPage"));
    json_decref(whole);
    assert_non_null(page);
    return page;
}

static size_t n_results(const json_t *page, const char *member)
{
    return json_array_size(json_object_get(json_object_get(page, "results"), member));
}

static void the_pages_of_a_calendar_hold_every_event_once_and_in_order(void **state)
{
    char target[128], last[32] = "";
    size_t total = 0;

    for (int n = 1; n <= 3; n++) {
        size_t i;
        json_t *event, *page;

        snprintf(target, sizeof(target), BASE "/artists/90054050/calendar.json?apikey=k&per_page=20&page=%d",
                 n);
        page = ask(state, target, 200);
        assert_int_equal(json_integer_value(json_object_get(page, "totalEntries")), 54);
        assert_int_equal(json_integer_value(json_object_get(page, "page")), n);
        json_array_foreach(json_object_get(json_object_get(page, "results"), "event"), i, event)
        {
            const char *date = json_string_value(json_object_get(json_object_get(event, "start"), "date"));

            assert_non_null(date);
            assert_true(strcmp(last, date) <= 0);
            snprintf(last, sizeof(last), "%s", date);
            total++;
        }
        json_decref(page);
    }
    assert_int_equal(total, 54);
}

static void a_page_has_fifty_events_at_most_whatever_is_asked(void **state)
{
    json_t *page = ask(state, BASE "/artists/90054050/calendar.json?per_page=500", 200);

    assert_int_equal(n_results(page, "event"), 50);
    assert_int_equal(json_integer_value(json_object_get(page, "perPage")), 50);
    json_decref(page);
}

static void without_events_the_member_is_absent(void **state)
{
    static const char *const targets[] = {
        BASE "/artists/90000000/calendar.json", BASE "/artists/90054050/calendar.json?page=3",
        BASE "/artists/mbid:8bfac288-ccc5-448d-9573-c33ea2aa5c30/calendar.json",
        BASE "/search/artists.json?query=nobody+at+all"};

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        json_t *page = ask(state, targets[i], 200);

        assert_string_equal(json_string_value(json_object_get(page, "status")), "ok");
        assert_true(json_is_object(json_object_get(page, "results")));
        assert_int_equal(json_object_size(json_object_get(page, "results")), 0);
        json_decref(page);
    }
}

static void what_is_not_there_is_404_with_songkicks_words(void **state)
{
    static const char *const targets[] = {BASE "/artists/4040001/calendar.json",
                                          BASE "/artists/4040001.json",
                                          BASE "/venues/4040001.json",
                                          BASE "/events/1.json",
                                          BASE "/artists/abc.json",
                                          BASE "/nothing"};

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        json_t *page = ask(state, targets[i], 404);
        const json_t *error = json_object_get(page, "error");

        assert_string_equal(json_string_value(json_object_get(error, "message")), "Resource not found");
        json_decref(page);
    }
}

static void a_wrong_key_is_403_with_songkicks_words(void **state)
{
    const char *rest;
    struct reply *reply = provider_of(BASE "/artists/1.json", &rest)->refuse();

    (void)state;
    assert_int_equal(reply->status, 403);
    assert_string_equal(
        reply->body,
        "{\"resultsPage\":{\"status\":\"error\",\"error\":{\"message\":\"Invalid or missing apikey\"}}}");
    reply_unref(reply);
}

static void the_venue_of_an_event_has_its_address_only_in_its_own_resource(void **state)
{
    json_t *page = ask(state, BASE "/artists/90001001/calendar.json", 200), *details;
    const json_t *venue = json_object_get(
        json_array_get(json_object_get(json_object_get(page, "results"), "event"), 0), "venue");
    char target[128];

    assert_null(json_object_get(venue, "street"));
    snprintf(target, sizeof(target), BASE "/venues/%lld.json",
             (long long)json_integer_value(json_object_get(venue, "id")));
    details = ask(state, target, 200);
    assert_true(json_string_length(json_object_get(
                    json_object_get(json_object_get(details, "results"), "venue"), "street")) > 0);
    json_decref(details);
    json_decref(page);
}

static void a_search_finds_the_band_before_its_tribute(void **state)
{
    json_t *page = ask(state, BASE "/search/artists.json?apikey=k&query=velvet%20harbour", 200);
    const json_t *found = json_object_get(json_object_get(page, "results"), "artist");

    assert_true(json_array_size(found) >= 2);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(found, 0), "id")), TOUR_DEMO_ARTIST);
    json_decref(page);
}

static void the_key_is_taken_out_of_the_query(void **state)
{
    static const char target[] = BASE "/artists/1.json?page=2&apikey=sec%72et&order=desc";
    struct request request;

    (void)state;
    assert_true(request_parse(target, sizeof(target) - 1, &request));
    assert_string_equal(request.key, "secret");
    assert_string_equal(request.query, "page=2&order=desc");
    assert_int_equal(request_number(&request, "page", 1), 2);
    assert_int_equal(request_number(&request, "order", 7), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pages_of_a_calendar_hold_every_event_once_and_in_order),
        cmocka_unit_test(a_page_has_fifty_events_at_most_whatever_is_asked),
        cmocka_unit_test(without_events_the_member_is_absent),
        cmocka_unit_test(what_is_not_there_is_404_with_songkicks_words),
        cmocka_unit_test(a_wrong_key_is_403_with_songkicks_words),
        cmocka_unit_test(the_venue_of_an_event_has_its_address_only_in_its_own_resource),
        cmocka_unit_test(a_search_finds_the_band_before_its_tribute),
        cmocka_unit_test(the_key_is_taken_out_of_the_query),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
