/* The table of hostile modes. The answers they make: fault_edits.c; how odd bytes get on the wire: deliver.c
 * and raw.c. */
#include "tests/simulator/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulator/fault_edits.h"

static const struct fault faults[] = {
    {.name = "429-seconds",
     .what = "429, Retry-After: 2",
     .status = 429,
     .edit = fault_edit_retry,
     .text = "2"},
    {.name = "429-date",
     .what = "429, Retry-After: a date in 2 s",
     .status = 429,
     .edit = fault_edit_retry,
     .text = "date"},
    {.name = "429-absurd",
     .what = "429, Retry-After: 99999999999999999999",
     .status = 429,
     .edit = fault_edit_retry,
     .text = "99999999999999999999"},
    {.name = "503-retry",
     .what = "503, Retry-After: 1",
     .status = 503,
     .edit = fault_edit_retry,
     .text = "1"},
    {.name = "quota",
     .what = "429 as Ticketmaster's: the quota is spent for an hour",
     .status = 429,
     .edit = fault_edit_quota,
     .text = FAULT_QUOTA},
    {.name = "spike",
     .what = "429 as Ticketmaster's: asked too fast",
     .status = 429,
     .edit = fault_edit_text,
     .text = FAULT_SPIKE},
    {.name = "200-error-body",
     .what = "200 with the body of an error",
     .edit = fault_edit_text,
     .text = FAULT_ERROR},
    {.name = "html", .what = "200 with a web page", .edit = fault_edit_html, .text = FAULT_HTML},
    {.name = "empty", .what = "200 without a byte of body", .edit = fault_edit_text, .text = ""},
    {.name = "null", .what = "200 with the JSON null", .edit = fault_edit_text, .text = "null"},
    {.name = "wrong-types", .what = "JSON whose members have other types", .edit = fault_edit_types},
    {.name = "deep", .what = "100000 arrays within each other", .edit = fault_edit_deep, .heavy = true},
    {.name = "huge-array", .what = "a page of 100000 events", .edit = fault_edit_huge_array, .heavy = true},
    {.name = "huge-number",
     .what = "1e999 for a latitude",
     .edit = fault_edit_insert,
     .after = "\"lat\":",
     .text = "1e999,\"was\":"},
    {.name = "huge-integer",
     .what = "a number of 30 digits for a total",
     .edit = fault_edit_insert,
     .after = "\"totalEntries\":",
     .text = "999999999999999999999999999999,\"was\":"},
    {.name = "nan",
     .what = "NaN for a latitude",
     .edit = fault_edit_insert,
     .after = "\"lat\":",
     .text = "NaN,\"was\":"},
    {.name = "nul",
     .what = "\\u0000 in names",
     .edit = fault_edit_insert,
     .after = "\"displayName\":\"",
     .text = "a\\u0000b"},
    {.name = "surrogate",
     .what = "half a surrogate pair in names",
     .edit = fault_edit_insert,
     .after = "\"displayName\":\"",
     .text = "\\ud800"},
    {.name = "bad-utf8",
     .what = "bytes in names that are not UTF-8",
     .edit = fault_edit_insert,
     .after = "\"displayName\":\"",
     .text = "\xc3\x28\xff"},
    {.name = "script",
     .what = "</script> and more in names",
     .edit = fault_edit_insert,
     .after = "\"displayName\":\"",
     .text = "</script><script>alert(1)</script><!--"},
    {.name = "moved", .what = "the first event of each page a week later", .edit = fault_edit_moved},
    {.name = "renamed",
     .what = "another name of each venue's city",
     .edit = fault_edit_insert,
     .after = "\"city\":{\"displayName\":\"",
     .text = "New "},
    {.name = "bom",
     .what = "a byte order mark before the JSON",
     .edit = fault_edit_prefix,
     .text = "\xef\xbb\xbf"},
    {.name = "utf16", .what = "JSON in UTF-16", .edit = fault_edit_utf16},
    {.name = "half-json", .what = "half the JSON in a complete answer", .edit = fault_edit_half},
    {.name = "gzip", .what = "a good answer, compressed unasked", .edit = fault_edit_gzip},
    {.name = "gzip-bomb", .what = "300 kB that unpack to 300 MB", .edit = fault_edit_bomb, .heavy = true},
    {.name = "gzip-bad", .what = "Content-Encoding: gzip, and no gzip", .edit = fault_edit_not_gzip},
    {.name = "gzip-truncated",
     .what = "half a gzip stream in a complete answer",
     .edit = fault_edit_gzip_half},
    {.name = "garbage-body", .what = "200 with random bytes", .edit = fault_edit_random},
    {.name = "redirect-loopback",
     .what = "302 to the canary by http",
     .status = 302,
     .edit = fault_edit_redirect,
     .text = "http://@"},
    {.name = "redirect-https",
     .what = "302 to the canary by https",
     .status = 302,
     .edit = fault_edit_redirect,
     .text = "https://@"},
    {.name = "redirect-gopher",
     .what = "302 to the canary by gopher",
     .status = 302,
     .edit = fault_edit_redirect,
     .text = "gopher://@"},
    {.name = "redirect-file",
     .what = "302 to file:///etc/passwd",
     .status = 302,
     .edit = fault_edit_redirect,
     .text = "file:///etc/passwd"},
    {.name = "third",
     .what = "every third request gets 500",
     .when = WHEN_THIRD,
     .status = 500,
     .edit = fault_edit_status},
    {.name = "flaky",
     .what = "three of ten requests, by chance, get 500",
     .when = WHEN_FLAKY,
     .status = 500,
     .edit = fault_edit_status},
    {.name = "hang", .what = "no answer for 60 s, then a reset", .way = WAY_HANG},
    {.name = "stall",
     .what = "the same on connections that exist already; new ones are served",
     .when = WHEN_OLD_CONNECTION,
     .way = WAY_HANG},
    {.name = "rst", .what = "TCP reset instead of an answer", .way = WAY_RESET},
    {.name = "truncated", .what = "the connection or stream ends after half the body", .way = WAY_TRUNCATED},
    {.name = "drip", .what = "a byte of the body every 100 ms", .way = WAY_DRIP},
    {.name = "cl-too-long", .what = "Content-Length is more than what comes", .way = WAY_LENGTH_MORE},
    {.name = "cl-too-short", .what = "Content-Length is less than what comes", .way = WAY_LENGTH_LESS},
    {.name = "big-header", .what = "a header field of 400 kB", .way = WAY_BIG_HEADER},
    {.name = "many-headers", .what = "20000 header fields", .way = WAY_MANY_HEADERS},
    {.name = "huge", .what = "a body of 1.3 GB", .way = WAY_HUGE},
    {.name = "endless", .what = "a body without end", .way = WAY_ENDLESS},
    {.name = "garbage", .what = "random bytes instead of HTTP (raw port)", .way = WAY_GARBAGE},
    {.name = "http09", .what = "the body without status and header (raw port)", .way = WAY_HTTP09},
    {.name = "bad-chunks", .what = "chunk sizes that are no numbers (raw port)", .way = WAY_BAD_CHUNKS},
    {.name = "drip-header", .what = "a byte of the header every 100 ms (raw port)", .way = WAY_DRIP_HEADER},
    {.name = "truncated-header",
     .what = "the connection ends within the header (raw port)",
     .way = WAY_TRUNCATED_HEADER},
    {.name = "1xx-flood", .what = "100 and 103 without end (raw port)", .way = WAY_1XX_FLOOD},
};

