/* Puts the figures of all modules on one page. What is counted: stats.h and the cache's own headers. */
#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache/cache.h"
#include "service/http/respond.h"
#include "service/jobs/back.h"
#include "service/process/log.h"
#include "service/process/stats.h"

#define METRICS_MAX_BYTES 65536 /* two lines for each section with a key of its own */

struct page {
    char text[METRICS_MAX_BYTES];
    size_t len;
};

static void add(struct page *page, const char *name, const char *type, const char *help, uint64_t number)
{
    size_t room = sizeof(page->text) - page->len;
    int len = snprintf(page->text + page->len, room,
                       "# HELP marquee_%s %s\n# TYPE marquee_%s %s\nmarquee_%s %" PRIu64 "\n", name, help,
                       name, type, name, number);
    if (len > 0 && (size_t)len < room)
        page->len += (size_t)len;
}

/* Of the whole process, so that an operator sees whether it stays flat: proc(5), /proc/self/statm. */
static void add_resident(struct page *page)
{
    char line[128], *resident;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm == NULL)
        return;
    if (fgets(line, sizeof(line), statm) != NULL && (resident = strchr(line, ' ')) != NULL)
        add(page, "resident_bytes", "gauge", "Memory of the process",
            strtoull(resident, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE));
    fclose(statm);
}

static void add_memory(struct page *page, struct cache *cache)
{
    struct memory_stats memory = cache_memory_stats(cache);
    add(page, "memory_entries", "gauge", "Entries in the memory tier", memory.entries);
    add(page, "memory_bytes", "gauge", "Bytes in the memory tier, bookkeeping included", memory.bytes);
    add(page, "memory_evictions", "counter", "Entries that had to give way", memory.evictions);
    add(page, "memory_refused", "counter", "Values too large for the memory tier", memory.refused);
}

static void add_memcached(struct page *page, struct memcached_tier *tier)
{
    struct memcached_stats memcached = memcached_tier_stats(tier);
    add(page, "memcached_gets", "counter", "Keys asked for in memcached", memcached.gets);
    add(page, "memcached_hits", "counter", "Keys found in memcached", memcached.hits);
    add(page, "memcached_puts", "counter", "Values stored in memcached", memcached.puts);
    add(page, "memcached_failures", "counter", "Operations memcached did not answer in time",
        memcached.failures);
    add(page, "memcached_dropped", "counter",
        "Operations not tried: breaker open, queue full, value too large", memcached.dropped);
    add(page, "memcached_breaker_opened", "counter", "Times a memcached server was given up",
        memcached.breaker_opened);
    add(page, "memcached_servers", "gauge", "Configured memcached servers", memcached.servers);
    add(page, "memcached_servers_down", "gauge", "Memcached servers given up now", memcached.servers_down);
}

static void add_of_section(struct page *page, const char *name, const char *section, uint64_t number)
{
    size_t room = sizeof(page->text) - page->len;
    int len = snprintf(page->text + page->len, room, "marquee_%s{section=\"%s\"} %" PRIu64 "\n", name,
                       section, number);
    if (len > 0 && (size_t)len < room)
        page->len += (size_t)len;
}

static void add_head(struct page *page, const char *name, const char *help)
{
    size_t room = sizeof(page->text) - page->len;
    int len = snprintf(page->text + page->len, room, "# HELP marquee_%s %s\n# TYPE marquee_%s gauge\n", name,
                       help, name);
    if (len > 0 && (size_t)len < room)
        page->len += (size_t)len;
}

/* Names of sections have no character that would have to be escaped in a label. */
static void add_providers(struct page *page, struct back *back)
{
    struct upstream_status status[UPSTREAM_STATUS_MAX];
    size_t n = back_status(back, status);
    add_head(page, "provider_paused_seconds",
             "A provider is not asked for so long: failures, or its quota is spent");
    for (size_t i = 0; i < n; i++)
        add_of_section(
            page, "provider_paused_seconds", status[i].section,
            (uint64_t)(status[i].paused_s > status[i].spent_s ? status[i].paused_s : status[i].spent_s));
    add_head(page, "provider_requests_today", "Requests of this UTC day that count against the quota");
    for (size_t i = 0; i < n; i++)
        add_of_section(page, "provider_requests_today", status[i].section, status[i].asked_today);
}

void metrics_respond(const struct request *request, const struct stats *stats, struct cache *cache,
                     struct back *back, struct response *ret)
{
    struct page page;
    page.len = stats_print(stats, page.text, sizeof(page.text));
    add(&page, "log_lines_lost", "counter", "Lines of the log that there was no room for", log_lines_lost());
    add_resident(&page);
    add_memory(&page, cache);
    if (cache_memcached(cache) != NULL)
        add_memcached(&page, cache_memcached(cache));
    add_providers(&page, back);
    respond_text(request, 200, "text/plain; version=0.0.4", page.text, page.len, ret);
}
