/* The compiled-in pages and the policy they are served with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "service/home.h"

static const struct request request = {.method = METHOD_GET, .target = {"/", 1}, .https = true};

static const char *header(const struct response *response, const char *name)
{
    for (size_t i = 0; i < response->n_headers; i++)
        if (strcmp(response->headers[i].name, name) == 0)
            return response->headers[i].value;
    fail_msg("there is no %s", name);
    return NULL;
}

static void the_policy_allows_exactly_the_style_in_the_page(void **state)
{
    (void)state;
    struct response response;
    home_respond(&request, &response);
    const char *body = (const char *)response.body;
    const char *style = strstr(body, "<style>") + strlen("<style>");
    size_t len = (size_t)(strstr(style, "</style>") - style);
    unsigned char digest[SHA256_DIGEST_LENGTH], base64[64];
    char want[128];
    SHA256((const unsigned char *)style, len, digest);
    EVP_EncodeBlock(base64, digest, sizeof(digest));
    snprintf(want, sizeof(want), "style-src 'sha256-%s';", (const char *)base64);
    const char *policy = header(&response, "content-security-policy");
    assert_non_null(strstr(policy, want));
    assert_non_null(strstr(policy, "default-src 'none';"));
    response_done(&response);
}

static void the_front_page_shows_an_example(void **state)
{
    (void)state;
    struct response response;
    home_respond(&request, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(header(&response, "content-type"), "text/html; charset=utf-8");
    assert_non_null(strstr((const char *)response.body, "/api/songkick/artist?id="));
    response_done(&response);
}

static void crawlers_are_kept_from_documents_only(void **state)
{
    (void)state;
    struct response response;
    robots_respond(&request, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal((const char *)response.body, "User-agent: *\nDisallow: /api/\n");
    response_done(&response);
    favicon_respond(&request, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(header(&response, "content-type"), "image/svg+xml");
    response_done(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_policy_allows_exactly_the_style_in_the_page),
        cmocka_unit_test(the_front_page_shows_an_example),
        cmocka_unit_test(crawlers_are_kept_from_documents_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
