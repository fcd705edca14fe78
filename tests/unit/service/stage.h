/* What the modules of the back thread are tried on: a configuration, a real memory cache, the upstream and
 * the slow tier that the test plays, a clock that the test sets, and a synthetic document ("tour") whose
 * pages and venues come from answers as short as a test likes them.
 *
 *     struct stage *stage = stage_new(STAGE_MEMORY_ONLY);
 *     ... ask ... fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, tour_page(1, "a@1 b@2")); ...
 *     stage_turn(stage);
 *     stage_free(stage);
 */
#ifndef MARQUEE_TESTS_STAGE_H
#define MARQUEE_TESTS_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cache/cache.h"
#include "service/config/config.h"
#include "service/jobs/job.h"
#include "service/process/stats.h"
#include "service/source/lookup.h"
#include "service/source/source.h"

#include "fake_memcached.h"
#include "fake_upstream.h"

#define NOW_S  INT64_C(1800000000)
#define NOW_MS INT64_C(5000)

enum stage_tiers { STAGE_MEMORY_ONLY, STAGE_WITH_SLOW_TIER };

struct stage {
    struct config *config;
    struct provider_config *provider; /* the tour's */
    struct cache *cache;
    struct memcached_tier *memcached; /* NULL: there is none */
    struct upstream *upstream;
    struct lookups *lookups;
    struct source *source;
    struct stats stats;
    struct job_tools tools;
    struct lock_group *lock_groups;
    int64_t now_ms, now_s;
    unsigned wakes; /* how often the slow tier called for lookups_run() */
};

struct stage *stage_new(enum stage_tiers tiers);
void stage_free(struct stage *stage); /* answers what the slow tier still owes */

/* A test with a stage of its own: it is *state. A test that sets more up ends with stage_tear_down() too. */
#define STAGE_TEST(name)      cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)
#define STAGE_TEST_SLOW(name) cmocka_unit_test_setup_teardown(name, stage_set_up_slow, stage_tear_down)
int stage_set_up(void **state);
int stage_set_up_slow(void **state);
int stage_tear_down(void **state);

/* The first half of a turn of back.c, before it comes to the jobs. */
void stage_turn(struct stage *stage);

/* A whole turn with one job. True: the job is over. */
bool stage_turn_job(struct stage *stage, struct job *job);

/* Both clocks go on. */
void stage_sleep(struct stage *stage, int64_t ms);

/* The cache's key of the answer for a path of the tour's provider. `text` holds it. */
struct cache_key stage_answer_key(const struct stage *stage, const char *path, char text[256]);

/* ---- the tour ---- */

/* What makes an answer one of Songkick's, whatever was asked for; a tour of 0 pages is rubbish to the plan
 * alone. */
#define TOUR_SHAPE "\"resultsPage\":{\"status\":\"ok\",\"results\":{\"venue\":{}}}"

#define TOUR_PAGE(number)  "pages/" #number
#define TOUR_VENUE(number) "venues/" #number
#define TOUR_SUPPLEMENT    "artist/who"

/* A page: how many there are, and its events as "name@venue", with blanks between; a name of "bad" is a
 * record that cannot be used. Static, until the next call. */
const char *tour_page(unsigned pages, const char *events);

/* The same, and the document then wants to know from another API who the artist is. */
const char *tour_page_with_supplement(unsigned pages, const char *events);

/* Details of a venue. Static, until the next call. */
const char *tour_venue(const char *name);

/* The request for a tour: a document that is a line of "name@venue's name " with "?" for what is not known,
 * and "+" at its end when it is known who the artist is. */
struct document_request tour_request(const char *id);

/* The tour in a cached document. */
void assert_tour(const struct cache_value *document, const char *want);

/* A document as an earlier making left it. */
struct cache_value *tour_document(const char *text, int64_t stored_s, int64_t fresh_until_s,
                                  int64_t keep_until_s);

/* ---- who waits for a document ---- */

struct guest {
    unsigned told; /* how often an outcome came */
    struct outcome outcome;
};

struct order *guest_order(struct guest *guest, const struct document_request *request);
struct order *refresh_order(const struct document_request *request);
void guest_leave(struct guest *guest);                /* frees what it was told */
void guest_end(struct job *job, struct guest *guest); /* asserts that it was told once, and frees both */

#endif
