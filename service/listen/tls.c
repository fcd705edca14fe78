/* One SSL_CTX for all front threads. Tickets are stateless (RFC 5077, RFC 8446 section 4.6.1), sealed with
 * the newest of the keys that all contexts share: any thread resumes any session, also after a reload.
 * Certificates of clients and OCSP are not here. */
#include "tls.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "service/process/ticket_keys.h"
#include "translators/base/must.h"

#define TLS_TICKET_LIFE_S 7200
/* RFC 9325 section 4.2: ephemeral key exchange and AEAD only. */
#define TLS_CIPHERS                                                                            \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:" \
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

struct site {
    char *host;
    SSL_CTX *ssl; /* a reference; NULL: the context's own */
};

struct tls_context {
    SSL_CTX *ssl;
    struct site *sites;
    size_t n_sites;
};

static const unsigned char alpn_h2[] = "\x02h2\x08http/1.1";
static const unsigned char alpn_h1[] = "\x08http/1.1";

static void explain(struct fault *ret_fault, const char *file, const char *what)
{
    char why[160] = "";
    unsigned long code = ERR_get_error();
    if (code != 0)
        ERR_error_string_n(code, why, sizeof(why));
    fault_say(ret_fault, "%s: %s%s%s%s", file, what, *why != '\0' ? " (" : "", why, *why != '\0' ? ")" : "");
    ERR_clear_error();
}

static bool readable(const char *file, const char *setting, struct fault *ret_fault)
{
    if (file == NULL || *file == '\0') {
        return fault_say(ret_fault, "[tls] %s is not set: name a PEM file", setting);
    }
    if (access(file, R_OK) != 0) {
        return fault_say(ret_fault, "%s: %s; check [tls] %s and the file's permissions", file,
                         strerror(errno), setting);
    }
    return true;
}

/* A key with a passphrase would make OpenSSL ask on the terminal; a service has none. */
static int on_passphrase(char *text, int size, int writing, void *arg)
{
    (void)text;
    (void)size;
    (void)writing;
    (void)arg;
    return 0;
}

/* The server's order counts (RFC 7301 section 3.2). What is no protocol of ours is refused with the alert. */
static int on_alpn(SSL *ssl, const unsigned char **ret, unsigned char *ret_len, const unsigned char *offered,
                   unsigned offered_len, void *arg)
{
    (void)ssl;
    const unsigned char *ours = arg;
    unsigned ours_len = ours == alpn_h2 ? sizeof(alpn_h2) - 1 : sizeof(alpn_h1) - 1;
    unsigned char *selected;
    if (SSL_select_next_proto(&selected, ret_len, ours, ours_len, offered, offered_len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *ret = selected;
    return SSL_TLSEXT_ERR_OK;
}

static bool set_protocols(SSL_CTX *ssl, bool http2)
{
    const unsigned char *alpn = http2 ? alpn_h2 : alpn_h1;
    SSL_CTX_set_options(ssl, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(ssl, on_alpn, (void *)alpn);
    return SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(ssl, TLS_CIPHERS) == 1 &&
           SSL_CTX_set1_groups_list(ssl, "X25519:P-256:P-384") == 1;
}

static void set_mac(EVP_MAC_CTX *mac, struct ticket_key *key)
{
    char sha256[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac, sizeof(key->mac)),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256, 0), OSSL_PARAM_construct_end()};
    must(EVP_MAC_CTX_set_params(mac, parameters) == 1);
}

/* OpenSSL asks for the key of each ticket, by SSL_CTX_set_tlsext_ticket_key_evp_cb(3): 0: none, 1: here it
 * is, 2: and the client is to get a new ticket. RFC 5077 section 4 has the cipher and the MAC. Browsers use a
 * ticket of TLS 1.3 once (RFC 8446 section C.4), so each one that resumes brings the next. */
static int on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
                     EVP_MAC_CTX *mac, int sealing)
{
    struct ticket_keys *keys = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    struct ticket_key key;
    bool old = false;
    if (sealing ? !ticket_keys_newest(keys, &key) : !ticket_keys_find(keys, name, &key, &old))
        return 0;
    bool done;
    if (sealing) {
        memcpy(name, key.name, sizeof(key.name));
        done = RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) == 1 &&
               EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.aes, iv) == 1;
    } else {
        done = EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.aes, iv) == 1;
    }
    set_mac(mac, &key);
    OPENSSL_cleanse(&key, sizeof(key));
    bool renew = !sealing && (old || SSL_version(ssl) == TLS1_3_VERSION);
    return !done ? -1 : renew ? 2 : 1;
}

/* Sessions live in the client's ticket only: no shared cache, so no lock between threads but that of the
 * keys. */
