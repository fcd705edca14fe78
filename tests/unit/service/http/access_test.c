/* Patterns, claims and signatures, and the password of the form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/document/route.h"
#include "service/http/access.h"

#define KEY    "0123456789abcdef0123456789abcdef"
#define NOW_S  1800000000
#define TARGET "/api/songkick/artist?id=7"

static struct access *make(const struct access_options *options)
{
    const char *setting = "", *why = "";
    struct access *access = access_new(options, &setting, &why);
    if (access == NULL)
        fail_msg("%s: %s", setting, why);
    return access;
}

static enum access_result ask(const struct access *access, const char *target)
{
    static struct route_result route;
    struct access_claim claim;
    route_parse(target, strlen(target), &route);
    assert_int_equal(route.target, ROUTE_DOCUMENT);
    access_claim_read((struct slice){target, strlen(target)}, &claim);
    return access_check(access, &route.document, &claim, NOW_S);
}

/* The target with its signature; static. */
static const char *signed_link(const struct access *access, const char *target, int64_t expires_s)
{
    static char link[512];
    char signature[ACCESS_SIGNATURE_DIGITS + 1];
    assert_true(access_sign_target(access, target, strlen(target), expires_s, signature));
    int len = snprintf(link, sizeof(link), "%s&sig=%s", target, signature);
    if (expires_s != 0)
        snprintf(link + len, sizeof(link) - (size_t)len, "&expires=%lld", (long long)expires_s);
    return link;
}

static void without_a_policy_all_is_granted(void **state)
{
    (void)state;
    assert_int_equal(ask(NULL, TARGET), ACCESS_GRANTED);
    assert_false(access_signs(NULL));
    assert_true(access_admits_form(NULL, (struct slice){NULL, 0}));
}

static void a_signature_is_the_hmac_that_its_description_says(void **state)
{
    struct access *access = make(&(struct access_options){.key = KEY, .password = "p"});
    char signature[ACCESS_SIGNATURE_DIGITS + 1];
    (void)state;
    /* printf 'songkick artist id=1:7 format=6:jsonld\n' | openssl dgst -sha256 -hmac KEY */
    assert_true(access_sign_target(access, TARGET, strlen(TARGET), 0, signature));
    assert_string_equal(signature, "8e6e03e37f0e5ff0a00b4c04cb467b79");
    assert_true(access_sign_target(access, TARGET, strlen(TARGET), 1900000000, signature));
    assert_string_equal(signature, "8bb34dad56805d7dedeb818635464686");
    assert_false(access_sign_target(access, "/problems", 9, 0, signature));
    access_free(access);
}

static void a_link_is_granted_with_its_own_signature_until_it_ends(void **state)
{
    struct access *access = make(&(struct access_options){.key = KEY, .password = "p"});
    (void)state;
    assert_int_equal(ask(access, TARGET), ACCESS_UNSIGNED);
    assert_int_equal(ask(access, signed_link(access, TARGET, 0)), ACCESS_GRANTED);
    assert_int_equal(ask(access, signed_link(access, TARGET, NOW_S + 1)), ACCESS_GRANTED);
    assert_int_equal(ask(access, signed_link(access, TARGET, NOW_S)), ACCESS_EXPIRED);
    char other[600];
    snprintf(other, sizeof(other), "%s&limit=1", signed_link(access, TARGET, 0));
    assert_int_equal(ask(access, other), ACCESS_CHANGED);
    access_free(access);
}

static void the_next_key_is_accepted_and_does_not_sign(void **state)
{
    static const char next[] = "fedcba9876543210fedcba9876543210";
    struct access *both = make(&(struct access_options){.key = KEY, .next_key = next, .password = "p"});
    struct access *old = make(&(struct access_options){.key = KEY, .password = "p"});
    struct access *new = make(&(struct access_options){.key = next, .password = "p"});
    (void)state;
    assert_int_equal(ask(both, signed_link(new, TARGET, 0)), ACCESS_GRANTED);
    assert_int_equal(ask(both, signed_link(old, TARGET, 0)), ACCESS_GRANTED);
    assert_int_equal(ask(old, signed_link(both, TARGET, 0)), ACCESS_GRANTED);
    assert_int_equal(ask(new, signed_link(both, TARGET, 0)), ACCESS_CHANGED);
    access_free(both);
    access_free(old);
    access_free(new);
}

static void a_claim_that_is_none_is_never_right(void **state)
{
    static const char *const claims[] = {
        "sig=",
        "sig=0",
        "sig=0123456789abcdef0123456789abcdeF",
        "sig=0123456789abcdef0123456789abcdef0",
        "sig=0123456789abcdef0123456789abcdef&sig=0123456789abcdef0123456789abcdef",
        "expires=0",
        "expires=-1",
        "expires=1&expires=1",
        "expires=99999999999999999999",
        "expires="};
    (void)state;
    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        char target[200];
        struct access_claim claim;
        snprintf(target, sizeof(target), "/?%s", claims[i]);
        access_claim_read((struct slice){target, strlen(target)}, &claim);
        assert_true(claim.is_malformed);
    }
}

