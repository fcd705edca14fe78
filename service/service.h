/* A running service: all its objects, built in order and torn down in reverse. Main thread only.
 *
 *     struct service *service = service_new(path, error);
 *     … service_sweep() about once a second, service_reload() when asked …
 *     service_free(service); */
#ifndef MARQUEE_SERVICE_H
#define MARQUEE_SERVICE_H

#include <stdint.h>

#include "service/config/config.h"
#include "service/listen/tls.h"

struct cache;
struct service;
struct ticket_keys;
struct tls_context;

/* New service, listening and ready. `config_path` (NULL: environment alone) is borrowed for its life: a
 * reload reads it again. All signals that the caller waits for are to be blocked before. NULL: ret_fault is
 * one line for the operator. */
struct service *service_new(const char *config_path, struct fault *ret_fault);

/* Lets requests under way finish, refuses new ones, and frees everything. */
void service_free(struct service *service);

/* Reads configuration, certificate and keys anew and serves by them, without a failed request; documents
 * under way are finished by the old ones. What is spent of upstreams' quotas stays spent, and an upstream
 * that is left alone is left alone, unless its key or address is another one. A fault is logged and changes
 * nothing. After 16 reloads in a dozen seconds the next waits for service_sweep(). `now_s` is monotonic time.
 */
void service_reload(struct service *service, int64_t now_s);

/* Frees what a reload replaced, once nothing can be using it, makes up for a reload that waited, and has the
 * keys of session tickets made anew. */
void service_sweep(struct service *service, int64_t now_s);

/* New cache by the configuration. NULL: *ret_why (static) is for the operator. */
struct cache *service_cache_new(const struct config *config, const char **ret_why);

/* New TLS context by the configuration; `keys` as in tls.h. NULL: ret_fault says where and why. */
struct tls_context *service_tls_new(const struct config *config, struct ticket_keys *keys,
                                    struct fault *ret_fault);

#endif
