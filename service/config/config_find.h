/* Finds settings by the names a person writes, in the struct and in the file. */
#ifndef MARQUEE_CONFIG_FIND_H
#define MARQUEE_CONFIG_FIND_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"

struct setting;

/* Finds a setting and the struct it belongs to: *ret_base is `config` or one of its providers, *ret_owner the
 * index into config->lines. False: there is no such section or key. */
bool config_resolve(struct config *config, const char *section, const char *key,
                    const struct setting **ret_setting, void **ret_base, size_t *ret_owner);

/* Is there a section of this name? */
bool config_has_section(struct config *config, const char *section);

/* Puts the file, and the line where the setting stands in it, in front of `error`. */
void config_locate(const struct config *config, const char *section, const char *key,
                   char error[CONFIG_MAX_ERROR_BYTES]);

#endif
