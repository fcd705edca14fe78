/* TLS contexts, with handshakes in memory: versions, protocols, sessions over a reload, and unusable files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "service/listen/tls.h"
#include "service/process/ticket_keys.h"

#define NOW_S 1800000000

struct files {
    char directory[32];
    char certificate[64], key[64], other_key[64], rubbish[64];
};

static void write_key(const char *path, EVP_PKEY *key)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
    fclose(file);
}

static void write_certificate(const char *path, EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    assert_int_equal(PEM_write_X509(file, certificate), 1);
    fclose(file);
    X509_free(certificate);
}

static int make_files(void **state)
{
    struct files *files = calloc(1, sizeof(*files));
    assert_non_null(files);
    snprintf(files->directory, sizeof(files->directory), "/tmp/tls_test.XXXXXX");
    assert_non_null(mkdtemp(files->directory));
    snprintf(files->certificate, sizeof(files->certificate), "%s/cert.pem", files->directory);
    snprintf(files->key, sizeof(files->key), "%s/key.pem", files->directory);
    snprintf(files->other_key, sizeof(files->other_key), "%s/other.pem", files->directory);
    snprintf(files->rubbish, sizeof(files->rubbish), "%s/rubbish.pem", files->directory);
    EVP_PKEY *key = EVP_EC_gen("P-256"), *other = EVP_EC_gen("P-256");
    write_key(files->key, key);
    write_key(files->other_key, other);
    write_certificate(files->certificate, key);
    FILE *rubbish = fopen(files->rubbish, "w");
    assert_non_null(rubbish);
    fputs("no PEM\n", rubbish);
    fclose(rubbish);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
    *state = files;
    return 0;
}

static int remove_files(void **state)
{
    struct files *files = *state;
    unlink(files->certificate);
    unlink(files->key);
    unlink(files->other_key);
    unlink(files->rubbish);
    rmdir(files->directory);
    free(files);
    return 0;
}

static struct tls_context *context(const struct files *files, bool http2, struct ticket_keys *keys)
{
    struct fault fault = {.text = ""};
    size_t site;
    struct tls_context *tls = tls_new(
        &(struct tls_options){
            .certificate = files->certificate, .key = files->key, .http2 = http2, .keys = keys},
        &site, &fault);
    if (tls == NULL)
        fail_msg("%s", fault.text);
    return tls;
}

/* Runs a handshake and the tickets after it. NULL: it failed. The client's end, the caller's to free. */
static SSL *handshake(struct tls_context *tls, SSL_CTX *client_context, SSL_SESSION *session,
                      const char *alpn)
{
    SSL *server = SSL_new(tls_ssl_ctx(tls)), *client = SSL_new(client_context);
    BIO *a, *b;
    assert_int_equal(BIO_new_bio_pair(&a, 0, &b, 0), 1);
    SSL_set_bio(server, a, a);
    SSL_set_bio(client, b, b);
    SSL_set_accept_state(server);
    SSL_set_connect_state(client);
    if (alpn != NULL)
        SSL_set_alpn_protos(client, (const unsigned char *)alpn, (unsigned)strlen(alpn));
    if (session != NULL)
        SSL_set_session(client, session);
    char byte = 'x';
    for (int i = 0; i < 10; i++) {
        SSL_do_handshake(client);
        SSL_do_handshake(server);
    }
    bool done = SSL_is_init_finished(client) && SSL_is_init_finished(server);
    if (done) { /* the tickets of TLS 1.3 come with the first bytes */
        SSL_write(server, &byte, 1);
        SSL_read(client, &byte, 1);
        SSL_shutdown(server);
        SSL_shutdown(client);
    }
    SSL_free(server);
    if (done)
        return client;
    SSL_free(client);
    return NULL;
}

static void assert_protocol(struct tls_context *tls, const char *offered, const char *want)
{
    SSL_CTX *client_context = SSL_CTX_new(TLS_client_method());
    SSL *client = handshake(tls, client_context, NULL, offered);
    if (want == NULL) {
        assert_null(client);
    } else {
        const unsigned char *selected;
        unsigned len;
        assert_non_null(client);
        SSL_get0_alpn_selected(client, &selected, &len);
        assert_int_equal(len, strlen(want));
        if (len > 0)
            assert_memory_equal(selected, want, len);
    }
    SSL_free(client);
    SSL_CTX_free(client_context);
}

static void http2_is_preferred_where_it_is_on(void **state)
{
    struct tls_context *both = context(*state, true, NULL), *old = context(*state, false, NULL);
    assert_protocol(both, "\x08http/1.1\x02h2", "h2");
    assert_protocol(both, "\x08http/1.1", "http/1.1");
    assert_protocol(both, NULL, "");
    assert_protocol(both, "\x03xyz", NULL);
    assert_protocol(old, "\x02h2\x08http/1.1", "http/1.1");
    assert_protocol(old, "\x02h2", NULL);
    tls_free(both);
    tls_free(old);
}

