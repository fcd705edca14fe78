/* What was pasted into the form -> whose it can be, and what it means. Only form.c calls it. Pure. */
#ifndef MARQUEE_FORM_PASTE_H
#define MARQUEE_FORM_PASTE_H

#include "form_fields.h"

struct config;
struct route_result;

/* What q was understood as: a subject and its id, or SUBJECT_SEARCH and what for. */
struct meaning {
    bool is_found; /* false: q was not understood */
    enum subject subject;
    char text[ROUTE_URL_MAX_BYTES + 1];
};

/* Fills form->provider: the one chosen, or else one that q fits. NULL: none is served. */
void form_choose_provider(const struct config *config, struct form *form);

/* Fills `meaning`, or form->trouble. May fill options from a link, and change the provider. */
void form_find_meaning(const struct config *config, struct form *form, struct meaning *meaning,
                       struct route_result *scratch);

#endif
