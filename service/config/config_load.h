/* Reads the configuration from an INI file (inih) and the environment, which wins: MARQUEE_TLS_KEY is
 * `[tls] key`. */
#ifndef MARQUEE_CONFIG_LOAD_H
#define MARQUEE_CONFIG_LOAD_H

#include <stdbool.h>

#include "config.h"

/* New configuration from `path` (NULL: defaults and environment alone). NULL on a fault: ret_error holds one
 * line that names file and line (or the variable) and the remedy. `for_serving`: also what only `serve` needs
 * must be there. */
struct config *config_load(const char *path, bool for_serving, char ret_error[CONFIG_MAX_ERROR_BYTES]);
void config_free(struct config *config); /* NULL is a no-op; wipes keys */

/* Prints every setting with its value to standard output, secrets as "(set)". */
void config_print(const struct config *config);

#endif
