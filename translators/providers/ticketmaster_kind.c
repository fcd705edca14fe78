/* What a record of Ticketmaster is, by its classifications, its name and its attractions. */
#include "ticketmaster_kind.h"

#include <string.h>

#include "translators/ask/jget.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/curate/placeholders.h"
#include "translators/curate/sold_beside.h"
#include "translators/model/word_key.h"

#define MAX_ACTS            200 /* of one event; the longest line-up seen has 10 */
#define MAX_CLASSIFICATIONS 5   /* of one thing */
#define MAX_FESTIVAL_EVENTS 5   /* its days and passes; a tour has more dates */

#define MUSIC_SEGMENT "KZFzniwnSyZfZ7v7nJ" /* the same in all languages, unlike its name */

/* ---- concerts ---- */

static const json_t *classification_of(const json_t *object)
{
    const json_t *all = jget_list(object, "classifications");

    for (size_t i = 0; i < jget_size(all) && i < MAX_CLASSIFICATIONS; i++) {
        if (jget_bool(jget_at(all, i), "primary"))
            return jget_at(all, i);
    }
    return jget_at(all, 0);
}

static bool is_one_of(const char *text, const char *const *list)
{
    for (; text != NULL && *list != NULL; list++) {
        if (text_equal_fold(text, *list))
            return true;
    }
    return false;
}

enum ticketmaster_segment ticketmaster_kind_segment(const json_t *object)
{
    const json_t *classification = classification_of(object);
    const char *id = jget_raw(classification, "segment.id");
    const char *name = jget_raw(classification, "segment.name");

    if ((id != NULL && strcmp(id, MUSIC_SEGMENT) == 0) || (name != NULL && text_equal_fold(name, "Music")))
        return SEGMENT_MUSIC;
    return name == NULL || text_equal_fold(name, "Undefined") ? SEGMENT_UNKNOWN : SEGMENT_OTHER;
}

const char *ticketmaster_kind_genre(struct arena *arena, const json_t *attraction)
{
    static const char *const nothing[] = {"Undefined", "Other", NULL};
    const char *genre = jget_text(arena, classification_of(attraction), "genre.name");
    const char *sub = jget_text(arena, classification_of(attraction), "subGenre.name");

    if (genre == NULL || is_one_of(genre, nothing))
        return NULL;
    return sub != NULL && !is_one_of(sub, nothing) && !text_equal_fold(sub, genre)
               ? arena_printf(arena, "%s, %s", genre, sub)
               : genre;
}

/* What has no segment is judged by who plays. */
static bool is_music(const json_t *record)
{
    const json_t *attractions = jget_list(record, "_embedded.attractions");
    enum ticketmaster_segment segment = ticketmaster_kind_segment(record);

    for (size_t i = 0; i < jget_size(attractions) && i < MAX_ACTS && segment == SEGMENT_UNKNOWN; i++) {
        if (ticketmaster_kind_segment(jget_at(attractions, i)) == SEGMENT_MUSIC)
            segment = SEGMENT_MUSIC;
    }
    return segment == SEGMENT_MUSIC;
}

/* Sold beside concerts, as events of their own. A band may be called Hall Pass: then a name that holds
 * it says nothing. */
static enum sold_beside sold_beside_of(struct arena *arena, const json_t *record)
{
    static const char *const types[] = {"Parking",        "Upsell",  "Merchandise", "Donation",
                                        "Transportation", "Package", NULL};
    const json_t *classification = classification_of(record);
    const json_t *attractions = jget_list(record, "_embedded.attractions");
    const char *name = jget_text(arena, record, "name");
    enum sold_beside extra = name != NULL ? sold_beside_of_name(name) : SOLD_BESIDE_NONE;

    if (is_one_of(jget_raw(classification, "type.name"), types) ||
        is_one_of(jget_raw(classification, "subType.name"), types))
        return SOLD_BESIDE_THING;
    if (extra == SOLD_BESIDE_SEASON && jget_size(attractions) != 1)
        return extra;
    for (size_t i = 0; extra != SOLD_BESIDE_NONE && i < jget_size(attractions) && i < MAX_ACTS; i++) {
        const char *act = jget_text(arena, jget_at(attractions, i), "name");

        if (act != NULL && ticketmaster_kind_segment(jget_at(attractions, i)) == SEGMENT_MUSIC &&
            text_has_words(name, act) && sold_beside_of_name(act) != SOLD_BESIDE_NONE)
            return SOLD_BESIDE_NONE;
    }
    return extra;
}

static bool is_of_type(const json_t *object, const char *type)
{
    const char *const types[] = {type, NULL};

    return is_one_of(jget_raw(classification_of(object), "subType.name"), types);
}

bool ticketmaster_kind_is_festival(const json_t *object)
{
    return is_of_type(object, "Festival");
}

bool ticketmaster_kind_is_tour(const json_t *object)
{
    return is_of_type(object, "Tour");
}

/* ---- titles ---- */

static const char *first_act(struct arena *arena, const json_t *record)
{
    return jget_text(arena, jget_at(jget_list(record, "_embedded.attractions"), 0), "name");
}

static bool is_festival_record(const json_t *record)
{
    return ticketmaster_kind_is_festival(record) ||
           ticketmaster_kind_is_festival(jget_at(jget_list(record, "_embedded.attractions"), 0));
}

struct ticketmaster_title ticketmaster_kind_title(struct arena *arena, const json_t *record)
{
    struct ticketmaster_title title;
    const char *name =
        title_without_words(arena, jget_text(arena, record, "name"), first_act(arena, record), &title.words);

    title.text = ticket_words_cut(arena, name, is_festival_record(record), &title.ticket);
    return title;
}

