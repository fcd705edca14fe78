/* Chooses the events that a document shows: each once, none that is over, the soonest first. */
#include "select.h"

#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "translators/base/arena.h"
#include "translators/model/model.h"

/* qsort() is not stable, and moving whole events is dear: so pointers are sorted, equal ones by address,
 * which is upstream order. */
static int by_id(const void *left, const void *right)
{
    const struct event *a = *(const struct event *const *)left, *b = *(const struct event *const *)right;
    int order = event_compare_ids(a->id, b->id);

    return order != 0 ? order : (a > b) - (a < b);
}

static int by_date(const void *left, const void *right)
{
    const struct event *a = *(const struct event *const *)left, *b = *(const struct event *const *)right;
    int order = when_compare(&a->start, &b->start);

    return order != 0 ? order : by_id(left, right);
}

static bool is_over(const struct event *event, int64_t now_s)
{
    return when_day_is_over(when_known(&event->end) ? &event->end : &event->start, now_s);
}

/* Ids that differ only in where they came from are one event: the first stays. Wants them sorted by_id(). */
static size_t drop_doubles(const struct event **events, size_t n)
{
    size_t n_kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (n_kept == 0 || strcmp(events[n_kept - 1]->id, events[i]->id) != 0)
            events[n_kept++] = events[i];
    }
    return n_kept;
}

void select_events(struct arena *arena, struct document *document, int64_t now_s, unsigned limit,
                   const char *history)
{
    size_t n = document->n_events, n_current = 0;
    const struct event **chosen = arena_alloc(arena, n * sizeof(*chosen));
    struct event *events;

    document->now_s = now_s;
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        chosen[i] = &document->events[i];
    qsort(chosen, n, sizeof(*chosen), by_id);
    n = drop_doubles(chosen, n);
    for (size_t i = 0; i < n; i++) {
        if (!is_over(chosen[i], now_s))
            chosen[n_current++] = chosen[i];
    }
    qsort(chosen, n_current, sizeof(*chosen), by_date);
    if (limit > 0 && n_current > limit)
        n_current = limit;

    events = arena_alloc(arena, n_current * sizeof(*events));
    for (size_t i = 0; i < n_current; i++)
        events[i] = *chosen[i];
    document->events = events;
    document->n_events = n_current;
    history_apply(arena, document, history);
}
