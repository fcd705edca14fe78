/* Gathering what was said, and looking for what comes out in it. */
#include "invented.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/model/model.h"

#define MAX_TEXTS 200000

void said_add_text(struct said *said, const char *text)
{
    const char *clean = text != NULL ? text_clean(said->arena, text, strlen(text), strlen(text) + 1) : NULL;

    if (said->texts == NULL)
        said->texts = arena_alloc(said->arena, MAX_TEXTS * sizeof(*said->texts));
    if (clean != NULL && said->n < MAX_TEXTS)
        said->texts[said->n++] = clean;
}

static void add_value(struct said *said, json_t *value)
{
    const char *key;
    json_t *member;
    size_t i;

    if (json_is_string(value))
        said_add_text(said, json_string_value(value));
    else if (json_is_integer(value))
        said_add_text(said, arena_printf(said->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value)));
    json_array_foreach(value, i, member)
    {
        add_value(said, member);
    }
    json_object_foreach(value, key, member)
    {
        add_value(said, member);
    }
}

void said_add_answer(struct said *said, const char *bytes, size_t len)
{
    json_t *root = json_loadb(bytes, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

    if (root != NULL)
        add_value(said, root);
    else
        said_add_text(said, arena_strndup(said->arena, bytes, len));
    json_decref(root);
}

/* Do the words of `text` stand in `source`, in their order? */
static bool has_words(struct arena *arena, const char *source, const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        const char *word = arena_strndup(arena, text, len), *found = strcasestr(source, word);

        if (found == NULL)
            return false;
        source = found + len;
        text += len + strspn(text + len, " ");
    }
    return true;
}

static bool is_said(const struct said *said, const char *text)
{
    for (size_t i = 0; i < said->n; i++) {
        if (has_words(said->arena, said->texts[i], text))
            return true;
    }
    return false;
}

const char *invented_text(const struct said *said, const struct document *document)
{
    for (size_t i = 0; i < document->n_events; i++) {
        const struct event *event = &document->events[i];
        const char *const texts[] = {event->name, event->description, event->place.name, event->place.street,
                                     event->place.locality};

        for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
            if (texts[j] != NULL && !is_said(said, texts[j]))
                return texts[j];
        }
        for (size_t j = 0; j < event->n_acts; j++) {
            if (event->acts[j].name != NULL && !is_said(said, event->acts[j].name))
                return event->acts[j].name;
        }
    }
    return NULL;
}
