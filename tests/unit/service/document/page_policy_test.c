/* Policies of pages: what they let a page load, and that no address can add to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/document/page_policy.h"

#define REST "; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

static void assert_policy(const char *style, const char *picture, const char *begin, const char *end)
{
    char policy[REPRESENTATION_MAX_POLICY_BYTES];
    page_policy_write(style, picture, policy);
    assert_memory_equal(policy, begin, strlen(begin));
    assert_true(strlen(policy) >= strlen(end));
    assert_string_equal(policy + strlen(policy) - strlen(end), end);
}

static void a_page_loads_its_style_and_its_picture_alone(void **state)
{
    (void)state;
    assert_policy(NULL, NULL, "default-src 'none'; style-src 'sha256-", "='; img-src 'none'" REST);
    assert_policy(NULL, "https://images.example:8443/a/b.jpg?c", "default-src 'none'; style-src 'sha256-",
                  "; img-src https://images.example:8443" REST);
    assert_policy("https://a.example/s.css", NULL, "default-src 'none'; style-src https://a.example; ",
                  "img-src 'none'" REST);
}

static void an_address_that_could_end_a_source_allows_nothing(void **state)
{
    (void)state;
    assert_policy(NULL, "https://a;script-src*.example/", "default-src 'none'", "img-src 'none'" REST);
    assert_policy(NULL, "https://a,b.example/", "default-src 'none'", "img-src 'none'" REST);
    assert_policy("https://a'b.example/", NULL, "default-src 'none'; style-src 'none'; ", REST);
}

static void origins_are_compared_whole(void **state)
{
    (void)state;
    assert_true(page_policy_same_origin("https://a.example/x", "https://A.example"));
    assert_false(page_policy_same_origin("https://a.example/x", "https://a.example:8443/x"));
    assert_false(page_policy_same_origin("https://a.example/x", "https://a.example.b.example/x"));
    assert_false(page_policy_same_origin("https://a;b/x", "https://a;b/x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_loads_its_style_and_its_picture_alone),
        cmocka_unit_test(an_address_that_could_end_a_source_allows_nothing),
        cmocka_unit_test(origins_are_compared_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
