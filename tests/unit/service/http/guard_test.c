/* The request checks, each rule by what it stops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/http/guard.h"

static struct slice slice(const char *text)
{
    return (struct slice){text, strlen(text)};
}

static int check(const char *method, const char *target, const char *authority, bool has_entity)
{
    struct guard_input input = {.method = slice(method),
                                .target = slice(target),
                                .authority = guard_authority(slice(authority)),
                                .has_entity = has_entity};
    struct guard_fields fields = {.n = 4, .bytes = 100};
    struct guard_fault fault = guard_check(&input, &fields);
    assert_true((fault.status == 0) == (fault.detail == NULL));
    return fault.status;
}

static void ordinary_requests_pass(void **state)
{
    (void)state;
    assert_int_equal(check("GET", "/", "a.example", false), 0);
    assert_int_equal(check("HEAD", "/api/x?y=z&a=%20", "a.example:8443", false), 0);
    assert_int_equal(check("OPTIONS", "*", "127.0.0.1", false), 0);
    assert_int_equal(check("GET", "/\xc3\xa9", "[::1]:8443", false), 0);
}

static void targets_that_are_no_utf_8_are_refused(void **state)
{
    (void)state;
    static const char *const targets[] = {"/\xc0\xaf", "/\xff", "/x?name=\xe4", "/\xed\xa0\x80"};
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
        assert_int_equal(check("GET", targets[i], "a.example", false), 400);
}

static void other_methods_are_405(void **state)
{
    (void)state;
    static const char *const methods[] = {"POST",  "PUT", "DELETE", "TRACE", "CONNECT",
                                          "PATCH", "get", "GETS",   ""};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        assert_int_equal(check(methods[i], "/", "a.example", false), 405);
}

static void a_body_is_refused(void **state)
{
    (void)state;
    assert_int_equal(check("GET", "/", "a.example", true), 400);
    assert_int_equal(check("POST", "/", "a.example", true), 405);
}

static void a_request_without_a_host_is_refused(void **state)
{
    (void)state;
    assert_int_equal(check("GET", "/", GUARD_NO_HOST, false), 400);
    assert_int_equal(check("GET", "/", "", false), 400);
}

static void a_request_of_http_1_0_needs_no_host_but_a_good_one(void **state)
{
    (void)state;
    struct guard_input input = {.method = slice("OPTIONS"), .target = slice("/"), .host_optional = true};
    struct guard_fields fields = {0};
    input.authority = guard_authority(slice(GUARD_NO_HOST));
    assert_int_equal(guard_check(&input, &fields).status, 0);
    input.authority = guard_authority(slice("a.example"));
    assert_int_equal(guard_check(&input, &fields).status, 0);
    static const char *const bad[] = {"", "a b"};
    for (size_t i = 0; i < 2; i++) {
        input.authority = guard_authority(slice(bad[i]));
        assert_int_equal(guard_check(&input, &fields).status, 400);
    }
}

static void malformed_hosts_are_refused(void **state)
{
    (void)state;
    static const char *const hosts[] = {"a b",
                                        "a.example/x",
                                        "user@a.example",
                                        "a.example:",
                                        "a.example:80x",
                                        "a:70000",
                                        "[::1",
                                        "[]",
                                        "[::1]x",
                                        "a.example:1:2",
                                        ":80",
                                        "a.example#",
                                        "a\"b",
                                        "[::1%25eth0]",
                                        "a\x80",
                                        "[:::::]",
                                        "[1.2.3.4]",
                                        "[::1\x80]",
                                        ".",
                                        "..",
                                        "a..example",
                                        ".example",
                                        "-",
                                        "-a.example",
                                        "a-.b",
                                        "a.example..",
                                        "a.example.:-1",
                                        "[1:2:3:4:5:6:7:8:9:1:2:3:4:5:6:7:8:9:1:2:3:4:5:6:7]"};
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        /* RFC 3986 allows an empty port. */
        bool empty_port = strcmp(hosts[i], "a.example:") == 0;
        assert_int_equal(check("GET", "/", hosts[i], false), empty_port ? 0 : 400);
    }
    char long_host[GUARD_MAX_HOST_BYTES + 2];
    memset(long_host, 'a', sizeof(long_host) - 1);
    long_host[sizeof(long_host) - 1] = '\0';
    assert_int_equal(check("GET", "/", long_host, false), 400);
    assert_int_equal(check("GET", "/", long_host + 1, false), 0);
}

static void names_and_addresses_are_hosts(void **state)
{
    (void)state;
    static const char *const hosts[] = {
        "localhost",  "localhost.",    "localhost.:8443", "a-b.example",
        "my_service", "192.0.2.1:443", "[::1]",           "[::ffff:192.0.2.1]:8443"};
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        assert_int_equal(check("GET", "/", hosts[i], false), 0);
}

static void http_over_tls_is_refused(void **state)
{
    (void)state;
    struct guard_input input = {.method = {"GET", 3}, .target = {"/", 1}, .authority = {"a.example", 9}};
    struct guard_fields fields = {.n = 4, .bytes = 100};
    assert_int_equal(guard_check(&input, &fields).status, 0);
    input.wrong_scheme = true;
    assert_int_equal(guard_check(&input, &fields).status, 400);
}

