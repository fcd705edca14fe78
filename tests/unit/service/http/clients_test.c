/* Connections counted by address, against a plain model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "service/http/clients.h"

static struct client client_at_address(const struct sockaddr *sockaddr)
{
    struct in6_addr address = client_address(sockaddr);
    return client_of(&address);
}

static struct client client_at(const char *text)
{
    struct sockaddr_in six_or_four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &six_or_four.sin_addr) == 1)
        return client_at_address((struct sockaddr *)&six_or_four);
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return client_at_address((struct sockaddr *)&six);
}

static void one_address_gets_its_share_and_no_more(void **state)
{
    (void)state;
    struct clients *clients = clients_new(100, 2);
    struct client a = client_at("192.0.2.1"), b = client_at("192.0.2.2");
    assert_true(clients_enter(clients, &a));
    assert_true(clients_enter(clients, &a));
    assert_false(clients_enter(clients, &a));
    assert_true(clients_enter(clients, &b));
    clients_leave(clients, &a);
    assert_true(clients_enter(clients, &a));
    clients_free(clients);
}

static void all_together_get_max_connections(void **state)
{
    (void)state;
    struct clients *clients = clients_new(3, 0);
    struct client a = client_at("192.0.2.1"), b = client_at("192.0.2.2");
    assert_true(clients_enter(clients, &a));
    assert_true(clients_enter(clients, &a));
    assert_true(clients_enter(clients, &a));
    assert_false(clients_enter(clients, &b));
    clients_leave(clients, &a);
    assert_true(clients_enter(clients, &b));
    clients_free(clients);
}

static void an_ipv6_client_is_its_64(void **state)
{
    (void)state;
    struct client a = client_at("2001:db8:1:2::1"), b = client_at("2001:db8:1:2:ffff::9"),
                  c = client_at("2001:db8:1:3::1");
    assert_memory_equal(&a, &b, sizeof(a));
    assert_memory_not_equal(&a, &c, sizeof(a));
}

static void an_ipv4_client_is_no_ipv6_client(void **state)
{
    (void)state;
    struct client four = client_at("1.2.3.4"), zero = client_at("::"), other = client_at("1.2.3.5");
    assert_memory_not_equal(&four, &zero, sizeof(four));
    assert_memory_not_equal(&four, &other, sizeof(four));
}

/* Comes and goes in a stable pseudo-random order; the table is half full, so runs grow and shrink. */
static void thousands_of_comings_and_goings_agree_with_a_plain_count(void **state)
{
    (void)state;
    enum { ADDRESSES = 64, SHARE = 3 };
    unsigned count[ADDRESSES] = {0}, random = 1;
    struct clients *clients = clients_new(ADDRESSES, SHARE);
    unsigned total = 0;
    for (int i = 0; i < 50000; i++) {
        random = random * 1103515245u + 12345u;
        unsigned which = (random >> 16) % ADDRESSES;
        struct client client = {{(uint8_t)which, 7}};
        if ((random >> 8) % 2 == 0) {
            bool want = count[which] < SHARE && total < ADDRESSES;
            assert_int_equal(clients_enter(clients, &client), want);
            count[which] += want;
            total += want;
        } else if (count[which] > 0) {
            clients_leave(clients, &client);
            count[which]--;
            total--;
        }
    }
    assert_true(total > 0);
    clients_free(clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_address_gets_its_share_and_no_more),
        cmocka_unit_test(all_together_get_max_connections),
        cmocka_unit_test(an_ipv6_client_is_its_64),
        cmocka_unit_test(an_ipv4_client_is_no_ipv6_client),
        cmocka_unit_test(thousands_of_comings_and_goings_agree_with_a_plain_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
