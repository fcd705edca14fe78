/* Which keys are about a thing, and what is remembered of what was forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cache/cache.h"
#include "cache/purge.h"

#define NOW_S 1800000000

static struct cache_key key_of(const char *text)
{
    return (struct cache_key){.text = text, .len = strlen(text)};
}

static void keys_of_documents_hints_and_questions_are_found(void **state)
{
    static const struct {
        const char *key;
        bool found;
    } cases[] = {{"doc 3 songkick artist id=3:123 format=6:jsonld", true},
                 {"doc 3 songkick artist id=3:123 format=5:pages page=dates.ics", true},
                 {"plan songkick artist 123 0", true},
                 {"answer 1 songkick artists/123/calendar.json?page=2", true},
                 {"answer 1 songkick artists/123", true},
                 {"doc 3 songkick artist id=4:1234 format=6:jsonld", false},
                 {"doc 3 songkick artist id=4:0123 format=6:jsonld", false},
                 {"answer 1 songkick artists/x123/calendar.json", false},
                 {"doc 3 ticketmaster artist id=3:123 format=6:jsonld", false},
                 {"doc 3 songkicks artist id=3:123", false},
                 {"doc 3 123 songkick artist", false},
                 {"songkick", false}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cache_key key = key_of(cases[i].key);
        if (purge_matches(&key, "songkick", "123") != cases[i].found)
            fail_msg("%s", cases[i].key);
    }
    struct cache_key key = key_of("doc 3 bandsintown artist id=6:id_123 x");
    assert_true(purge_matches(&key, "bandsintown", "id_123"));
    assert_false(purge_matches(&key, "bandsintown", ""));
}

static void what_was_stored_before_is_forgotten_and_what_comes_later_is_not(void **state)
{
    struct purges *purges = purges_new();
    struct cache_key key = key_of("plan songkick artist 123 0"), other = key_of("plan songkick artist 124 0");
    (void)state;
    assert_false(purges_have(purges, &key, NOW_S));
    purges_add(purges, "songkick", "123", NOW_S);
    assert_true(purges_have(purges, &key, NOW_S - 100));
    assert_true(purges_have(purges, &key, NOW_S));
    assert_false(purges_have(purges, &key, NOW_S + 1));
    assert_false(purges_have(purges, &other, NOW_S));
    purges_free(purges);
}

static void only_so_many_are_remembered(void **state)
{
    struct purges *purges = purges_new();
    char name[16];
    (void)state;
    for (int i = 0; i < PURGES_MAX + 1; i++) {
        snprintf(name, sizeof(name), "%d", 1000 + i);
        purges_add(purges, "songkick", name, NOW_S);
    }
    struct cache_key first = key_of("plan songkick artist 1000 0"),
                     second = key_of("plan songkick artist 1001 0");
    assert_false(purges_have(purges, &first, NOW_S));
    assert_true(purges_have(purges, &second, NOW_S));
    purges_free(purges);
}

static void memory_forgets_at_once(void **state)
{
    const char *why = NULL;
    char text[64];
    struct cache *cache = cache_new(&(struct cache_options){.memory_bytes = 8u << 20}, &why);
    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof(text), "doc 3 songkick artist id=3:%d format=6:jsonld n=%d", 100 + i % 10, i);
        struct cache_key key = key_of(text);
        struct cache_value *value = cache_value_new(4, 0, NOW_S, NOW_S + 1000, NOW_S + 1000);
        memcpy(value->bytes, "text", 4);
        cache_put(cache, &key, value, NOW_S);
        cache_value_unref(value);
    }
    assert_int_equal(cache_memory_stats(cache).entries, 1000);
    assert_int_equal(cache_purge(cache, "songkick", "103", NOW_S), 100);
    assert_int_equal(cache_memory_stats(cache).entries, 900);
    struct cache_key gone = key_of("doc 3 songkick artist id=3:103 format=6:jsonld n=3");
    assert_null(cache_peek(cache, &gone, NOW_S));
    assert_int_equal(cache_purge(cache, "songkick", "103", NOW_S), 0);
    cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_documents_hints_and_questions_are_found),
        cmocka_unit_test(what_was_stored_before_is_forgotten_and_what_comes_later_is_not),
        cmocka_unit_test(only_so_many_are_remembered),
        cmocka_unit_test(memory_forgets_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
