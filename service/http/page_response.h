/* Answers below /tour/ that are no page of a tour: where a page has gone, and that there is none. Pure. */
#ifndef MARQUEE_PAGE_RESPONSE_H
#define MARQUEE_PAGE_RESPONSE_H

#include <stdbool.h>

#include "request.h"
#include "response.h"
#include "service/document/document_request.h"

/* Is the request one for a page of a tour, whatever is wrong with it? */
bool page_is_asked_for(const struct request *request);

/* What the index of a tour (a value under route_job_key()) says about the page that is asked for. False: it
 * is where it is asked for, and nothing was filled. True: `ret` leads to its address, or says that the tour
 * has no such date. */
bool page_respond_by_index(const struct request *request, const struct document_request *wanted,
                           const struct cache_value *index, struct response *ret);

/* 308 to a relative location, which is copied. */
void page_respond_moved(const struct request *request, const char *location, struct response *ret);

/* A page with this status and text, in the language of `strings`, that no cache stores. `back` is relative,
 * NULL: there is nowhere to go. */
void page_respond_trouble(int status, const struct strings *strings, const char *title, const char *detail,
                          const char *back, struct response *ret);

#endif
