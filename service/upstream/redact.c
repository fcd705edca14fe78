/* The spellings of a key, and which of their likes in an answer are the key. Not here: what an answer is, and
 * which parameter holds the key. */
#include "redact.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/memory.h"

#define SPELLINGS  4
#define SURE_BYTES 16 /* of a key that is nobody's word ... */
#define SURE_SHARE 4  /* ... when one in so many of its characters is a digit */

struct redactor {
    char *spellings[SPELLINGS];
    size_t lengths[SPELLINGS];
    size_t n;
    bool sure; /* whatever reads as the key is the key */
};

/* What a URL can hold without an escape, whatever it means there (RFC 3986 section 2.3). */
static bool is_plain(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("-._~", c) != NULL);
}

/* People choose keys too, and theirs can be the name of an artist. */
static bool is_sure(const char *key)
{
    size_t len = strlen(key), digits = 0;

    for (size_t i = 0; i < len; i++)
        digits += isdigit((unsigned char)key[i]) != 0;
    return len >= SURE_BYTES && digits >= len / SURE_SHARE;
}

static void wipe(char *spelling)
{
    explicit_bzero(spelling, strlen(spelling));
    free(spelling);
}

static char *room_for(const char *key)
{
    char *spelling = memory_new(3 * strlen(key) + 1);
    return spelling;
}

/* Takes `spelling`. */
static void add(struct redactor *redactor, char *spelling)
{
    for (size_t i = 0; i < redactor->n; i++) {
        if (strcmp(redactor->spellings[i], spelling) == 0) {
            wipe(spelling);
            return;
        }
    }
    redactor->lengths[redactor->n] = strlen(spelling);
    redactor->spellings[redactor->n++] = spelling;
}

static void add_for_url(struct redactor *redactor, const char *key, const char *digits)
{
    char *spelling = room_for(key), *to = spelling;
    for (; *key != '\0'; key++) {
        if (is_plain(*key)) {
            *to++ = *key;
            continue;
        }
        *to++ = '%';
        *to++ = digits[(unsigned char)*key >> 4];
        *to++ = digits[(unsigned char)*key & 15];
    }
    *to = '\0';
    add(redactor, spelling);
}

/* As it is where `escaped` is "". */
static void add_for_json(struct redactor *redactor, const char *key, const char *escaped)
{
    char *spelling = room_for(key), *to = spelling;
    for (; *key != '\0'; key++) {
        if (strchr(escaped, *key) != NULL)
            *to++ = '\\';
        *to++ = *key;
    }
    *to = '\0';
    add(redactor, spelling);
}

struct redactor *redactor_new(const char *key)
{
    struct redactor *redactor = memory_new_zeroed(1, sizeof(*redactor));
    if (*key == '\0')
        return redactor;
    redactor->sure = is_sure(key);
    add_for_json(redactor, key, "");
    add_for_json(redactor, key, "/\"\\");
    add_for_url(redactor, key, "0123456789ABCDEF");
    add_for_url(redactor, key, "0123456789abcdef");
    return redactor;
}

void redactor_free(struct redactor *redactor)
{
    if (redactor == NULL)
        return;
    for (size_t i = 0; i < redactor->n; i++)
        wipe(redactor->spellings[i]);
    free(redactor);
}

/* Does a parameter's value begin at `at`? Its equals sign may be escaped: %3D, %253D, \u003d. */
static bool begins_value(const char *bytes, const char *at)
{
    size_t before = (size_t)(at - bytes);
    if (before >= 1 && at[-1] == '=')
        return true;
    return before >= 3 && (at[-1] == 'D' || at[-1] == 'd') && at[-2] == '3' &&
           (at[-3] == '%' || at[-3] == '5' || at[-3] == '0');
}

void redactor_run(const struct redactor *redactor, char *bytes, size_t len)
{
    for (size_t i = 0; redactor != NULL && len > 0 && i < redactor->n; i++) {
        const char *end = bytes + len;
        size_t key_len = redactor->lengths[i];
        char *at = bytes;
        while ((at = memmem(at, (size_t)(end - at), redactor->spellings[i], key_len)) != NULL) {
            char *after = at + key_len;
            if (redactor->sure || (begins_value(bytes, at) && (after == end || !is_plain(*after))))
                memset(at, 'x', key_len);
            at = after;
        }
    }
}
