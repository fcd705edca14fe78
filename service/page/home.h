/* The pages for people: the form at /, and the list of problems. */
#ifndef MARQUEE_HOME_H
#define MARQUEE_HOME_H

#include "service/document/outcome.h"
#include "service/http/request.h"
#include "service/http/response.h"

struct config;
struct form;
struct web;

/* The form, and what came of it. `outcome` is that of form->request; NULL where there is none. */
void home_respond(const struct request *request, const struct config *config, const struct web *web,
                  const struct form *form, const struct outcome *outcome, struct response *ret);

/* /problems: where the types of problem+json lead to. */
void home_respond_problems(const struct request *request, const struct web *web, struct response *ret);

#endif
