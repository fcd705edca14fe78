/* Tests of service/jobs/job_pages.c: which pages of a tour a job writes. What stands in them: tour_test.c. */
#include "tests/unit/service/stage.h"

#include "service/document/representation.h"
#include "service/document/route.h"
#include "translators/ask/plan.h"

#define DAY_S  86400
#define TARGET "/tour/songkick/1/%s?pages=https://mira.example/tour"

#define OVER_SLUG "2027-01-13-berlin-13"

static struct act act = {.name = "Mira Vale", .asked = true, .headliner = true};

/* One date, of the 20th of January 2027; NOW_S is the 15th, and what is over is told of for a day. */
static void step(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    out->artist = act;
    out->subject = SUBJECT_ARTIST;
    out->provider = "songkick";
    out->now_s = args->now_s;
    struct event *event = document_add_events(arena, out, 1);
    *event = (struct event){.id = "20",
                            .start = {.year = 2027, .month = 1, .day = 20},
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

/* Runs a job to its end; the caller ends the guest with it. */
static struct job *make(struct stage *stage, const struct document_request *request, struct guest *guest)
{
    struct job *job = job_new(&stage->tools, request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, guest_order(guest, request)));
    for (int turns = 0; turns < 20 && !stage_turn_job(stage, job); turns++) {
        fake_memcached_answer(stage->memcached);
        fake_memcached_answer_locks(stage->memcached, true);
    }
    return job;
}

/* After a restart it was written anew with its day alone, into memcached, too: over the good copy there. */
static void the_page_of_a_date_that_is_over_is_not_written_without_its_copy(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = page_request("");
    hold_index(stage, "13 " OVER_SLUG "\n20 2027-01-20-berlin-20\n");
    guest_end(make(stage, &request, &guest), &guest);
    struct cache_value *over = page_in_memory(stage, OVER_SLUG "/");
    struct cache_value *coming = page_in_memory(stage, "2027-01-20-berlin-20/");
    assert_null(over);
    assert_non_null(coming);
    cache_value_unref(coming);
}

static void who_asks_for_the_page_of_a_date_that_is_over_gets_what_is_known(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = page_request(OVER_SLUG "/");
    struct representation page;
    hold_index(stage, "13 " OVER_SLUG "\n20 2027-01-20-berlin-20\n");
    struct job *job = make(stage, &request, &guest);
    assert_int_equal(guest.told, 1);
    assert_true(representation_open(guest.outcome.document, &page));
    struct cache_value *over = page_in_memory(stage, OVER_SLUG "/");
    assert_ptr_equal(over, guest.outcome.document);
    cache_value_unref(over);
    guest_end(job, &guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST_SLOW(the_page_of_a_date_that_is_over_is_not_written_without_its_copy),
        STAGE_TEST_SLOW(who_asks_for_the_page_of_a_date_that_is_over_gets_what_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
