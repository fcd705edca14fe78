/* What cached values say as outcomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/document/outcome.h"

static struct cache_value *value_of(const char *text, size_t len, uint16_t status)
{
    struct cache_value *value = cache_value_new(len, status, 1, 2, 3);
    memcpy(value->bytes, text, len);
    return value;
}

static void a_document_comes_with_a_reference_and_the_trouble_of_its_last_refresh(void **state)
{
    (void)state;
    struct cache_value *value = value_of("[]", 2, 0);
    struct outcome outcome = {0};
    atomic_store(&value->trouble, PROBLEM_UPSTREAM_SLOW);
    outcome_read(&outcome, value);
    assert_ptr_equal(outcome.document, value);
    assert_int_equal(outcome.problem, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(atomic_load(&value->refs), 2);
    outcome_done(&outcome);
    assert_null(outcome.document);
    assert_int_equal(atomic_load(&value->refs), 1);
    outcome_done(&outcome); /* twice is once */
    cache_value_unref(value);
}

static void a_remembered_absence_is_a_problem_with_its_sentence(void **state)
{
    (void)state;
    struct cache_value *value = value_of("No such artist.", 15, PROBLEM_NOT_FOUND);
    struct outcome outcome = {0};
    outcome_read(&outcome, value);
    assert_null(outcome.document);
    assert_int_equal(outcome.problem, PROBLEM_NOT_FOUND);
    assert_string_equal(outcome.detail, "No such artist.");
    assert_int_equal(atomic_load(&value->refs), 1);
    cache_value_unref(value);
}

static void a_long_sentence_is_cut(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'x', sizeof(text));
    struct cache_value *value = value_of(text, sizeof(text), PROBLEM_NOT_FOUND);
    struct outcome outcome = {0};
    outcome_read(&outcome, value);
    assert_int_equal(strlen(outcome.detail), sizeof(outcome.detail) - 1);
    cache_value_unref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_comes_with_a_reference_and_the_trouble_of_its_last_refresh),
        cmocka_unit_test(a_remembered_absence_is_a_problem_with_its_sentence),
        cmocka_unit_test(a_long_sentence_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
