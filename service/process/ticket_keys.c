/* Keys of session tickets, in memory and in a file. The file has a line a key, the newest first: the Unix
 * time it was made at, a space, and its bytes in hex. It is replaced as a whole. Of two instances that
 * replace it at the same moment one loses its key, and those who have a ticket of it make a full handshake.
 */
#include "ticket_keys.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "translators/base/must.h"

#define KEY_BYTES      sizeof(struct ticket_key)
#define MAX_LINE_BYTES (24 + 2 * sizeof(struct ticket_key))
#define MAX_PATH_BYTES 4096
#define TRY_AGAIN_S    60 /* after the file could not be written */

_Static_assert(sizeof(struct ticket_key) == 80, "a key is written to the file as it lies in memory");

struct made_key {
    int64_t made_s;
    struct ticket_key key;
};

struct ticket_keys {
    pthread_mutex_t mutex;
    struct made_key made[TICKET_KEYS_MAX]; /* under mutex; the newest first */
    size_t n;                              /* under mutex */
    struct stat read;                      /* the file as it was read last */
    int64_t try_again_s;
};

struct ticket_keys *ticket_keys_new(void)
{
    struct ticket_keys *keys = must(calloc(1, sizeof(*keys)));
    pthread_mutex_init(&keys->mutex, NULL);
    return keys;
}

void ticket_keys_free(struct ticket_keys *keys)
{
    if (keys == NULL)
        return;
    pthread_mutex_destroy(&keys->mutex);
    explicit_bzero(keys, sizeof(*keys));
    free(keys);
}

bool ticket_keys_newest(struct ticket_keys *keys, struct ticket_key *ret)
{
    pthread_mutex_lock(&keys->mutex);
    bool found = keys->n > 0;
    if (found)
        *ret = keys->made[0].key;
    pthread_mutex_unlock(&keys->mutex);
    return found;
}

bool ticket_keys_find(struct ticket_keys *keys, const unsigned char name[TICKET_KEYS_NAME_BYTES],
                      struct ticket_key *ret, bool *ret_old)
{
    size_t i = 0;
    pthread_mutex_lock(&keys->mutex);
    while (i < keys->n && memcmp(keys->made[i].key.name, name, TICKET_KEYS_NAME_BYTES) != 0)
        i++;
    bool found = i < keys->n;
    if (found)
        *ret = keys->made[i].key;
    pthread_mutex_unlock(&keys->mutex);
    *ret_old = i > 0;
    return found;
}

/* ---- the file ---- */

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_line(const char *line, struct made_key *ret)
{
    char *hex;
    unsigned char *bytes = (unsigned char *)&ret->key;
    errno = 0;
    ret->made_s = strtoll(line, &hex, 10);
    if (errno != 0 || hex == line || *hex++ != ' ')
        return false;
    for (size_t i = 0; i < KEY_BYTES; i++) {
        int high = nibble(hex[0]), low = high < 0 ? -1 : nibble(hex[1]);
        if (low < 0)
            return false;
        bytes[i] = (unsigned char)(high << 4 | low);
        hex += 2;
    }
    return *hex == '\n' || *hex == '\0';
}

/* How many keys the file has; 0: one of its lines is none. */
static size_t read_lines(FILE *file, struct made_key made[TICKET_KEYS_MAX])
{
    char line[MAX_LINE_BYTES + 2];
    size_t n = 0;
    while (n < TICKET_KEYS_MAX && fgets(line, sizeof(line), file) != NULL) {
        if (!read_line(line, &made[n++])) {
            n = 0;
            break;
        }
    }
    explicit_bzero(line, sizeof(line));
    return n;
}

static void take(struct ticket_keys *keys, const struct made_key made[TICKET_KEYS_MAX], size_t n)
{
    pthread_mutex_lock(&keys->mutex);
    memcpy(keys->made, made, n * sizeof(made[0]));
    keys->n = n;
    pthread_mutex_unlock(&keys->mutex);
}

static bool is_as_read(const struct ticket_keys *keys, const struct stat *now)
{
    const struct stat *read = &keys->read;
    return now->st_ino == read->st_ino && now->st_size == read->st_size &&
           now->st_mtim.tv_sec == read->st_mtim.tv_sec && now->st_mtim.tv_nsec == read->st_mtim.tv_nsec;
}

