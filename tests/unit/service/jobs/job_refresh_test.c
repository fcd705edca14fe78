/* Tests of service/jobs/job.c: how far ahead a refresh looks. */
#include "tests/unit/service/stage.h"

#include "service/document/route.h"

#define HOUR_S 3600

static struct job *job_of(struct stage *stage, const struct document_request *request, struct order *order)
{
    struct job *job = job_new(&stage->tools, request, stage->now_ms, stage->now_s);
    assert_true(job_join(job, order));
    return job;
}

/* Leaves a document in memory that is fresh and kept for so long from now on. */
static void leave(struct stage *stage, const struct document_request *request, int64_t fresh_s,
                  int64_t keep_s)
{
    struct cache_key key = route_key(request);
    struct cache_value *value =
        tour_document("old@Hall ", stage->now_s - HOUR_S, stage->now_s + fresh_s, stage->now_s + keep_s);
    cache_put(stage->cache, &key, value, stage->now_s);
    cache_value_unref(value);
}

/* Whether an order for a refresh asks upstream when document and answers have this much of their life left.
 */
static bool refresh_asks(struct stage *stage, unsigned percent_left)
{
    struct document_request request = tour_request("1");
    int64_t fresh_s = config_fresh_s(stage->provider, RESOURCE_EVENTS);
    char text[256];
    size_t before = fake_upstream_asked_in_all(stage->upstream);
    leave(stage, &request, fresh_s * percent_left / 100, HOUR_S * 24);
    struct cache_key key = stage_answer_key(stage, TOUR_PAGE(1), text);
    const char *page = tour_page(1, "");
    struct cache_value *answer =
        cache_value_new(strlen(page), 0, stage->now_s, stage->now_s + fresh_s * percent_left / 100,
                        stage->now_s + INT64_C(24) * HOUR_S);
    memcpy(answer->bytes, page, strlen(page));
    cache_put(stage->cache, &key, answer, stage->now_s);
    cache_value_unref(answer);
    struct job *job = job_of(stage, &request, refresh_order(&request));
    bool over = stage_turn_job(stage, job);
    bool asks = fake_upstream_asked_in_all(stage->upstream) > before;
    assert_int_equal(over, !asks);
    job_free(job);
    return asks;
}

static void a_refresh_looks_a_tenth_of_a_life_ahead(void **state)
{
    struct stage *stage = *state;
    assert_false(refresh_asks(stage, 11));
    assert_true(refresh_asks(stage, 9));
}

/* It looked ahead by a tenth of fresh_s, beyond the end of all answers: each refresh asked for everything. */
static void a_life_that_keep_s_cuts_short_is_looked_ahead_by_a_tenth_of_what_is_left(void **state)
{
    struct stage *stage = *state;
    stage->provider->keep_s = stage->provider->fresh_s / 20;
    assert_false(refresh_asks(stage, 11));
    assert_true(refresh_asks(stage, 9));
}

static void an_order_of_a_client_does_not_look_ahead(void **state)
{
    struct stage *stage = *state;
    struct guest guest = {0};
    struct document_request request = tour_request("1");
    leave(stage, &request, 1, HOUR_S);
    struct job *job = job_of(stage, &request, guest_order(&guest, &request));
    assert_true(stage_turn_job(stage, job));
    assert_int_equal(guest.outcome.source, OUTCOME_MEMORY);
    job_free(job);
    guest_leave(&guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_refresh_looks_a_tenth_of_a_life_ahead),
        STAGE_TEST(a_life_that_keep_s_cuts_short_is_looked_ahead_by_a_tenth_of_what_is_left),
        STAGE_TEST(an_order_of_a_client_does_not_look_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
