/* Compares events by what a reader sees, and with other code than curation's own. */
#include "curated.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/text.h"
#include "translators/curate/placeholders.h"
#include "translators/model/model.h"

#define NEAR_S (90 * 60)

static bool is_same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && text_equal_fold(a, b);
}

static bool is_other(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) != 0;
}

static bool is_near(const struct event *a, const struct event *b)
{
    return a->start.has_time && b->start.has_time && when_same_day(&a->start, &b->start) &&
           llabs(when_wall_s(&a->start) - when_wall_s(&b->start)) <= NEAR_S;
}

static bool is_doubled(const struct event *a, const struct event *b)
{
    return is_near(a, b) && a->n_acts > 0 && b->n_acts > 0 &&
           is_same_text(a->acts[0].name, b->acts[0].name) &&
           (is_same_text(a->place.id, b->place.id) || (is_same_text(a->place.name, b->place.name) &&
                                                       is_same_text(a->place.locality, b->place.locality) &&
                                                       !is_other(a->place.country, b->place.country)));
}

static bool is_noted(const struct document *document, const struct event *a, const struct event *b)
{
    for (size_t i = 0; i < document->n_curated; i++) {
        const struct curated *record = &document->curated[i];

        if (record->rule != CURATION_SEPARATE || record->event_id == NULL)
            continue;
        if ((strcmp(record->id, a->id) == 0 && strcmp(record->event_id, b->id) == 0) ||
            (strcmp(record->id, b->id) == 0 && strcmp(record->event_id, a->id) == 0))
            return true;
    }
    return false;
}

const char *curated_fault(const struct document *document)
{
    for (size_t i = 0; i < document->n_events; i++) {
        const struct event *event = &document->events[i];

        if (placeholders_is_venue(event->place.name, NULL))
            return "a venue is called by a word that stands for a name";
        for (size_t j = 0; j < event->n_acts; j++) {
            if (placeholders_is_act(event->acts[j].name) && !event->acts[j].asked)
                return "an act is called by a word that stands for a name";
        }
        for (size_t j = i + 1; j < document->n_events; j++) {
            if (is_doubled(event, &document->events[j]) && !is_noted(document, event, &document->events[j]))
                return "two events are one show, and no note says why there are two";
        }
    }
    return NULL;
}
