/* The names of subjects. */
#include "subject.h"

#include <string.h>

static const char *const names[SUBJECTS] = {
    [SUBJECT_ARTIST] = "artist",
    [SUBJECT_VENUE] = "venue",
    [SUBJECT_EVENT] = "event",
    [SUBJECT_SEARCH] = "search",
};

const char *subject_name(enum subject subject)
{
    return names[subject];
}

bool subject_find(const char *name, size_t len, enum subject *ret_subject)
{
    for (enum subject i = 0; i < SUBJECTS; i++) {
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0) {
            *ret_subject = i;
            return true;
        }
    }
    return false;
}