/* Redirects within the API, which end well or not. */
static const struct fault redirects[] = {
    {.name = "redirect-once", .status = 301, .edit = fault_edit_hops, .text = "1"},
    {.name = "redirect-thrice", .status = 308, .edit = fault_edit_hops, .text = "3"},
    {.name = "redirect-endless", .status = 307, .edit = fault_edit_hops, .text = "1000000"},
    {.name = "redirect-outside",
     .status = 301,
     .edit = fault_edit_redirect,
     .text = "/ticketmaster/discovery/v2/events.json"},
    {.name = "redirect-above",
     .status = 301,
     .edit = fault_edit_redirect,
     .text = "/songkick/api/3.0/..%2f..%2f../ticketmaster/discovery/v2/events.json"},
};

/* Modes as "quota" whose count of what is left says something else; "": it says nothing. */
static const struct fault quotas[] = {
    {.name = "quota-uncounted", .status = 429, .edit = fault_edit_quota, .text = FAULT_QUOTA, .after = ""},
    {.name = "quota-below", .status = 429, .edit = fault_edit_quota, .text = FAULT_QUOTA, .after = "-1"},
    {.name = "quota-above", .status = 429, .edit = fault_edit_quota, .text = FAULT_QUOTA, .after = "1"},
};

static bool fault_of(const struct fault *table, size_t n, const char *name, struct fault *ret_fault)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(table[i].name, name) == 0) {
            *ret_fault = table[i];
            return true;
        }
    return false;
}

bool fault_named(const char *name, struct fault *ret_fault)
{
    size_t digits = strspn(name, "0123456789");

    if (digits == 3 && name[3] == '\0' && (name[0] == '4' || name[0] == '5')) {
        *ret_fault = (struct fault){.name = "status", .what = "an error status", .edit = fault_edit_status};
        ret_fault->status = (unsigned)strtoul(name, NULL, 10);
        return true;
    }
    return fault_of(faults, sizeof(faults) / sizeof(faults[0]), name, ret_fault) ||
           fault_of(redirects, sizeof(redirects) / sizeof(redirects[0]), name, ret_fault) ||
           fault_of(quotas, sizeof(quotas) / sizeof(quotas[0]), name, ret_fault);
}

struct reply *fault_edit(const struct fault *fault, struct reply *normal, const struct fault_places *places)
{
    struct reply *reply;

    if (fault->edit == NULL)
        return reply_ref(normal);
    reply = fault->edit(fault, normal, places);
    if (fault->status != 0 && fault->edit != fault_edit_hops)
        reply->status = fault->status;
    return reply;
}

void fault_print_all(void)
{
    printf("  %-18s %s\n", "400 to 599", "this status with the body of an error");
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        printf("  %-18s %s\n", faults[i].name, faults[i].what);
}
