/* The address of a document, as the form and the documents themselves write it. Pure. */
#ifndef MARQUEE_DOCUMENT_LINK_H
#define MARQUEE_DOCUMENT_LINK_H

#include "document_request.h"

struct arena;

/* The link of the request's document in a format. `base` is the service's public URL, without a slash at the
 * end. What is at its default is not in it; `markup` and the request's `calendar` are only where the format
 * knows them. New in `arena`. */
const char *document_link(struct arena *arena, const char *base, const struct document_request *request,
                          const struct format *format, enum markup markup);

/* The same of the calendar: its path ends in .ics, as some readers want it. */
const char *document_link_calendar(struct arena *arena, const char *base,
                                   const struct document_request *request);

#endif
