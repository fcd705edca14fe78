/* Reading catalogues whole; looking up by going through them, as a build does it a few thousand times. */
#include "mo_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/must.h"

#define MAGIC     0x950412deU
#define MAX_BYTES (4U << 20) /* the largest of iso-codes has 30 KB */
#define MAX_TEXTS 10000

static uint32_t word_at(const struct mo_file *file, size_t at)
{
    uint32_t word = 0;
    if (at + sizeof(word) <= file->len)
        memcpy(&word, file->bytes + at, sizeof(word));
    return word;
}

/* The i-th text of a table of lengths and offsets; NULL: the file is damaged. */
static const char *text_at(const struct mo_file *file, uint32_t table, uint32_t i)
{
    uint32_t len = word_at(file, table + 8 * (size_t)i), at = word_at(file, table + 8 * (size_t)i + 4);
    if (at == 0 || (size_t)at + len >= file->len || file->bytes[at + len] != '\0')
        return NULL;
    return file->bytes + at;
}

bool mo_file_read(const char *path, struct mo_file *ret_file)
{
    FILE *file = fopen(path, "rb");
    *ret_file = (struct mo_file){.bytes = must(malloc(MAX_BYTES))};
    if (file != NULL) {
        ret_file->len = fread(ret_file->bytes, 1, MAX_BYTES, file);
        fclose(file);
    }
    ret_file->n = word_at(ret_file, 8);
    ret_file->originals_at = word_at(ret_file, 12);
    ret_file->translations_at = word_at(ret_file, 16);
    if (word_at(ret_file, 0) == MAGIC && ret_file->n > 0 && ret_file->n <= MAX_TEXTS)
        return true;
    mo_file_free(ret_file);
    return false;
}

const char *mo_file_translation(const struct mo_file *file, const char *text)
{
    for (uint32_t i = 0; i < file->n; i++) {
        const char *original = text_at(file, file->originals_at, i);
        if (original != NULL && strcmp(original, text) == 0)
            return text_at(file, file->translations_at, i);
    }
    return NULL;
}

void mo_file_free(struct mo_file *file)
{
    free(file->bytes);
    *file = (struct mo_file){0};
}
