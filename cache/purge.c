/* A ring of what was forgotten. Where nothing was, looking costs one atomic read. */
#include "purge.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/must.h"

struct purge {
    char group[PURGE_MAX_WORD_BYTES], name[PURGE_MAX_WORD_BYTES];
    int64_t purged_s;
};

struct purges {
    pthread_mutex_t mutex; /* guards the ring */
    struct purge ring[PURGES_MAX];
    size_t next;
    atomic_size_t n;
};

struct purges *purges_new(void)
{
    struct purges *purges = must(calloc(1, sizeof(*purges)));
    pthread_mutex_init(&purges->mutex, NULL);
    return purges;
}

void purges_free(struct purges *purges)
{
    if (purges == NULL)
        return;
    pthread_mutex_destroy(&purges->mutex);
    free(purges);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The end of the word in the text, whose neighbours are no `part` of a word; NULL: it is not there. */
static const char *find(const char *text, const char *end, const char *word, bool (*part)(char))
{
    size_t len = strlen(word);
    const char *begin = text, *at;
    while (len > 0 && (at = memmem(text, (size_t)(end - text), word, len)) != NULL) {
        if ((at == begin || !part(at[-1])) && (at + len == end || !part(at[len])))
            return at + len;
        text = at + 1;
    }
    return NULL;
}

static bool is_no_blank(char c)
{
    return c != ' ';
}

bool purge_matches(const struct cache_key *key, const char *group, const char *name)
{
    const char *end = key->text + key->len, *behind = find(key->text, end, group, is_no_blank);
    return behind != NULL && find(behind, end, name, is_word) != NULL;
}

void purges_add(struct purges *purges, const char *group, const char *name, int64_t now_s)
{
    pthread_mutex_lock(&purges->mutex);
    struct purge *purge = &purges->ring[purges->next];
    snprintf(purge->group, sizeof(purge->group), "%s", group);
    snprintf(purge->name, sizeof(purge->name), "%s", name);
    purge->purged_s = now_s;
    purges->next = (purges->next + 1) % PURGES_MAX;
    if (purges->n < PURGES_MAX)
        purges->n++;
    pthread_mutex_unlock(&purges->mutex);
}

bool purges_have(struct purges *purges, const struct cache_key *key, int64_t stored_s)
{
    bool found = false;
    if (purges->n == 0)
        return false;
    pthread_mutex_lock(&purges->mutex);
    for (size_t i = 0; i < purges->n && !found; i++) {
        const struct purge *purge = &purges->ring[i];
        found = stored_s <= purge->purged_s && purge_matches(key, purge->group, purge->name);
    }
    pthread_mutex_unlock(&purges->mutex);
    return found;
}
