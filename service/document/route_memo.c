/* A table with one slot for each hash of a target. The target is compared whole, so the hash needs no secret:
 * who makes targets collide makes each other's slots empty, and these then cost what all cost without it. */
#include "route_memo.h"

#include <stdlib.h>
#include <string.h>

#include "translators/base/must.h"

#define MIX UINT64_C(0x9e3779b97f4a7c15)

struct slot {
    struct route_known known; /* its key lies behind the target */
    size_t len;
    char *target; /* owned; NULL: the slot is empty */
};

struct route_memo {
    struct slot slots[ROUTE_MEMO_SLOTS];
};

_Static_assert((ROUTE_MEMO_SLOTS & (ROUTE_MEMO_SLOTS - 1)) == 0, "a power of two");

struct route_memo *route_memo_new(void)
{
    return must(calloc(1, sizeof(struct route_memo)));
}

void route_memo_free(struct route_memo *memo)
{
    if (memo == NULL)
        return;
    for (size_t i = 0; i < ROUTE_MEMO_SLOTS; i++)
        free(memo->slots[i].target);
    free(memo);
}

static struct slot *slot_of(struct route_memo *memo, const char *target, size_t len)
{
    uint64_t hash = len, word;
    for (; len >= sizeof(word); target += sizeof(word), len -= sizeof(word)) {
        memcpy(&word, target, sizeof(word));
        hash = (hash ^ word) * MIX;
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, target, len);
    hash = (hash ^ word) * MIX;
    return &memo->slots[(hash >> 32) & (ROUTE_MEMO_SLOTS - 1)];
}

struct route_known *route_memo_find(struct route_memo *memo, const char *target, size_t len)
{
    struct slot *slot = slot_of(memo, target, len);
    bool is_known = slot->target != NULL && slot->len == len && memcmp(slot->target, target, len) == 0;
    return is_known ? &slot->known : NULL;
}

void route_memo_add(struct route_memo *memo, const char *target, size_t len,
                    const struct document_request *request)
{
    struct cache_key key = route_key(request);
    struct slot *slot = slot_of(memo, target, len);
    if (len > ROUTE_MEMO_MAX_BYTES || key.len > ROUTE_MEMO_MAX_BYTES - len)
        return;
    free(slot->target);
    slot->target = must(malloc(len + key.len));
    memcpy(slot->target, target, len);
    memcpy(slot->target + len, key.text, key.len);
    slot->len = len;
    slot->known = (struct route_known){.translator = request->translator,
                                       .key = {.text = slot->target + len, .len = key.len}};
}
