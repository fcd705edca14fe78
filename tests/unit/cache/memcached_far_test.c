/* Tests of cache/memcached.c with a server that connecting to takes time. */
#include "real_memcached.h"

#include <dlfcn.h>

static atomic_uint connecting_lasts_ms;

/* In the place of libc's: a server far away, or a name that takes time to look up. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): glibc's begin with underscores */
int connect(int fd, const struct sockaddr *address, socklen_t len)
{
    int (*real)(int, const struct sockaddr *, socklen_t) =
        (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");
    usleep(connecting_lasts_ms * 1000);
    return real(fd, address, len);
}

/* An operation's timeout began before connecting: neither the first one nor a probe ever had an answer. */
static void a_server_that_takes_longer_than_the_timeout_to_connect_to_is_used_and_comes_back(void **state)
{
    (void)state;
    struct real_memcached server;
    real_memcached_start(&server);
    struct memcached_tier *tier = tier_of(server.socket, 1, 200, 100, 1000);
    connecting_lasts_ms = 300;
    assert_int_equal(count_hits(tier, 0, 1, NOW_S), 0);
    assert_int_equal(memcached_tier_stats(tier).failures, 0);
    store(tier, 0, 1, NOW_S, HOUR_S);
    assert_int_equal(count_hits(tier, 0, 1, NOW_S), 1);
    real_memcached_freeze(&server);
    assert_int_equal(count_hits(tier, 0, 1, NOW_S), 0);
    real_memcached_thaw(&server);
    WAIT_UNTIL(servers_down(tier) == 0);
    assert_int_equal(count_hits(tier, 0, 1, NOW_S), 1);
    connecting_lasts_ms = 0;
    memcached_tier_free(tier);
    real_memcached_end(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_takes_longer_than_the_timeout_to_connect_to_is_used_and_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
