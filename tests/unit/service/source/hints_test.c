/* Tests of service/source/hints.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "service/source/hints.h"
#include "translators/ask/plan.h"

static void parse(const char *target, struct route_result *ret)
{
    route_parse(target, strlen(target), ret);
    assert_int_equal(ret->target, ROUTE_DOCUMENT);
}

static bool same_key(enum hint memory, const char *a, const char *b)
{
    static struct route_result one, other;
    char one_text[HINTS_KEY_MAX_BYTES], other_text[HINTS_KEY_MAX_BYTES];
    parse(a, &one);
    parse(b, &other);
    struct cache_key one_key = hints_key(memory, &one.document, one_text);
    struct cache_key other_key = hints_key(memory, &other.document, other_text);
    assert_true(one_key.len <= CACHE_KEY_MAX_BYTES);
    return one_key.len == other_key.len && memcmp(one_key.text, other_key.text, one_key.len) == 0;
}

static void formats_and_names_share_a_memory_and_limits_share_the_history(void **state)
{
    (void)state;
    const char *plain = "/api/songkick/artist?id=1", *limited = "/api/songkick/artist?id=1&limit=3";
    assert_true(same_key(HINT_QUESTIONS, plain, "/api/songkick/artist?id=1&name=A&format=graph"));
    assert_false(same_key(HINT_QUESTIONS, plain, limited));
    assert_true(same_key(HINT_DAYS, plain, limited));
    assert_true(same_key(HINT_REVISIONS, plain, "/api/songkick/artist.ics?id=1&limit=3&name=A"));
    assert_false(same_key(HINT_REVISIONS, plain, "/api/songkick/artist?id=2"));
    assert_false(same_key(HINT_DAYS, plain, "/api/songkick/artist?id=2"));
    assert_false(same_key(HINT_DAYS, plain, "/api/songkick/venue?id=1"));
}

/* Keys were cut off at 255 bytes: two searches waited for one another's lock. */
static void searches_that_differ_in_their_last_letter_share_nothing(void **state)
{
    (void)state;
    static const char guitar[] = "%F0%9F%8E%B8"; /* four bytes of UTF-8 */
    char one[4000] = "/api/songkick/search?q=", other[4000];
    size_t len = strlen(one);
    for (int i = 0; i < ROUTE_NAME_MAX_CHARS - 1; i++, len += strlen(guitar))
        memcpy(one + len, guitar, sizeof(guitar));
    memcpy(other, one, sizeof(one));
    one[len] = 'a';
    other[len] = 'b';
    one[len + 1] = other[len + 1] = '\0';
    assert_false(same_key(HINT_QUESTIONS, one, other));
}

static int64_t hints_end_s(unsigned keep_s, int64_t now_s)
{
    static struct route_result asked;
    const char *why = NULL;
    struct cache *cache = cache_new(&(struct cache_options){.memory_bytes = 1u << 20}, &why);
    parse("/api/songkick/artist?id=1", &asked);
    const struct document_request *request = &asked.document;
    struct plan *plan = plan_new(
        request->translator, request->route, &(struct route_args){.id = request->id, .now_s = now_s},
        &(struct plan_limits){
            .max_questions = 9, .max_rounds = 9, .max_json_bytes = 1000, .max_arena_bytes = 1u << 20});
    assert_int_equal(plan_step(plan), PLAN_WAIT);
    hints_questions(cache, request, plan, keep_s, now_s);
    char text[HINTS_KEY_MAX_BYTES];
    struct cache_key key = hints_key(HINT_QUESTIONS, request, text);
    struct cache_value *hints = cache_peek(cache, &key, now_s);
    assert_non_null(hints);
    int64_t end_s = hints->keep_until_s;
    cache_value_unref(hints);
    plan_free(plan);
    cache_free(cache);
    return end_s;
}

/* Ids and page counts of Songkick's answers were kept for a week. */
static void hints_are_kept_no_longer_than_the_terms_allow_to_keep_answers(void **state)
{
    (void)state;
    assert_int_equal(hints_end_s(604800, 1000), 1000 + 86400);
    assert_int_equal(hints_end_s(600, 1000), 1000 + 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_and_names_share_a_memory_and_limits_share_the_history),
        cmocka_unit_test(searches_that_differ_in_their_last_letter_share_nothing),
        cmocka_unit_test(hints_are_kept_no_longer_than_the_terms_allow_to_keep_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
