/* Between the parts of the form: what was pasted (form_paste.c), whose it can be (form_provider.c), and what
 * to show then (form.c). For everyone else: form.h. */
#ifndef MARQUEE_FORM_PASTE_H
#define MARQUEE_FORM_PASTE_H

#include "form.h"

/* What q was understood as: a resource and an id, or "search" and what for. resource is NULL: it was not. */
struct meaning {
    const char *resource;
    char text[ROUTE_URL_MAX_BYTES + 1];
};

/* Fills form->provider: the one chosen, or else one that q fits. NULL: none is served. */
void form_choose_provider(const struct config *config, struct form *form);

/* Fills `meaning`, or form->trouble. May fill options from a link, and change the provider. */
void form_find_meaning(const struct config *config, struct form *form, struct meaning *meaning,
                       struct route_result *scratch);

/* FORM_SWITCHED_OFF or FORM_NO_KEY. */
enum form_trouble form_why_unserved(const struct config *config, const struct translator *translator);

#endif
