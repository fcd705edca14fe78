/* Reads the configuration from an INI file (inih) and the environment, which wins: MARQUEE_TLS_KEY is
 * `[tls] key`. */
#ifndef MARQUEE_CONFIG_LOAD_H
#define MARQUEE_CONFIG_LOAD_H

#include <stdbool.h>

#include "config.h"

/* New configuration from `path` (NULL: defaults and environment alone). NULL on a fault: ret_fault holds one
 * line that names file and line (or the variable) and the remedy. `for_serving`: also what only `serve` needs
 * must be there. */
struct config *config_load(const char *path, bool for_serving, struct fault *ret_fault);

/* New configuration of the defaults alone. */
struct config *config_defaults(void);

/* Each reference keeps the configuration as it is; config_load() returns the first. config_unref(): the last
 * one wipes keys and frees; NULL is a no-op. Any thread. */
struct config *config_ref(struct config *config); /* returns its argument */
void config_unref(struct config *config);

/* Prints every setting with its value to standard output, secrets as "(set)". */
void config_print(const struct config *config);

#endif
