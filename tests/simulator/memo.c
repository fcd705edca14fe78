/* A table of buckets behind one mutex. Entries are dropped all at once: the simulator has no use for an
 * order. */
#include "tests/simulator/memo.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulator/names.h"

#define MEMO_BUCKETS     65536
#define MEMO_ENTRY_BYTES 256 /* what an entry costs beside its name and body, roughly */

struct memo_entry {
    struct memo_entry *next;
    char *name;
    struct reply *reply;
};

struct memo {
    pthread_mutex_t mutex;
    size_t bytes, max_bytes;
    struct memo_entry *buckets[MEMO_BUCKETS];
};

struct memo *memo_new(size_t max_bytes)
{
    struct memo *memo = reply_alloc(sizeof(*memo));

    memset(memo, 0, sizeof(*memo));
    pthread_mutex_init(&memo->mutex, NULL);
    memo->max_bytes = max_bytes;
    return memo;
}

static struct memo_entry **memo_bucket(struct memo *memo, const char *name)
{
    uint64_t h = 0;

    for (const char *c = name; *c != '\0'; c++)
        h = names_mix(h, (unsigned char)*c);
    return &memo->buckets[h % MEMO_BUCKETS];
}

static void memo_forget(struct memo *memo)
{
    for (size_t i = 0; i < MEMO_BUCKETS; i++) {
        while (memo->buckets[i] != NULL) {
            struct memo_entry *entry = memo->buckets[i];

            memo->buckets[i] = entry->next;
            reply_unref(entry->reply);
            free(entry->name);
            free(entry);
        }
    }
    memo->bytes = 0;
}

struct reply *memo_get(struct memo *memo, const char *name)
{
    struct reply *reply = NULL;

    pthread_mutex_lock(&memo->mutex);
    for (struct memo_entry *entry = *memo_bucket(memo, name); entry != NULL && reply == NULL;
         entry = entry->next)
        if (strcmp(entry->name, name) == 0)
            reply = reply_ref(entry->reply);
    pthread_mutex_unlock(&memo->mutex);
    return reply;
}

void memo_put(struct memo *memo, const char *name, struct reply *reply)
{
    size_t bytes = MEMO_ENTRY_BYTES + strlen(name) + reply->len;
    struct memo_entry *entry, **bucket;

    if (bytes > memo->max_bytes)
        return;
    entry = reply_alloc(sizeof(*entry));
    entry->name = reply_copy(name, strlen(name));
    entry->reply = reply_ref(reply);
    pthread_mutex_lock(&memo->mutex);
    if (memo->bytes + bytes > memo->max_bytes)
        memo_forget(memo);
    memo->bytes += bytes;
    bucket = memo_bucket(memo, name);
    entry->next = *bucket;
    *bucket = entry;
    pthread_mutex_unlock(&memo->mutex);
}
