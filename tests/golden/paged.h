/* The pages of a golden case, for tests/conformance/pages.test.mjs to judge. */
#ifndef MARQUEE_TESTS_PAGED_H
#define MARQUEE_TESTS_PAGED_H

#include "translators/formats/format.h"

/* A line of JSON for each event of an artist's or venue's document: {"address", "html", "event"}, the last as
 * format=jsonld has it without pages. */
extern const struct format format_paged;

#endif
