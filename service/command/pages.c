/* One order makes all pages; the cache has them, and the tour's index says which there are. How files are
 * written: site_files.c. */
#include "pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cache/cache.h"
#include "get.h"
#include "service/document/document_request.h"
#include "service/document/outcome.h"
#include "service/document/representation.h"
#include "service/jobs/back.h"
#include "service/site/site_files.h"
#include "service/source/hints.h"
#include "translators/base/must.h"
#include "translators/pages/addresses.h"

#define KEEP_S    86400
#define POLL_US   10000
#define MAX_POLLS 30000 /* five minutes: document_deadline_ms is one at most */

struct writing {
    struct back *back;
    struct cache *cache;
    struct document_request *request; /* a copy, whose page changes */
    const char *directory;
    struct site_files *files;
    struct cache_value **held; /* what the files' bytes are borrowed from */
    size_t n_held, room;
    enum exit_status failure; /* to end with when not all is done */
};

static bool say(const struct writing *writing, const char *what, const char *why)
{
    fprintf(stderr, "marquee: %s: %s%s%s\n", writing->directory, what, why[0] != '\0' ? ": " : "", why);
    return false;
}

static void ask_for(struct document_request *request, const char *page)
{
    must(strlen(page) <= ROUTE_PAGE_MAX_BYTES);
    memcpy(request->page, page, strlen(page) + 1);
    request->key_len = 0;
    route_build_key(request);
}

/* What feeds and sitemap say of changes goes on from the last run: without it every run would be news.
 * Instances that share a memcached have a memory of their own, which is newer. */
static void remember(const struct writing *writing)
{
    const char *text = site_files_memory(writing->files);
    char key_text[HINTS_KEY_MAX_BYTES];
    struct cache_key key = hints_key(HINT_REVISIONS, writing->request, key_text);
    int64_t now_s = time(NULL);
    if (cache_memcached(writing->cache) != NULL || text[0] == '\0')
        return;
    struct cache_value *memory =
        cache_value_new(strlen(text) + 1, PROBLEM_NONE, now_s, now_s + KEEP_S, now_s + KEEP_S);
    memcpy(memory->bytes, text, memory->len);
    cache_note(writing->cache, &key, memory);
    cache_value_unref(memory);
}

/* As it is after this run; new text. */
static char *memory_after(const struct writing *writing)
{
    char key_text[HINTS_KEY_MAX_BYTES];
    struct cache_key key = hints_key(HINT_REVISIONS, writing->request, key_text);
    struct cache_value *memory = cache_peek(writing->cache, &key, time(NULL));
    const char *text = hints_text(memory);
    char *copy = must(strdup(text != NULL ? text : ""));
    cache_value_unref(memory);
    return copy;
}

/* Takes `value`. */
static void hold(struct writing *writing, struct cache_value *value)
{
    if (writing->n_held == writing->room) {
        writing->room = writing->room > 0 ? 2 * writing->room : 256;
        writing->held = must(realloc(writing->held, writing->room * sizeof(struct cache_value *)));
    }
    writing->held[writing->n_held++] = value;
}

/* A stale page is given at once, and the tour made anew behind it, within the time that a document has. */
static void wait_until_made(const struct writing *writing)
{
    const struct cache_key key = route_job_key(writing->request);
    for (unsigned n_polls = 0; n_polls < MAX_POLLS && back_is_making(writing->back, &key); n_polls++)
        usleep(POLL_US);
}

/* New reference to what was made after this; NULL: nothing was, and that is said. */
static struct cache_value *newer_than(const struct writing *writing, const struct cache_value *before)
{
    const struct cache_key key = route_key(writing->request);
    struct cache_value *value = cache_peek(writing->cache, &key, time(NULL));
    bool is_newer = value != NULL && value->stored_s > before->stored_s;
    if (is_newer && atomic_load(&value->trouble) == PROBLEM_NONE) /* or made of older answers */
        return value;
    say(writing, "the upstream gave nothing newer just now, so nothing is changed", "");
    cache_value_unref(value);
    return NULL;
}

