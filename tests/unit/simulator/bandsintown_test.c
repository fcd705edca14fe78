/* The played API of Bandsintown: shapes, errors and oddities as the recordings of the real one show them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/simulator/provider.h"

#define BASE "/bandsintown"

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

static struct reply *ask(void **state, const char *target)
{
    const struct provider *provider;
    struct request request;
    const char *rest;

    assert_true(request_parse(target, strlen(target), &request));
    provider = provider_of(request.path, &rest);
    assert_non_null(provider);
    return provider->answer(*state, rest, &request);
}

/* New: the answer, which is JSON. */
static json_t *ask_json(void **state, const char *target)
{
    struct reply *reply = ask(state, target);
    json_t *body = json_loadb(reply->body, reply->len, 0, NULL);

    assert_int_equal(reply->status, 200);
    reply_unref(reply);
    assert_non_null(body);
    return body;
}

static const char *text(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

static void all_events_come_at_once_and_only_the_first_holds_the_artist(void **state)
{
    json_t *events = ask_json(state, BASE "/artists/id_90054050/events?app_id=k");

    assert_int_equal(json_array_size(events), 54);
    assert_string_equal(text(json_object_get(json_array_get(events, 0), "artist"), "id"), "90054050");
    for (size_t i = 1; i < 54; i++)
        assert_null(json_object_get(json_array_get(events, i), "artist"));
    json_decref(events);
}

static void an_artist_is_found_by_a_name_that_is_escaped_twice(void **state)
{
    json_t *artist = ask_json(state, BASE "/artists/velvet%2520harbour?app_id=k");

    assert_string_equal(text(artist, "id"), "6395144");
    json_decref(artist);
}

static void every_address_holds_the_key(void **state)
{
    json_t *events = ask_json(state, BASE "/artists/id_90001001/events?app_id=s%2Bx");
    const json_t *event = json_array_get(events, 0);

    assert_non_null(strstr(text(event, "url"), "app_id=s%2Bx"));
    assert_non_null(strstr(text(json_object_get(event, "artist"), "url"), "app_id=s%2Bx"));
    json_decref(events);
}

static void an_unknown_artist_has_every_form_but_one(void **state)
{
    size_t n_json = 0, n_text = 0;

    for (int i = 0; i < 10; i++) {
        char target[64];
        struct reply *reply;
        json_t *body;

        snprintf(target, sizeof(target), BASE "/artists/id_404000%d/events", i);
        reply = ask(state, target);
        body = json_loadb(reply->body, reply->len, JSON_DECODE_ANY, NULL);
        assert_false(json_is_array(body));
        n_json += body != NULL;
        n_text += body == NULL;
        json_decref(body);
        reply_unref(reply);
    }
    assert_int_equal(n_json, 4);
    assert_int_equal(n_text, 6);
}

static void a_festival_is_its_own_venue_and_ends_on_a_later_day(void **state)
{
    json_t *events = ask_json(state, BASE "/artists/id_70004003/events?app_id=k"), *event;
    size_t i;

    json_array_foreach(events, i, event)
    {
        assert_string_equal(text(json_object_get(event, "venue"), "name"), text(event, "title"));
        assert_true(text(event, "ends_at")[0] != '\0' || text(event, "festival_end_date")[0] != '\0');
    }
    assert_int_equal(i, 4);
    json_decref(events);
}

/* Neighbours that are equal but for their ids. */
static size_t n_twice(const json_t *events)
{
    size_t n = 0;

    for (size_t i = 1; i < json_array_size(events); i++) {
        const json_t *a = json_array_get(events, i - 1), *b = json_array_get(events, i);

        n += strcmp(text(a, "id"), text(b, "id")) != 0 &&
             strcmp(text(a, "starts_at"), text(b, "starts_at")) == 0 &&
             json_equal(json_object_get(a, "venue"), json_object_get(b, "venue")) &&
             json_equal(json_object_get(a, "lineup"), json_object_get(b, "lineup"));
    }
    return n;
}

static void some_events_are_there_under_two_ids(void **state)
{
    size_t n = 0;

    for (unsigned number = 1000; number < 1040; number++) {
        char target[64];
        json_t *events;

        snprintf(target, sizeof(target), BASE "/artists/id_%u/events?app_id=k", number);
        events = ask_json(state, target);
        n += n_twice(events);
        json_decref(events);
    }
    assert_true(n > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_events_come_at_once_and_only_the_first_holds_the_artist),
        cmocka_unit_test(an_artist_is_found_by_a_name_that_is_escaped_twice),
        cmocka_unit_test(every_address_holds_the_key),
        cmocka_unit_test(an_unknown_artist_has_every_form_but_one),
        cmocka_unit_test(a_festival_is_its_own_venue_and_ends_on_a_later_day),
        cmocka_unit_test(some_events_are_there_under_two_ids),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
