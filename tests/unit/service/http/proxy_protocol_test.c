/* PROXY headers, right and wrong, whole and in part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>

#include <cmocka.h>

#include "service/http/proxy_protocol.h"

#define V2   "\r\n\r\n\0\r\nQUIT\n"
#define FROM "\xc0\x00\x02\x01\xc0\x00\x02\x02\x30\x39\x01\xbb" /* 192.0.2.1:12345 to 192.0.2.2:443 */

struct sample {
    const char *bytes;
    size_t len;
};

#define SAMPLE(text)           \
    {                          \
        text, sizeof(text) - 1 \
    }

static void assert_address(const struct proxy_protocol *header, const char *text)
{
    char address[INET6_ADDRSTRLEN];
    assert_true(header->has_address);
    assert_string_equal(inet_ntop(AF_INET6, &header->address, address, sizeof(address)), text);
}

static void both_versions_say_who_the_client_is(void **state)
{
    static const struct sample samples[] = {SAMPLE("PROXY TCP4 192.0.2.1 192.0.2.2 12345 443\r\n"),
                                            SAMPLE(V2 "\x21\x11\x00\x0c" FROM)};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct proxy_protocol header;
        assert_int_equal(proxy_protocol_parse(samples[i].bytes, samples[i].len, &header),
                         PROXY_PROTOCOL_DONE);
        assert_int_equal(header.len, samples[i].len);
        assert_address(&header, "::ffff:192.0.2.1");
    }
    struct proxy_protocol header;
    static const char v6[] = "PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n\x16\x03";
    assert_int_equal(proxy_protocol_parse(v6, sizeof(v6) - 1, &header), PROXY_PROTOCOL_DONE);
    assert_int_equal(header.len, sizeof(v6) - 3);
    assert_address(&header, "2001:db8::1");
}

static void a_proxy_that_asks_for_itself_or_does_not_know_says_nobody(void **state)
{
    static const struct sample samples[] = {SAMPLE("PROXY UNKNOWN\r\n"), SAMPLE("PROXY UNKNOWN a b c d\r\n"),
                                            SAMPLE(V2 "\x20\x00\x00\x00"), SAMPLE(V2 "\x20\x11\x00\x0c" FROM),
                                            SAMPLE(V2 "\x21\x00\x00\x02zz")};
    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct proxy_protocol header;
        assert_int_equal(proxy_protocol_parse(samples[i].bytes, samples[i].len, &header),
                         PROXY_PROTOCOL_DONE);
        assert_false(header.has_address);
    }
}

static void every_part_of_a_header_is_not_enough(void **state)
{
    static const struct sample samples[] = {SAMPLE("PROXY TCP4 192.0.2.1 192.0.2.2 12345 443\r\n"),
                                            SAMPLE(V2 "\x21\x11\x00\x0e" FROM "zz")};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (size_t len = 0; len < samples[i].len; len++) {
            struct proxy_protocol header;
            assert_int_equal(proxy_protocol_parse(samples[i].bytes, len, &header), PROXY_PROTOCOL_MORE);
        }
    }
}

static void what_is_no_header_is_bad_as_soon_as_that_is_known(void **state)
{
    static const struct sample samples[] = {SAMPLE("G"),
                                            SAMPLE("PROXx"),
                                            SAMPLE("\r\n\r\n\r"),
                                            SAMPLE("PROXY TCP4 192.0.2.1 192.0.2.2 12345 443\n"),
                                            SAMPLE("PROXY TCP4 192.0.2.1 192.0.2.2 12345 443 \r\n"),
                                            SAMPLE("PROXY TCP4 192.0.2.1\0x 192.0.2.2 1 2\r\n"),
                                            SAMPLE("PROXY TCP4 192.0.2.1 192.0.2.2 +1 2\r\n"),
                                            SAMPLE("PROXY \r\n"),
                                            SAMPLE("PROXY\r\n"),
                                            SAMPLE(V2 "\x11\x11\x00\x0c"),
                                            SAMPLE(V2 "\x21\x31\x00\x0c"),
                                            SAMPLE(V2 "\x21\x21\x00\x0c"),
                                            SAMPLE(V2 "\x21\x11\x02\x09")};
    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct proxy_protocol header;
        if (proxy_protocol_parse(samples[i].bytes, samples[i].len, &header) != PROXY_PROTOCOL_BAD)
            fail_msg("sample %zu", i);
    }
}

static void a_line_without_an_end_is_not_waited_for(void **state)
{
    char line[200] = "PROXY UNKNOWN ";
    struct proxy_protocol header;
    (void)state;
    memset(line + 14, 'x', sizeof(line) - 14);
    assert_int_equal(proxy_protocol_parse(line, 106, &header), PROXY_PROTOCOL_MORE);
    assert_int_equal(proxy_protocol_parse(line, 107, &header), PROXY_PROTOCOL_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_versions_say_who_the_client_is),
        cmocka_unit_test(a_proxy_that_asks_for_itself_or_does_not_know_says_nobody),
        cmocka_unit_test(every_part_of_a_header_is_not_enough),
        cmocka_unit_test(what_is_no_header_is_bad_as_soon_as_that_is_known),
        cmocka_unit_test(a_line_without_an_end_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
