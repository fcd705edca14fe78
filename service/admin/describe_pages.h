/* The pages of tours described: a part of the OpenAPI document, and the same in words. Pure. */
#ifndef MARQUEE_DESCRIBE_PAGES_H
#define MARQUEE_DESCRIBE_PAGES_H

#include <jansson.h>

#include "translators/base/buffer.h"

/* Adds the addresses of each provider's pages, and those of tours that the operator has set up, to the paths
 * of the document. `problems` has the response of each status that is no success; borrowed. */
void describe_pages_add(json_t *paths, const json_t *problems);

/* `base` is what addresses begin with, without a slash at its end. */
void describe_pages_in_words(struct buffer *out, const char *base);

/* Appends to the parameters of a path one that all share. */
void describe_add_ref(json_t *list, const char *parameter);

/* What a signed link says of itself (service/http/access.h): no document is made by it. */
struct describe_claim {
    const char *name, *type, *help;
};

#define DESCRIBE_CLAIMS 2

extern const struct describe_claim describe_claims[DESCRIBE_CLAIMS];

#endif
