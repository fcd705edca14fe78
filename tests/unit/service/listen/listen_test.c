/* Listening sockets on free ports of the loopback interface, and the errors of those that cannot be had. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/listen/listen.h"

static void assert_error(const char *addresses, const char *names, const char *says)
{
    struct listen_sockets sockets;
    struct fault fault = {.text = ""};
    assert_false(listen_open(addresses, 1, &sockets, &fault));
    assert_int_equal(sockets.n, 0);
    assert_null(sockets.fds);
    if (strstr(fault.text, names) == NULL || strstr(fault.text, says) == NULL)
        fail_msg("%s: the fault.text is: %s", addresses, fault.text);
}

static uint16_t port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address = {.six = {0}};
    socklen_t len = sizeof(address);
    assert_int_equal(getsockname(fd, &address.any, &len), 0);
    return ntohs(address.any.sa_family == AF_INET6 ? address.six.sin6_port : address.four.sin_port);
}

static int connect_to(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd != -1);
    int result = connect(fd, (struct sockaddr *)&address, sizeof(address));
    close(fd);
    return result;
}

static void every_thread_gets_its_own_socket_on_the_same_port(void **state)
{
    (void)state;
    struct listen_sockets sockets;
    struct fault fault = {.text = ""};
    if (!listen_open("127.0.0.1:0  127.0.0.2:0", 3, &sockets, &fault))
        fail_msg("%s", fault.text);
    assert_int_equal(sockets.per_thread, 2);
    assert_int_equal(sockets.n, 6);
    assert_int_equal(port_of(sockets.fds[0]), sockets.port);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(port_of(sockets.fds[i]), port_of(sockets.fds[i % 2]));
    assert_int_equal(connect_to(sockets.port), 0);
    uint16_t port = sockets.port;
    listen_close(&sockets);
    assert_int_equal(connect_to(port), -1);
}

static void ipv4_and_ipv6_stand_side_by_side_on_one_port(void **state)
{
    (void)state;
    struct listen_sockets first, both;
    char addresses[64];
    struct fault fault;
    assert_true(listen_open("127.0.0.1:0", 1, &first, &fault));
    snprintf(addresses, sizeof(addresses), "0.0.0.0:%u [::]:%u", first.port, first.port);
    listen_close(&first);
    if (!listen_open(addresses, 1, &both, &fault)) {
        if (strstr(fault.text, "[::]") != NULL && strstr(fault.text, "not supported") != NULL)
            skip(); /* a machine without IPv6 */
        fail_msg("%s", fault.text);
    }
    assert_int_equal(both.n, 2);
    listen_close(&both);
}

static void no_address_is_no_socket(void **state)
{
    (void)state;
    static const char *const none[] = {NULL, "", "  "};
    for (size_t i = 0; i < 3; i++) {
        struct listen_sockets sockets;
        struct fault fault = {.text = ""};
        assert_true(listen_open(none[i], 2, &sockets, &fault));
        assert_int_equal(sockets.n, 0);
        listen_close(&sockets);
    }
}

/* A socket of somebody who does not share, as another program's would be. */
static int occupy(uint16_t *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd != -1);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 1), 0);
    *ret_port = port_of(fd);
    return fd;
}

static void a_port_in_use_is_named_and_nothing_stays_open(void **state)
{
    (void)state;
    uint16_t port;
    int fd = occupy(&port);
    char addresses[64], taken[32];
    snprintf(taken, sizeof(taken), "127.0.0.1:%u", port);
    snprintf(addresses, sizeof(addresses), "127.0.0.1:0 %s", taken);
    assert_error(addresses, taken, "another program listens there");
    close(fd);
}

static void an_address_of_another_machine_is_named(void **state)
{
    (void)state;
    assert_error("192.0.2.1:0", "192.0.2.1:0", "no such address");
}

static void every_address_of_ipv6_serves_ipv4_too(void **state)
{
    (void)state;
    struct listen_sockets both;
    struct fault fault = {.text = ""};
    if (!listen_open("[::]:0", 1, &both, &fault)) {
        if (strstr(fault.text, "not supported") != NULL)
            skip(); /* a machine without IPv6 */
        fail_msg("%s", fault.text);
    }
    assert_int_equal(connect_to(both.port), 0);
    listen_close(&both);
}

static void what_is_no_address_opens_nothing(void **state)
{
    (void)state;
    assert_error("127.0.0.1:0 localhost:8443", "localhost:8443", "not an IP address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_thread_gets_its_own_socket_on_the_same_port),
        cmocka_unit_test(ipv4_and_ipv6_stand_side_by_side_on_one_port),
        cmocka_unit_test(no_address_is_no_socket),
        cmocka_unit_test(a_port_in_use_is_named_and_nothing_stays_open),
        cmocka_unit_test(an_address_of_another_machine_is_named),
        cmocka_unit_test(every_address_of_ipv6_serves_ipv4_too),
        cmocka_unit_test(what_is_no_address_opens_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
