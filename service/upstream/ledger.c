/* A list: there are some dozens of accounts, looked up at a reload. What is done with one: lane.c. */
#include "ledger.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* A digest, so that no key stays here when its configuration is gone. */
static void identify(const struct provider_config *provider, uint8_t ret_identity[LEDGER_IDENTITY_BYTES])
{
    const char *parts[] = {provider->section, provider->base_url, provider->api_key};
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    bool done = digest != NULL && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1;
    for (size_t i = 0; done && i < sizeof(parts) / sizeof(parts[0]); i++) {
        const char *part = parts[i] != NULL ? parts[i] : "";
        done = EVP_DigestUpdate(digest, part, strlen(part) + 1) == 1;
    }
    if (!done || EVP_DigestFinal_ex(digest, ret_identity, NULL) != 1)
        abort();
    EVP_MD_CTX_free(digest);
}

static struct account *find(const struct ledger *ledger, const uint8_t identity[LEDGER_IDENTITY_BYTES])
{
    struct account *account = ledger->_first;
    while (account != NULL && memcmp(account->_identity, identity, LEDGER_IDENTITY_BYTES) != 0)
        account = account->_next;
    return account;
}

static struct account *begin(struct ledger *ledger, const uint8_t identity[LEDGER_IDENTITY_BYTES])
{
    struct account *account = calloc(1, sizeof(*account));
    if (account == NULL)
        abort();
    pthread_mutex_init(&account->mutex, NULL);
    account->retry_tokens = 1.0;
    account->warned_day = -1;
    memcpy(account->_identity, identity, LEDGER_IDENTITY_BYTES);
    account->_next = ledger->_first;
    ledger->_first = account;
    return account;
}

struct account *account_open(struct ledger *ledger, const struct provider_config *provider)
{
    uint8_t identity[LEDGER_IDENTITY_BYTES];
    identify(provider, identity);
    struct account *account = find(ledger, identity);
    if (account == NULL) {
        account = begin(ledger, identity);
        account->limiter = limiter_new(provider->requests_per_s, provider->requests_per_day);
    }
    pthread_mutex_lock(&account->mutex);
    account->limiter.per_s = provider->requests_per_s;
    account->limiter.per_day = provider->requests_per_day;
    account->max_concurrent = provider->max_concurrent;
    pthread_mutex_unlock(&account->mutex);
    account->_n_holders++;
    return account;
}

void account_close(struct ledger *ledger, struct account *account)
{
    struct account **link = &ledger->_first;
    if (--account->_n_holders > 0)
        return;
    while (*link != account)
        link = &(*link)->_next;
    *link = account->_next;
    pthread_mutex_destroy(&account->mutex);
    free(account);
}
