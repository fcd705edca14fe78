/* The neutral model -> schema.org as JSON-LD: the only file that knows schema.org.
 *
 * What each property needs, and why, is Google's Event page (developers.google.com/search/docs/appearance/
 * structured-data/event) and schema.org's vocabulary. What the model does not know is left out: there are no
 * empty strings, no nulls and no guesses. Keys are written in the order they are set here, so equal documents
 * are equal bytes. */
#include <jansson.h>
#include <string.h>

#include "eventurl.h"
#include "format.h"
#include "jput.h"
#include "translators/base/arena.h"

#define CONTEXT        "https://schema.org"
#define REAL_PRECISION 9 /* a coordinate of three digits before the point keeps a tenth of a metre */

/* How much of the document an event node repeats. */
struct writer {
    const struct document *document;
    const struct render_options *options;
    struct arena *arena;
    bool linked; /* asked artist and venue are nodes of the graph: refer to them by @id */
};

/* ---- values ---- */

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_string(text));
}

/* One value alone, several as an array; nothing for none. Takes `list`. */
static void set_list(json_t *object, const char *key, json_t *list)
{
    if (json_array_size(list) == 1)
        json_object_set(object, key, json_array_get(list, 0));
    else if (json_array_size(list) > 1)
        json_object_set(object, key, list);
    json_decref(list);
}

/* An array always, as consumers know these; nothing for none. Takes `list`. */
static void set_array(json_t *object, const char *key, json_t *list)
{
    if (json_array_size(list) > 0)
        json_object_set(object, key, list);
    json_decref(list);
}

static json_t *json_texts(const struct text_list *texts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < texts->n; i++)
        json_array_append_new(list, json_string(texts->items[i]));
    return list;
}

static void set_moment(json_t *object, const char *key, const struct moment *moment)
{
    char text[WHEN_TEXT_BYTES];

    if (when_known(moment))
        json_object_set_new(object, key, json_string(when_format(moment, text)));
}

static json_t *node_new(const char *type)
{
    return json_pack("{s:s}", "@type", type);
}

static void set_id(const struct writer *writer, json_t *node, enum subject subject, const char *id)
{
    const char *what = subject_name(subject);

    set_text(node, "@id",
             arena_printf(writer->arena, "%s/%s/%s/%s#%s", writer->options->public_url,
                          writer->document->provider, what, id, what));
}

/* ---- places ---- */

/* Never empty: where no part of the address is known the venue's name stands for it, in the one-line form
 * that Google shows. */
static json_t *address_json(const struct place *place)
{
    json_t *address = node_new("PostalAddress");

    set_text(address, "streetAddress", place->street);
    set_text(address, "addressLocality", place->locality);
    set_text(address, "addressRegion", place->region);
    set_text(address, "postalCode", place->postal_code);
    set_text(address, "addressCountry", place->country);
    if (json_object_size(address) == 1)
        set_text(address, "name", place->name);
    return address;
}

static bool is_subject_venue(const struct writer *writer, const struct place *place)
{
    return writer->document->subject == SUBJECT_VENUE && place->id != NULL &&
           writer->document->venue.id != NULL && strcmp(place->id, writer->document->venue.id) == 0;
}

/* A festival's ground need be no music venue, and a city is none. */
static const char *place_type(const struct writer *writer, const struct place *place, enum event_kind kind)
{
    if (is_subject_venue(writer, place) || (place->name != NULL && kind == EVENT_CONCERT))
        return "MusicVenue";
    return "Place";
}

static json_t *place_json(const struct writer *writer, const struct place *place, const char *type)
{
    json_t *node = node_new(type);

    if (writer->linked && is_subject_venue(writer, place))
        set_id(writer, node, SUBJECT_VENUE, place->id);
    set_text(node, "name", place->name);
    json_object_set_new(node, "address", address_json(place));
    if (place->has_geo)
        json_object_set_new(node, "geo",
                            json_pack("{s:s, s:f, s:f}", "@type", "GeoCoordinates", "latitude",
                                      place->latitude, "longitude", place->longitude));
    set_text(node, "url", place->website);
    set_text(node, "sameAs", place->url);
    return node;
}

/* ---- acts ---- */

static json_t *act_json(const struct act *act)
{
    json_t *node = node_new("MusicGroup");

    set_text(node, "name", act->name);
    set_text(node, "url", act->url);
    set_text(node, "image", act->image);
    set_list(node, "sameAs", json_texts(&act->same_as));
    return node;
}

/* Refers to the graph's node of the artist; with the name, for consumers that do not follow an @id. */
static json_t *artist_reference(const struct writer *writer, const struct act *act)
{
    json_t *node = node_new("MusicGroup");

    set_id(writer, node, SUBJECT_ARTIST, writer->document->artist.id);
    set_text(node, "name", act->name);
    return node;
}

