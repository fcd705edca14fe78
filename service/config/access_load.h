/* [access]: reads the secrets that it names and makes one policy of it. */
#ifndef MARQUEE_ACCESS_LOAD_H
#define MARQUEE_ACCESS_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

struct arena;

/* Fills config->access.policy, unless the section is empty. False: ret_fault is one line with the place. */
bool access_load(struct config *config, struct fault *ret_fault);

/* A link of this service, which begins with `base`, as it has to be where links are signed: itself, or new in
 * `arena`. */
const char *config_sign(const struct config *config, struct arena *arena, const char *base, const char *link);

/* New: a link that a person gives, absolute or path and query, with `expires`, unless `days` is NULL, and
 * `sig`. NULL: ret_fault is for that person. */
char *config_sign_by_hand(const struct access *access, const char *url, const char *days, int64_t now_s,
                          struct fault *ret_fault);

#endif
