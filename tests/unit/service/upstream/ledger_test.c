/* Which providers share an account, and what a new configuration changes in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "service/upstream/ledger.h"

/* Nothing is written through the pointers that lose their const here. */
static struct provider_config provider(const char *section, const char *base_url, const char *key)
{
    struct provider_config provider = {
        .base_url = (char *)base_url, .api_key = (char *)key, .requests_per_day = 10};
    snprintf(provider.section, sizeof(provider.section), "%s", section);
    return provider;
}

static void one_section_with_one_key_has_one_account_however_often_it_is_read(void **state)
{
    struct ledger ledger = {0};
    const struct provider_config old = provider("songkick", "https://a", "key");
    const struct provider_config new = provider("songkick", "https://a", "key");
    (void)state;
    struct account *account = account_open(&ledger, &old);
    assert_ptr_equal(account_open(&ledger, &new), account);
    account_close(&ledger, account);
    assert_ptr_equal(account_open(&ledger, &new), account);
    account_close(&ledger, account);
    account_close(&ledger, account);
    assert_null(ledger._first);
}

static void another_section_address_or_key_has_an_account_of_its_own(void **state)
{
    struct ledger ledger = {0};
    const struct provider_config all[] = {
        provider("songkick", "https://a", "key"),   provider("bandsintown", "https://a", "key"),
        provider("songkick", "https://b", "key"),   provider("songkick", "https://a", "other"),
        provider("songkick", "https://a", NULL),    provider("bandsintown:x", "https://a", "key"),
        provider("bandsintown", "https://ak", "ey")};
    enum { N = sizeof(all) / sizeof(all[0]) };
    struct account *accounts[N];
    (void)state;
    for (size_t i = 0; i < N; i++) {
        accounts[i] = account_open(&ledger, &all[i]);
        for (size_t k = 0; k < i; k++)
            assert_ptr_not_equal(accounts[k], accounts[i]);
    }
    for (size_t i = 0; i < N; i++)
        account_close(&ledger, accounts[i]);
    assert_null(ledger._first);
}

static void new_limits_are_taken_over_and_what_is_spent_stays_spent(void **state)
{
    struct ledger ledger = {0};
    struct provider_config changing = provider("songkick", "https://a", "key");
    int64_t wait_ms;
    (void)state;
    struct account *account = account_open(&ledger, &changing);
    for (int i = 0; i < 10; i++)
        assert_true(limiter_take(&account->limiter, 0, 0, &wait_ms));
    assert_false(limiter_take(&account->limiter, 0, 0, &wait_ms));
    changing.requests_per_day = 11;
    changing.requests_per_s = 5;
    changing.max_concurrent = 7;
    account_open(&ledger, &changing);
    assert_true(limiter_take(&account->limiter, 1000, 0, &wait_ms));
    assert_false(limiter_take(&account->limiter, 2000, 0, &wait_ms));
    assert_int_equal(wait_ms, -1);
    assert_int_equal(account->limiter.per_s, 5);
    assert_int_equal(account->max_concurrent, 7);
    account_close(&ledger, account);
    account_close(&ledger, account);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_section_with_one_key_has_one_account_however_often_it_is_read),
        cmocka_unit_test(another_section_address_or_key_has_an_account_of_its_own),
        cmocka_unit_test(new_limits_are_taken_over_and_what_is_spent_stays_spent),
    };
    return cmocka_run_group_tests_name("service/ledger", tests, NULL, NULL);
}
