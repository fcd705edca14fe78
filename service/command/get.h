/* `marquee get`: one document through the back thread to standard output, without a server. */
#ifndef MARQUEE_GET_H
#define MARQUEE_GET_H

#include "exit_status.h"

struct back;
struct document_request;
struct outcome;

/* Orders the document, waits for it (its own deadline bounds the wait) and prints it. What it could not be
 * had or written for is said on standard error. Main thread. */
enum exit_status get_document(struct back *back, const struct document_request *request);

/* Orders the document and waits for what comes of it: outcome_done() is the caller's. The inbox of a back
 * thread that nobody else uses holds one order. */
void get_outcome(struct back *back, const struct document_request *request, struct outcome *ret);

/* Says on standard error why there is no document, behind `where` ("": nowhere in particular). Returns the
 * status to end with. */
enum exit_status get_say_problem(const char *where, const struct outcome *outcome);

#endif
