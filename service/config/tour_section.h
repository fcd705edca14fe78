/* Sections [tour:NAME]: pages of a tour that the operator sets up, at /tour/NAME/ or on a host of their own.
 * Not here: whether the values are right as parameters (site/tours.c), and the certificates (listen/tls.c).
 */
#ifndef MARQUEE_TOUR_SECTION_H
#define MARQUEE_TOUR_SECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "settings.h"

extern const struct setting tour_settings[]; /* offsets into struct tour_config; ends with a key of NULL */

/* The section's name without "tour:". Borrowed. */
const char *tour_section_name(const struct tour_config *tour);

/* Adds a section "tour:NAME". False: ret_fault says why there can be none of this name, or that there is one
 * already. */
bool tour_section_open(struct config *config, const char *section, struct fault *ret_fault);

/* NULL: there is none. */
struct tour_config *tour_section_find(struct config *config, const char *section);

void tour_section_print(const struct config *config); /* to standard output, as a file has it */
void tour_section_clear(struct config *config);

#endif
