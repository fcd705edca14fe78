/* The form of MusicBrainz' ids (https://musicbrainz.org/doc/MusicBrainz_Identifier). */
#include "mbid.h"

#include <string.h>

#include "translators/base/arena.h"

#define MBID_PREFIX "mbid:"

bool mbid_is(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        if (form[i] == '-' ? text[i] != '-' : !text[i] || strchr("0123456789abcdefABCDEF", text[i]) == NULL)
            return false;
    }
    return text[sizeof(form) - 1] == '\0';
}

bool mbid_is_meant(const char *id)
{
    return strncmp(id, MBID_PREFIX, strlen(MBID_PREFIX)) == 0;
}

const char *mbid_of_id(const char *id)
{
    size_t len = strlen(MBID_PREFIX);

    return mbid_is_meant(id) && mbid_is(id + len) ? id + len : NULL;
}

/* As MusicBrainz writes them. */
static void fold(char *mbid)
{
    for (char *c = mbid; *c != '\0'; c++)
        *c = (char)(*c >= 'A' && *c <= 'F' ? *c + ('a' - 'A') : *c);
}

void mbid_fold_id(char *id)
{
    if (mbid_of_id(id) != NULL)
        fold(id + strlen(MBID_PREFIX));
}

const char *mbid_lower_case(struct arena *arena, const char *mbid)
{
    char *lower = arena_strndup(arena, mbid, strlen(mbid));

    fold(lower);
    return lower;
}
