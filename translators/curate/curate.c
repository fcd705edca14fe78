/* The order of curation, and the ids of its events. */
#include "curate.h"

#include <string.h>

#include "duplicates.h"
#include "history.h"
#include "select.h"
#include "translators/model/model.h"

/* A ticket or a resale listing is no show: only where the show was known by its id, it keeps it. */
static bool is_show(const struct curated *record)
{
    return record->rule == CURATION_SAME_SHOW || record->rule == CURATION_SAME_FESTIVAL ||
           record->rule == CURATION_FIRST_DAY || record->rule == CURATION_ALL_DAYS;
}

/* Notes name their event by the very pointer that is its id. */
static bool is_folded_into(const struct curated *record, const struct event *event)
{
    return record->event_id == event->id && record->rule != CURATION_SEPARATE;
}

/* The id for an event that stands for several records. */
static const char *lasting_id(const struct document *document, const struct event *event, const char *history)
{
    const char *id = event->id;
    bool is_known = history_knows(history, id);

    for (size_t i = 0; i < document->n_curated; i++) {
        const struct curated *record = &document->curated[i];
        bool knows_record;

        if (!is_folded_into(record, event))
            continue;
        knows_record = history_knows(history, record->id);
        if (is_known ? knows_record && event_compare_ids(record->id, id) < 0
                     : knows_record || (is_show(record) && event_compare_ids(record->id, id) < 0)) {
            id = record->id;
            is_known = knows_record;
        }
    }
    return id;
}

/* The record that gives the event its id leaves its own place in the lists to the one that was richest. */
static void rename_event(struct document *document, struct event *event, const char *id)
{
    const char *old = event->id;

    for (size_t i = 0; i < document->n_curated; i++) {
        struct curated *record = &document->curated[i];

        if (record->event_id != old)
            continue;
        record->event_id = id;
        if (record->rule != CURATION_SEPARATE && strcmp(record->id, id) == 0)
            record->id = old;
    }
    for (size_t i = 0; i < event->folded_ids.n; i++) {
        if (strcmp(event->folded_ids.items[i], id) == 0)
            event->folded_ids.items[i] = old;
    }
    event->id = id;
}

void curate_events(struct arena *arena, struct document *document, const struct curation *curation)
{
    duplicates_settle(arena, document, curation->apart_s, curation->max_acts);
    for (size_t i = 0; i < document->n_events; i++) {
        struct event *event = &document->events[i];
        const char *id = event->folded_ids.n > 0 ? lasting_id(document, event, curation->history) : event->id;

        if (id != event->id)
            rename_event(document, event, id);
    }
    select_events(arena, document, curation->now_s, curation->limit, curation->history);
}
