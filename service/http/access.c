/* Lists of patterns, signatures and one password. What a refusal looks like is problem_answer.c's. */
#include "access.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "service/document/route.h"
#include "translators/base/must.h"

#define MAX_PATTERN_BYTES  256
#define MAX_SUBJECT_BYTES  (ROUTE_ID_MAX_BYTES + 64)
#define MAX_EXPIRES_DIGITS 12
#define BASIC              "Basic "
#define MAX_BASIC_BYTES    512

struct key {
    unsigned char bytes[ACCESS_MAX_KEY_BYTES];
    size_t len; /* 0: there is none */
};

struct patterns {
    size_t n;
    char (*list)[MAX_PATTERN_BYTES]; /* owned */
};

struct access {
    struct key keys[2]; /* the first signs; both are accepted */
    struct patterns artists, deny;
    bool has_password;
    unsigned char password[SHA256_DIGEST_LENGTH]; /* its digest: all are of one length */
};

/* ---- patterns ---- */

/* False: *ret_why. */
static bool patterns_read(const char *text, struct patterns *ret, const char **ret_why)
{
    if (text == NULL)
        return true;
    ret->list = must(calloc(ACCESS_MAX_PATTERNS, sizeof(*ret->list)));
    for (text += strspn(text, " \t,"); *text != '\0'; text += strspn(text, " \t,")) {
        size_t len = strcspn(text, " \t,");
        if (ret->n == ACCESS_MAX_PATTERNS) {
            *ret_why = "there are more than 256 of them";
            return false;
        }
        if (len >= MAX_PATTERN_BYTES) {
            *ret_why = "one of them is too long";
            return false;
        }
        memcpy(ret->list[ret->n++], text, len);
        text += len;
    }
    return true;
}

/* "*" is any characters, none too. Each star is tried from the left, and only the last one again: that is
 * enough, and takes no more than the product of both lengths. */
static bool matches(const char *pattern, const char *text)
{
    const char *star = NULL, *again = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            again = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static bool patterns_have(const struct patterns *patterns, const char *text)
{
    for (size_t i = 0; i < patterns->n; i++) {
        if (matches(patterns->list[i], text))
            return true;
    }
    return false;
}

/* "provider/id" of an artist, "provider/venue/id" of anything else, "provider/search" of searches. */
static void subject_of(const struct document_request *request, char ret[MAX_SUBJECT_BYTES])
{
    enum subject subject = request->route->subject;
    const char *kind = subject == SUBJECT_ARTIST ? "" : subject_name(subject);
    snprintf(ret, MAX_SUBJECT_BYTES, "%s/%s%s%s", request->translator->name, kind,
             kind[0] != '\0' && request->id[0] != '\0' ? "/" : "", request->id);
}

/* The host of `pages`, in lower case; "" when there are none. */
static void host_of(const char *url, char *ret, size_t size)
{
    const char *host = strstr(url, "://");
    size_t len = host != NULL ? strcspn(host + 3, ":/?#") : 0;
    ret[0] = '\0';
    if (len == 0 || len >= size)
        return;
    for (size_t i = 0; i < len; i++) {
        char c = host[3 + i];
        ret[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    ret[len] = '\0';
}

static bool is_denied(const struct access *access, const struct document_request *request)
{
    char subject[MAX_SUBJECT_BYTES], host[MAX_PATTERN_BYTES];
    subject_of(request, subject);
    host_of(request->pages, host, sizeof(host));
    return patterns_have(&access->deny, subject) || (host[0] != '\0' && patterns_have(&access->deny, host));
}

/* A search names nobody yet, so the list of artists does not keep it away. */
static bool is_unlisted(const struct access *access, const struct document_request *request)
{
    char subject[MAX_SUBJECT_BYTES];
    subject_of(request, subject);
    return access->artists.n > 0 && !route_is_search(request) && !patterns_have(&access->artists, subject);
}

/* ---- new and free ---- */

static bool key_read(const char *text, struct key *ret, const char **ret_why)
{
    size_t len = text != NULL ? strlen(text) : 0;
    if (text == NULL)
        return true;
    if (len < ACCESS_MIN_KEY_BYTES || len > ACCESS_MAX_KEY_BYTES) {
        *ret_why = "the key must have 16 to 256 bytes, such as `openssl rand -hex 32` makes";
        return false;
    }
    memcpy(ret->bytes, text, len);
    ret->len = len;
    return true;
}

/* Whoever opens such a form has a signature for every artist. */
static const char *form_fault(const struct access_options *options)
{
    if (options->key != NULL && options->password == NULL)
        return "is missing: without it the form at / would sign links for everybody; give a file with a "
               "password";
    return NULL;
}

struct access *access_new(const struct access_options *options, const char **ret_setting,
                          const char **ret_why)
{
    struct access *access = must(calloc(1, sizeof(*access)));
    const struct {
        const char *setting;
        bool good;
    } steps[] = {
        {"key_file", key_read(options->key, &access->keys[0], ret_why)},
        {"next_key_file", key_read(options->next_key, &access->keys[1], ret_why)},
        {"artists", patterns_read(options->artists, &access->artists, ret_why)},
        {"deny", patterns_read(options->deny, &access->deny, ret_why)},
        {"form_password_file", form_fault(options) == NULL},
    };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i].good)
            continue;
        *ret_setting = steps[i].setting;
        if (form_fault(options) != NULL && i == sizeof(steps) / sizeof(steps[0]) - 1)
            *ret_why = form_fault(options);
        access_free(access);
        return NULL;
    }
    access->has_password = options->password != NULL;
    if (access->has_password)
        SHA256((const unsigned char *)options->password, strlen(options->password), access->password);
    return access;
}

