/* Message catalogues of gettext (https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html), read
 * at build time for the names that iso-codes has in many languages. */
#ifndef MARQUEE_MO_FILE_H
#define MARQUEE_MO_FILE_H

#include <stddef.h>
#include <stdint.h>

struct mo_file {
    char *bytes;
    size_t len;
    uint32_t n, originals_at, translations_at;
};

/* False: the file cannot be read, or is no catalogue of this machine's byte order; `path` says which. */
_Bool mo_file_read(const char *path, struct mo_file *ret_file);

/* The translation of `text`; NULL: there is none. Borrowed from the file. */
const char *mo_file_translation(const struct mo_file *file, const char *text);

void mo_file_free(struct mo_file *file);

#endif
