/* Reading of a provider's key: from the configuration, from a file, or from systemd. */
#include "secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "translators/base/must.h"

#define MAX_KEY_FILE_BYTES 4096

/* One line of a file, without the white space around it. False: errno says why. */
bool secret_read_file(const char *path, char **ret_secret)
{
    char text[MAX_KEY_FILE_BYTES + 1];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    size_t len = fread(text, 1, MAX_KEY_FILE_BYTES, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    text[len] = '\0';
    size_t start = strspn(text, " \t\r\n");
    char *key = text + start;
    key[strcspn(key, " \t\r\n")] = '\0';
    if (!failed && *key != '\0') {
        *ret_secret = must(strdup(key));
    }
    explicit_bzero(text, sizeof(text));
    if (failed || *ret_secret == NULL)
        errno = failed ? EIO : ENODATA;
    return *ret_secret != NULL;
}

/* systemd's LoadCredential=songkick.key:/path puts the file there, and LoadCredential=keys:/directory all
 * files of a directory, as keys_songkick.key. Not having one is no fault: then the key stays NULL. The name
 * of a credential has no colon: bandsintown.milky-chance.key. */
static bool read_credential(struct provider_config *provider, const char *directory, const char *prefix,
                            struct fault *ret_fault)
{
    const char *name = provider->section;
    int len = (int)strcspn(name, ":");
    char path[300];
    snprintf(path, sizeof(path), "%s/%s%.*s%s%s.key", directory, prefix, len, name,
             name[len] != '\0' ? "." : "", name[len] != '\0' ? name + len + 1 : "");
    if (secret_read_file(path, &provider->api_key) || errno == ENOENT)
        return true;
    return fault_say(ret_fault, "%s: %s", path, strerror(errno));
}

bool secret_read(struct provider_config *provider, struct fault *ret_fault)
{
    const char *name = provider->section, *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (provider->api_key != NULL)
        return true;
    if (provider->api_key_file != NULL) {
        if (secret_read_file(provider->api_key_file, &provider->api_key))
            return true;
        return fault_say(ret_fault, "[%s] api_key_file %s: %s", name, provider->api_key_file,
                         errno == ENODATA ? "is empty; put the key into it" : strerror(errno));
    }
    if (credentials == NULL)
        return true;
    if (!read_credential(provider, credentials, "", ret_fault))
        return false;
    return provider->api_key != NULL || read_credential(provider, credentials, "keys_", ret_fault);
}
