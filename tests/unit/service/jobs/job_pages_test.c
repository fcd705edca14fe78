/* Tests of service/jobs/job_pages.c: which pages of a tour a job writes. What stands in them: tour_test.c. */
#include "tests/unit/service/stage.h"

#include "service/document/representation.h"
#include "service/document/route.h"
#include "service/source/hints.h"
#include "translators/ask/plan.h"
#include "translators/base/arena.h"

#define DAY_S  86400
#define TARGET "/tour/songkick/1/%s?pages=https://mira.example/tour"

#define OVER_SLUG "2027-01-13-berlin-13"
#define INDEX     "13 " OVER_SLUG "\n20 2027-01-20-berlin-20\n"

static struct act act = {.name = "Mira Vale", .asked = true, .headliner = true};

static size_t n_dates;
static int first_day;

/* Dates of the 20th of January 2027; NOW_S is the 15th, and what is over is told of for a day. */
static void step(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    out->artist = act;
    out->subject = SUBJECT_ARTIST;
    out->provider = "songkick";
    out->now_s = args->now_s;
    struct event *events = document_add_events(arena, out, n_dates);
    for (size_t i = 0; i < n_dates; i++)
        events[i] = (struct event){.id = arena_printf(arena, "%zu", (size_t)first_day + i),
                                   .start = {.year = 2027, .month = 1, .day = first_day},
                                   .place = {.name = "Gasometer", .locality = "Berlin", .country = "DE"},
                                   .acts = &act,
                                   .n_acts = 1};
}

static struct document_request page_request(const char *page)
{
    static const struct route route = {.subject = SUBJECT_ARTIST, .step = step};
    struct route_result *result = calloc(1, sizeof(*result));
    char target[256];
    int len = snprintf(target, sizeof(target), TARGET, page);
    route_parse(target, (size_t)len, result);
    assert_int_equal(result->target, ROUTE_DOCUMENT);
    struct document_request request = result->document;
    request.route = &route;
    free(result);
    return request;
}

static void hold_index(struct stage *stage, const char *lines)
{
    struct document_request request = page_request("");
    struct cache_key key = route_job_key(&request);
    struct cache_value *index =
        cache_value_new(strlen(lines), PROBLEM_NONE, stage->now_s, stage->now_s, stage->now_s + DAY_S);
    memcpy(index->bytes, lines, strlen(lines));
    fake_memcached_hold(stage->memcached, &key, index);
    cache_value_unref(index);
}

static struct cache_value *page_in_memory(const struct stage *stage, const char *page)
{
    struct document_request request = page_request(page);
    struct cache_key key = route_key(&request);
    return cache_peek(stage->cache, &key, stage->now_s);
}

static void run(struct stage *stage, struct job *job)
{
    for (int turns = 0; turns < 30 && !stage_turn_job(stage, job); turns++) {
        fake_memcached_answer(stage->memcached);
        fake_memcached_answer_locks(stage->memcached, true);
    }
}

static struct job *begin(struct stage *stage, const struct document_request *request, struct guest *guest)
{
    struct job *job = job_new(&stage->tools, request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, guest_order(guest, request)));
    return job;
}

/* The page of the date that is over as it was when the date was still to come: the last copy. New reference;
 * it is in the memcached of the stage. */
static struct cache_value *hold_copy(struct stage *stage)
{
    struct stage *before = stage_new(STAGE_WITH_SLOW_TIER);
    struct guest guest = {0};
    struct document_request request = page_request(OVER_SLUG "/");
    struct cache_key key = route_key(&request);
    before->now_s -= 21 * 3600;
    first_day = 13;
    struct job *job = begin(before, &request, &guest);
    run(before, job);
    assert_int_equal(guest.outcome.problem, PROBLEM_NONE);
    struct cache_value *copy = cache_value_ref(guest.outcome.document);
    guest_end(job, &guest);
    stage_free(before);
    first_day = 20;
    fake_memcached_hold(stage->memcached, &key, copy);
    return copy;
}

static bool tells(const struct cache_value *page)
{
    struct representation opened;
    assert_true(representation_open(page, &opened));
    return memmem(opened.body[ENCODING_IDENTITY].bytes, opened.body[ENCODING_IDENTITY].len, "Gasometer", 9) !=
           NULL;
}

/* After a restart it was written anew with its day alone, into memcached, too: over the good copy there. */
static void the_page_of_a_date_that_is_over_is_not_written_without_its_copy(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = page_request("");
    hold_index(stage, INDEX);
    struct job *job = begin(stage, &request, &guest);
    run(stage, job);
    guest_end(job, &guest);
    struct cache_value *over = page_in_memory(stage, OVER_SLUG "/");
    struct cache_value *coming = page_in_memory(stage, "2027-01-20-berlin-20/");
    assert_null(over);
    assert_non_null(coming);
    cache_value_unref(coming);
}

/* Memcached may have the copy, and not have said so in time. */
static void what_tells_the_day_alone_is_kept_for_a_minute_by_memory_alone(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = page_request(OVER_SLUG "/");
    hold_index(stage, INDEX);
    struct job *job = begin(stage, &request, &guest);
    run(stage, job);
    assert_int_equal(guest.told, 1);
    assert_false(tells(guest.outcome.document));
    assert_int_equal(guest.outcome.document->fresh_until_s, stage->now_s + 60);
    assert_int_equal(guest.outcome.document->keep_until_s, stage->now_s + 60);
    struct cache_value *kept = page_in_memory(stage, OVER_SLUG "/");
    assert_ptr_equal(kept, guest.outcome.document);
    cache_value_unref(kept);
    guest_end(job, &guest);
}

/* Whoever joined a job was never looked up: its page was written anew with its day alone. And of two who wait
 * for one page the first took the key with it that the second was found by. */
