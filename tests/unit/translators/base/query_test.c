#include "translators/base/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_pair(const char **at, const char *end, const char *name, const char *value)
{
    struct query_pair pair;
    assert_true(query_next(at, end, &pair));
    assert_int_equal(pair.name_len, strlen(name));
    assert_memory_equal(pair.name, name, strlen(name));
    if (value == NULL) {
        assert_null(pair.value);
        assert_int_equal(pair.value_len, 0);
        return;
    }
    assert_int_equal(pair.value_len, strlen(value));
    assert_memory_equal(pair.value, value, strlen(value));
}

static void pairs_come_one_after_the_other_as_they_stand(void **state)
{
    static const char query[] = "id=1&name=A%26B+C&bare&=x&y=&a=b=c";
    const char *at = query, *end = query + strlen(query);
    struct query_pair pair;
    (void)state;
    assert_pair(&at, end, "id", "1");
    assert_pair(&at, end, "name", "A%26B+C");
    assert_pair(&at, end, "bare", NULL);
    assert_pair(&at, end, "", "x");
    assert_pair(&at, end, "y", "");
    assert_pair(&at, end, "a", "b=c");
    assert_false(query_next(&at, end, &pair));
    assert_ptr_equal(at, end);
}

static void nothing_between_two_signs_is_an_empty_pair_and_behind_the_last_is_none(void **state)
{
    static const char query[] = "&&a&";
    const char *at = query, *end = query + strlen(query);
    struct query_pair pair;
    (void)state;
    assert_pair(&at, end, "", NULL);
    assert_pair(&at, end, "", NULL);
    assert_pair(&at, end, "a", NULL);
    assert_false(query_next(&at, end, &pair));
}

static void what_stands_behind_the_end_is_not_read(void **state)
{
    static const char query[] = "a=1&b=2";
    const char *at = query, *end = query + 2;
    struct query_pair pair;
    (void)state;
    assert_pair(&at, end, "a", "");
    assert_false(query_next(&at, end, &pair));
    at = end = query;
    assert_false(query_next(&at, end, &pair));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_come_one_after_the_other_as_they_stand),
        cmocka_unit_test(nothing_between_two_signs_is_an_empty_pair_and_behind_the_last_is_none),
        cmocka_unit_test(what_stands_behind_the_end_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