/* Takes what is in the file when it is another one than last time. False: it is there and cannot be used. */
static bool read_file(struct ticket_keys *keys, const char *path, struct fault *ret_fault)
{
    struct made_key made[TICKET_KEYS_MAX];
    struct stat now;
    if (stat(path, &now) == 0 && is_as_read(keys, &now))
        return true;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        keys->read = (struct stat){0};
        if (errno == ENOENT)
            return true;
        return fault_say(ret_fault, "%s; let the service's user read and write it", strerror(errno));
    }
    size_t n = fstat(fileno(file), &now) == 0 && S_ISREG(now.st_mode) ? read_lines(file, made) : 0;
    fclose(file);
    if (n > 0) {
        take(keys, made, n);
        keys->read = now;
    } else {
        fault_say(ret_fault, "no keys of session tickets in it; remove it");
    }
    explicit_bzero(made, sizeof(made));
    return n > 0;
}

bool ticket_keys_check(const char *path, struct fault *ret_fault)
{
    struct ticket_keys *probe = ticket_keys_new();
    const char *slash = strrchr(path, '/');
    char directory[MAX_PATH_BYTES] = ".";
    ret_fault->text[0] = '\0';
    if (slash != NULL)
        snprintf(directory, sizeof(directory), "%.*s", (int)(slash - path) + 1, path);
    bool usable = read_file(probe, path, ret_fault);
    bool missing = probe->n == 0;
    ticket_keys_free(probe);
    if (usable && missing && access(directory, W_OK | X_OK) != 0) {
        fault_say(ret_fault, "%s; let the service's user write it and its directory", strerror(errno));
        usable = false;
    }
    return usable;
}

static bool write_lines(int fd, const struct made_key *made, size_t n)
{
    char text[TICKET_KEYS_MAX * (MAX_LINE_BYTES + 2)];
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        const unsigned char *bytes = (const unsigned char *)&made[i].key;
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%lld ", (long long)made[i].made_s);
        for (size_t k = 0; k < KEY_BYTES; k++)
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%02x", bytes[k]);
        text[len++] = '\n';
    }
    bool written = write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
    explicit_bzero(text, sizeof(text));
    return written;
}

/* Only the service's user may read it: mkstemp(3). */
static bool write_file(struct ticket_keys *keys, const char *path, const struct made_key *made, size_t n)
{
    char temporary[MAX_PATH_BYTES];
    if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary)) {
        errno = ENAMETOOLONG;
        return false;
    }
    int fd = mkstemp(temporary);
    if (fd == -1)
        return false;
    bool written = write_lines(fd, made, n);
    struct stat now = {0};
    if (written && fstat(fd, &now) == 0 && rename(temporary, path) == 0)
        keys->read = now;
    else
        written = false;
    int error = errno;
    if (!written)
        unlink(temporary);
    close(fd);
    errno = error;
    return written;
}

/* ---- time ---- */

/* A clock that was set back by far must not keep a key for as long. */
static bool is_due(const struct ticket_keys *keys, int64_t now_s)
{
    int64_t age_s = keys->n > 0 ? now_s - keys->made[0].made_s : TICKET_KEYS_PERIOD_S;
    return age_s >= TICKET_KEYS_PERIOD_S || age_s <= -TICKET_KEYS_PERIOD_S;
}

/* The keys of the next period, or those that there are. Returns how many. */
static size_t make_next(const struct ticket_keys *keys, bool due, int64_t now_s,
                        struct made_key ret[TICKET_KEYS_MAX])
{
    size_t n_new = due ? 1 : 0;
    size_t n_old = keys->n < TICKET_KEYS_MAX - n_new ? keys->n : TICKET_KEYS_MAX - n_new;
    if (due) {
        ret[0].made_s = now_s;
        must(getrandom(&ret[0].key, KEY_BYTES, 0) == (ssize_t)KEY_BYTES); /* so few never come short */
    }
    memcpy(ret + n_new, keys->made, n_old * sizeof(ret[0]));
    return n_new + n_old;
}

bool ticket_keys_sweep(struct ticket_keys *keys, const char *path, int64_t now_s, struct fault *ret_fault)
{
    struct made_key next[TICKET_KEYS_MAX];
    ret_fault->text[0] = '\0';
    bool readable = path == NULL || read_file(keys, path, ret_fault);
    bool has_file = path != NULL && keys->read.st_ino != 0;
    bool due = is_due(keys, now_s), missing = path != NULL && readable && !has_file;
    if (!due && !missing)
        return readable;
    if (keys->n > 0 && now_s < keys->try_again_s)
        return readable && !missing;
    size_t n = make_next(keys, due, now_s, next);
    bool written = path == NULL || (readable && write_file(keys, path, next, n));
    if (!written && readable) {
        fault_say(ret_fault, "%s; let the service's user write it and its directory, or no new key comes",
                  strerror(errno));
        keys->try_again_s = now_s + TRY_AGAIN_S;
    }
    /* Without a file to go by, this process has keys of its own. */
    if (written || keys->n == 0 || !has_file)
        take(keys, next, n);
    explicit_bzero(next, sizeof(next));
    return written || (readable && !missing);
}
