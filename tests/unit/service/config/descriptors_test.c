/* What is kept back of the limit of open files, by configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/config/config_load.h"
#include "service/config/descriptors.h"

#define SONGKICK  "[songkick]\napi_key = k\n"
#define THREADS   2
#define LISTENERS 6

static unsigned long long reserved(const char *text)
{
    char path[] = "/tmp/marquee-descriptors-XXXXXX";
    struct fault fault;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    struct config *config = config_load(path, false, &fault);
    unlink(path);
    if (config == NULL)
        fail_msg("%s", fault.text);
    unsigned long long n = descriptors_reserved(config, THREADS, LISTENERS);
    config_unref(config);
    return n;
}

static void every_connection_to_an_upstream_is_reserved(void **state)
{
    (void)state;
    const unsigned long long base = reserved(SONGKICK "max_connections = 500\n");
    assert_true(base > 500);
    assert_int_equal(reserved(SONGKICK "max_connections = 1000\n") - base, 500);
    /* A key of its own has as many connections of its own. */
    const char *const two = SONGKICK "max_connections = 500\n[songkick:own]\nartist = 7\napi_key = k\n";
    assert_in_range(reserved(two) - base, 500, 500 + 50);
}

static void what_is_never_asked_has_nothing_reserved(void **state)
{
    (void)state;
    const unsigned long long base = reserved(SONGKICK "max_connections = 500\n");
    assert_int_equal(reserved(SONGKICK "max_connections = 500\n[ticketmaster]\nmax_connections = 999\n"),
                     base);
    assert_int_equal(reserved(SONGKICK "max_connections = 500\n[musicbrainz]\nmax_connections = 999\n"),
                     base);
    assert_int_equal(reserved(SONGKICK "max_connections = 999\nenabled = no\n[bandsintown]\napi_key = k\n"
                                       "max_connections = 500\n"),
                     base);
}

static void each_thread_of_each_memcached_server_is_reserved_once(void **state)
{
    (void)state;
    const unsigned long long base = reserved(SONGKICK "max_connections = 500\n");
    assert_int_equal(reserved(SONGKICK "max_connections = 500\n[cache]\n"
                                       "memcached = one two:1 /three.sock\n") -
                         base,
                     3 * CONFIG_MEMCACHED_THREADS);
}

static void threads_and_listeners_are_reserved(void **state)
{
    struct fault fault;
    struct config *config = config_load(NULL, false, &fault);
    (void)state;
    assert_non_null(config);
    const unsigned long long base = descriptors_reserved(config, 64, 500);
    assert_int_equal(descriptors_reserved(config, 64, 700) - base, 200);
    assert_true(descriptors_reserved(config, 128, 500) - base >= 64 * 4); /* loop, queue, spare */
    assert_int_equal(descriptors_reserved(config, 1, 3), 256);
    config_unref(config);
}

static void clients_get_what_is_left_and_at_least_a_third(void **state)
{
    (void)state;
    assert_int_equal(descriptors_for_clients(65536, 500, 8192), 8192);
    assert_int_equal(descriptors_for_clients(8692, 500, 8192), 8192);
    assert_int_equal(descriptors_for_clients(8691, 500, 8192), 8191);
    assert_int_equal(descriptors_for_clients(1024, 300, 8192), 724);
    assert_int_equal(descriptors_for_clients(1024, 900, 8192), 341);
    assert_int_equal(descriptors_for_clients(1024, 5000, 8192), 341);
    assert_int_equal(descriptors_for_clients(40, 256, 8192), 13);
    assert_int_equal(descriptors_for_clients(40, 256, 5), 5);
    assert_int_equal(descriptors_for_clients(2, 256, 8192), 1);
    assert_int_equal(descriptors_for_clients(~0ull, 256, 8192), 8192); /* no limit: RLIM_INFINITY */
}

static void an_address_gets_its_share_of_what_fits(void **state)
{
    (void)state;
    assert_int_equal(descriptors_for_address(8192, 8192, 512), 512);
    assert_int_equal(descriptors_for_address(4096, 8192, 512), 512); /* a quarter is more, and it is enough */
    assert_int_equal(descriptors_for_address(85, 8192, 512), 21);    /* a quarter */
    assert_int_equal(descriptors_for_address(85, 8192, 8192), 85);   /* a load balancer */
    assert_int_equal(descriptors_for_address(85, 8192, 4096), 42);
    assert_int_equal(descriptors_for_address(85, 8192, 3), 3);
    assert_int_equal(descriptors_for_address(1, 8192, 512), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_connection_to_an_upstream_is_reserved),
        cmocka_unit_test(what_is_never_asked_has_nothing_reserved),
        cmocka_unit_test(each_thread_of_each_memcached_server_is_reserved_once),
        cmocka_unit_test(threads_and_listeners_are_reserved),
        cmocka_unit_test(clients_get_what_is_left_and_at_least_a_third),
        cmocka_unit_test(an_address_gets_its_share_of_what_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
