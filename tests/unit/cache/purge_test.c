/* Which keys are about a thing, and what is remembered of what was forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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

/* ---- between instances ---- */

static void count(void *arg, const char *group, const char *name)
{
    unsigned *n = arg;
    assert_true(group[0] != '\0' && name[0] != '\0');
    (*n)++;
}

static void assert_learns(struct purges *purges, const char *text, size_t len, unsigned want_new,
                          bool want_more_known)
{
    unsigned n = 0;
    bool is_more_known = purges_learn(purges, text, len, NOW_S, count, &n);
    assert_int_equal(n, want_new);
    assert_int_equal(is_more_known, want_more_known);
}

static void what_is_written_another_one_learns(void **state)
{
    struct purges *one = purges_new(), *other = purges_new();
    struct cache_key key = key_of("plan songkick artist 123 0"),
                     named = key_of("plan bandsintown id_1 of A 0");
    size_t len;
    (void)state;
    purges_add(one, "songkick", "123", NOW_S);
    purges_add(one, "bandsintown", "id_1 of A", NOW_S - 5);
    char *text = purges_write(one, NOW_S, &len);
    assert_learns(other, text, len, 2, false);
    assert_learns(other, text, len, 0, false);
    assert_true(purges_have(other, &key, NOW_S));
    assert_true(purges_have(other, &named, NOW_S - 5));
    assert_false(purges_have(other, &named, NOW_S - 4));
    purges_add(other, "songkick", "124", NOW_S);
    assert_learns(other, text, len, 0, true);
    assert_learns(other, "", 0, 0, true);
    free(text);
    purges_free(one);
    purges_free(other);
}

static void the_later_of_two_is_known(void **state)
{
    struct purges *early = purges_new(), *late = purges_new();
    struct cache_key key = key_of("plan songkick artist 123 0");
    size_t early_len, late_len;
    (void)state;
    purges_add(early, "songkick", "123", NOW_S - 10);
    purges_add(late, "songkick", "123", NOW_S);
    char *early_text = purges_write(early, NOW_S, &early_len),
         *late_text = purges_write(late, NOW_S, &late_len);
    assert_learns(late, early_text, early_len, 0, true);
    assert_learns(early, late_text, late_len, 1, false);
    assert_true(purges_have(early, &key, NOW_S));
    free(early_text);
    free(late_text);
    purges_free(early);
    purges_free(late);
}

static void what_no_tier_holds_any_longer_is_not_told(void **state)
{
    struct purges *one = purges_new(), *other = purges_new();
    size_t len;
    (void)state;
    purges_add(one, "songkick", "1", NOW_S - PURGES_KEEP_S);
    purges_add(one, "songkick", "2", NOW_S - PURGES_KEEP_S + 1);
    char *text = purges_write(one, NOW_S, &len);
    assert_learns(other, text, len, 1, false);
    assert_learns(one, text, len, 0, false);
    free(text);
    purges_free(one);
    purges_free(other);
}

/* memcached may say anything. */
static void what_is_no_purge_is_passed_over(void **state)
{
    static const struct {
        const char *text;
        size_t len;
    } cases[] = {
#define TEXT(text) {text, sizeof(text) - 1}
        TEXT(""),
        TEXT("\0"),
        TEXT("\0\0\0"),
        TEXT("songkick"),
        TEXT("songkick\0"),
        TEXT("songkick\0001\0"),
        TEXT("songkick\0001\0001800000000"), /* without its end */
        TEXT("songkick\0001\0 \0"),
        TEXT("songkick\0001\0001800000000x\0"),
        TEXT("songkick\0001\0001800000061\0"), /* from the future */
        TEXT("songkick\0001\00099999999999999999999\0"),
        TEXT("songkick\0001\000-1\0"),
        TEXT("songkick\0\0001800000000\0"),
        TEXT("\0001\0001800000000\0"),
#undef TEXT
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct purges *purges = purges_new();
        char *text = malloc(cases[i].len + 1); /* as long as it is, for the sanitizers */
        assert_non_null(text);
        memcpy(text, cases[i].text, cases[i].len);
        assert_learns(purges, text, cases[i].len, 0, false);
        free(text);
        purges_free(purges);
    }
}

static void words_that_are_too_long_are_passed_over_and_the_next_is_not(void **state)
{
    struct purges *purges = purges_new();
    char text[1024] = "songkick";
    size_t len = strlen(text) + 1;
    (void)state;
    memset(text + len, '1', PURGE_MAX_WORD_BYTES);
    len += PURGE_MAX_WORD_BYTES + 1;
    static const char rest[] = "1800000000\0songkick\0001\0001800000000";
    memcpy(text + len, rest, sizeof(rest));
    assert_learns(purges, text, len + sizeof(rest), 1, false);
    purges_free(purges);
}

static void no_more_than_its_maximum_is_learned(void **state)
{
    enum { N = 3 * PURGES_MAX };
    struct purges *purges = purges_new();
    char *text = malloc(N * 40), *end = text;
    unsigned n = 0;
    (void)state;
    assert_non_null(text);
    for (int i = 0; i < N; i++) {
        end += snprintf(end, 40, "songkick%c%d%c%d", 0, i, 0, NOW_S) + 1;
    }
    purges_learn(purges, text, (size_t)(end - text), NOW_S, count, &n);
    assert_int_equal(n, PURGES_MAX);
    free(text);
    purges_free(purges);
}

/* Each is looked for in all of memory. */
static void of_a_later_text_the_first_sixteen_are_learned_and_the_rest_with_the_next(void **state)
{
    struct purges *one = purges_new(), *other = purges_new();
    char name[16];
    size_t len;
    (void)state;
    assert_learns(other, "", 0, 0, false);
    for (int i = 0; i < PURGES_MAX_NEW + 2; i++) {
        snprintf(name, sizeof(name), "%d", 1000 + i);
        purges_add(one, "songkick", name, NOW_S);
    }
    char *text = purges_write(one, NOW_S, &len);
    purges_add(other, "songkick", "1", NOW_S);
    assert_learns(other, text, len, PURGES_MAX_NEW,
                  false); /* nothing is written while something is to be read */
    assert_learns(other, text, len, 2, true);
    free(text);
    purges_free(one);
    purges_free(other);
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
        cmocka_unit_test(what_is_written_another_one_learns),
        cmocka_unit_test(the_later_of_two_is_known),
        cmocka_unit_test(what_no_tier_holds_any_longer_is_not_told),
        cmocka_unit_test(what_is_no_purge_is_passed_over),
        cmocka_unit_test(words_that_are_too_long_are_passed_over_and_the_next_is_not),
        cmocka_unit_test(no_more_than_its_maximum_is_learned),
        cmocka_unit_test(of_a_later_text_the_first_sixteen_are_learned_and_the_rest_with_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
