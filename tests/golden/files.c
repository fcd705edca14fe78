/* Whole files at once. */
#include "files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *read_whole(const char *directory, const char *name, size_t *ret_len)
{
    char path[MAX_LINE];
    char *bytes = NULL;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    bytes = calloc(1, MAX_FILE + 1);
    *ret_len = fread(bytes, 1, MAX_FILE, file);
    fclose(file);
    return bytes;
}

void write_whole(const char *directory, const char *name, const char *bytes, size_t len)
{
    char path[MAX_LINE];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    if (len == 0) {
        remove(path);
        return;
    }
    file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, len, file) != len) {
        fprintf(stderr, "golden: %s: %s\n", path, strerror(errno));
        exit(2);
    }
    fclose(file);
}
