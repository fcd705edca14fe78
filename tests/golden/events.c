/* What holds for every event of a document. */
#include "events.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "translators/model/when.h"

static bool is_event(const json_t *node)
{
    const char *type = json_string_value(json_object_get(node, "@type"));

    return type != NULL && (strcmp(type, "MusicEvent") == 0 || strcmp(type, "Festival") == 0);
}

/* Nothing is null, "" or {}; lists are empty at the top alone. */
static void check_values(struct complaint *complaint, const json_t *value, const char *key)
{
    const char *name;
    json_t *member;
    size_t i;

    if (json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0) ||
        ((json_is_object(value) || json_is_array(value)) &&
         json_object_size(value) + json_array_size(value) == 0))
        complain(complaint, "%s is empty", key);
    json_object_foreach((json_t *)(uintptr_t)value, name, member) check_values(complaint, member, name);
    json_array_foreach(value, i, member) check_values(complaint, member, key);
}

/* One of the forms that when_format() writes, to the byte. */
static void check_date(struct complaint *complaint, const json_t *event, const char *key)
{
    const char *text = json_string_value(json_object_get(event, key));
    struct moment moment = {0};
    char again[WHEN_TEXT_BYTES];

    if (text == NULL)
        return;
    if (!when_parse_date(text, &moment) && !when_parse_datetime(text, &moment))
        complain(complaint, "%s %s is no date", key, text);
    else if (strcmp(when_format(&moment, again), text) != 0 || strstr(text, "T00:00:00") != NULL)
        complain(complaint, "%s %s is of a form that Google advises against", key, text);
}

static void check_event(struct complaint *complaint, const json_t *event)
{
    const json_t *location = json_object_get(event, "location"),
                 *address = json_object_get(location, "address");
    const char *start = json_string_value(json_object_get(event, "startDate"));
    const char *end = json_string_value(json_object_get(event, "endDate"));
    const char *status = json_string_value(json_object_get(event, "eventStatus"));
    const char *kind = json_string_value(json_object_get(address, "@type"));

    if (!is_event(event) || json_object_get(event, "@id") == NULL || json_object_get(event, "name") == NULL ||
        start == NULL || json_object_get(location, "@type") == NULL || kind == NULL ||
        strcmp(kind, "PostalAddress") != 0 || json_object_size(address) < 2)
        complain(complaint, "an event lacks what Google requires");
    check_date(complaint, event, "startDate");
    check_date(complaint, event, "endDate");
    check_date(complaint, event, "doorTime");
    check_date(complaint, event, "previousStartDate");
    if (start != NULL && end != NULL && (strcmp(end, start) <= 0 || strlen(end) != strlen(start)))
        complain(complaint, "endDate %s does not go with startDate %s", end, start);
    if (status == NULL || strncmp(status, "https://schema.org/Event", 24) != 0)
        complain(complaint, "an event has no status");
    else if (json_object_get(event, "previousStartDate") != NULL &&
             strstr(status, "EventRescheduled") == NULL)
        complain(complaint, "previousStartDate stands with a status other than EventRescheduled");
}

/* Events of a document in any of the formats, in order; new. */
static json_t *events_of(const json_t *root)
{
    const json_t *list = json_is_array(root) ? root : json_object_get(root, "@graph");
    const json_t *items = json_object_get(root, "itemListElement");
    json_t *events = json_array(), *member;
    size_t i;

    json_array_foreach(list, i, member)
    {
        if (is_event(member))
            json_array_append(events, member);
    }
    json_array_foreach(items, i, member) json_array_append(events, json_object_get(member, "item"));
    return events;
}

void check_events(struct complaint *complaint, const json_t *root)
{
    json_t *events = events_of(root), *ids = json_object(), *event;
    char before[11] = "";
    size_t i;

    json_array_foreach(events, i, event)
    {
        const char *id = json_string_value(json_object_get(event, "@id"));
        const char *start = json_string_value(json_object_get(event, "startDate"));

        check_event(complaint, event);
        check_values(complaint, event, "event");
        if (id == NULL || start == NULL)
            continue;
        if (json_is_array(root) && json_object_get(event, "@context") == NULL)
            complain(complaint, "an event has no context of its own");
        if (json_object_get(ids, id) != NULL)
            complain(complaint, "%s is there twice", id);
        json_object_set_new(ids, id, json_true());
        if (strncmp(before, start, 10) > 0)
            complain(complaint, "events are not in order of their dates");
        snprintf(before, sizeof(before), "%s", start);
    }
    json_decref(ids);
    json_decref(events);
}
