/* The pages of a finished plan, one after the other: what each is called, and its bytes as a cache can hold
 * them. What stands in them: translators/pages. One thread at a time: the back thread,
 * and for tour_render() the thread that does the job's work. */
#ifndef MARQUEE_TOUR_H
#define MARQUEE_TOUR_H

#include <stddef.h>
#include <stdint.h>

#include "cache/value.h"
#include "service/document/document_request.h"
#include "service/document/representation.h"

struct config;
struct plan;
struct tour;

/* New tour of a plan that is DONE; all is borrowed until tour_free(), but for `index_before` (may be NULL),
 * the index of the last making: dates of it whose day is over have a page for `over_s` seconds more. */
struct tour *tour_new(const struct config *config, const struct document_request *request,
                      const struct plan *plan, const struct cache_value *index_before, int64_t over_s);
void tour_free(struct tour *tour); /* NULL is a no-op */

size_t tour_n_pages(const struct tour *tour); /* the last one is the sitemap: who has it has them all */

/* The path of a page below the tour: "", "2027-03-12-berlin-41/", "feed.xml". Borrowed. */
const char *tour_path(const struct tour *tour, size_t page);

/* The page is of a date that is over: only its last copy tells of it. */
bool tour_is_over(const struct tour *tour, size_t page);

/* The page would tell all that is to be told after `previous` (may be NULL). False: it is of a date that is
 * over, and that is no copy of it. */
bool tour_tells(const struct tour *tour, size_t page, const struct cache_value *previous);

/* New value. `previous` (may be NULL) is the one it takes the place of. NULL: it would pass
 * max_document_bytes.
 */
struct cache_value *tour_render(const struct tour *tour, size_t page, const struct cache_value *previous,
                                const struct representation_times *times);

/* New value: the index. */
struct cache_value *tour_index(const struct tour *tour, const struct representation_times *times);

#endif