void access_free(struct access *access)
{
    if (access == NULL)
        return;
    free(access->artists.list);
    free(access->deny.list);
    OPENSSL_cleanse(access, sizeof(*access));
    free(access);
}

/* ---- links ---- */

static bool take_signature(const char *text, size_t len, struct access_claim *ret)
{
    if (len != ACCESS_SIGNATURE_DIGITS || ret->signature[0] != '\0')
        return false;
    for (size_t i = 0; i < len; i++) {
        if (strchr("0123456789abcdef", text[i]) == NULL || text[i] == '\0')
            return false;
    }
    memcpy(ret->signature, text, len);
    ret->signature[len] = '\0';
    return true;
}

static bool take_expires(const char *text, size_t len, struct access_claim *ret)
{
    if (len == 0 || len > MAX_EXPIRES_DIGITS || text[0] == '0' || ret->expires_s != 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        ret->expires_s = ret->expires_s * 10 + (text[i] - '0');
    }
    return true;
}

void access_claim_read(struct slice target, struct access_claim *ret)
{
    const char *end = target.text + target.len;
    const char *query = memchr(target.text, '?', target.len);
    *ret = (struct access_claim){.expires_s = 0};
    for (const char *at = query != NULL ? query + 1 : end; at < end;) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        size_t len = (size_t)((next != NULL ? next : end) - at);
        if (len >= 4 && memcmp(at, "sig=", 4) == 0)
            ret->is_malformed |= !take_signature(at + 4, len - 4, ret);
        else if (len >= 8 && memcmp(at, "expires=", 8) == 0)
            ret->is_malformed |= !take_expires(at + 8, len - 8, ret);
        at += len + 1;
    }
}

/* The canonical text without what only the cache puts in front of it: "doc LAYOUT ". */
static struct cache_key signed_text(const struct document_request *request)
{
    struct cache_key key = route_job_key(request);
    for (int blanks = 0; blanks < 2; blanks++) {
        const char *blank = must(memchr(key.text, ' ', key.len));
        key.len -= (size_t)(blank + 1 - key.text);
        key.text = blank + 1;
    }
    return key;
}

