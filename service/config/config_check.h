/* What the settings mean together, once all of them are read. */
#ifndef MARQUEE_CONFIG_CHECK_H
#define MARQUEE_CONFIG_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"

/* Checks what the settings mean together, and fills in what depends on others. False: ret_fault is one line.
 */
bool config_check(struct config *config, bool for_serving, struct fault *ret_fault);

/* Writes the index-th warning, about settings that can be served but make little sense; returns false when
 * there are no more. */
bool config_warns(const struct config *config, size_t index, struct fault *ret_fault);

#endif
