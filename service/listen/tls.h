/* What a listener needs to speak TLS: certificate, key, protocol versions, ALPN, session tickets. A thin
 * cover around one SSL_CTX of OpenSSL; it knows neither sockets nor HTTP. */
#ifndef MARQUEE_TLS_H
#define MARQUEE_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "translators/base/fault.h"

struct ticket_keys;
struct tls_context;
struct ssl_ctx_st; /* OpenSSL's SSL_CTX */

struct tls_site {
    const char *host;              /* lower case */
    const char *certificate, *key; /* PEM files; NULL: those of all, which must be for the host too */
};

struct tls_options {
    const char *certificate;  /* PEM file: leaf first, then the chain */
    const char *key;          /* PEM file */
    bool http2;               /* offer h2 by ALPN; false: http/1.1 only */
    struct ticket_keys *keys; /* of session tickets; borrowed for the context's life. NULL: no tickets */
    /* Hosts with a name of their own (SNI, RFC 6066); all others get the one above. Borrowed for the call. */
    const struct tls_site *sites;
    size_t n_sites;
};

/* New context: TLS 1.2 and 1.3, forward-secret AEAD ciphers, stateless session tickets. A ticket is valid on
 * every thread and in every context with the same keys, for two hours or until its key is gone. NULL on a
 * fault: ret_fault holds one line that names the file and what is wrong with it; *ret_site is the index of
 * the site that it is of, n_sites: of none. */
struct tls_context *tls_new(const struct tls_options *options, size_t *ret_site, struct fault *ret_fault);

/* NULL is a no-op. Not before every connection begun with it has ended its handshake: front_set_tls(). */
void tls_free(struct tls_context *tls);

struct ssl_ctx_st *tls_ssl_ctx(struct tls_context *tls); /* borrowed */

#endif
