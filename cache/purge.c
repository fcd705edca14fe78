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

struct purges {
    pthread_mutex_t mutex; /* guards the list */
    struct purge list[PURGES_MAX];
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

static bool is_of(const struct purge *purge, const char *group, const char *name)
{
    return strcmp(purge->group, group) == 0 && strcmp(purge->name, name) == 0;
}

/* One order for all instances, or two of the same second would take turns in a full list. */
static bool is_before(const struct purge *a, const struct purge *b)
{
    if (a->purged_s != b->purged_s)
        return a->purged_s < b->purged_s;
    int order = strcmp(a->group, b->group);
    return order != 0 ? order < 0 : strcmp(a->name, b->name) < 0;
}

/* What is known of it already, or where it is to be: behind the others, or in the place of the first, when
 * that is before it. NULL: it is before all of a full list. Under the mutex. */
static struct purge *place_of(struct purges *purges, const struct purge *purge)
{
    struct purge *first = &purges->list[0];
    for (size_t i = 0; i < purges->n; i++) {
        struct purge *other = &purges->list[i];
        if (is_of(other, purge->group, purge->name))
            return other;
        if (is_before(other, first))
            first = other;
    }
    if (purges->n < PURGES_MAX)
        return &purges->list[purges->n++];
    return is_before(first, purge) ? first : NULL;
}

/* True: what is known of it is as late as this. */
static bool take(struct purges *purges, const struct purge *purge)
{
    bool is_as_late = false;
    pthread_mutex_lock(&purges->mutex);
    struct purge *place = place_of(purges, purge);
    if (place != NULL) {
        bool is_known = is_of(place, purge->group, purge->name);
        if (!is_known || place->purged_s < purge->purged_s)
            *place = *purge;
        is_as_late = place->purged_s == purge->purged_s;
    }
    pthread_mutex_unlock(&purges->mutex);
    return is_as_late;
}

void purges_add(struct purges *purges, const char *group, const char *name, int64_t now_s, struct purge *ret)
{
    *ret = (struct purge){.purged_s = now_s, .is_swept = true};
    snprintf(ret->group, sizeof(ret->group), "%s", group);
    snprintf(ret->name, sizeof(ret->name), "%s", name);
    take(purges, ret);
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

/* False: it is none. *at is behind it. */
static bool read_one(const char **at, const char *end, int64_t now_s, struct purge *ret)
{
    const char *group = take_string(at, end, PURGE_MAX_WORD_BYTES);
    const char *name = take_string(at, end, PURGE_MAX_WORD_BYTES);
    const char *time = take_string(at, end, TEXT_OF_ONE_MAX_BYTES);
    *ret = (struct purge){0};
    if (group == NULL || name == NULL || time == NULL || !take_time(time, now_s, &ret->purged_s))
        return false;
    snprintf(ret->group, sizeof(ret->group), "%s", group);
    snprintf(ret->name, sizeof(ret->name), "%s", name);
    return true;
}

bool purges_learn(struct purges *purges, const char *text, size_t len, int64_t now_s)
{
    const char *at = text, *end = text + len;
    size_t n_said = 0;
    for (size_t i = 0; i < PURGES_MAX && at < end; i++) {
        struct purge purge;
        if (read_one(&at, end, now_s, &purge))
            n_said += take(purges, &purge);
    }
    return count_kept(purges, now_s) > n_said;
}

size_t purges_take_unswept(struct purges *purges, struct purge ret[PURGES_SWEPT_AT_ONCE])
{
    size_t n = 0;
    pthread_mutex_lock(&purges->mutex);
    for (size_t i = 0; i < purges->n && n < PURGES_SWEPT_AT_ONCE; i++) {
        struct purge *purge = &purges->list[i];
        if (!purge->is_swept)
            ret[n++] = *purge;
        purge->is_swept = true;
    }
    pthread_mutex_unlock(&purges->mutex);
    return n;
}