static void sign(const struct key *key, const struct document_request *request, int64_t expires_s,
                 char ret[ACCESS_SIGNATURE_DIGITS + 1])
{
    struct cache_key text = signed_text(request);
    unsigned char message[CACHE_KEY_MAX_BYTES + MAX_EXPIRES_DIGITS + 16], digest[SHA256_DIGEST_LENGTH];
    memcpy(message, text.text, text.len);
    int len = expires_s != 0 ? snprintf((char *)message + text.len, sizeof(message) - text.len, "\n%lld",
                                        (long long)expires_s)
                             : snprintf((char *)message + text.len, sizeof(message) - text.len, "\n");
    must(HMAC(EVP_sha256(), key->bytes, (int)key->len, message, text.len + (size_t)len, digest, NULL) !=
         NULL);
    for (size_t i = 0; i < ACCESS_SIGNATURE_DIGITS / 2; i++)
        snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}

bool access_signs(const struct access *access)
{
    return access != NULL && access->keys[0].len > 0;
}

bool access_sign_target(const struct access *access, const char *target, size_t len, int64_t expires_s,
                        char ret_signature[ACCESS_SIGNATURE_DIGITS + 1])
{
    struct route_result *route = must(malloc(sizeof(*route)));
    route_parse(target, len, route);
    bool is_document = route->target == ROUTE_DOCUMENT;
    if (is_document)
        sign(&access->keys[0], &route->document, expires_s, ret_signature);
    free(route);
    return is_document;
}

static bool is_right(const struct access *access, const struct document_request *request,
                     const struct access_claim *claim)
{
    bool right = false;
    for (size_t i = 0; i < 2; i++) {
        char expected[ACCESS_SIGNATURE_DIGITS + 1];
        if (access->keys[i].len == 0)
            continue;
        sign(&access->keys[i], request, claim->expires_s, expected);
        right |= CRYPTO_memcmp(expected, claim->signature, ACCESS_SIGNATURE_DIGITS) == 0;
    }
    return right;
}

enum access_result access_check(const struct access *access, const struct document_request *request,
                                const struct access_claim *claim, int64_t now_s)
{
    if (access == NULL)
        return ACCESS_GRANTED;
    if (is_denied(access, request) || is_unlisted(access, request))
        return ACCESS_DENIED;
    if (!access_signs(access))
        return ACCESS_GRANTED;
    if (claim->is_malformed)
        return ACCESS_CHANGED;
    if (claim->signature[0] == '\0')
        return ACCESS_UNSIGNED;
    if (!is_right(access, request, claim))
        return ACCESS_CHANGED;
    return claim->expires_s != 0 && claim->expires_s <= now_s ? ACCESS_EXPIRED : ACCESS_GRANTED;
}

enum access_result access_check_form(const struct access *access, const struct document_request *request)
{
    const bool denied = access != NULL && (is_denied(access, request) || is_unlisted(access, request));
    return denied ? ACCESS_DENIED : ACCESS_GRANTED;
}

enum access_result access_check_configured(const struct access *access,
                                           const struct document_request *request)
{
    return access != NULL && is_denied(access, request) ? ACCESS_DENIED : ACCESS_GRANTED;
}

/* ---- the form ---- */

bool access_admits_form(const struct access *access, struct slice authorization)
{
    unsigned char text[MAX_BASIC_BYTES + 4], digest[SHA256_DIGEST_LENGTH];
    if (access == NULL || !access->has_password)
        return true;
    size_t skip = sizeof(BASIC) - 1, len = authorization.len;
    if (authorization.text == NULL || len <= skip || len - skip > MAX_BASIC_BYTES || (len - skip) % 4 != 0 ||
        strncasecmp(authorization.text, BASIC, skip) != 0)
        return false;
    int decoded = EVP_DecodeBlock(text, (const unsigned char *)authorization.text + skip, (int)(len - skip));
    if (decoded < 0)
        return false;
    size_t text_len = (size_t)decoded;
    /* EVP_DecodeBlock() counts the padding as bytes. */
    for (size_t i = 1; i <= 2 && authorization.text[len - i] == '='; i++)
        text_len--;
    const unsigned char *colon = memchr(text, ':', text_len);
    bool admitted = false;
    if (colon != NULL) {
        SHA256(colon + 1, text_len - (size_t)(colon + 1 - text), digest);
        admitted = CRYPTO_memcmp(digest, access->password, sizeof(digest)) == 0;
    }
    OPENSSL_cleanse(text, sizeof(text));
    return admitted;
}
