/* MusicBrainz' API: an artist with its url-relations, by MBID. It needs no key. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulator/provider.h"

static struct reply *musicbrainz_send(unsigned status, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);

    if (text == NULL)
        abort();
    json_decref(body);
    return reply_new(status, text, strlen(text));
}

/* Takes `url`. */
static void musicbrainz_relate(json_t *relations, const char *type, json_t *url, bool ended)
{
    json_array_append_new(relations, json_pack("{s:s, s:s, s:b, s:n, s:n, s:s, s:{s:o}}", "type", type,
                                               "target-type", "url", "ended", ended, "begin", "end",
                                               "direction", "forward", "url", "resource", url));
}

static struct reply *musicbrainz_answer(const struct tour_world *world, const char *path,
                                        const struct request *request)
{
    struct tour_artist artist;
    char slug[NAME_BYTES];
    json_t *relations;
    uint64_t id;

    (void)request;
    if (strncmp(path, "/artist/", 8) != 0 || !tour_artist_of_mbid(path + 8, &id) ||
        !tour_artist(world, id, &artist))
        return musicbrainz_send(404,
                                json_pack("{s:s, s:s}", "error", "Not Found", "help",
                                          "For usage, please see: https://musicbrainz.org/development/mmd"));
    relations = json_array();
    names_slug(artist.name, slug);
    musicbrainz_relate(relations, "social network", json_string("https://plus.google.com/gone"), true);
    musicbrainz_relate(relations, "songkick",
                       json_sprintf("https://www.songkick.com/artists/%lld", (long long)artist.id), false);
    musicbrainz_relate(relations, "wikidata",
                       json_sprintf("https://www.wikidata.org/wiki/Q%lld", (long long)artist.id), false);
    musicbrainz_relate(relations, "official homepage", json_sprintf("https://%s.example/", slug), false);
    musicbrainz_relate(relations, "official homepage", json_sprintf("https://old-%s.example/", slug), true);
    musicbrainz_relate(relations, "bandsintown",
                       json_sprintf("https://www.bandsintown.com/a/%lld", (long long)artist.id), false);
    return musicbrainz_send(200, json_pack("{s:s, s:s, s:s, s:o}", "id", path + 8, "type", "Group", "name",
                                           artist.name, "relations", relations));
}

static enum path_class musicbrainz_classify(const char *path)
{
    return strncmp(path, "/artist/", 8) == 0 ? CLASS_ARTIST : CLASS_OTHER;
}

const struct provider provider_musicbrainz = {
    .prefix = "/musicbrainz/ws/2",
    .classify = musicbrainz_classify,
    .answer = musicbrainz_answer,
};
