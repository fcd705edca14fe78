/* Addresses to listen on as operators write them, right and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "service/listen/listen_address.h"

static void assert_error(const char *text, const char *names, const char *says)
{
    struct listen_address addresses[LISTEN_MAX_ADDRESSES];
    struct fault fault = {.text = ""};
    size_t n = 0;
    assert_false(listen_addresses_parse(text, addresses, &n, &fault));
    if (strstr(fault.text, names) == NULL || strstr(fault.text, says) == NULL)
        fail_msg("%s: the fault.text is: %s", text, fault.text);
}

static void several_addresses_are_taken_apart(void **state)
{
    (void)state;
    struct listen_address addresses[LISTEN_MAX_ADDRESSES];
    struct fault fault = {.text = ""};
    size_t n = 0;
    assert_true(listen_addresses_parse(" 127.0.0.1:80,[::1]:443  :0", addresses, &n, &fault));
    assert_int_equal(n, 3);
    assert_int_equal(addresses[0].sockaddr.ss_family, AF_INET);
    assert_int_equal(listen_address_port(&addresses[0]), 80);
    assert_int_equal(addresses[1].sockaddr.ss_family, AF_INET6);
    assert_int_equal(listen_address_port(&addresses[1]), 443);
    assert_string_equal(addresses[2].text, ":0");
    assert_true(listen_addresses_parse(NULL, addresses, &n, &fault));
    assert_int_equal(n, 0);
}

static void only_equal_addresses_with_a_port_are_the_same(void **state)
{
    (void)state;
    struct listen_address a[LISTEN_MAX_ADDRESSES], b[LISTEN_MAX_ADDRESSES];
    struct fault fault = {.text = ""};
    size_t n = 0;
    assert_true(listen_addresses_parse("127.0.0.1:80 127.0.0.1:81 127.0.0.1:0 [::]:80", a, &n, &fault));
    assert_true(listen_addresses_parse("127.0.0.1:80 127.0.0.2:81 127.0.0.1:0 [::]:81", b, &n, &fault));
    assert_true(listen_addresses_same(&a[0], &b[0]));
    for (size_t i = 1; i < 4; i++)
        assert_false(listen_addresses_same(&a[i], &b[i]));
    assert_error("127.0.0.1:80 127.0.0.2:80 127.0.0.1:80", "127.0.0.1:80", "twice");
}

static void malformed_addresses_are_named_with_the_remedy(void **state)
{
    (void)state;
    assert_error("0.0.0.0", "0.0.0.0", "address:port");
    assert_error("0.0.0.0:", "0.0.0.0:", "address:port");
    assert_error("0.0.0.0:http", "0.0.0.0:http", "number");
    assert_error("0.0.0.0:65536", "0.0.0.0:65536", "65535");
    assert_error("0.0.0.0:-1", "0.0.0.0:-1", "number");
    assert_error("::1:8443", "::1:8443", "brackets");
    assert_error("localhost:8443", "localhost:8443", "not an IP address");
    assert_error("[127.0.0.1]:8443", "[127.0.0.1]:8443", "not an IP address");
}

static void too_many_or_too_long_addresses_are_refused(void **state)
{
    (void)state;
    char many[17 * 12 + 1] = "", one[200];
    for (int i = 0; i < 17; i++)
        memcpy(many + strlen(many), "127.0.0.1:0 ", 13);
    assert_error(many, "127.0.0.1:0", "16 addresses");
    memset(one, 'a', sizeof(one));
    one[sizeof(one) - 1] = '\0';
    assert_error(one, "aaa", "too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_addresses_are_taken_apart),
        cmocka_unit_test(only_equal_addresses_with_a_port_are_the_same),
        cmocka_unit_test(malformed_addresses_are_named_with_the_remedy),
        cmocka_unit_test(too_many_or_too_long_addresses_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
