/* The directory of a tour's pages. Its manifest is text:
 *
 *     marquee pages 1
 *     file SHA256 NAME      a file, as it was written or is about to be
 *     event ...             a line of the memory of revisions
 *
 * Before the first file of a run changes, the manifest names the digests of both its states, so that a run
 * which is killed leaves nothing that the next one would take for somebody else's work. */
#include "site_files.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "translators/base/buffer.h"
#include "translators/base/must.h"
#include "translators/pages/addresses.h"

#define MANIFEST           ".marquee-pages"
#define BEING_WRITTEN      ".marquee-new"
#define HEADING            "marquee pages 1\n"
#define MAX_MANIFEST_BYTES 4194304
#define MAX_FILE_BYTES     (16 << 20)
#define MAX_FILES          4096
#define DIGEST_BYTES       (2 * SHA256_DIGEST_LENGTH + 1)
#define NAME_BYTES         (ADDRESS_MAX_BYTES + 16)

struct known_file {
    char name[NAME_BYTES], digest[DIGEST_BYTES];
};

struct site_file {
    char name[NAME_BYTES], digest[DIGEST_BYTES];
    const void *bytes;
    size_t len;
    bool is_left;
};

struct site_files {
    int directory;            /* locked */
    struct known_file *known; /* by the manifest; a name may stand there twice */
    size_t n_known;
    struct site_file *files;
    size_t n_files;
    struct buffer memory;
};

/* ---- names ---- */

/* "index.html", "SLUG/index.html", "feed.xml": the file of a page. */
static bool name_of_page(const char *page, char ret_name[NAME_BYTES])
{
    struct page_path path;
    if (!address_parse(page, strlen(page), &path) || !path.whole)
        return false;
    bool is_html = path.kind == PAGE_TOUR || path.kind == PAGE_DATE;
    snprintf(ret_name, NAME_BYTES, "%s%s", page, is_html ? "index.html" : "");
    return true;
}

/* Has a name the form that a page's file has? What a manifest names is not believed. */
static bool is_name(const char *name, size_t len)
{
    static const char index_html[] = "index.html";
    struct page_path path;
    size_t end = sizeof(index_html) - 1;
    bool is_html = len >= end && memcmp(name + len - end, index_html, end) == 0;
    return len < NAME_BYTES && address_parse(name, is_html ? len - end : len, &path) && path.whole &&
           is_html == (path.kind == PAGE_TOUR || path.kind == PAGE_DATE);
}

static void digest_of(const void *bytes, size_t len, char ret_digest[DIGEST_BYTES])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(bytes, len, digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(ret_digest + 2 * i, 3, "%02x", digest[i]);
}

/* ---- opening without following links ---- */

