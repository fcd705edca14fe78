/* Secrets live in memory no longer than it takes to make the policy. */
#include "access_load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_find.h"
#include "secret.h"
#include "service/http/access.h"
#include "translators/base/arena.h"
#include "translators/base/must.h"

#define DAY_S    86400
#define MAX_DAYS 36500

static void wipe(char *secret)
{
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

static bool read_secret(const struct config *config, const char *key, const char *path, char **ret_secret,
                        struct fault *ret_fault)
{
    if (path == NULL || secret_read_file(path, ret_secret))
        return true;
    fault_say(ret_fault, "[access] %s = %.150s: %s", key, path,
              errno == ENODATA ? "is empty; put the secret into it" : strerror(errno));
    return config_locate(config, "access", key, ret_fault);
}

bool access_load(struct config *config, struct fault *ret_fault)
{
    const char *setting = NULL, *why = NULL;
    char *key = NULL, *next_key = NULL, *password = NULL;
    if (config->access.key_file == NULL && config->access.next_key_file == NULL &&
        config->access.artists == NULL && config->access.deny == NULL &&
        config->access.form_password_file == NULL)
        return true;
    bool read =
        read_secret(config, "key_file", config->access.key_file, &key, ret_fault) &&
        read_secret(config, "next_key_file", config->access.next_key_file, &next_key, ret_fault) &&
        read_secret(config, "form_password_file", config->access.form_password_file, &password, ret_fault);
    if (read) {
        const struct access_options options = {.key = key,
                                               .next_key = next_key,
                                               .artists = config->access.artists,
                                               .deny = config->access.deny,
                                               .password = password};
        config->access.policy = access_new(&options, &setting, &why);
    }
    if (read && config->access.policy == NULL) {
        fault_say(ret_fault, "[access] %s: %s", setting, why);
        config_locate(config, "access", setting, ret_fault);
    }
    wipe(key);
    wipe(next_key);
    wipe(password);
    return config->access.policy != NULL;
}

const char *config_sign(const struct config *config, struct arena *arena, const char *base, const char *link)
{
    char signature[ACCESS_SIGNATURE_DIGITS + 1];
    const char *target = link + strlen(base);
    if (!access_signs(config->access.policy) ||
        !access_sign_target(config->access.policy, target, strlen(target), 0, signature))
        return link;
    return arena_printf(arena, "%s%csig=%s", link, strchr(link, '?') != NULL ? '&' : '?', signature);
}

/* ---- marquee sign ---- */

static char *fail(const char *why, struct fault *ret_fault)
{
    fault_say(ret_fault, "%s", why);
    return NULL;
}

/* 0: no number of days from 1 on. */
static int64_t days_of(const char *text)
{
    char *end;
    long days = strtol(text, &end, 10);
    return text[0] < '1' || text[0] > '9' || *end != '\0' || days > MAX_DAYS ? 0 : days;
}

/* The part of an absolute URL that is this service's own: an API, or pages. A path in front of it, as in
 * public_url, is not. */
static const char *target_of(const char *url)
{
    const char *path_end = url + strcspn(url, "?");
    for (const char *at = url; at < path_end; at++) {
        if (strncmp(at, "/api/", 5) == 0 || strncmp(at, "/tour/", 6) == 0)
            return at;
    }
    return NULL;
}

char *config_sign_by_hand(const struct access *access, const char *url, const char *days, int64_t now_s,
                          struct fault *ret_fault)
{
    char signature[ACCESS_SIGNATURE_DIGITS + 1], expires[40] = "", *link;
    const char *target = target_of(url);
    int64_t expires_s = days != NULL ? now_s + days_of(days) * DAY_S : 0;
    if (!access_signs(access))
        return fail("[access] key_file is empty, so no link needs a signature", ret_fault);
    if (days != NULL && days_of(days) == 0)
        return fail("--days must be a whole number from 1 to 36500", ret_fault);
    if (strstr(url, "?sig=") != NULL || strstr(url, "&sig=") != NULL || strstr(url, "expires=") != NULL)
        return fail("the link has sig or expires already; leave them out", ret_fault);
    if (target == NULL || !access_sign_target(access, target, strlen(target), expires_s, signature))
        return fail(
            "this is no link to a document: its path is /api/... or /tour/..., and its parameters are right",
            ret_fault);
    if (days != NULL)
        snprintf(expires, sizeof(expires), "expires=%lld&", (long long)expires_s);
    must(asprintf(&link, "%s%c%ssig=%s", url, strchr(url, '?') != NULL ? '&' : '?', expires, signature) >= 0);
    return link;
}