static json_t *performers_json(const struct writer *writer, const struct event *event)
{
    json_t *list = json_array();

    for (size_t i = 0; i < event->n_acts; i++) {
        const struct act *act = &event->acts[i];
        bool is_node = writer->linked && act->asked && writer->document->artist.id != NULL;

        if (act->name != NULL)
            json_array_append_new(list, is_node ? artist_reference(writer, act) : act_json(act));
    }
    return list;
}

/* ---- offers ---- */

static const char *availability_url(enum availability availability)
{
    switch (availability) {
    case AVAILABILITY_IN_STOCK:
        return CONTEXT "/InStock";
    case AVAILABILITY_SOLD_OUT:
        return CONTEXT "/SoldOut";
    case AVAILABILITY_PRE_ORDER:
        return CONTEXT "/PreOrder";
    case AVAILABILITY_UNKNOWN:
        break;
    }
    return NULL;
}

static json_t *offers_json(const struct event *event)
{
    json_t *list = json_array();

    for (size_t i = 0; i < event->n_offers; i++) {
        const struct offer *offer = &event->offers[i];
        json_t *node = node_new("Offer");

        set_text(node, "url", offer->url);
        if (offer->has_price && offer->currency != NULL) {
            json_object_set_new(node, "price", json_real(offer->price));
            set_text(node, "priceCurrency", offer->currency);
        }
        set_text(node, "availability", availability_url(offer->availability));
        set_moment(node, "validFrom", &offer->valid_from);
        if (json_object_size(node) > 1)
            json_array_append(list, node);
        json_decref(node);
    }
    return list;
}

/* ---- events ---- */

static const char *status_url(enum event_status status)
{
    switch (status) {
    case EVENT_CANCELLED:
        return CONTEXT "/EventCancelled";
    case EVENT_POSTPONED:
        return CONTEXT "/EventPostponed";
    case EVENT_RESCHEDULED:
        return CONTEXT "/EventRescheduled";
    case EVENT_SCHEDULED:
        break;
    }
    return CONTEXT "/EventScheduled";
}

static const char *event_page(const struct writer *writer, const struct event *event)
{
    return eventurl_page(writer->arena, writer->options, event);
}

/* previousStartDate goes with EventRescheduled alone, says Google; a postponed event keeps its old date as
 * startDate. A door time needs an hour, schema.org has no other form of it. */
static void set_times(json_t *node, const struct event *event)
{
    struct moment start, end;

    when_span(&event->start, &event->end, &start, &end);
    set_moment(node, "startDate", &start);
    set_moment(node, "endDate", &end);
    if (event->doors.has_time)
        set_moment(node, "doorTime", &event->doors);
    set_text(node, "eventStatus", status_url(event->status));
    if (event->status == EVENT_RESCHEDULED)
        set_moment(node, "previousStartDate", &event->previous_start);
}

/* Where the pages are the artist's own, they name their events: by an address that does not change when an
 * event moves. */
static void set_event_id(const struct writer *writer, json_t *node, const struct event *event)
{
    if (writer->options->pages != NULL)
        set_text(node, "@id", arena_printf(writer->arena, "%s/#event-%s", writer->options->pages, event->id));
    else
        set_id(writer, node, SUBJECT_EVENT, event->id);
}

static json_t *images_json(const struct writer *writer, const struct event *event)
{
    json_t *list = json_texts(&event->images);

    if (event->images.n == 0 && writer->options->image != NULL)
        json_array_append_new(list, json_string(writer->options->image));
    return list;
}

static json_t *event_json(const struct writer *writer, const struct event *event, bool with_context)
{
    json_t *node = json_object();

    if (with_context)
        set_text(node, "@context", CONTEXT);
    set_text(node, "@type", event->kind == EVENT_FESTIVAL ? "Festival" : "MusicEvent");
    set_event_id(writer, node, event);
    set_text(node, "name", event_display_name(writer->arena, event));
    set_text(node, "description", event->description);
    set_text(node, "url", event_page(writer, event));
    set_times(node, event);
    json_object_set_new(node, "location",
                        place_json(writer, &event->place, place_type(writer, &event->place, event->kind)));
    set_array(node, "performer", performers_json(writer, event));
    set_list(node, "offers", offers_json(event));
    set_array(node, "image", images_json(writer, event));
    if (event->organizer_name != NULL) {
        json_t *organizer = node_new("Organization");

        set_text(organizer, "name", event->organizer_name);
        set_text(organizer, "url", event->organizer_url);
        json_object_set_new(node, "organizer", organizer);
    }
    set_text(node, "typicalAgeRange", event->age_range);
    if (event->is_free)
        json_object_set_new(node, "isAccessibleForFree", json_true());
    set_text(node, "sameAs", event->url);
    return node;
}

