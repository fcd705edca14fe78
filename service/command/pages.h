/* `marquee pages`: all pages of a tour as files for a static host, without a server. */
#ifndef MARQUEE_PAGES_COMMAND_H
#define MARQUEE_PAGES_COMMAND_H

#include "exit_status.h"

struct back;
struct cache;
struct document_request;

/* Makes the pages of the tour that `request` is for and writes them into the directory. What was done is said
 * on standard output, what went wrong on standard error. Not EXIT_OK: the pages could not be had, and
 * everything stays as it was; or something could not be written. Main thread. */
enum exit_status pages_write(struct back *back, struct cache *cache, const struct document_request *request,
                             const char *directory);

#endif