static void set_sessions(SSL_CTX *ssl, struct ticket_keys *keys)
{
    static const unsigned char id_context[] = "marquee";
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(ssl, id_context, sizeof(id_context) - 1);
    SSL_CTX_set_timeout(ssl, TLS_TICKET_LIFE_S);
    SSL_CTX_set_num_tickets(ssl, 1); /* with stateless tickets a second one buys nothing */
    if (keys == NULL) {
        SSL_CTX_set_options(ssl, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(ssl, 0);
        return;
    }
    SSL_CTX_set_app_data(ssl, keys);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(ssl, on_ticket);
}

static bool load_files(SSL_CTX *ssl, const char *certificate, const char *key, struct fault *ret_fault)
{
    if (!readable(certificate, "certificate", ret_fault) || !readable(key, "key", ret_fault))
        return false;
    SSL_CTX_set_default_passwd_cb(ssl, on_passphrase);
    if (SSL_CTX_use_certificate_chain_file(ssl, certificate) != 1) {
        explain(ret_fault, certificate, "no PEM certificate in it");
        return false;
    }
    if (SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) != 1) {
        if (ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH) {
            ERR_clear_error();
            fault_say(ret_fault, "%s: this key does not belong to the certificate %s", key, certificate);
        } else {
            explain(ret_fault, key, "no PEM private key without a passphrase in it");
        }
        return false;
    }
    if (SSL_CTX_check_private_key(ssl) != 1) {
        ERR_clear_error();
        return fault_say(ret_fault, "%s: this key does not belong to the certificate %s", key, certificate);
    }
    return true;
}

/* New, with protocols and files. NULL: ret_fault says why. */
static SSL_CTX *open_ssl(const struct tls_options *options, const char *certificate, const char *key,
                         struct fault *ret_fault)
{
    ERR_clear_error();
    SSL_CTX *ssl = SSL_CTX_new(TLS_server_method());
    if (ssl == NULL || !set_protocols(ssl, options->http2)) {
        explain(ret_fault, "OpenSSL", "cannot be set up");
        SSL_CTX_free(ssl);
        return NULL;
    }
    set_sessions(ssl, options->keys);
    if (!load_files(ssl, certificate, key, ret_fault)) {
        SSL_CTX_free(ssl);
        return NULL;
    }
    return ssl;
}

/* ---- hosts of their own ---- */

/* A name that nobody has, or none, gets the first certificate: the client decides what to make of it. */
static int on_server_name(SSL *ssl, int *alert, void *arg)
{
    const struct tls_context *tls = arg;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    (void)alert;
    for (size_t i = 0; i < tls->n_sites && name != NULL; i++) {
        if (strcasecmp(tls->sites[i].host, name) != 0)
            continue;
        if (tls->sites[i].ssl != NULL)
            SSL_set_SSL_CTX(ssl, tls->sites[i].ssl);
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

/* One certificate may be for many sites. */
static SSL_CTX *open_again(const struct tls_context *tls, const struct tls_options *options, size_t index)
{
    const struct tls_site *site = &options->sites[index];
    for (size_t i = 0; i < index; i++) {
        const struct tls_site *other = &options->sites[i];
        if (other->certificate != NULL && strcmp(other->certificate, site->certificate) == 0 &&
            strcmp(other->key, site->key) == 0) {
            SSL_CTX_up_ref(tls->sites[i].ssl);
            return tls->sites[i].ssl;
        }
    }
    return NULL;
}

static bool open_site(struct tls_context *tls, const struct tls_options *options, size_t index,
                      struct fault *ret_fault)
{
    const struct tls_site *wanted = &options->sites[index];
    struct site *site = &tls->sites[index];
    site->host = must(strdup(wanted->host));
    tls->n_sites = index + 1;
    if (wanted->certificate != NULL) {
        site->ssl = open_again(tls, options, index);
        if (site->ssl == NULL)
            site->ssl = open_ssl(options, wanted->certificate, wanted->key, ret_fault);
        if (site->ssl == NULL)
            return false;
    }
    X509 *leaf = SSL_CTX_get0_certificate(site->ssl != NULL ? site->ssl : tls->ssl);
    if (leaf != NULL && X509_check_host(leaf, wanted->host, 0, 0, NULL) == 1)
        return true;
    return fault_say(ret_fault, "%s: this certificate is not for %s; give one that is",
                     wanted->certificate != NULL ? wanted->certificate : options->certificate, wanted->host);
}

struct tls_context *tls_new(const struct tls_options *options, size_t *ret_site, struct fault *ret_fault)
{
    *ret_site = options->n_sites;
    SSL_CTX *ssl = open_ssl(options, options->certificate, options->key, ret_fault);
    if (ssl == NULL)
        return NULL;
    struct tls_context *tls = must(calloc(1, sizeof(*tls)));
    tls->ssl = ssl;
    tls->sites = must(calloc(options->n_sites + 1, sizeof(*tls->sites)));
    for (size_t i = 0; i < options->n_sites; i++) {
        if (!open_site(tls, options, i, ret_fault)) {
            *ret_site = i;
            tls_free(tls);
            return NULL;
        }
    }
    SSL_CTX_set_tlsext_servername_callback(ssl, on_server_name);
    SSL_CTX_set_tlsext_servername_arg(ssl, tls);
    return tls;
}

void tls_free(struct tls_context *tls)
{
    if (tls == NULL)
        return;
    for (size_t i = 0; i < tls->n_sites; i++) {
        free(tls->sites[i].host);
        SSL_CTX_free(tls->sites[i].ssl);
    }
    free(tls->sites);
    SSL_CTX_free(tls->ssl);
    free(tls);
}

SSL_CTX *tls_ssl_ctx(struct tls_context *tls)
{
    return tls->ssl;
}
