/* Connections counted by address, against a plain model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "service/http/peers.h"

static struct peer peer_at_address(const struct sockaddr *sockaddr)
{
    struct in6_addr address = peer_address(sockaddr);
    return peer_of(&address);
}

static struct peer peer_at(const char *text)
{
    struct sockaddr_in six_or_four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &six_or_four.sin_addr) == 1)
        return peer_at_address((struct sockaddr *)&six_or_four);
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return peer_at_address((struct sockaddr *)&six);
}

static void one_address_gets_its_share_and_no_more(void **state)
{
    (void)state;
    struct peers *peers = peers_new(100, 2);
    struct peer a = peer_at("192.0.2.1"), b = peer_at("192.0.2.2");
    assert_true(peers_enter(peers, &a));
    assert_true(peers_enter(peers, &a));
    assert_false(peers_enter(peers, &a));
    assert_true(peers_enter(peers, &b));
    peers_leave(peers, &a);
    assert_true(peers_enter(peers, &a));
    peers_free(peers);
}

static void all_together_get_max_connections(void **state)
{
    (void)state;
    struct peers *peers = peers_new(3, 0);
    struct peer a = peer_at("192.0.2.1"), b = peer_at("192.0.2.2");
    assert_true(peers_enter(peers, &a));
    assert_true(peers_enter(peers, &a));
    assert_true(peers_enter(peers, &a));
    assert_false(peers_enter(peers, &b));
    peers_leave(peers, &a);
    assert_true(peers_enter(peers, &b));
    peers_free(peers);
}

static void an_ipv6_client_is_its_64(void **state)
{
    (void)state;
    struct peer a = peer_at("2001:db8:1:2::1"), b = peer_at("2001:db8:1:2:ffff::9"),
                c = peer_at("2001:db8:1:3::1");
    assert_memory_equal(&a, &b, sizeof(a));
    assert_memory_not_equal(&a, &c, sizeof(a));
}

static void an_ipv4_client_is_no_ipv6_client(void **state)
{
    (void)state;
    struct peer four = peer_at("1.2.3.4"), zero = peer_at("::"), other = peer_at("1.2.3.5");
    assert_memory_not_equal(&four, &zero, sizeof(four));
    assert_memory_not_equal(&four, &other, sizeof(four));
}

/* Comes and goes in a stable pseudo-random order; the table is half full, so runs grow and shrink. */
static void thousands_of_comings_and_goings_agree_with_a_plain_count(void **state)
{
    (void)state;
    enum { ADDRESSES = 64, SHARE = 3 };
    unsigned count[ADDRESSES] = {0}, random = 1;
    struct peers *peers = peers_new(ADDRESSES, SHARE);
    unsigned total = 0;
    for (int i = 0; i < 50000; i++) {
        random = random * 1103515245u + 12345u;
        unsigned which = (random >> 16) % ADDRESSES;
        struct peer peer = {{(uint8_t)which, 7}};
        if ((random >> 8) % 2 == 0) {
            bool want = count[which] < SHARE && total < ADDRESSES;
            assert_int_equal(peers_enter(peers, &peer), want);
            count[which] += want;
            total += want;
        } else if (count[which] > 0) {
            peers_leave(peers, &peer);
            count[which]--;
            total--;
        }
    }
    assert_true(total > 0);
    peers_free(peers);
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
