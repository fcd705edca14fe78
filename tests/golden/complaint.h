/* What is wrong with a case: the first complaint counts. */
#ifndef MARQUEE_TESTS_COMPLAINT_H
#define MARQUEE_TESTS_COMPLAINT_H

struct complaint {
    char text[1024]; /* "" as long as nothing is wrong */
};

void complain(struct complaint *complaint, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
