/* Curation and translation never invent: every name, act, venue, street, town and description of a document
 * is, after cleaning, in an answer or a parameter. Words may have been cut out of it, none put in. */
#ifndef MARQUEE_TESTS_INVENTED_H
#define MARQUEE_TESTS_INVENTED_H

#include <stddef.h>

struct arena;
struct document;

struct said {
    struct arena *arena;
    const char **texts; /* cleaned */
    size_t n;
};

/* A parameter; NULL: none. */
void said_add_text(struct said *said, const char *text);

/* All texts and numbers of an answer that is JSON; of another one the whole, for a translator may have
 * repaired it. */
void said_add_answer(struct said *said, const char *bytes, size_t len);

/* A text of the document that no source holds; NULL: each is held. */
const char *invented_text(const struct said *said, const struct document *document);

#endif