static void who_joins_a_job_gets_the_page_by_the_copy_that_memcached_has(void **state)
{
    struct stage *stage = *state;
    struct guest first = {0}, others[2] = {0};
    struct document_request tour = page_request(""), over = page_request(OVER_SLUG "/");
    hold_index(stage, INDEX);
    struct cache_value *copy = hold_copy(stage);
    assert_true(tells(copy));
    struct job *job = begin(stage, &tour, &first);
    assert_false(stage_turn_job(stage, job));
    for (size_t i = 0; i < 2; i++)
        assert_true(job_join(job, guest_order(&others[i], &over)));
    run(stage, job);
    assert_int_equal(first.told, 1);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(others[i].told, 1);
        assert_true(tells(others[i].outcome.document));
        guest_leave(&others[i]);
    }
    struct cache_value *kept = page_in_memory(stage, OVER_SLUG "/");
    assert_true(tells(kept));
    assert_true(kept->keep_until_s > stage->now_s + 60);
    cache_value_unref(kept);
    guest_end(job, &first);
    cache_value_unref(copy);
}

static struct cache_key key_of_index(struct document_request *ret_request)
{
    *ret_request = page_request("");
    return route_job_key(ret_request);
}

static struct cache_value *index_in_memory(const struct stage *stage)
{
    struct document_request request;
    struct cache_key key = key_of_index(&request);
    return cache_peek(stage->cache, &key, stage->now_s);
}

/* A tour made while memcached is slow, as it may be after a restart. */
static void make_in_silence(struct stage *stage)
{
    struct guest guest = {0};
    struct document_request request = page_request("");
    struct job *job = begin(stage, &request, &guest);
    for (int turns = 0; turns < 30 && !stage_turn_job(stage, job); turns++)
        stage_sleep(stage, stage->config->cache.memcached_timeout_ms * 2);
    assert_int_equal(guest.outcome.problem, PROBLEM_NONE);
    guest_end(job, &guest);
    fake_memcached_answer(stage->memcached); /* too late */
}

/* The addresses of dates that are over, and what is remembered of all dates, were written over by a making
 * that did not know them. */
static void what_memcached_did_not_say_in_time_is_not_written_over(void **state)
{
    struct stage *stage = *state;
    struct document_request request;
    struct cache_key key = key_of_index(&request);
    hold_index(stage, INDEX);
    make_in_silence(stage);
    struct cache_value *index = index_in_memory(stage);
    assert_non_null(index);
    assert_true(index->is_unsure);
    assert_int_equal(index->fresh_until_s, index->stored_s + 60);
    cache_value_unref(index);
    assert_false(fake_memcached_was_put(stage->memcached, &key));
    for (enum hint i = HINT_DAYS; i <= HINT_REVISIONS; i++) {
        char text[HINTS_KEY_MAX_BYTES];
        key = hints_key(i, &request, text);
        struct cache_value *hint = cache_peek(stage->cache, &key, stage->now_s);
        assert_non_null(hint);
        cache_value_unref(hint);
        assert_false(fake_memcached_was_put(stage->memcached, &key));
    }
}

static void the_next_making_asks_memcached_again_and_knows(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request over = page_request(OVER_SLUG "/"), request;
    struct cache_key key = key_of_index(&request);
    hold_index(stage, INDEX);
    make_in_silence(stage);
    struct job *job = begin(stage, &over, &guest);
    run(stage, job);
    assert_int_equal(guest.told, 1);
    assert_int_equal(guest.outcome.problem, PROBLEM_NONE);
    guest_end(job, &guest);
    struct cache_value *index = index_in_memory(stage);
    assert_false(index->is_unsure);
    assert_non_null(memmem(index->bytes, index->len, OVER_SLUG, strlen(OVER_SLUG)));
    cache_value_unref(index);
    for (enum hint i = HINT_DAYS; i <= HINT_REVISIONS; i++) {
        char text[HINTS_KEY_MAX_BYTES];
        struct cache_key hint_key = hints_key(i, &request, text);
        assert_true(fake_memcached_was_put(stage->memcached, &hint_key));
    }
    assert_true(fake_memcached_was_put(stage->memcached, &key));
}

static void a_tour_that_is_being_written_is_not_ended_by_the_deadline(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = page_request("sitemap.xml");
    n_dates = 10; /* 25 pages, which are two portions */
    struct job *job = begin(stage, &request, &guest);
    struct cache_value *written = NULL;
    for (int turns = 0; turns < 30 && written == NULL; turns++) {
        assert_false(stage_turn_job(stage, job));
        fake_memcached_answer(stage->memcached);
        fake_memcached_answer_locks(stage->memcached, true);
        written = page_in_memory(stage, "2027-01-20-berlin-20/");
    }
    assert_non_null(written);
    cache_value_unref(written);
    assert_int_equal(guest.told, 0);
    stage_sleep(stage, (int64_t)stage->config->limits.document_deadline_ms * 2);
    run(stage, job);
    assert_int_equal(guest.told, 1);
    assert_int_equal(guest.outcome.problem, PROBLEM_NONE);
    assert_non_null(guest.outcome.document);
    guest_end(job, &guest);
}

static int set_up(void **state)
{
    n_dates = 1;
    first_day = 20;
    return stage_set_up_slow(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_page_of_a_date_that_is_over_is_not_written_without_its_copy),
        TEST(what_tells_the_day_alone_is_kept_for_a_minute_by_memory_alone),
        TEST(who_joins_a_job_gets_the_page_by_the_copy_that_memcached_has),
        TEST(what_memcached_did_not_say_in_time_is_not_written_over),
        TEST(the_next_making_asks_memcached_again_and_knows),
        TEST(a_tour_that_is_being_written_is_not_ended_by_the_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
