/* The neutral model's few operations: growing and naming events. Not here: choosing
 * them (curate/select.c), reading any upstream's
 * shapes, and how anything is written out. */
#include "model.h"

#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"

/* A title made of names stays a title: a festival without a name of its own would list hundreds. */
#define MAX_NAMES_IN_TITLE 10

/* The longest line-ups have 400: behind that nobody looks for an act that is there already. */
#define MAX_COMPARED 500

/* One thing has a handful of pages and pictures; more is a fault upstream. */
#define MAX_TEXTS 32

struct event *document_add_events(struct arena *arena, struct document *document, size_t n)
{
    struct event *events = arena_alloc(arena, (document->n_events + n) * sizeof(*events));
    struct event *added = events + document->n_events;

    if (document->n_events > 0)
        memcpy(events, document->events, document->n_events * sizeof(*events));
    document->events = events;
    document->n_events += n;
    return added;
}

struct event *document_open_events(struct arena *arena, struct document *document, size_t n_records,
                                   size_t max, size_t *ret_n)
{
    *ret_n = n_records < max ? n_records : max;
    document->n_bad_records += n_records - *ret_n;
    return document_add_events(arena, document, *ret_n);
}

void document_close_events(struct document *document, size_t n, size_t n_added, size_t n_left_out)
{
    document->n_events -= n - n_added;
    document->n_good_records += n_added + n_left_out;
    document->n_bad_records += n - n_added - n_left_out;
}

void document_note(struct arena *arena, struct document *document, const struct curated *curated)
{
    size_t n = document->n_curated;

    if (n >= DOCUMENT_MAX_CURATED)
        return;
    /* The list doubles whenever it is a power of two long. */
    if ((n & (n - 1)) == 0) {
        struct curated *list = arena_alloc(arena, (n > 0 ? 2 * n : 1) * sizeof(*list));

        if (n > 0)
            memcpy(list, document->curated, n * sizeof(*list));
        document->curated = list;
    }
    document->curated[document->n_curated++] = *curated;
}

bool document_is_rubbish(const struct document *document)
{
    return document->n_bad_records > 0 && document->n_good_records == 0;
}

/* Ids tell namesakes apart; where one of the two has none, the name has to do. */
static bool is_same_act(const struct act *a, const struct act *b)
{
    return a->id != NULL && b->id != NULL ? strcmp(a->id, b->id) == 0 : text_equal_fold(a->name, b->name);
}

static struct act *find_act(struct act *acts, size_t n, const struct act *wanted)
{
    for (size_t i = 0; i < n && i < MAX_COMPARED; i++) {
        if (is_same_act(&acts[i], wanted))
            return &acts[i];
    }
    return NULL;
}

/* The acts with a name, each once: as the asked one if it is, and a headliner if it is one anywhere. */
static size_t each_act_once(const struct act *acts, size_t n, struct act *ret_acts)
{
    size_t n_acts = 0;

    for (size_t i = 0; i < n; i++) {
        struct act *same = acts[i].name != NULL ? find_act(ret_acts, n_acts, &acts[i]) : NULL;
        bool headliner = acts[i].headliner || (same != NULL && same->headliner);

        if (acts[i].name == NULL)
            continue;
        if (same == NULL)
            same = &ret_acts[n_acts++];
        if (same->name == NULL || (acts[i].asked && !same->asked))
            *same = acts[i];
        same->headliner = headliner;
    }
    return n_acts;
}

void event_set_acts(struct arena *arena, struct event *event, const struct act *acts, size_t n, unsigned max,
                    const struct act *missing)
{
    struct act *once = arena_alloc(arena, n * sizeof(*once));
    size_t room;

    n = each_act_once(acts, n, once);
    room = max > 0 && max < n + 1 ? max : n + 1;
    event->acts = arena_alloc(arena, room * sizeof(*event->acts));
    event->n_acts = 0;
    for (size_t i = 0; i < n; i++) {
        if (once[i].asked)
            missing = NULL;
    }
    if (missing != NULL)
        event->acts[event->n_acts++] = *missing;
    for (size_t i = 0; i < n; i++) {
        if (event->n_acts < room)
            event->acts[event->n_acts++] = once[i];
        else if (once[i].asked)
            event->acts[room - 1] = once[i];
    }
    event->n_acts_left_out = n + (missing != NULL) - event->n_acts;
}

void document_find_artist(struct document *document)
{
    for (size_t i = 0; i < document->n_events; i++) {
        for (size_t j = 0; j < document->events[i].n_acts; j++) {
            const struct act *act = &document->events[i].acts[j];

            if (act->asked && (document->artist.name == NULL || act->same_as.n > document->artist.same_as.n))
                document->artist = *act;
        }
    }
}

static bool place_is_known(const struct place *place)
{
    return place->name != NULL || place->street != NULL || place->locality != NULL || place->region != NULL ||
           place->country != NULL;
}

bool document_drop_unusable(struct document *document)
{
    size_t n_kept = 0;

    for (size_t i = 0; i < document->n_events; i++) {
        const struct event *event = &document->events[i];
        bool named = event->name != NULL;

        for (size_t j = 0; j < event->n_acts && !named; j++)
            named = event->acts[j].name != NULL;
        if (named && place_is_known(&event->place))
            document->events[n_kept++] = *event;
        else
            document->n_bad_records++;
    }
    document->n_events = n_kept;
    return document->n_bad_records > 0;
}

int event_compare_ids(const char *a, const char *b)
{
    size_t len_a = strlen(a), len_b = strlen(b);

    if (len_a != len_b)
        return len_a < len_b ? -1 : 1;
    return strcmp(a, b);
}

/* Joins the names of all acts, or of the headliners alone; NULL when there is none. */
static const char *joined_names(struct arena *arena, const struct event *event, bool headliners_only)
{
    const char *names = NULL;
    size_t n_names = 0;

    for (size_t i = 0; i < event->n_acts && n_names < MAX_NAMES_IN_TITLE; i++) {
        const struct act *act = &event->acts[i];

        if (act->name == NULL || (headliners_only && !act->headliner))
            continue;
        names = names != NULL ? arena_printf(arena, "%s, %s", names, act->name) : act->name;
        n_names++;
    }
    return names;
}

const char *event_display_name(struct arena *arena, const struct event *event)
{
    const char *name = event->name != NULL ? event->name : joined_names(arena, event, true);

    return name != NULL ? name : joined_names(arena, event, false);
}

void text_list_add(struct arena *arena, struct text_list *list, const char *text)
{
    const char **items;

    if (text == NULL || list->n >= MAX_TEXTS)
        return;
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->items[i], text) == 0)
            return;
    }
    items = arena_alloc(arena, (list->n + 1) * sizeof(*items));
    if (list->n > 0)
        memcpy(items, list->items, list->n * sizeof(*items));
    items[list->n] = text;
    list->items = items;
    list->n++;
}