/* ---- documents ---- */

/* Takes `root`. */
static void dump(json_t *root, const struct render_options *options, struct buffer *out)
{
    size_t flags = JSON_REAL_PRECISION(REAL_PRECISION) | (options->indent ? JSON_INDENT(2) : JSON_COMPACT);

    jput(root, flags, out);
    if (options->indent)
        buffer_puts(out, "\n");
    json_decref(root);
}

static bool render_jsonld(const struct document *document, const struct render_options *options,
                          struct arena *arena, struct buffer *out, const char **ret_why)
{
    struct writer writer = {.document = document, .options = options, .arena = arena};
    json_t *root = json_array();

    (void)ret_why;
    for (size_t i = 0; i < document->n_events; i++)
        json_array_append_new(root, event_json(&writer, &document->events[i], true));
    dump(root, options, out);
    return true;
}

void jsonld_put_event(const struct document *document, const struct event *event,
                      const struct render_options *options, struct arena *arena, struct buffer *out)
{
    struct writer writer = {.document = document, .options = options, .arena = arena};

    dump(event_json(&writer, event, true), options, out);
}

/* The node of what the document is about; NULL when not even its name is known. */
static json_t *subject_json(const struct writer *writer)
{
    const struct document *document = writer->document;
    json_t *node = NULL, *act;

    if (document->subject == SUBJECT_ARTIST && document->artist.name != NULL) {
        node = artist_reference(writer, &document->artist);
        act = act_json(&document->artist);
        json_object_update_missing(node, act);
        json_decref(act);
    } else if (document->subject == SUBJECT_VENUE && document->venue.name != NULL) {
        node = place_json(writer, &document->venue, "MusicVenue");
        set_text(node, "telephone", document->venue.phone);
        if (document->venue.capacity > 0)
            json_object_set_new(node, "maximumAttendeeCapacity", json_integer(document->venue.capacity));
    }
    return node;
}

static bool render_graph(const struct document *document, const struct render_options *options,
                         struct arena *arena, struct buffer *out, const char **ret_why)
{
    struct writer writer = {.document = document, .options = options, .arena = arena, .linked = true};
    json_t *graph = json_array();
    json_t *subject = subject_json(&writer);

    (void)ret_why;
    if (subject != NULL)
        json_array_append_new(graph, subject);
    for (size_t i = 0; i < document->n_events; i++)
        json_array_append_new(graph, event_json(&writer, &document->events[i], false));
    dump(json_pack("{s:s, s:o}", "@context", CONTEXT, "@graph", graph), options, out);
    return true;
}

/* Google's carousel takes at least three items. */
#define MIN_ITEMS 3

const char *itemlist_fault(const struct document *document, const struct render_options *options,
                           const struct strings *strings, struct arena *arena)
{
    const struct event_page *pages;

    if (options->eventurl == NULL)
        return strings->texts[STRING_ITEMLIST_WITHOUT_PAGES];
    if (document->n_events < MIN_ITEMS)
        return strings_fill(arena, strings->texts[STRING_ITEMLIST_TOO_SHORT],
                            arena_printf(arena, "%d", MIN_ITEMS),
                            arena_printf(arena, "%zu", document->n_events), NULL);
    pages = eventurl_pages(arena, document, options->eventurl);
    for (size_t i = 0; i < document->n_events; i++) {
        if (pages[i].n_events > 1)
            return strings_fill(arena, strings->texts[STRING_ITEMLIST_WITH_TWICE], pages[i].address, NULL);
    }
    return NULL;
}

static bool render_itemlist(const struct document *document, const struct render_options *options,
                            struct arena *arena, struct buffer *out, const char **ret_why)
{
    struct writer writer = {.document = document, .options = options, .arena = arena};
    json_t *items = json_array();

    *ret_why = itemlist_fault(document, options, strings_chosen(), arena);
    if (*ret_why != NULL) {
        json_decref(items);
        return false;
    }
    for (size_t i = 0; i < document->n_events; i++)
        json_array_append_new(items, json_pack("{s:s, s:i, s:o}", "@type", "ListItem", "position", (int)i + 1,
                                               "item", event_json(&writer, &document->events[i], false)));
    dump(json_pack("{s:s, s:s, s:o}", "@context", CONTEXT, "@type", "ItemList", "itemListElement", items),
         options, out);
    return true;
}

const struct format format_jsonld = {
    .name = "jsonld",
    .media_type = "application/ld+json",
    .render = render_jsonld,
};

const struct format format_graph = {
    .name = "graph",
    .media_type = "application/ld+json",
    .render = render_graph,
};

const struct format format_itemlist = {
    .name = "itemlist",
    .media_type = "application/ld+json",
    .render = render_itemlist,
};
