/* Tests of service/upstream/redirect.c. */
#include "service/upstream/redirect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BASE "https://api.example/ws/2"

static void assert_leads(const char *key_parameter, const char *target, const char *expected)
{
    char *path = redirect_path_new(BASE, key_parameter, target);
    if (expected == NULL)
        assert_null(path);
    else
        assert_string_equal(path, expected);
    free(path);
}

static void only_five_statuses_lead_elsewhere(void **state)
{
    static const int others[] = {0, 200, 300, 304, 305, 306, 309, 400, 500};
    static const int redirects[] = {301, 302, 303, 307, 308};
    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(redirect_is(others[i]));
    for (size_t i = 0; i < sizeof(redirects) / sizeof(redirects[0]); i++)
        assert_true(redirect_is(redirects[i]));
}

static void what_is_below_the_base_path_is_followed(void **state)
{
    (void)state;
    assert_leads(NULL, BASE "/artist/1?inc=url-rels&fmt=json", "artist/1?inc=url-rels&fmt=json");
    assert_leads(NULL, "HTTPS://API.example:443/ws/2/artist/1#x", "artist/1");
    assert_leads(NULL, BASE "/artists/AC%2FDC/..%2e/a..b", "artists/AC%2FDC/..%2e/a..b");
    char *path = redirect_path_new("https://api.example", NULL, "https://api.example/a");
    assert_string_equal(path, "a");
    free(path);
}

static void another_place_is_not(void **state)
{
    static const char *const targets[] = {
        "http://api.example/ws/2/a",
        "https://api.example:8443/ws/2/a",
        "https://api.example.evil/ws/2/a",
        "https://evil.example/ws/2/a",
        "https://u@api.example/ws/2/a",
        "https://u:p@api.example/ws/2/a",
        "https://api.example@evil/ws/2/a",
        "ftp://api.example/ws/2/a",
        "file:///ws/2/a",
        "gopher://api.example:443/ws/2/a",
        "https://api.example/ws/2",
        "https://api.example/ws/2/",
        "https://api.example/ws/22/a",
        "https://api.example/ws/1/a",
        "https://api.example/",
        "/ws/2/a",
        "https://[::1/ws/2/a",
        "https://api.example/ws/2/\na",
        "",
        "https://",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
        assert_leads(NULL, targets[i], NULL);
    assert_leads(NULL, NULL, NULL);
}

static void nothing_climbs_out_of_the_base_path(void **state)
{
    (void)state;
    assert_leads(NULL, BASE "/../a", NULL);
    assert_leads(NULL, BASE "/../../ws/2/a", "a"); /* libcurl takes the dots out before it asks */
    assert_leads(NULL, BASE "/%2e%2E/a", NULL);
    assert_leads(NULL, BASE "/a/.%2e", NULL);
    assert_leads(NULL, BASE "/..%2fa", NULL);
    assert_leads(NULL, BASE "/a%5C..%5cb", NULL);
    assert_leads(NULL, BASE "/a\\..\\b", NULL);
}

static void the_key_is_not_in_the_path(void **state)
{
    (void)state;
    assert_leads("apikey", BASE "/a?apikey=secret&page=2", "a?page=2");
    assert_leads("apikey", BASE "/a?page=2&APIK%65Y=secret", "a?page=2");
    assert_leads("apikey", BASE "/a?apikey=secret", "a");
    assert_leads("apikey", BASE "/apikey=secret/a", NULL);
    assert_leads("apikey", BASE "/a?next=b%3Fapikey%3Dsecret", NULL);
}

static void a_path_has_a_longest(void **state)
{
    char target[REDIRECT_MAX_PATH_BYTES + sizeof(BASE "/") + 1];
    (void)state;
    memset(target, 'a', sizeof(target));
    memcpy(target, BASE "/", strlen(BASE "/"));
    target[sizeof(target) - 1] = '\0';
    assert_leads(NULL, target, NULL);
    target[sizeof(target) - 2] = '\0';
    char *path = redirect_path_new(BASE, NULL, target);
    assert_int_equal(strlen(path), REDIRECT_MAX_PATH_BYTES);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_five_statuses_lead_elsewhere),
        cmocka_unit_test(what_is_below_the_base_path_is_followed),
        cmocka_unit_test(another_place_is_not),
        cmocka_unit_test(nothing_climbs_out_of_the_base_path),
        cmocka_unit_test(the_key_is_not_in_the_path),
        cmocka_unit_test(a_path_has_a_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
