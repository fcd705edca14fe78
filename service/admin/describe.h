/* The service described for other programs: an OpenAPI 3.1 document, and the same in words (llms.txt). Both
 * are made of the table of parameters, the registry of providers, the formats and the table of problems, so
 * that nothing is described that is not there. Pure. */
#ifndef MARQUEE_DESCRIBE_H
#define MARQUEE_DESCRIBE_H

/* New text, to be freed. `public_url` is the address of this service without a slash at its end; NULL: the
 * one that the description comes from. */
char *describe_openapi(const char *public_url);
char *describe_words(const char *public_url);

#endif