static void lists_allow_and_deny_by_patterns(void **state)
{
    static const struct {
        const char *artists, *deny, *target;
        enum access_result result;
    } cases[] = {
        {NULL, NULL, TARGET, ACCESS_GRANTED},
        {"songkick/7", NULL, TARGET, ACCESS_GRANTED},
        {"songkick/*", NULL, TARGET, ACCESS_GRANTED},
        {"songkick/8 *7", NULL, TARGET, ACCESS_GRANTED},
        {"songkick/8", NULL, TARGET, ACCESS_DENIED},
        {"songkick/77 songkick/", NULL, TARGET, ACCESS_DENIED},
        {"songkick/7", NULL, "/api/songkick/venue?id=7", ACCESS_DENIED},
        {"songkick/venue/*", NULL, "/api/songkick/venue?id=7", ACCESS_GRANTED},
        {"songkick/8", NULL, "/api/songkick/search?q=a", ACCESS_GRANTED},
        {NULL, "songkick/search", "/api/songkick/search?q=a", ACCESS_DENIED},
        {"songkick/*", "songkick/7", TARGET, ACCESS_DENIED},
        {NULL, "songkick/8", TARGET, ACCESS_GRANTED},
        {NULL, "evil.example", "/tour/songkick/7/?pages=https%3A%2F%2FEvil.example%2Fa", ACCESS_DENIED},
        {NULL, "*.evil.example", "/tour/songkick/7/?pages=https%3A%2F%2Fevil.example%2Fa", ACCESS_GRANTED},
        {NULL, "evil.example", "/tour/songkick/7/?pages=https%3A%2F%2Fevil.example%3A444%2Fa", ACCESS_DENIED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct access *access =
            make(&(struct access_options){.artists = cases[i].artists, .deny = cases[i].deny});
        if (ask(access, cases[i].target) != cases[i].result)
            fail_msg("case %zu: %s", i, cases[i].target);
        access_free(access);
    }
}

static void what_would_leave_a_hole_is_refused(void **state)
{
    static char many[3000], longest[300], key[400];
    const char *setting, *why;
    (void)state;
    for (int i = 0; i < 257; i++)
        memcpy(many + strlen(many), "a/b ", 5);
    memset(longest, 'a', sizeof(longest) - 1);
    memset(key, 'k', sizeof(key) - 1);
    const struct {
        struct access_options options;
        const char *setting;
    } cases[] = {{{.key = KEY}, "form_password_file"},
                 {{.key = "short", .password = "p"}, "key_file"},
                 {{.key = key, .password = "p"}, "key_file"},
                 {{.key = KEY, .next_key = "short", .password = "p"}, "next_key_file"},
                 {{.artists = many}, "artists"},
                 {{.deny = longest}, "deny"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_null(access_new(&cases[i].options, &setting, &why));
        assert_string_equal(setting, cases[i].setting);
        assert_true(strlen(why) > 10);
    }
}

static void only_the_password_opens_the_form(void **state)
{
    static const struct {
        const char *authorization;
        bool admitted;
    } cases[] = {{"Basic bWU6cA==", true},   {"basic OnA=", true},      {"Basic bWU6cHA=", false},
                 {"Basic bWU6", false},      {"Basic", false},          {"Basic ", false},
                 {"Basic bWVw", false},      {"Basic ====", false},     {"Basic bWU6cA", false},
                 {"Bearer bWU6cA==", false}, {"Basic !!!!!!!!", false}, {"", false}};
    struct access *access = make(&(struct access_options){.password = "p"});
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice field = {cases[i].authorization, strlen(cases[i].authorization)};
        if (access_admits_form(access, field) != cases[i].admitted)
            fail_msg("%s", cases[i].authorization);
    }
    assert_false(access_admits_form(access, (struct slice){NULL, 0}));
    access_free(access);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_policy_all_is_granted),
        cmocka_unit_test(a_signature_is_the_hmac_that_its_description_says),
        cmocka_unit_test(a_link_is_granted_with_its_own_signature_until_it_ends),
        cmocka_unit_test(the_next_key_is_accepted_and_does_not_sign),
        cmocka_unit_test(a_claim_that_is_none_is_never_right),
        cmocka_unit_test(lists_allow_and_deny_by_patterns),
        cmocka_unit_test(what_would_leave_a_hole_is_refused),
        cmocka_unit_test(only_the_password_opens_the_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
