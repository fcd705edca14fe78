/* Where a provider's key comes from. */
#ifndef MARQUEE_SECRET_H
#define MARQUEE_SECRET_H

#include <stdbool.h>

#include "translators/base/fault.h"

struct provider_config;

/* Fills api_key, which is the provider's then, unless the configuration has it already. Having none is no
 * fault. False: ret_fault says which file cannot be read. */
bool secret_read(struct provider_config *provider, struct fault *ret_fault);

/* The first word of a file, to be wiped and freed. False: errno says why; ENODATA: it is empty. */
bool secret_read_file(const char *path, char **ret_secret);

#endif
