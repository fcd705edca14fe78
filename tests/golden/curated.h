/* What holds for the events of every document after curation. */
#ifndef MARQUEE_TESTS_CURATED_H
#define MARQUEE_TESTS_CURATED_H

struct document;

/* NULL when no two events share first act, day and place within 90 minutes, unless they are noted as
 * separate, and no name, act or venue is a word that stands for one; otherwise what is wrong (static). */
const char *curated_fault(const struct document *document);

#endif