/* New reference to the order's answer; NULL: something is wrong with it, and said. */
static struct cache_value *order(struct writing *writing)
{
    struct cache_value *value = NULL;
    struct outcome outcome;
    get_outcome(writing->back, writing->request, &outcome);
    if (outcome.document == NULL || outcome.problem != PROBLEM_NONE) {
        writing->failure = get_say_problem(writing->directory, &outcome);
    } else if (outcome.source == OUTCOME_STALE) {
        wait_until_made(writing);
        value = newer_than(writing, outcome.document);
    } else {
        value = cache_value_ref(outcome.document);
    }
    outcome_done(&outcome);
    return value;
}

/* An old copy and a poorer page change nothing. */
static bool add_page(struct writing *writing, const char *page)
{
    struct representation representation;
    ask_for(writing->request, page);
    const struct cache_key key = route_key(writing->request);
    struct cache_value *value = cache_peek(writing->cache, &key, time(NULL));
    if (value == NULL)
        value = order(writing);
    if (value == NULL)
        return false;
    hold(writing, value);
    if (!representation_open(value, &representation))
        return say(writing, "a page is not in the tour any more, or too large to be kept", page);
    if (representation.incomplete)
        return say(writing, "the upstream could not give all details just now, so nothing is changed", "");
    site_files_add(writing->files, page, representation.body[ENCODING_IDENTITY].bytes,
                   representation.body[ENCODING_IDENTITY].len);
    return true;
}

static bool add_dates(struct writing *writing, const struct cache_value *index)
{
    const char *at = (const char *)index->bytes, *end = at + index->len;
    char page[ROUTE_PAGE_MAX_BYTES + 1];
    struct address_line line;
    while (address_next(&at, end, &line)) {
        if (line.is_alias)
            continue;
        snprintf(page, sizeof(page), "%.*s/", (int)line.slug_len, line.slug);
        if (!add_page(writing, page))
            return false;
        snprintf(page, sizeof(page), "%.*s/date.ics", (int)line.slug_len, line.slug);
        if (!line.is_over && !add_page(writing, page))
            return false;
    }
    return true;
}

static void on_left(void *arg, const char *name, const char *why)
{
    const struct writing *writing = arg;
    fprintf(stderr, "marquee: %s/%s is left alone: %s\n", writing->directory, name, why);
}

static bool write_all(struct writing *writing)
{
    struct fault fault;
    struct site_counts counts;
    char *text = memory_after(writing);
    bool done = site_files_write(writing->files, text, on_left, writing, &counts, &fault);
    free(text);
    if (!done)
        return say(writing, "not written", fault.text);
    printf("%s: %u written, %u unchanged, %u removed", writing->directory, counts.written, counts.unchanged,
           counts.removed);
    printf(counts.left > 0 ? ", %u left alone\n" : "\n", counts.left);
    return fflush(stdout) == 0;
}

static bool make_and_write(struct writing *writing)
{
    static const char *const files[] = {"", "dates.ics", "feed.json", "feed.xml", "sitemap.xml"};
    struct cache_key key = route_job_key(writing->request);
    remember(writing);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (!add_page(writing, files[i]))
            return false;
    }
    struct cache_value *index = cache_peek(writing->cache, &key, time(NULL));
    bool done = index != NULL && add_dates(writing, index) && write_all(writing);
    if (index == NULL)
        say(writing, "the tour is too large for [cache] memory_mb", "");
    cache_value_unref(index);
    return done;
}

enum exit_status pages_write(struct back *back, struct cache *cache, const struct document_request *request,
                             const char *directory)
{
    struct fault fault;
    struct document_request *copy = must(malloc(sizeof(*copy)));
    *copy = *request;
    ask_for(copy, "");
    struct writing writing = {.back = back,
                              .cache = cache,
                              .request = copy,
                              .directory = directory,
                              .failure = EXIT_FAULT,
                              .files = site_files_open(directory, &fault)};
    bool done = false;
    if (writing.files != NULL)
        done = make_and_write(&writing);
    else
        fprintf(stderr, "marquee: %s\n", fault.text);
    site_files_close(writing.files);
    for (size_t i = 0; i < writing.n_held; i++)
        cache_value_unref(writing.held[i]);
    free(writing.held);
    free(copy);
    return done ? EXIT_OK : writing.failure;
}
