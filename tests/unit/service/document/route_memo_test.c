/* Tests of service/document/route_memo.c. */
#include "service/document/route_memo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct document_request request_with_key(const char *key)
{
    struct document_request request = {.translator = translator_named("songkick"), .key_len = strlen(key)};
    memcpy(request.key, key, request.key_len);
    return request;
}

static void add(struct route_memo *memo, const char *target, const char *key)
{
    struct document_request request = request_with_key(key);
    route_memo_add(memo, target, strlen(target), &request);
}

static void assert_known(struct route_memo *memo, const char *target, const char *key)
{
    struct route_known *known = route_memo_find(memo, target, strlen(target));
    assert_non_null(known);
    assert_int_equal(known->key.len, strlen(key));
    assert_memory_equal(known->key.text, key, known->key.len);
    assert_ptr_equal(known->translator, translator_named("songkick"));
}

static void a_target_is_known_by_all_its_bytes(void **state)
{
    struct route_memo *memo = route_memo_new();
    (void)state;
    assert_null(route_memo_find(memo, "/a?b=12345678", 13));
    add(memo, "/a?b=12345678", "doc a");
    assert_known(memo, "/a?b=12345678", "doc a");
    assert_null(route_memo_find(memo, "/a?b=12345678", 12));
    assert_null(route_memo_find(memo, "/a?b=12345679", 13));
    assert_null(route_memo_find(memo, "/A?b=12345678", 13));
    assert_null(route_memo_find(memo, "", 0));
    add(memo, "/a?b=12345678", "doc other");
    assert_known(memo, "/a?b=12345678", "doc other");
    route_memo_free(memo);
    route_memo_free(NULL);
}

/* Whatever shares a slot: what is found is right, and the table does not grow. */
static void many_targets_put_each_other_out(void **state)
{
    struct route_memo *memo = route_memo_new();
    char target[32], key[32];
    size_t n_known = 0;
    (void)state;
    for (int i = 0; i < 4 * ROUTE_MEMO_SLOTS; i++) {
        snprintf(target, sizeof(target), "/api/x?id=%d", i);
        snprintf(key, sizeof(key), "doc %d", i);
        add(memo, target, key);
        assert_known(memo, target, key);
    }
    for (int i = 0; i < 4 * ROUTE_MEMO_SLOTS; i++) {
        snprintf(target, sizeof(target), "/api/x?id=%d", i);
        snprintf(key, sizeof(key), "doc %d", i);
        if (route_memo_find(memo, target, strlen(target)) == NULL)
            continue;
        assert_known(memo, target, key);
        n_known++;
    }
    assert_in_range(n_known, ROUTE_MEMO_SLOTS / 2, ROUTE_MEMO_SLOTS);
    route_memo_free(memo);
}

static void what_is_long_is_not_remembered(void **state)
{
    struct route_memo *memo = route_memo_new();
    char target[ROUTE_MEMO_MAX_BYTES + 1];
    (void)state;
    memset(target, 'a', sizeof(target));
    target[sizeof(target) - 1] = '\0';
    add(memo, target, "doc a");
    assert_null(route_memo_find(memo, target, strlen(target)));
    target[ROUTE_MEMO_MAX_BYTES - 5] = '\0';
    add(memo, target, "doc a");
    assert_known(memo, target, "doc a");
    route_memo_free(memo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_is_known_by_all_its_bytes),
        cmocka_unit_test(many_targets_put_each_other_out),
        cmocka_unit_test(what_is_long_is_not_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
