/* MusicBrainz (https://musicbrainz.org/doc/MusicBrainz_API): who an artist is. A source, no provider: it has
 * no events and no routes. What is asked of it, and what its answers mean, is identity.c's.
 *
 * Its rules (https://musicbrainz.org/doc/MusicBrainz_API/Rate_Limiting): one request a second from one
 * address, a contact in the User-Agent. Its core data is in the public domain (CC0). */
#include <string.h>

#include "identity.h"
#include "translators/ask/answer.h"
#include "translators/ask/jget.h"
#include "translators/ask/mbid.h"
#include "translators/ask/provider_url.h"
#include "translators/ask/translator.h"

#define DAY_S      (24 * 3600)
#define MBID_BYTES 36

/* Too many requests are a 503 here, as any other trouble is; only the message tells. An artist always has an
 * id and a name. */
static enum problem_kind musicbrainz_judge(enum resource kind, int status, const json_t *body,
                                           const char *text, size_t len)
{
    const char *message = jget_raw(body, "error"), *name = jget_raw(body, "name");
    enum problem_kind problem = answer_judge_status(status);

    (void)kind;
    (void)text;
    (void)len;
    if (status == 503 && message != NULL && strstr(message, "rate limit") != NULL)
        return PROBLEM_UPSTREAM_LIMIT;
    if (problem == PROBLEM_NONE && (jget_raw(body, "id") == NULL || name == NULL || !*name))
        return PROBLEM_UPSTREAM_RUBBISH;
    return problem;
}

/* The limit is one of a second. */
static unsigned musicbrainz_limit_s(const json_t *body)
{
    (void)body;
    return 1;
}

/* /artist/0b1c2d3e-…, and what is behind it. */
static bool musicbrainz_recognise(const char *url, struct recognised *ret)
{
    static const char artist[] = "/artist/", prefix[] = "mbid:";
    char whole[PROVIDER_URL_PATH_BYTES];
    const char *path = whole;
    char id[sizeof(prefix) + MBID_BYTES];
    size_t len;

    if (!provider_url_path(url, "musicbrainz.org", whole) || strncmp(path, artist, sizeof(artist) - 1) != 0)
        return false;
    path += sizeof(artist) - 1;
    len = strcspn(path, "/");
    if (len != MBID_BYTES)
        return false;
    memcpy(id, prefix, sizeof(prefix) - 1);
    memcpy(id + sizeof(prefix) - 1, path, len);
    id[sizeof(prefix) - 1 + len] = '\0';
    return mbid_of_id(id) != NULL && provider_url_found(ret, SUBJECT_ARTIST, id, strlen(id));
}

const struct translator musicbrainz_translator = {
    .name = "musicbrainz",
    .title = "MusicBrainz",
    .key_note = "There are no keys.",
    .attribution = "Artist data from MusicBrainz",
    .attribution_url = "https://musicbrainz.org/",
    .keep_ceiling_s = 30 * DAY_S,
    .fresh_s = {[RESOURCE_ARTIST] = 7 * DAY_S},
    .may_mix = true,
    .needs_contact = true,
    .requests_per_s = 1,
    .max_requests_per_s = 1,
    .supplement_timeout_ms = 500,
    .base_url = "https://musicbrainz.org/ws/2",
    .judge = musicbrainz_judge,
    .limit_s = musicbrainz_limit_s,
    .recognise = musicbrainz_recognise,
};
