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

static void add(struct purges *purges, const char *group, const char *name, int64_t now_s)
{
    struct purge purge;
    purges_add(purges, group, name, now_s, &purge);
    assert_string_equal(purge.group, group);
    assert_string_equal(purge.name, name);
    assert_int_equal(purge.purged_s, now_s);
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
    add(purges, "songkick", "123", NOW_S);
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
        add(purges, "songkick", name, NOW_S);
    }
    struct cache_key first = key_of("plan songkick artist 1000 0"),
                     second = key_of("plan songkick artist 1001 0");
    assert_false(purges_have(purges, &first, NOW_S));
    assert_true(purges_have(purges, &second, NOW_S));
    purges_free(purges);
}

/* ---- between instances ---- */

/* `want_new`: how many are to be looked for in memory, of no more than sixteen. */
static void assert_learns(struct purges *purges, const char *text, size_t len, size_t want_new,
                          bool want_more_known)
{
    struct purge swept[PURGES_SWEPT_AT_ONCE];
    assert_int_equal(purges_learn(purges, text, len, NOW_S), want_more_known);
    assert_int_equal(purges_take_unswept(purges, swept), want_new);
}

static void what_is_written_another_one_learns(void **state)
{
    struct purges *one = purges_new(), *other = purges_new();
    struct cache_key key = key_of("plan songkick artist 123 0"),
                     named = key_of("plan bandsintown id_1 of A 0");
    size_t len;
    (void)state;
    add(one, "songkick", "123", NOW_S);
    add(one, "bandsintown", "id_1 of A", NOW_S - 5);
    char *text = purges_write(one, NOW_S, &len);
    assert_learns(other, text, len, 2, false);
    assert_learns(other, text, len, 0, false);
    assert_true(purges_have(other, &key, NOW_S));
    assert_true(purges_have(other, &named, NOW_S - 5));
    assert_false(purges_have(other, &named, NOW_S - 4));
    add(other, "songkick", "124", NOW_S);
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
    add(early, "songkick", "123", NOW_S - 10);
    add(late, "songkick", "123", NOW_S);
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
    add(one, "songkick", "1", NOW_S - PURGES_KEEP_S);
    add(one, "songkick", "2", NOW_S - PURGES_KEEP_S + 1);
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

/* So many that a list is more than full, with names of three digits. */
enum { N_MANY = PURGES_MAX + 40 };

static char *many(int from, int n, int64_t purged_s, size_t *ret_len)
{
    char *text = malloc((size_t)n * 40), *end = text;
    assert_non_null(text);
    for (int i = from; i < from + n; i++)
        end += snprintf(end, 40, "songkick%c%d%c%lld", 0, i, 0, (long long)purged_s) + 1;
    *ret_len = (size_t)(end - text);
    return text;
}

static void no_more_than_its_maximum_is_learned(void **state)
{
    struct purges *purges = purges_new();
    struct purge swept[PURGES_SWEPT_AT_ONCE];
    size_t len, n = 0, n_now;
    char *text = many(100, N_MANY, NOW_S, &len);
    (void)state;
    purges_learn(purges, text, len, NOW_S);
    while ((n_now = purges_take_unswept(purges, swept)) > 0)
        n += n_now;
    assert_int_equal(n, PURGES_MAX);
    free(text);
    purges_free(purges);
}

static void of_a_full_list_the_oldest_gives_way_and_an_older_one_is_not_taken(void **state)
{
    struct purges *purges = purges_new();
    struct cache_key oldest = key_of("plan songkick artist 100 0"),
                     older = key_of("plan songkick artist 99 0"), later = key_of("plan songkick artist 98 0");
    size_t len;
    (void)state;
    add(purges, "songkick", "100", NOW_S - 9);
    char *text = many(101, PURGES_MAX - 1, NOW_S, &len);
    purges_learn(purges, text, len, NOW_S);
    add(purges, "songkick", "99", NOW_S - 10);
    assert_false(purges_have(purges, &older, NOW_S - 100));
    assert_true(purges_have(purges, &oldest, NOW_S - 100));
    add(purges, "songkick", "98", NOW_S + 1);
    assert_true(purges_have(purges, &later, NOW_S));
    assert_false(purges_have(purges, &oldest, NOW_S - 100));
    free(text);
    purges_free(purges);
}

/* Those of one second threw each other out for ever, and memory was looked through each time. */
static void two_that_know_too_many_of_one_second_agree(void **state)
{
    struct purges *instances[2] = {purges_new(), purges_new()};
    struct purge swept[PURGES_SWEPT_AT_ONCE];
    size_t len[2];
    char *texts[] = {many(100, 200, NOW_S, &len[0]), many(250, 200, NOW_S, &len[1])};
    (void)state;
    for (size_t i = 0; i < 2; i++)
        purges_learn(instances[i], texts[i], len[i], NOW_S);
    size_t shared_len;
    char *shared = purges_write(instances[0], NOW_S, &shared_len);
    bool is_told = true;
    unsigned n_rounds = 0;
    for (; is_told && n_rounds < 10; n_rounds++) {
        is_told = false;
        for (size_t i = 0; i < 2; i++) {
            if (!purges_learn(instances[i], shared, shared_len, NOW_S))
                continue;
            is_told = true;
            free(shared);
            shared = purges_write(instances[i], NOW_S, &shared_len);
        }
    }
    assert_in_range(n_rounds, 2, 4);
    for (size_t i = 0; i < 2; i++) {
        while (purges_take_unswept(instances[i], swept) > 0)
            continue;
        assert_learns(instances[i], shared, shared_len, 0, false);
        purges_free(instances[i]);
        free(texts[i]);
    }
    free(shared);
}

static void memory_is_looked_through_for_sixteen_at_a_time(void **state)
{
    struct purges *purges = purges_new();
    struct purge swept[PURGES_SWEPT_AT_ONCE];
    size_t len;
    char *text = many(100, PURGES_SWEPT_AT_ONCE + 2, NOW_S, &len);
    (void)state;
    add(purges, "songkick", "1", NOW_S); /* for which its caller has done so */
    assert_learns(purges, text, len, PURGES_SWEPT_AT_ONCE, true);
    assert_int_equal(purges_take_unswept(purges, swept), 2);
    assert_string_equal(swept[0].group, "songkick");
    assert_string_equal(swept[1].name, "117");
    assert_int_equal(purges_take_unswept(purges, swept), 0);
    free(text);
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
        cmocka_unit_test(what_is_written_another_one_learns),
        cmocka_unit_test(the_later_of_two_is_known),
        cmocka_unit_test(what_no_tier_holds_any_longer_is_not_told),
        cmocka_unit_test(what_is_no_purge_is_passed_over),
        cmocka_unit_test(words_that_are_too_long_are_passed_over_and_the_next_is_not),
        cmocka_unit_test(no_more_than_its_maximum_is_learned),
        cmocka_unit_test(of_a_full_list_the_oldest_gives_way_and_an_older_one_is_not_taken),
        cmocka_unit_test(two_that_know_too_many_of_one_second_agree),
        cmocka_unit_test(memory_is_looked_through_for_sixteen_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
