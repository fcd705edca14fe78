/* Who an artist is, by MusicBrainz (https://musicbrainz.org/doc/MusicBrainz_API). Names are no identity:
 * namesakes and tribute bands have them too. Not here: MusicBrainz' terms and limits, musicbrainz.c. */
#include "identity.h"

#include <string.h>

#include "translators/ask/jget.h"
#include "translators/ask/mbid.h"
#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/model/model.h"

#define PATH          "artist/%s?inc=url-rels&fmt=json"
#define MAX_RELATIONS 1000 /* of one artist; the most famous have a few hundred */

void identity_set_mbid(struct arena *arena, struct act *act, const char *mbid)
{
    if (mbid == NULL)
        return;
    act->mbid = mbid_lower_case(arena, mbid);
    text_list_add(arena, &act->same_as, arena_printf(arena, "https://musicbrainz.org/artist/%s", act->mbid));
}

const json_t *identity_artist(struct plan *plan, const char *mbid, bool needed)
{
    const char *id = mbid_lower_case(plan_arena(plan), mbid);

    if (needed)
        return plan_need_from(plan, &musicbrainz_translator, RESOURCE_ARTIST, PATH, id);
    return plan_want_from(plan, &musicbrainz_translator, RESOURCE_ARTIST, PATH, id);
}

const char *identity_current(struct plan *plan, const json_t *artist, const char *mbid)
{
    const char *now = jget_id(plan_arena(plan), artist, "id");

    return now != NULL && mbid_is(now) ? now : mbid;
}

bool identity_is(struct plan *plan, const char *mbid, const char *other)
{
    if (other == NULL)
        return false;
    return text_equal_fold(mbid, other) ||
           text_equal_fold(identity_current(plan, identity_artist(plan, mbid, false), mbid), other);
}

const char *identity_name(struct plan *plan, const char *mbid)
{
    const json_t *artist = identity_artist(plan, mbid, true);
    const char *name = jget_text(plan_arena(plan), artist, "name");

    if (artist != NULL && name == NULL)
        plan_fail(plan, PROBLEM_UPSTREAM_RUBBISH, STRING_MUSICBRAINZ_WITHOUT_NAME);
    return name;
}

/* Host and port of a web URL, without "www."; *ret_len is their length. */
static const char *host_of(const char *url, size_t *ret_len)
{
    const char *host = strstr(url, "://");

    host = host != NULL ? host + 3 : url;
    if (strncmp(host, "www.", 4) == 0)
        host += 4;
    *ret_len = strcspn(host, "/?#");
    return host;
}

/* Another page on the same host is most often the same page in another spelling. */
static bool has_host(const struct text_list *pages, const char *url)
{
    size_t len, page_len;
    const char *host = host_of(url, &len);

    for (size_t i = 0; i < pages->n; i++) {
        const char *page_host = host_of(pages->items[i], &page_len);

        if (page_len == len && memcmp(page_host, host, len) == 0)
            return true;
    }
    return false;
}

/* The page of a relation; NULL: it has ended, or is none. */
static const char *page_of(struct arena *arena, const json_t *relation)
{
    return jget_bool(relation, "ended") ? NULL : jget_url(arena, relation, "url.resource");
}

bool identity_linked_page(struct arena *arena, const json_t *artist,
                          bool (*recognise)(const char *url, struct recognised *ret),
                          struct recognised *ret_page)
{
    const json_t *relations = jget_list(artist, "relations");

    for (size_t i = 0; i < jget_size(relations) && i < MAX_RELATIONS; i++) {
        const char *url = page_of(arena, jget_at(relations, i));

        if (url != NULL && recognise(url, ret_page))
            return true;
    }
    return false;
}

/* Pages of one type of relation (https://musicbrainz.org/relationships/artist-url). */
static void add_pages(struct arena *arena, const json_t *relations, const char *type, struct text_list *pages)
{
    size_t n = jget_size(relations);

    for (size_t i = 0; i < n && i < MAX_RELATIONS; i++) {
        const json_t *relation = jget_at(relations, i);
        const char *is = jget_raw(relation, "type");

        if (is != NULL && strcmp(is, type) == 0)
            text_list_add(arena, pages, page_of(arena, relation));
    }
}

static void complete(struct arena *arena, const struct text_list *pages, struct act *act)
{
    for (size_t i = 0; i < pages->n; i++) {
        if (!has_host(&act->same_as, pages->items[i]))
            text_list_add(arena, &act->same_as, pages->items[i]);
    }
}

void identity_complete(struct plan *plan, struct document *document, const char *asked_mbid)
{
    static const char *const types[] = {"official homepage", "wikidata", "songkick", "bandsintown",
                                        "setlistfm"};
    struct arena *arena = plan_arena(plan);
    const char *mbid =
        document->artist.mbid != NULL && asked_mbid != NULL ? asked_mbid : document->artist.mbid;
    const json_t *artist = mbid != NULL ? identity_artist(plan, mbid, false) : NULL;
    const json_t *relations = jget_list(artist, "relations");
    struct text_list pages = {0};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        add_pages(arena, relations, types[i], &pages);
    complete(arena, &pages, &document->artist);
    for (size_t i = 0; i < document->n_events; i++) {
        for (size_t j = 0; j < document->events[i].n_acts; j++) {
            if (document->events[i].acts[j].asked)
                complete(arena, &pages, &document->events[i].acts[j]);
        }
    }
}
