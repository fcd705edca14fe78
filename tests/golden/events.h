/* What holds for every event of a document, whatever the format of it. */
#ifndef MARQUEE_TESTS_EVENTS_H
#define MARQUEE_TESTS_EVENTS_H

#include <jansson.h>

#include "complaint.h"

/* Complains about the first event that lacks something, about ids that are there twice and about the order.
 */
void check_events(struct complaint *complaint, const json_t *root);

#endif
