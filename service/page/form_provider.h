/* Which providers people can choose in the form, and why not the others. Pure. */
#ifndef MARQUEE_FORM_PROVIDER_H
#define MARQUEE_FORM_PROVIDER_H

#include <stddef.h>

#include "form_fields.h"

struct config;

/* Providers that people can choose, the usual one first: enabled, and with a key where one is needed. NULL
 * behind the last. */
const struct translator *form_provider(const struct config *config, size_t index);

/* The others, in alphabetical order; NULL behind the last. *ret_why is FORM_SWITCHED_OFF or FORM_NO_KEY. */
const struct translator *form_unserved(const struct config *config, size_t index, enum form_trouble *ret_why);

/* FORM_SWITCHED_OFF or FORM_NO_KEY. */
enum form_trouble form_why_unserved(const struct config *config, const struct translator *translator);

#endif
