/* Tests of service/http/proxies.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "service/http/proxies.h"

#define NEAR "10.0.0.7, 10.255.0.1 192.0.2.9/32,fd00::/8 2001:db8::1 203.0.113.128/25"

/* Appends to a text in an array of `size` bytes. */
static void add(char *text, size_t size, const char *more)
{
    size_t len = strlen(text);
    snprintf(text + len, size - len, "%s", more);
}

static struct in6_addr at(const char *text)
{
    struct in6_addr address;
    char mapped[80] = "::ffff:";
    add(mapped, sizeof(mapped), text);
    assert_int_equal(inet_pton(AF_INET6, strchr(text, ':') != NULL ? text : mapped, &address), 1);
    return address;
}

static struct proxies list(const char *text)
{
    struct proxies proxies;
    const char *why = proxies_parse(text, &proxies);
    if (why != NULL)
        fail_msg("%s: %s", text, why);
    return proxies;
}

static bool trusted(const char *text, const char *address)
{
    struct proxies proxies = list(text);
    struct in6_addr ip = at(address);
    return proxies_trust(&proxies, &ip);
}

/* `fields` are separated by |, the last one first to be followed; each is a copy without a byte behind it. */
static void assert_client(const char *from, const char *fields, const char *expected)
{
    struct proxies proxies = list("10.0.0.0/8 fd00::/8");
    struct proxies_walk walk = {.address = at(from)};
    struct in6_addr client = at(expected);
    size_t len = strlen(fields);
    for (bool more = true; more;) {
        const char *bar = memrchr(fields, '|', len), *field = bar != NULL ? bar + 1 : fields;
        size_t field_len = (size_t)(fields + len - field);
        char *copy = malloc(field_len > 0 ? field_len : 1);
        memcpy(copy, field, field_len);
        more = proxies_follow(&proxies, &walk, copy, field_len) && bar != NULL;
        free(copy);
        len = bar != NULL ? (size_t)(bar - fields) : 0;
    }
    if (memcmp(&walk.address, &client, sizeof(client)) != 0)
        fail_msg("%s by %s is not %s", fields, from, expected);
}

static void addresses_and_networks_of_both_kinds_are_told_from_all_others(void **state)
{
    (void)state;
    static const char *const inside[] = {"10.0.0.7",     "10.255.0.1",  "192.0.2.9",     "fd12::1",
                                         "fdff:ffff::1", "2001:db8::1", "203.0.113.128", "203.0.113.255"};
    static const char *const outside[] = {"10.0.0.8", "192.0.2.8",   "fc00::1",     "fe00::1",
                                          "::1",      "2001:db8::2", "203.0.113.1", "0.0.0.0"};
    for (size_t i = 0; i < 8; i++) {
        assert_true(trusted(NEAR, inside[i]));
        assert_false(trusted(NEAR, outside[i]));
        assert_false(trusted("", inside[i]));
        assert_false(trusted(NULL, inside[i]));
        assert_true(trusted("::/0", inside[i]));
    }
    assert_true(trusted("0.0.0.0/0", "192.0.2.1"));
    assert_false(trusted("0.0.0.0/0", "2001:db8::1"));
}

static void what_is_no_list_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "10.0.0.0/33", "fd00::/129", "10.0.0.0/",   "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/0008",    "/8",
        "10.0.0",      "[::1]",      "10.0.0.1:80", "proxy.test",  "fe80::1%lo",  "10.0.0.1;10.0.0.2"};
    struct proxies proxies;
    char many[129 * 9 + 1] = "", longer[200];
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        if (proxies_parse(wrong[i], &proxies) == NULL)
            fail_msg("%s was taken", wrong[i]);
    memset(longer, '1', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_non_null(proxies_parse(longer, &proxies));
    for (size_t i = 0; i < 128; i++)
        add(many, sizeof(many), "10.0.0.1 ");
    assert_null(proxies_parse(many, &proxies));
    assert_int_equal(proxies.n, PROXIES_MAX);
    add(many, sizeof(many), "10.0.0.1 ");
    assert_non_null(strstr(proxies_parse(many, &proxies), "128"));
}

