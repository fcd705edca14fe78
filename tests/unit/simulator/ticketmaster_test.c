/* The played Discovery API, and MusicBrainz: paging, extras and errors as the recordings of the real ones
 * show them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/simulator/kinds.h"
#include "tests/simulator/provider.h"

#define BASE "/ticketmaster/discovery/v2"

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

/* New: the body that a target gets; checks the status. */
static json_t *ask(void **state, const char *target, unsigned status)
{
    const struct provider *provider;
    struct request request;
    struct reply *reply;
    const char *rest;
    json_t *body;

    assert_true(request_parse(target, strlen(target), &request));
    provider = provider_of(request.path, &rest);
    assert_non_null(provider);
    reply = provider->answer(*state, rest, &request);
    assert_int_equal(reply->status, status);
    body = json_loadb(reply->body, reply->len, 0, NULL);
    reply_unref(reply);
    assert_non_null(body);
    return body;
}

static const json_t *events_of(const json_t *page)
{
    return json_object_get(json_object_get(page, "_embedded"), "events");
}

static long total_of(const json_t *page)
{
    return (long)json_integer_value(json_object_get(json_object_get(page, "page"), "totalElements"));
}

static void pages_hold_every_event_once_and_none_beyond_the_last(void **state)
{
    char target[128];
    size_t total = 0;

    for (int n = 0; n < 4; n++) {
        snprintf(target, sizeof(target), BASE "/events.json?attractionId=K8vZ90054050&size=20&page=%d", n);
        json_t *page = ask(state, target, 200);

        assert_int_equal(total_of(page), 54);
        total += json_array_size(events_of(page));
        assert_true(n < 3 || json_object_get(page, "_embedded") == NULL);
        json_decref(page);
    }
    assert_int_equal(total, 54);
}

static void an_odd_tour_has_parking_and_resale_among_its_events(void **state)
{
    json_t *page = ask(state, BASE "/events.json?attractionId=K8vZ6395144&size=100", 200);
    const json_t *events = events_of(page);
    size_t n_parking = 0, n_resale = 0, i;
    json_t *event;

    json_array_foreach((json_t *)(uintptr_t)events, i, event)
    {
        n_parking += strncmp(json_string_value(json_object_get(event, "name")), "Parking: ", 9) == 0;
        n_resale += json_string_value(json_object_get(event, "id"))[0] == 'Z';
    }
    assert_true(n_parking >= 5);
    assert_true(n_resale >= 5);
    assert_int_equal(total_of(page), 54 + n_parking + n_resale);
    json_decref(page);
}

static void nobody_pages_past_the_thousandth_event(void **state)
{
    json_decref(ask(state, BASE "/events.json?attractionId=K8vZ91083999&size=100&page=9", 200));
    json_decref(ask(state, BASE "/events.json?attractionId=K8vZ91083999&size=100&page=10", 400));
    json_decref(ask(state, BASE "/events.json?attractionId=K8vZ91083999&size=200", 400));
}

static void an_unknown_attraction_has_an_empty_list_and_no_details(void **state)
{
    json_t *page = ask(state, BASE "/events.json?attractionId=K8vZ4040001&size=100", 200);

    assert_null(json_object_get(page, "_embedded"));
    assert_int_equal(total_of(page), 0);
    json_decref(page);
    json_decref(ask(state, BASE "/attractions/K8vZ4040001.json", 404));
    json_decref(ask(state, BASE "/attractions/K8vZ90054050.json", 200));
    json_decref(ask(state, BASE "/venues/17.json", 404));
    json_decref(ask(state, BASE "/nothing.json", 404));
}

static void musicbrainz_knows_the_artist_that_ticketmaster_names(void **state)
{
    json_t *artist = ask(state, BASE "/attractions/K8vZ90054050.json", 200), *known;
    const json_t *all = json_object_get(json_object_get(artist, "externalLinks"), "musicbrainz");
    const char *mbid = json_string_value(json_object_get(json_array_get(all, 0), "id"));
    char target[128];

    assert_non_null(mbid);
    snprintf(target, sizeof(target), "/musicbrainz/ws/2/artist/%s?inc=url-rels&fmt=json", mbid);
    known = ask(state, target, 200);
    assert_string_equal(json_string_value(json_object_get(known, "name")),
                        json_string_value(json_object_get(artist, "name")));
    json_decref(known);
    json_decref(artist);
    json_decref(ask(state, "/musicbrainz/ws/2/artist/0b1c2d3e-4f50-4a61-8b72-9c83ad94be01", 404));
}

/* The first record of a kind in the tours of the numbers from 1000 on, by its own resource. */
static json_t *ask_kind(void **state, const char *kind)
{
    struct kinds_record record;
    struct tour_artist artist;
    char target[128];

    for (uint64_t number = 1000; number < 1100; number++) {
        assert_true(tour_artist(*state, number, &artist));
        for (unsigned i = 0; kinds_at(&kinds_ticketmaster, *state, &artist, i, &record); i++) {
            if (record.kind == NULL || strcmp(record.kind, kind) != 0)
                continue;
            snprintf(target, sizeof(target), BASE "/events/G5dIZ%llu.json", (unsigned long long)record.id);
            return ask(state, target, 200);
        }
    }
    fail_msg("no tour has \"%s\"", kind);
    return NULL;
}

static void what_is_postponed_has_its_day_beside_an_empty_start(void **state)
{
    json_t *event = ask_kind(state, "postponed");
    const json_t *dates = json_object_get(event, "dates");

    assert_null(json_object_get(json_object_get(dates, "start"), "localDate"));
    assert_non_null(json_object_get(json_object_get(dates, "initialStartDate"), "localDate"));
    json_decref(event);
}

static void a_tour_performs_before_its_artist(void **state)
{
    json_t *event = ask_kind(state, "tour that performs"), *first, *of;

    first = json_array_get(json_object_get(json_object_get(event, "_embedded"), "attractions"), 0);
    of = json_array_get(json_object_get(first, "classifications"), 0);
    assert_string_equal(json_string_value(json_object_get(json_object_get(of, "subType"), "name")), "Tour");
    json_decref(event);
}

static void a_thing_that_a_show_names_is_among_its_products(void **state)
{
    json_t *event = ask_kind(state, "named by the show as sold beside it"), *thing;
    const json_t *product = json_array_get(json_object_get(event, "products"), 0);
    char target[128];

    snprintf(target, sizeof(target), BASE "/events/%s.json",
             json_string_value(json_object_get(product, "id")));
    thing = ask(state, target, 200);
    assert_non_null(strstr(json_string_value(json_object_get(thing, "name")), "Experiencia"));
    json_decref(thing);
    json_decref(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_hold_every_event_once_and_none_beyond_the_last),
        cmocka_unit_test(an_odd_tour_has_parking_and_resale_among_its_events),
        cmocka_unit_test(nobody_pages_past_the_thousandth_event),
        cmocka_unit_test(an_unknown_attraction_has_an_empty_list_and_no_details),
        cmocka_unit_test(musicbrainz_knows_the_artist_that_ticketmaster_names),
        cmocka_unit_test(what_is_postponed_has_its_day_beside_an_empty_start),
        cmocka_unit_test(a_tour_performs_before_its_artist),
        cmocka_unit_test(a_thing_that_a_show_names_is_among_its_products),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
