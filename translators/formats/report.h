/* What Google requires and recommends of an event, and which of it a document lacks: the report, as data for
 * the format `report` and for the page that shows it. The rules are those of Google's Event page
 * (developers.google.com/search/docs/appearance/structured-data/event). Pure. */
#ifndef MARQUEE_REPORT_H
#define MARQUEE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"
#include "translators/base/strings.h"

/* What is looked for. Labels and reasons stand in this order in strings_en.def. */
enum report_field {
    REPORT_PAGE,
    REPORT_ADDRESS,
    REPORT_STREET,
    REPORT_VENUE,
    REPORT_HOUR,
    REPORT_TICKETS,
    REPORT_PRICE,
    REPORT_AVAILABILITY,
    REPORT_IMAGE,
    REPORT_PERFORMER,
    REPORT_DESCRIPTION,
    REPORT_ORGANIZER,
    REPORT_END,
    REPORT_FIELDS
};

/* For Google's event search a page must be about one event alone; without the required properties no event
 * is shown at all. */
enum report_level { REPORT_ELIGIBILITY, REPORT_REQUIRED, REPORT_RECOMMENDED };

struct report {
    size_t n_missing[REPORT_FIELDS]; /* events that lack it */
    size_t n_asked[REPORT_FIELDS];   /* events that should have it */
    size_t n_ready;                  /* events that lack nothing that is required */
    uint32_t *missing;               /* of each event, in the document's order: a bit for each field */
};

/* New in `arena`. */
struct report *report_make(struct arena *arena, const struct document *document,
                           const struct render_options *options);

/* The property as schema.org calls it, "location.address". Static. */
const char *report_property(enum report_field field);
enum report_level report_level(enum report_field field);

/* Does every event lack it that should have it? */
bool report_everywhere(const struct report *report, enum report_field field);

/* Is there anything to do where it is missing? */
bool report_calls_for_work(enum report_field field);

/* Where and how to complete it: a sentence, new in `arena`. `everywhere`: see above. */
const char *report_fix(struct arena *arena, const struct strings *strings, enum report_field field,
                       bool everywhere, const struct translator *translator);

#endif