static void the_last_address_that_no_trusted_proxy_has_is_the_client(void **state)
{
    (void)state;
    assert_client("10.0.0.1", "192.0.2.1", "192.0.2.1");
    assert_client("10.0.0.1", "198.51.100.1, 192.0.2.1", "192.0.2.1");
    assert_client("10.0.0.1", "198.51.100.1,192.0.2.1 , 10.0.0.2,\t10.0.0.3", "192.0.2.1");
    assert_client("fd00::1", "2001:db8::5", "2001:db8::5");
    assert_client("fd00::1", "192.0.2.1, fd00::2", "192.0.2.1");
    assert_client("10.0.0.1", "10.0.0.9", "10.0.0.9"); /* all of them are the operator's */
}

static void several_fields_are_one_that_goes_on(void **state)
{
    (void)state;
    assert_client("10.0.0.1", "198.51.100.1|192.0.2.1", "192.0.2.1");
    assert_client("10.0.0.1", "198.51.100.1, 192.0.2.1|10.0.0.2", "192.0.2.1");
    assert_client("10.0.0.1", "192.0.2.1|", "192.0.2.1");
    assert_client("10.0.0.1", "192.0.2.1|rubbish", "10.0.0.1");
}

static void ports_and_brackets_are_no_part_of_an_address(void **state)
{
    (void)state;
    assert_client("10.0.0.1", "192.0.2.1:4711", "192.0.2.1");
    assert_client("10.0.0.1", "[2001:db8::5]:4711", "2001:db8::5");
    assert_client("10.0.0.1", "[2001:db8::5]", "2001:db8::5");
    assert_client("10.0.0.1", "::ffff:192.0.2.1", "192.0.2.1");
}

static void nobody_else_is_believed(void **state)
{
    (void)state;
    assert_client("192.0.2.1", "198.51.100.1", "192.0.2.1");
    assert_client("192.0.2.1", "10.0.0.1", "192.0.2.1");
    assert_client("2001:db8::1", "198.51.100.1", "2001:db8::1");
}

static void a_hop_that_is_no_address_ends_the_walk_at_who_said_so(void **state)
{
    (void)state;
    static const char *const hostile[] = {"unknown",
                                          "_hidden",
                                          "192.0.2.1 192.0.2.2",
                                          "192.0.2.256",
                                          "[2001:db8::",
                                          "[2001:db8::5]x",
                                          "[",
                                          "]",
                                          ":",
                                          "::::",
                                          "%2e",
                                          "1",
                                          "\"192.0.2.1\"",
                                          "for=192.0.2.1",
                                          "\xff\xfe",
                                          "fe80::1%eth0"};
    char longest[5000];
    for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
        char text[100];
        assert_client("10.0.0.1", hostile[i], "10.0.0.1");
        snprintf(text, sizeof(text), "198.51.100.1, %s, 10.0.0.2", hostile[i]);
        assert_client("10.0.0.1", text, "10.0.0.2");
    }
    memset(longest, '1', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_client("10.0.0.1", longest, "10.0.0.1");
    struct proxies proxies = list("10.0.0.0/8");
    struct proxies_walk walk = {.address = at("10.0.0.1")};
    assert_false(proxies_follow(&proxies, &walk, "192.0.2.1\0", 10));
}

static void empty_elements_and_endless_chains_lead_nowhere(void **state)
{
    (void)state;
    char chain[2000] = "192.0.2.1";
    assert_client("10.0.0.1", "", "10.0.0.1");
    assert_client("10.0.0.1", " , ,, ", "10.0.0.1");
    assert_client("10.0.0.1", "192.0.2.1,, ", "192.0.2.1");
    for (size_t i = 1; i < PROXIES_MAX_HOPS; i++)
        add(chain, sizeof(chain), ",10.0.0.2");
    assert_client("10.0.0.1", chain, "192.0.2.1");
    add(chain, sizeof(chain), ",10.0.0.2");
    assert_client("10.0.0.1", chain, "10.0.0.2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_and_networks_of_both_kinds_are_told_from_all_others),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(the_last_address_that_no_trusted_proxy_has_is_the_client),
        cmocka_unit_test(several_fields_are_one_that_goes_on),
        cmocka_unit_test(ports_and_brackets_are_no_part_of_an_address),
        cmocka_unit_test(nobody_else_is_believed),
        cmocka_unit_test(a_hop_that_is_no_address_ends_the_walk_at_who_said_so),
        cmocka_unit_test(empty_elements_and_endless_chains_lead_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
