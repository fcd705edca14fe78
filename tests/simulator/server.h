/* The main port: HTTPS with HTTP/2 and HTTP/1.1 through libh2o, on one or more threads. */
#ifndef SIMULATOR_SERVER_H
#define SIMULATOR_SERVER_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "tests/simulator/dispatch.h"

#define SERVER_THREADS_MAX 16

struct server;

struct server_options {
    int listener; /* taken */
    SSL_CTX *tls; /* borrowed, for ever */
    bool http1_only;
    unsigned threads;
    struct dispatch *dispatch; /* borrowed, for ever */
};

/* A context for either port; NULL, and a line on standard error, when the files are no good. */
SSL_CTX *server_tls(const char *certificate_file, const char *key_file, bool http1_only);

/* A listening socket on 127.0.0.1; port 0 picks a free one. Returns it, and the port; -1: errno. */
int server_listen(unsigned port, unsigned *ret_port);

/* Starts the threads; they serve until the process ends. False: errno. */
bool server_start(const struct server_options *options);

/* The next number of a connection, for ports that are not libh2o's. Any thread. */
uint64_t server_number_connection(void);

#endif
