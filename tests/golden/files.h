/* The files of a case. */
#ifndef MARQUEE_TESTS_FILES_H
#define MARQUEE_TESTS_FILES_H

#include <stddef.h>

#define MAX_LINE 8192
#define MAX_FILE (4u << 20) /* bytes that are read of a file */

/* New bytes, NUL-terminated; NULL when there is no such file. */
char *read_whole(const char *directory, const char *name, size_t *ret_len);

/* No bytes: the file is removed. What cannot be written ends the program. */
void write_whole(const char *directory, const char *name, const char *bytes, size_t len);

#endif
