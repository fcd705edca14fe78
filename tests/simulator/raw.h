/* The raw port: HTTPS with HTTP/1.1 alone, a thread a connection, every byte written by hand. It answers like
 * the main port, and in the modes that no HTTP library can produce. Not for benchmarks. */
#ifndef SIMULATOR_RAW_H
#define SIMULATOR_RAW_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "tests/simulator/dispatch.h"

struct raw_options {
    int listener;              /* taken */
    SSL_CTX *tls;              /* borrowed, for ever; must not offer HTTP/2 */
    struct dispatch *dispatch; /* borrowed, for ever */
};

/* Starts the thread that accepts; it serves until the process ends. False: errno. */
bool raw_start(const struct raw_options *options);

#endif
