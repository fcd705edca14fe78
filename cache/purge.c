/* A list of what was forgotten. Where nothing was, looking costs one atomic read. */
#include "purge.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/memory.h"
#include "translators/base/must.h"
#include "value.h"

struct purge {
    char group[PURGE_MAX_WORD_BYTES], name[PURGE_MAX_WORD_BYTES];
    int64_t purged_s;
};

struct purges {
    pthread_mutex_t mutex; /* guards the list */
    struct purge list[PURGES_MAX];
    atomic_size_t n;
    atomic_bool has_learned;
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

static bool is_of(const struct purge *purge, const char *group, const char *name)
{
    return strcmp(purge->group, group) == 0 && strcmp(purge->name, name) == 0;
}

/* The place of what is known about this, or for it: behind the others, or that of the oldest. Under the
 * mutex. */
static struct purge *place_of(struct purges *purges, const char *group, const char *name)
{
    struct purge *oldest = &purges->list[0];
    for (size_t i = 0; i < purges->n; i++) {
        struct purge *purge = &purges->list[i];
        if (is_of(purge, group, name))
            return purge;
        if (purge->purged_s < oldest->purged_s)
            oldest = purge;
    }
    if (purges->n == PURGES_MAX)
        return oldest;
    struct purge *next = &purges->list[purges->n];
    *next = (struct purge){.purged_s = INT64_MIN};
    purges->n++;
    return next;
}

/* What is known of it after this is as late as `purged_s`. *ret_is_new: it was not before. One that is older
 * than all of a full list is not taken. */
static bool add(struct purges *purges, const char *group, const char *name, int64_t purged_s,
                bool *ret_is_new)
{
    pthread_mutex_lock(&purges->mutex);
    struct purge *purge = place_of(purges, group, name);
    bool is_of_another = !is_of(purge, group, name);
    *ret_is_new = purged_s > purge->purged_s || (is_of_another && purged_s == purge->purged_s);
    if (*ret_is_new) {
        snprintf(purge->group, sizeof(purge->group), "%s", group);
        snprintf(purge->name, sizeof(purge->name), "%s", name);
        purge->purged_s = purged_s;
    }
    bool is_as_late = purge->purged_s == purged_s;
    pthread_mutex_unlock(&purges->mutex);
    return is_as_late;
}

void purges_add(struct purges *purges, const char *group, const char *name, int64_t now_s)
{
    bool is_new;
    add(purges, group, name, now_s, &is_new);
}

bool purges_have(struct purges *purges, const struct cache_key *key, int64_t stored_s)
{
    bool found = false;
    if (purges->n == 0)
        return false;
    pthread_mutex_lock(&purges->mutex);
    for (size_t i = 0; i < purges->n && !found; i++) {
        const struct purge *purge = &purges->list[i];
        found = stored_s <= purge->purged_s && purge_matches(key, purge->group, purge->name);
    }
    pthread_mutex_unlock(&purges->mutex);
    return found;
}

/* ---- for other instances ---- */

/* Each purge is three strings, the last one the time as a number, each with its NUL. */
#define TEXT_OF_ONE_MAX_BYTES (2 * PURGE_MAX_WORD_BYTES + 24)

static bool is_kept(int64_t purged_s, int64_t now_s)
{
    return purged_s > now_s - PURGES_KEEP_S;
}

char *purges_write(struct purges *purges, int64_t now_s, size_t *ret_len)
{
    char *text = memory_new(PURGES_MAX * TEXT_OF_ONE_MAX_BYTES), *end = text;
    pthread_mutex_lock(&purges->mutex);
    for (size_t i = 0; i < purges->n; i++) {
        const struct purge *purge = &purges->list[i];
        if (!is_kept(purge->purged_s, now_s))
            continue;
        end += snprintf(end, TEXT_OF_ONE_MAX_BYTES, "%s%c%s%c%lld", purge->group, 0, purge->name, 0,
                        (long long)purge->purged_s);
        end++; /* behind the NUL */
    }
    pthread_mutex_unlock(&purges->mutex);
    *ret_len = (size_t)(end - text);
    return text;
}

/* The string that begins here, and *at behind its NUL; NULL: none of less than so many bytes does. */
static const char *take_string(const char **at, const char *end, size_t max_bytes)
{
    const char *string = *at, *nul = memchr(string, '\0', (size_t)(end - string));
    *at = nul != NULL ? nul + 1 : end;
    return nul != NULL && nul > string && nul < string + max_bytes ? string : NULL;
}

static bool take_time(const char *text, int64_t now_s, int64_t *ret_s)
{
    char *end;
    *ret_s = strtoll(text, &end, 10);
    return *end == '\0' && is_kept(*ret_s, now_s) && *ret_s <= now_s + CACHE_MAX_SKEW_S;
}

static size_t count_kept(struct purges *purges, int64_t now_s)
{
    size_t n = 0;
    pthread_mutex_lock(&purges->mutex);
    for (size_t i = 0; i < purges->n; i++)
        n += is_kept(purges->list[i].purged_s, now_s);
    pthread_mutex_unlock(&purges->mutex);
    return n;
}

bool purges_learn(struct purges *purges, const char *text, size_t len, int64_t now_s,
                  void (*on_new)(void *arg, const char *group, const char *name), void *arg)
{
    const char *at = text, *end = text + len;
    const bool is_first = !atomic_exchange(&purges->has_learned, true);
    size_t n_said = 0, n_new = 0;
    for (size_t i = 0; i < PURGES_MAX && at < end; i++) {
        if (n_new == PURGES_MAX_NEW && !is_first)
            return false;
        const char *group = take_string(&at, end, PURGE_MAX_WORD_BYTES);
        const char *name = take_string(&at, end, PURGE_MAX_WORD_BYTES);
        const char *time = take_string(&at, end, TEXT_OF_ONE_MAX_BYTES);
        int64_t purged_s;
        bool is_new;
        if (group == NULL || name == NULL || time == NULL || !take_time(time, now_s, &purged_s))
            continue;
        n_said += add(purges, group, name, purged_s, &is_new);
        n_new += is_new;
        if (is_new)
            on_new(arg, group, name);
    }
    return count_kept(purges, now_s) > n_said;
}