static void malformed_targets_are_refused(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "", "x", "*", "/a b", "/a\tb", "/a\x7f", "/a#b", "http:/a", "ftp://a.example/"};
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
        assert_int_equal(check("GET", targets[i], "a.example", false), 400);
    struct guard_input nul = {
        .method = slice("GET"), .target = {"/a\0b", 4}, .authority = slice("a.example")};
    assert_int_equal(guard_check(&nul, &(struct guard_fields){0}).status, 400);
}

static void a_long_path_is_414(void **state)
{
    (void)state;
    char path[GUARD_MAX_PATH_BYTES + 2];
    memset(path, 'a', sizeof(path) - 1);
    path[0] = '/';
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(check("GET", path, "a.example", false), 414);
    path[sizeof(path) - 2] = '\0';
    assert_int_equal(check("GET", path, "a.example", false), 0);
}

static int check_fields(size_t n, size_t name_len, size_t value_len)
{
    struct guard_input input = {
        .method = slice("GET"), .target = slice("/"), .authority = slice("a.example")};
    struct guard_fields fields = {0};
    for (size_t i = 0; i < n; i++)
        guard_add_field(&fields, name_len, value_len);
    return guard_check(&input, &fields).status;
}

static void many_or_large_fields_are_431(void **state)
{
    (void)state;
    assert_int_equal(check_fields(GUARD_MAX_HEADERS, 4, 10), 0);
    assert_int_equal(check_fields(GUARD_MAX_HEADERS + 1, 4, 10), 431);
    assert_int_equal(check_fields(1, 4, GUARD_MAX_HEADER_BYTES - 4), 0);
    assert_int_equal(check_fields(1, 4, GUARD_MAX_HEADER_BYTES - 3), 431);
}

static void a_folded_field_is_refused(void **state)
{
    (void)state;
    assert_int_equal(check_fields(1, 0, 10), 400);
}

static void assert_origin_form(const char *target, const char *want)
{
    struct slice got = guard_origin_form(slice(target));
    assert_int_equal(got.len, strlen(want));
    assert_memory_equal(got.text, want, got.len);
}

static void absolute_form_targets_lose_their_origin(void **state)
{
    (void)state;
    assert_origin_form("http://a.example/x?y", "/x?y");
    assert_origin_form("HTTPS://a.example:8443/", "/");
    assert_origin_form("http://a.example", "/");
    assert_origin_form("/x", "/x");
    assert_origin_form("*", "*");
    assert_origin_form("http:", "http:");
    assert_origin_form("http://a.example?x", "http://a.example?x"); /* has no path: refused by the check */
}

static const char *head_fault(const char *head)
{
    return guard_head_fault(head, strlen(head));
}

static void a_header_has_one_host_and_whole_line_ends(void **state)
{
    (void)state;
    assert_null(head_fault("GET / HTTP/1.1\r\nHost: a\r\nX-Host: b\r\n\r\n"));
    assert_non_null(strstr(head_fault("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nHOST:a\r\n\r\n"), "Host"));
    assert_non_null(strstr(head_fault("GET / HTTP/1.1\nHost: a\r\n\r\n"), "CR LF"));
    assert_non_null(strstr(head_fault("GET / HTTP/1.1\r\nHost: a\r\n\n"), "CR LF"));
}

static void what_follows_a_header_is_another_matter(void **state)
{
    (void)state;
    assert_null(head_fault("GET / HTTP/1.1\r\nHost: a\r\n\r\nHost: a\n\nHost: a\r\n"));
    assert_null(head_fault("GET / HTTP/1.1\r\nHost: a"));
    assert_null(guard_head_fault("", 0));
}

static void a_budget_is_spent_within_a_second_and_new_in_the_next(void **state)
{
    (void)state;
    struct guard_budget budget = {0};
    for (int i = 0; i < 5; i++)
        assert_true(guard_spend(&budget, GUARD_COST_RESET, 5 * GUARD_COST_RESET, 1000));
    assert_false(guard_spend(&budget, GUARD_COST_RESET, 5 * GUARD_COST_RESET, 1000));
    assert_true(guard_spend(&budget, GUARD_COST_RESET, 5 * GUARD_COST_RESET, 1001));
}

static void a_budget_of_0_is_no_limit(void **state)
{
    (void)state;
    struct guard_budget budget = {0};
    for (int i = 0; i < 100000; i++)
        assert_true(guard_spend(&budget, GUARD_COST_RESET, 0, 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_requests_pass),
        cmocka_unit_test(targets_that_are_no_utf_8_are_refused),
        cmocka_unit_test(other_methods_are_405),
        cmocka_unit_test(a_body_is_refused),
        cmocka_unit_test(a_request_without_a_host_is_refused),
        cmocka_unit_test(a_request_of_http_1_0_needs_no_host_but_a_good_one),
        cmocka_unit_test(malformed_hosts_are_refused),
        cmocka_unit_test(names_and_addresses_are_hosts),
        cmocka_unit_test(http_over_tls_is_refused),
        cmocka_unit_test(malformed_targets_are_refused),
        cmocka_unit_test(a_long_path_is_414),
        cmocka_unit_test(many_or_large_fields_are_431),
        cmocka_unit_test(a_folded_field_is_refused),
        cmocka_unit_test(absolute_form_targets_lose_their_origin),
        cmocka_unit_test(a_header_has_one_host_and_whole_line_ends),
        cmocka_unit_test(what_follows_a_header_is_another_matter),
        cmocka_unit_test(a_budget_is_spent_within_a_second_and_new_in_the_next),
        cmocka_unit_test(a_budget_of_0_is_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