static void tls_before_1_2_and_ciphers_without_forward_secrecy_are_refused(void **state)
{
    struct tls_context *tls = context(*state, true, NULL);
    static const struct {
        int version;
        const char *ciphers;
        bool want;
    } cases[] = {
        {TLS1_1_VERSION, "ALL:@SECLEVEL=0", false},
        {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", true},
        {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", false},
        {TLS1_2_VERSION, "AES128-GCM-SHA256:@SECLEVEL=0", false},
        {TLS1_3_VERSION, NULL, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        SSL_CTX *client_context = SSL_CTX_new(TLS_client_method());
        if (cases[i].ciphers != NULL)
            assert_int_equal(SSL_CTX_set_cipher_list(client_context, cases[i].ciphers), 1);
        SSL_CTX_set_min_proto_version(client_context, cases[i].version);
        SSL_CTX_set_max_proto_version(client_context, cases[i].version);
        SSL *client = handshake(tls, client_context, NULL, NULL);
        if ((client != NULL) != cases[i].want)
            fail_msg("case %zu", i);
        SSL_free(client);
        SSL_CTX_free(client_context);
    }
    tls_free(tls);
}

static int on_new_session(SSL *ssl, SSL_SESSION *session)
{
    SSL_SESSION **kept = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    SSL_SESSION_free(*kept);
    *kept = session;
    return 1;
}

static void (*between)(void); /* happens in resumes() before the second handshake; NULL: nothing */

/* Makes a session with `first` and brings it to `second`. */
static bool resumes(struct tls_context *first, struct tls_context *second, int version)
{
    SSL_SESSION *session = NULL;
    SSL_CTX *client_context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(client_context, version);
    SSL_CTX_set_session_cache_mode(client_context, SSL_SESS_CACHE_CLIENT);
    SSL_CTX_set_app_data(client_context, &session);
    SSL_CTX_sess_set_new_cb(client_context, on_new_session);
    SSL *client = handshake(first, client_context, NULL, NULL);
    assert_non_null(client);
    SSL_free(client);
    assert_non_null(session);
    SSL_SESSION *brought = session;
    session = NULL;
    if (between != NULL)
        between();
    client = handshake(second, client_context, brought, NULL);
    assert_non_null(client);
    bool reused = SSL_session_reused(client) == 1;
    SSL_free(client);
    SSL_SESSION_free(brought);
    SSL_SESSION_free(session);
    SSL_CTX_free(client_context);
    return reused;
}

static struct ticket_keys *keys_at(int64_t now_s)
{
    struct fault why;
    struct ticket_keys *keys = ticket_keys_new();
    assert_true(ticket_keys_sweep(keys, NULL, now_s, &why));
    return keys;
}

static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

static void sessions_survive_a_reload_and_no_other_service_knows_them(void **state)
{
    struct ticket_keys *keys = keys_at(NOW_S), *others = keys_at(NOW_S);
    struct tls_context *old = context(*state, true, keys), *reloaded = context(*state, true, keys);
    struct tls_context *stranger = context(*state, true, others), *none = context(*state, true, NULL);
    for (size_t i = 0; i < 2; i++) {
        assert_true(resumes(old, old, versions[i]));
        assert_true(resumes(old, reloaded, versions[i]));
        assert_false(resumes(old, stranger, versions[i]));
        assert_false(resumes(old, none, versions[i]));
    }
    tls_free(old);
    tls_free(reloaded);
    tls_free(stranger);
    tls_free(none);
    ticket_keys_free(keys);
    ticket_keys_free(others);
}

static struct rotation {
    struct ticket_keys *keys;
    unsigned periods;
} rotation;

static void rotate(void)
{
    struct fault why;
    for (unsigned i = 1; i <= rotation.periods; i++)
        ticket_keys_sweep(rotation.keys, NULL, NOW_S + (int64_t)i * TICKET_KEYS_PERIOD_S, &why);
}

static void a_session_outlives_two_rotations_of_the_keys(void **state)
{
    static const bool reused[] = {true, true, true, false};
    for (unsigned n = 0; n < 4; n++) {
        for (size_t i = 0; i < 2; i++) {
            rotation = (struct rotation){keys_at(NOW_S), n};
            struct tls_context *tls = context(*state, true, rotation.keys);
            between = rotate;
            assert_int_equal(resumes(tls, tls, versions[i]), reused[n]);
            between = NULL;
            tls_free(tls);
            ticket_keys_free(rotation.keys);
        }
    }
}

static void assert_error(const char *certificate, const char *key, const char *names, const char *says)
{
    struct fault fault = {.text = ""};
    size_t site;
    assert_null(tls_new(&(struct tls_options){.certificate = certificate, .key = key}, &site, &fault));
    if (strstr(fault.text, names) == NULL || strstr(fault.text, says) == NULL)
        fail_msg("the fault.text is: %s", fault.text);
    assert_null(strchr(fault.text, '\n'));
}

static void unusable_files_are_named_with_what_is_wrong(void **state)
{
    const struct files *files = *state;
    assert_error(NULL, files->key, "[tls] certificate", "not set");
    assert_error(files->certificate, "", "[tls] key", "not set");
    assert_error("/nowhere/cert.pem", files->key, "/nowhere/cert.pem", "No such file");
    assert_error(files->certificate, "/nowhere/key.pem", "/nowhere/key.pem", "No such file");
    assert_error(files->rubbish, files->key, files->rubbish, "no PEM certificate");
    assert_error(files->certificate, files->rubbish, files->rubbish, "no PEM private key");
    assert_error(files->certificate, files->other_key, files->other_key,
                 "does not belong to the certificate");
    assert_error(files->directory, files->key, files->directory, "no PEM certificate");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(http2_is_preferred_where_it_is_on),
        cmocka_unit_test(tls_before_1_2_and_ciphers_without_forward_secrecy_are_refused),
        cmocka_unit_test(sessions_survive_a_reload_and_no_other_service_knows_them),
        cmocka_unit_test(a_session_outlives_two_rotations_of_the_keys),
        cmocka_unit_test(unusable_files_are_named_with_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
