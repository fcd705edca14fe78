/* What holds for every provider in the registry: its terms are stated, the formats show them, and nothing is
 * made of two providers whose terms forbid it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/formats/format.h"

#define DAY_S     86400
#define MAX_BYTES 65536

static bool is_web_url(const char *text)
{
    return text != NULL && strncmp(text, "https://", 8) == 0;
}

static void check_terms(const struct translator *translator)
{
    assert_non_null(translator->title);
    assert_non_null(translator->attribution);
    assert_true(is_web_url(translator->attribution_url));
    assert_true(is_web_url(translator->base_url));
    assert_true(translator->keep_ceiling_s > 0);
    for (int kind = 0; kind < RESOURCE_KINDS; kind++)
        assert_in_range(translator->fresh_s[kind], 0, translator->keep_ceiling_s);
}

static void every_translator_states_its_terms(void **state)
{
    (void)state;
    for (size_t i = 0; sources[i] != NULL; i++)
        check_terms(sources[i]);
    for (size_t i = 0; translators[i] != NULL; i++) {
        check_terms(translators[i]);
        /* Of no provider more than a day has been allowed so far. */
        assert_in_range(translators[i]->keep_ceiling_s, 1, DAY_S);
    }
}

static void every_provider_has_routes_and_is_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; translators[i] != NULL; i++) {
        assert_non_null(translators[i]->routes);
        assert_non_null(translator_route(translators[i], SUBJECT_ARTIST));
        for (const struct route *route = translators[i]->routes; route->step != NULL; route++) {
            assert_non_null(route->id_form);
            assert_false(route->id_ok(""));
            assert_false(route->id_ok("../7"));
        }
        assert_true(i == 0 || strcmp(translators[i - 1]->name, translators[i]->name) < 0);
        assert_ptr_equal(translator_named(translators[i]->name), translators[i]);
    }
    assert_ptr_equal(translator_find(translator_first->name, strlen(translator_first->name)),
                     translator_first);
}

/* ---- attribution ---- */

static void check_attribution(const struct translator *translator, const struct format *format)
{
    struct act act = {.name = "Mira Vale", .headliner = true};
    struct event event = {.id = "7",
                          .start = {.year = 2027, .month = 3, .day = 12},
                          .place = {.name = "Gasometer Hall", .locality = "Berlin", .country = "DE"},
                          .acts = &act,
                          .n_acts = 1};
    const struct document document = {.subject = SUBJECT_ARTIST,
                                      .provider = translator->name,
                                      .artist = {.name = "Mira Vale"},
                                      .events = &event,
                                      .n_events = 1};
    const struct render_options options = {.public_url = "https://marquee.example", .translator = translator};
    struct arena *arena = arena_new(1 << 20);
    struct buffer out = BUFFER_INIT(MAX_BYTES);
    const char *why = NULL;

    assert_true(format->render(&document, &options, arena, &out, &why));
    assert_non_null(strstr(out.bytes, translator->attribution));
    assert_non_null(strstr(out.bytes, translator->attribution_url));
    buffer_done(&out);
    arena_free(arena);
}

static void what_people_see_shows_the_attribution_of_every_provider(void **state)
{
    (void)state;
    for (size_t i = 0; translators[i] != NULL; i++) {
        check_attribution(translators[i], &format_html);
        check_attribution(translators[i], &format_js);
        check_attribution(translators[i], &format_ics);
    }
}

/* ---- mixing ---- */

static const char *asked;

static void asking_step(struct plan *plan, const struct route_args *args, struct document *out)
{
    (void)args;
    (void)out;
    plan_want_from(plan, translator_named(asked), RESOURCE_EVENTS, "events");
}

static enum plan_state ask(const char *own, const char *other)
{
    static const struct plan_limits limits = {
        .max_questions = 9, .max_rounds = 9, .max_json_bytes = 1 << 20, .max_arena_bytes = 1 << 20};
    const struct route route = {.subject = SUBJECT_ARTIST, .step = asking_step};
    const struct route_args args = {.id = "7"};
    struct plan *plan = plan_new(translator_named(own), &route, &args, &limits);
    enum plan_state state;

    asked = other;
    state = plan_step(plan);
    plan_free(plan);
    return state;
}

static void terms_that_forbid_to_mix_are_kept(void **state)
{
    (void)state;
    assert_int_equal(ask("songkick", "ticketmaster"), PLAN_FAILED);
    assert_int_equal(ask("ticketmaster", "bandsintown"), PLAN_FAILED);
    assert_int_equal(ask("songkick", "songkick"), PLAN_WAIT);
    assert_int_equal(ask("songkick", "musicbrainz"), PLAN_WAIT);
    assert_int_equal(ask("ticketmaster", "musicbrainz"), PLAN_WAIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_translator_states_its_terms),
        cmocka_unit_test(every_provider_has_routes_and_is_in_order),
        cmocka_unit_test(what_people_see_shows_the_attribution_of_every_provider),
        cmocka_unit_test(terms_that_forbid_to_mix_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
