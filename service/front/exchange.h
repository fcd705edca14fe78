/* An exchange: one request of a client and its one answer, on the thread of its connection.
 *
 * What a handler does with an exchange, exactly once:
 *     exchange_reply(exchange, &response);
 * or, when the answer comes later, from any thread, which has on_answer called on the exchange's:
 *     struct ticket *ticket = exchange_suspend(exchange, on_answer, arg);
 *     ticket_post(ticket, message);
 */
#ifndef MARQUEE_FRONT_EXCHANGE_H
#define MARQUEE_FRONT_EXCHANGE_H

#include "service/http/request.h"
#include "service/http/response.h"
#include "ticket.h"

struct conn;
struct thread;
struct exchange;
struct st_h2o_req_t;

const struct request *exchange_request(struct exchange *exchange); /* borrowed until the reply */

/* The service is below `path` of its host ("/events"; "": it is not), which is copied: the request's base is
 * it, and its target what comes behind, whether a proxy took the path off or not (http/guard.h). */
void exchange_rebase(struct exchange *exchange, const char *path);

/* Ends the exchange. Copies the header fields; takes response->hold, which keeps the body alive until it is
 * written. */
void exchange_reply(struct exchange *exchange, struct response *response);

/* The answer comes later: on_answer is called once, see ticket.h. */
struct ticket *exchange_suspend(struct exchange *exchange, ticket_answer_fn *on_answer, void *arg);

/* ---- inside the wing ---- */

/* New, with its deadline running; lives in memory that goes when the h2o request goes. */
struct exchange *exchange_new(struct conn *conn, struct st_h2o_req_t *req);

/* Looks up libh2o's tokens for the names of response fields. Once for each thread. */
void exchange_name_fields(struct thread *thread);

/* Writes status and fields into the h2o request. The values are borrowed until they are written. */
void exchange_fill_head(struct exchange *exchange, const struct response *response);

/* Answers 503 to a client that is being cut off or has earned no more. A ticket under way finds nobody. */
void exchange_reply_empty(struct exchange *exchange);

/* Shuts a connection that has answers outstanding, and counts it as cut. */
void exchange_cut(struct conn *conn);

#endif
