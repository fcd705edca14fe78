/* The pages that are compiled in. */
#ifndef MARQUEE_HOME_H
#define MARQUEE_HOME_H

#include "request.h"
#include "response.h"

void home_respond(const struct request *request, struct response *ret);    /* / */
void robots_respond(const struct request *request, struct response *ret);  /* /robots.txt */
void favicon_respond(const struct request *request, struct response *ret); /* /favicon.ico */

#endif