/* The directory that a name is in, and its last part. -1: errno. `make`: the directory is made. */
static int open_parent(const struct site_files *files, const char *name, bool make, const char **ret_last)
{
    char slug[NAME_BYTES];
    const char *slash = strchr(name, '/');
    *ret_last = slash != NULL ? slash + 1 : name;
    if (slash == NULL)
        return openat(files->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    snprintf(slug, sizeof(slug), "%.*s", (int)(slash - name), name);
    if (make && mkdirat(files->directory, slug, 0755) != 0 && errno != EEXIST)
        return -1;
    return openat(files->directory, slug, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

enum found { FOUND_NOTHING, FOUND_FILE, FOUND_OTHER };

static bool read_whole(int fd, size_t max_bytes, struct buffer *out)
{
    char part[16384];
    ssize_t n;
    out->max = max_bytes;
    while ((n = read(fd, part, sizeof(part))) > 0)
        buffer_append(out, part, (size_t)n);
    return n == 0 && !out->overflowed;
}

/* What stands under a name. A file's bytes are appended to `out`. */
static enum found look(const struct site_files *files, const char *name, size_t max_bytes, struct buffer *out)
{
    const char *last;
    struct stat status;
    int parent = open_parent(files, name, false, &last);
    if (parent < 0)
        return errno == ENOENT ? FOUND_NOTHING : FOUND_OTHER;
    int fd = openat(parent, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool is_nothing = fd < 0 && errno == ENOENT;
    close(parent);
    if (fd < 0)
        return is_nothing ? FOUND_NOTHING : FOUND_OTHER;
    bool read = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && read_whole(fd, max_bytes, out);
    close(fd);
    return read ? FOUND_FILE : FOUND_OTHER;
}

/* ---- the manifest ---- */

static void read_manifest_line(struct site_files *files, const char *line, size_t len)
{
    static const char file[] = "file ", event[] = "event ";
    size_t prefix = sizeof(file) - 1, digest_len = DIGEST_BYTES - 1;
    if (len > sizeof(event) - 1 && memcmp(line, event, sizeof(event) - 1) == 0) {
        buffer_append(&files->memory, line + sizeof(event) - 1, len - sizeof(event) + 1);
        buffer_puts(&files->memory, "\n");
    }
    if (len <= prefix + digest_len + 1 || memcmp(line, file, prefix) != 0 ||
        line[prefix + digest_len] != ' ' || files->n_known == 2 * MAX_FILES)
        return;
    const char *name = line + prefix + digest_len + 1;
    size_t name_len = len - prefix - digest_len - 1;
    if (!is_name(name, name_len))
        return;
    struct known_file *known = &files->known[files->n_known++];
    snprintf(known->name, sizeof(known->name), "%.*s", (int)name_len, name);
    snprintf(known->digest, sizeof(known->digest), "%.*s", (int)digest_len, line + prefix);
}

static void read_manifest(struct site_files *files)
{
    struct buffer text = BUFFER_INIT(MAX_MANIFEST_BYTES);
    if (look(files, MANIFEST, MAX_MANIFEST_BYTES, &text) == FOUND_FILE && text.bytes != NULL &&
        strncmp(text.bytes, HEADING, sizeof(HEADING) - 1) == 0) {
        for (const char *at = text.bytes; *at != '\0';) {
            size_t len = strcspn(at, "\n");
            read_manifest_line(files, at, len);
            at += len + (at[len] == '\n');
        }
    }
    buffer_done(&text);
}

/* Does the manifest name the file in this state? */
static bool is_known(const struct site_files *files, const char *name, const char *digest)
{
    for (size_t i = 0; i < files->n_known; i++) {
        if (strcmp(files->known[i].name, name) == 0 && strcmp(files->known[i].digest, digest) == 0)
            return true;
    }
    return false;
}

/* ---- opening ---- */

static struct site_files *refuse(const char *directory, const char *why, int fd, struct fault *ret_fault)
{
    fault_say(ret_fault, "%.300s: %s", directory, why);
    if (fd >= 0)
        close(fd);
    return NULL;
}

struct site_files *site_files_open(const char *directory, struct fault *ret_fault)
{
    if (mkdir(directory, 0755) != 0 && errno != EEXIST)
        return refuse(directory, strerror(errno), -1, ret_fault);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return refuse(directory, strerror(errno), -1, ret_fault);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return refuse(directory, "another run is writing here; try again when it is over", fd, ret_fault);
    struct site_files *files = must(calloc(1, sizeof(*files)));
    files->directory = fd;
    files->known = must(calloc((size_t)2 * MAX_FILES, sizeof(*files->known)));
    files->files = must(calloc(MAX_FILES, sizeof(*files->files)));
    files->memory = (struct buffer)BUFFER_INIT(MAX_MANIFEST_BYTES);
    read_manifest(files);
    return files;
}

void site_files_close(struct site_files *files)
{
    if (files == NULL)
        return;
    close(files->directory); /* and the lock is gone */
    buffer_done(&files->memory);
    free(files->known);
    free(files->files);
    free(files);
}

const char *site_files_memory(const struct site_files *files)
{
    return files->memory.bytes != NULL && !files->memory.overflowed ? files->memory.bytes : "";
}

void site_files_add(struct site_files *files, const char *page, const void *bytes, size_t len)
{
    must(files->n_files < MAX_FILES);
    struct site_file *file = &files->files[files->n_files++];
    must(name_of_page(page, file->name));
    file->bytes = bytes;
    file->len = len;
    digest_of(bytes, len, file->digest);
}

/* ---- writing ---- */

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno != EINTR)
            return false;
        bytes += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* Beside its place, then into it: a reader has the whole of the former or of the new one. The other name is
 * always the same, so that a run which was killed leaves one file behind at most. */
static bool write_file(const struct site_files *files, const char *name, const void *bytes, size_t len)
{
    const char *last;
    int parent = open_parent(files, name, true, &last);
    if (parent < 0)
        return false;
    bool gone = unlinkat(parent, BEING_WRITTEN, 0) == 0 || errno == ENOENT;
    int fd =
        gone ? openat(parent, BEING_WRITTEN, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644) : -1;
    bool written = fd >= 0 && write_all(fd, bytes, len) && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
    written = (fd < 0 || close(fd) == 0) && written;
    written = written && renameat(parent, BEING_WRITTEN, parent, last) == 0;
    int error = errno;
    if (fd >= 0 && !written)
        unlinkat(parent, BEING_WRITTEN, 0);
    close(parent);
    errno = error;
    return written;
}

static bool fail(const char *name, struct fault *ret_fault)
{
    return fault_say(ret_fault, "%.300s: %s", name, strerror(errno));
}

/* With the states that files have now, or without. */
static bool write_manifest(const struct site_files *files, const char *memory, bool with_known,
                           struct fault *ret_fault)
{
    struct buffer text = BUFFER_INIT(MAX_MANIFEST_BYTES);
    buffer_puts(&text, HEADING);
    for (size_t i = 0; i < files->n_files; i++) {
        if (!files->files[i].is_left)
            buffer_printf(&text, "file %s %s\n", files->files[i].digest, files->files[i].name);
    }
    for (size_t i = 0; with_known && i < files->n_known; i++)
        buffer_printf(&text, "file %s %s\n", files->known[i].digest, files->known[i].name);
    for (const char *at = memory; *at != '\0';) {
        size_t len = strcspn(at, "\n");
        buffer_printf(&text, "event %.*s\n", (int)len, at);
        at += len + (at[len] == '\n');
    }
    struct buffer now = BUFFER_INIT(MAX_MANIFEST_BYTES);
    bool same = look(files, MANIFEST, MAX_MANIFEST_BYTES, &now) == FOUND_FILE && now.len == text.len &&
                memcmp(now.bytes, text.bytes, text.len) == 0;
    bool written = !text.overflowed && (same || write_file(files, MANIFEST, text.bytes, text.len));
    buffer_done(&now);
    buffer_done(&text);
    return written || fail(MANIFEST, ret_fault);
}

enum state { STATE_SAME, STATE_OURS, STATE_LEFT };

/* May what stands under a page's name be changed, and need it be? */
static enum state state_of(const struct site_files *files, const char *name, const char *wanted,
                           const char **ret_why)
{
    struct buffer now = BUFFER_INIT(MAX_FILE_BYTES);
    char digest[DIGEST_BYTES] = "";
    enum found found = look(files, name, MAX_FILE_BYTES, &now);
    if (found == FOUND_FILE)
        digest_of(now.bytes != NULL ? now.bytes : "", now.len, digest);
    buffer_done(&now);
    *ret_why = found == FOUND_OTHER ? "it is no regular file, or in a directory that is none"
                                    : "it was changed by somebody else";
    if (found == FOUND_NOTHING)
        return STATE_OURS;
    if (found == FOUND_OTHER)
        return STATE_LEFT;
    if (wanted != NULL && strcmp(digest, wanted) == 0)
        return STATE_SAME;
    return is_known(files, name, digest) ? STATE_OURS : STATE_LEFT;
}

static bool is_page(const struct site_files *files, const char *name)
{
    for (size_t i = 0; i < files->n_files; i++) {
        if (strcmp(files->files[i].name, name) == 0)
            return true;
    }
    return false;
}

/* What is no more a page, if it is as it was written. Its directory goes when nothing else is in it. */
static void remove_file(const struct site_files *files, const char *name, struct site_counts *counts)
{
    const char *last, *why;
    char slug[NAME_BYTES];
    struct buffer now = BUFFER_INIT(MAX_FILE_BYTES);
    bool is_there = look(files, name, MAX_FILE_BYTES, &now) == FOUND_FILE;
    buffer_done(&now);
    if (!is_there || state_of(files, name, NULL, &why) != STATE_OURS)
        return;
    int parent = open_parent(files, name, false, &last);
    counts->removed += parent >= 0 && unlinkat(parent, last, 0) == 0;
    if (parent >= 0)
        close(parent);
    snprintf(slug, sizeof(slug), "%.*s", (int)strcspn(name, "/"), name);
    if (strchr(name, '/') != NULL)
        unlinkat(files->directory, slug, AT_REMOVEDIR);
}

bool site_files_write(struct site_files *files, const char *memory, site_left_fn *on_left, void *arg,
                      struct site_counts *ret, struct fault *ret_fault)
{
    bool *wanted = must(calloc(files->n_files + 1, sizeof(*wanted)));
    bool done = true;
    *ret = (struct site_counts){0};
    for (size_t i = 0; i < files->n_files; i++) {
        struct site_file *file = &files->files[i];
        const char *why;
        enum state state = state_of(files, file->name, file->digest, &why);
        wanted[i] = state == STATE_OURS;
        file->is_left = state == STATE_LEFT;
        ret->unchanged += state == STATE_SAME;
        ret->left += state == STATE_LEFT;
        ret->written += state == STATE_OURS;
        if (state == STATE_LEFT)
            on_left(arg, file->name, why);
    }
    done = ret->written == 0 || write_manifest(files, memory, true, ret_fault);
    for (size_t i = 0; i < files->n_files && done; i++) {
        struct site_file *file = &files->files[i];
        if (wanted[i] && !write_file(files, file->name, file->bytes, file->len))
            done = fail(file->name, ret_fault);
    }
    for (size_t i = 0; i < files->n_known && done; i++) {
        if (!is_page(files, files->known[i].name))
            remove_file(files, files->known[i].name, ret);
    }
    free(wanted);
    return done && write_manifest(files, memory, false, ret_fault);
}