enum event_status ticketmaster_kind_status(const json_t *record, const struct title_words *words)
{
    static const char *const cancelled[] = {"canceled", "cancelled", NULL};
    static const char *const postponed[] = {"postponed", NULL}, *const rescheduled[] = {"rescheduled", NULL};
    const char *code = jget_raw(record, "dates.status.code");

    if (is_one_of(code, cancelled))
        return EVENT_CANCELLED;
    if (is_one_of(code, postponed))
        return EVENT_POSTPONED;
    return is_one_of(code, rescheduled) ? EVENT_RESCHEDULED : words->status;
}

const char *ticketmaster_kind_festival(struct arena *arena, const json_t *record)
{
    const json_t *attractions = jget_list(record, "_embedded.attractions");

    for (size_t i = 0; i < jget_size(attractions) && i < MAX_ACTS; i++) {
        const json_t *attraction = jget_at(attractions, i);
        const char *name =
            ticketmaster_kind_is_festival(attraction) ? jget_text(arena, attraction, "name") : NULL;

        if (name != NULL)
            return name;
    }
    return ticketmaster_kind_is_festival(record) ? ticketmaster_kind_title(arena, record).text : NULL;
}

/* "Lantern Aid 2027", "2027 Lantern Aid" */
static bool is_name_and_year(const char *title, const char *name)
{
    struct word_key title_key, name_key;
    const char *behind, *year = title_key.text;

    word_key_make(title, strlen(title), &title_key);
    word_key_make(name, strlen(name), &name_key);
    if (name_key.len == 0 || title_key.len != name_key.len + 5)
        return false;
    behind = word_key_past(title_key.text, name_key.text);
    if (behind != NULL)
        year = behind;
    else if (strcmp(title_key.text + 5, name_key.text) != 0)
        return false;
    return strncmp(year, "20", 2) == 0 && strspn(year, "0123456789") == 4;
}

static size_t count_other_acts(struct arena *arena, const json_t *attractions, const char *than)
{
    size_t n = 0;

    for (size_t i = 0; i < jget_size(attractions) && i < MAX_ACTS; i++) {
        const json_t *attraction = jget_at(attractions, i);
        const char *name = jget_text(arena, attraction, "name");

        n += name != NULL && !text_equal_fold(name, than) && !placeholders_is_act(name) &&
             !ticketmaster_kind_is_festival(attraction) && !ticketmaster_kind_is_tour(attraction);
    }
    return n;
}

bool ticketmaster_kind_is_own_festival(struct arena *arena, const json_t *record, const json_t *attraction)
{
    const char *name = jget_text(arena, attraction, "name");
    const char *title = ticketmaster_kind_title(arena, record).text;

    return name != NULL && title != NULL && is_name_and_year(title, name) &&
           jget_count(attraction, "upcomingEvents._total") <= MAX_FESTIVAL_EVENTS &&
           jget_size(jget_list(attraction, "externalLinks.spotify")) == 0 &&
           count_other_acts(arena, jget_list(record, "_embedded.attractions"), name) >= 2;
}

/* ---- records ---- */

static bool is_online(struct arena *arena, const json_t *record)
{
    return placeholders_is_online(
        jget_text(arena, jget_at(jget_list(record, "_embedded.venues"), 0), "name"));
}

bool ticketmaster_kind_is_left_out(struct arena *arena, const json_t *record, enum curation_rule *ret_rule)
{
    enum sold_beside extra = SOLD_BESIDE_NONE;

    *ret_rule = CURATION_NO_CONCERT;
    if (jget_bool(record, "test") || !is_music(record))
        return true;
    if (is_online(arena, record)) {
        *ret_rule = CURATION_ONLINE;
        return true;
    }
    extra = sold_beside_of(arena, record);
    if (extra == SOLD_BESIDE_PASS)
        return ticketmaster_kind_festival(arena, record) == NULL;
    *ret_rule = extra == SOLD_BESIDE_SEASON ? CURATION_SEASON : CURATION_SOLD_BESIDE;
    return extra == SOLD_BESIDE_THING || extra == SOLD_BESIDE_SEASON;
}

bool ticketmaster_kind_is_dayless(struct arena *arena, const json_t *record)
{
    struct title_words words = ticketmaster_kind_title(arena, record).words;

    return (jget_bool(record, "dates.start.dateTBA") || jget_bool(record, "dates.start.dateTBD")) &&
           (ticketmaster_kind_status(record, &words) != EVENT_POSTPONED ||
            (jget_raw(record, "dates.start.localDate") == NULL &&
             jget_raw(record, "dates.initialStartDate.localDate") == NULL));
}

/* Resale listings have ids of their own. Other ids that begin with Z are of sellers who sell first. */
static bool is_resale(const struct event *event)
{
    const char *host = event->url != NULL ? strstr(event->url, "://") : NULL;
    const char *reseller = host != NULL ? strstr(host, "ticketsnow.") : NULL;

    return strncmp(event->id, "Z7r9jZ", 6) == 0 ||
           (reseller != NULL && reseller < host + 3 + strcspn(host + 3, "/?#"));
}

enum listing ticketmaster_kind_listing(struct arena *arena, const json_t *record, const struct event *event)
{
    enum sold_beside extra = sold_beside_of(arena, record);

    if (ticketmaster_kind_is_dayless(arena, record))
        return LISTING_DAYLESS;
    if (extra == SOLD_BESIDE_PASS)
        return LISTING_PASS;
    if (extra == SOLD_BESIDE_DOUBTFUL)
        return LISTING_EXTRA;
    if (is_resale(event))
        return LISTING_RESALE;
    return event->kind == EVENT_FESTIVAL && ticketmaster_kind_title(arena, record).ticket == TICKET_DAY
               ? LISTING_DAY_TICKET
               : LISTING_SHOW;
}
