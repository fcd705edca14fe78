/* Pages as files in a directory that others may write to as well: nothing outside of it is touched, no link
 * is followed, each file is whole at every moment, and only what an earlier run wrote is changed or removed.
 *
 *     struct site_files *files = site_files_open(directory, error);
 *     ... site_files_memory() ... site_files_add() for each page ...
 *     bool done = site_files_write(files, memory, report, arg, &counts);
 *     site_files_close(files);
 *
 * What was written is in a manifest in the directory, .marquee-pages. One thread. */
#ifndef MARQUEE_SITE_FILES_H
#define MARQUEE_SITE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "translators/base/fault.h"

struct site_files;

/* Opens the directory, which is made if it is not there (its parent is), and locks it until
 * site_files_close(). NULL: ret_fault is one line for the operator, also when another run is at work there.
 */
struct site_files *site_files_open(const char *directory, struct fault *ret_fault);
void site_files_close(struct site_files *files); /* NULL is a no-op */

/* The memory of revisions (translators/model/revisions.h) that the last run left; "" when there was none.
 * Borrowed. */
const char *site_files_memory(const struct site_files *files);

/* Notes a page by its path below the tour. `bytes` is borrowed until site_files_write(). A path that no page
 * has aborts. */
void site_files_add(struct site_files *files, const char *page, const void *bytes, size_t len);

struct site_counts {
    unsigned written, unchanged, removed;
    unsigned left; /* files that are not as the last run left them: they stay */
};

/* A file that stays though it should change, and why: both borrowed for the call. */
typedef void site_left_fn(void *arg, const char *name, const char *why);

/* Writes what has changed, then removes what is no more a page. False: something could not be written, and
 * nothing was removed; ret_fault says what. */
bool site_files_write(struct site_files *files, const char *memory, site_left_fn *on_left, void *arg,
                      struct site_counts *ret, struct fault *ret_fault);

#endif
