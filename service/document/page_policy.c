/* Sources of a policy are origins, and the hash of our style sheet. */
#include "page_policy.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "translators/pages/pages.h"

#define SHARED "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

/* Scheme, host and port: "https://images.example:8443". 0: its host has characters that end a source. */
static size_t origin_len(const char *url)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:";
    const char *host = strstr(url, "://");
    size_t len = host != NULL ? strcspn(host + 3, "/?#") : 0;
    return len > 0 && strspn(host + 3, allowed) >= len ? (size_t)(host + 3 - url) + len : 0;
}

static void put_style_hash(char ret[64])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)pages_style, strlen(pages_style), digest);
    EVP_EncodeBlock((unsigned char *)ret, digest, sizeof(digest));
}

/* "'none'" where there is no address, or one that cannot be a source. */
static void source(const char *url, char ret[REPRESENTATION_MAX_POLICY_BYTES / 3])
{
    size_t len = url != NULL ? origin_len(url) : 0;
    snprintf(ret, REPRESENTATION_MAX_POLICY_BYTES / 3, "%.*s", len > 0 ? (int)len : (int)strlen("'none'"),
             len > 0 ? url : "'none'");
}

void page_policy_write(const char *style, const char *picture, char ret[REPRESENTATION_MAX_POLICY_BYTES])
{
    char hash[64], styles[REPRESENTATION_MAX_POLICY_BYTES / 3], images[REPRESENTATION_MAX_POLICY_BYTES / 3];
    put_style_hash(hash);
    source(picture, images);
    if (style != NULL)
        source(style, styles);
    else
        snprintf(styles, sizeof(styles), "'sha256-%s'", hash);
    snprintf(ret, REPRESENTATION_MAX_POLICY_BYTES, "default-src 'none'; style-src %s; img-src %s; " SHARED,
             styles, images);
}

const char *page_policy_of_data(void)
{
    return "default-src 'none'; " SHARED;
}

bool page_policy_same_origin(const char *a, const char *b)
{
    size_t len = origin_len(a);
    return len > 0 && origin_len(b) == len && strncasecmp(a, b, len) == 0;
}
