/* The frames of HTTP/2 as they come in, before libh2o 2.2.5 sees them: who sends many and has nothing
 * answered, has us reset its streams, or sends too large a body, is told so with GOAWAY (ENHANCE_YOUR_CALM),
 * and the connection ends. libh2o counts none of these (CVE-2023-44487, CVE-2025-8671, CVE-2024-27316).
 *
 * A connection has a credit. A frame costs its bytes and what it takes to look at it; an answer that was
 * taken pays for a request with its body. */
#ifndef MARQUEE_FRONT_FRAMES_H
#define MARQUEE_FRONT_FRAMES_H

#include <stdbool.h>

#define FRAMES_MAX_BODY_BYTES 65536 /* read and then refused, as over HTTP/1 */

struct conn;
struct frames;

/* Watches the frames of a connection that has just been handed to libh2o as HTTP/2. */
void frames_watch(struct conn *conn);

/* A request has come to a handler; and it is over, its answer taken or not. Not for HTTP/1. */
void frames_begin_request(struct frames *frames);
void frames_end_request(struct frames *frames, bool taken);

#endif
