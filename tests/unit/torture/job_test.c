/* A document in the making whose allocations fail: the job ends, and the process does not. What is not the
 * back thread's to give up ends it in order (service/process/exhaustion.h). */
#include "tests/unit/torture/torture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "service/document/representation.h"
#include "service/jobs/job.h"
#include "service/process/exhaustion.h"
#include "service/process/task_pool.h"
#include "tests/unit/service/stage.h"
#include "tests/unit/wait_until.h"
#include "translators/base/memory.h"

#define WANT        "a@One b@One "
#define WANT_LARGE  WANT FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR
#define FOUR        "c@One d@One e@One f@One "
#define FOUR_EVENTS " c@1 d@1 e@1 f@1"
#define LARGE_PAGE \
    "a@1 b@1" FOUR_EVENTS FOUR_EVENTS FOUR_EVENTS FOUR_EVENTS FOUR_EVENTS FOUR_EVENTS FOUR_EVENTS FOUR_EVENTS

static struct stage *stage;
static struct job *job;
static struct guest guest;
static const char *want;

/* How the children ended. Shared with them. */
static struct {
    unsigned whole, poorer, refused;
} * ends;

static void begin(const char *id)
{
    struct document_request request = tour_request(id);
    guest = (struct guest){0};
    job = job_new(&stage->tools, &request, stage->now_ms, stage->now_s);
    job_join(job, guest_order(&guest, &request));
}

static bool make(void)
{
    bool over = false;
    for (int i = 0; i < 10 && !over; i++)
        over = stage_turn_job(stage, job);
    return over;
}

static bool is_right(void)
{
    struct representation representation;
    if (guest.told != 1)
        return false;
    if (guest.outcome.document == NULL) {
        ends->refused++;
        return guest.outcome.problem == PROBLEM_OVERLOADED && guest.outcome.detail[0] != '\0';
    }
    if (!representation_open(guest.outcome.document, &representation))
        return false;
    if (representation.incomplete) {
        ends->poorer++;
        return true;
    }
    ends->whole++;
    return representation.body[ENCODING_IDENTITY].len == strlen(want) &&
           memcmp(representation.body[ENCODING_IDENTITY].bytes, want, strlen(want)) == 0;
}

/* ---- in the child ---- */

/* All questions are asked, all answers are given, and the last has not been read. */
static bool the_last_answer_is_read(void)
{
    return make() && is_right();
}

/* All answers are in the cache. */
static bool all_is_read_again(void)
{
    begin("2");
    return make() && is_right();
}

static void on_task_done(void *arg)
{
    (void)arg;
}

/* The same, and another thread writes it. Threads do not outlive a fork: the child starts its own. */
static bool another_thread_writes_it(void)
{
    bool over = false;
    stage->tools.tasks = task_pool_new(1, on_task_done, NULL);
    begin("2");
    for (int ms = 0; ms < PATIENCE_MS && !over; ms++) {
        task_pool_run(stage->tools.tasks);
        over = stage_turn_job(stage, job);
        usleep(1000);
    }
    return over && is_right();
}

/* ---- sweeps ---- */

static int set_up_page(const char *page)
{
    exhaustion_holds_for_jansson();
    ends = mmap(NULL, sizeof(*ends), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    stage = stage_new(STAGE_MEMORY_ONLY);
    begin("1");
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_PAGE(1), 200, page);
    assert_false(stage_turn_job(stage, job));
    fake_upstream_answer(stage->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    assert_true(memory_put_by(EXHAUSTION_RESERVE_BYTES));
    return ends == MAP_FAILED;
}

static int set_up(void **state)
{
    (void)state;
    want = WANT;
    return set_up_page(tour_page(1, "a@1 b@1"));
}

static int set_up_large(void **state)
{
    (void)state;
    want = WANT_LARGE;
    return set_up_page(tour_page(1, LARGE_PAGE));
}

static int tear_down(void **state)
{
    (void)state;
    guest_end(job, &guest);
    stage_free(stage);
    memory_let_go();
    torture_endless = NULL;
    return munmap(ends, sizeof(*ends));
}

static void sweep(bool (*run)(void), bool for_ever)
{
    char complaint[256];
    if (!TORTURE_POSSIBLE)
        skip();
    long k = torture_sweep(run, for_ever, complaint);
    if (complaint[0] != '\0')
        fail_msg("%s", complaint);
    assert_in_range(k, 20, TORTURE_MAX_CALLS);
}

static void an_allocation_that_fails_costs_an_answer_and_no_process(void **state)
{
    (void)state;
    torture_endless = "translators/base/memory.c";
    sweep(the_last_answer_is_read, false);
    assert_true(make());
    assert_in_range(ends->poorer, 5, 1000);
}

static void an_allocation_that_fails_ends_one_document_and_no_process(void **state)
{
    (void)state;
    assert_true(make());
    torture_endless = "translators/base/memory.c";
    sweep(all_is_read_again, false);
    assert_in_range(ends->refused, 5, 1000);
    assert_in_range(ends->whole, 1, 1000);
}

static void an_allocation_that_fails_on_another_thread_ends_one_document_and_no_process(void **state)
{
    (void)state;
    assert_true(make());
    torture_endless = "translators/base/memory.c";
    sweep(another_thread_writes_it, false);
    assert_in_range(ends->refused, 5, 1000);
    assert_in_range(ends->whole, 1, 1000);
}

/* What was put by is all there is, and the program does not wait for what does not come. */
static void where_nothing_is_left_the_program_ends_in_order(void **state)
{
    (void)state;
    assert_true(make());
    sweep(all_is_read_again, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_allocation_that_fails_costs_an_answer_and_no_process, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_allocation_that_fails_ends_one_document_and_no_process, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            an_allocation_that_fails_on_another_thread_ends_one_document_and_no_process, set_up_large,
            tear_down),
        cmocka_unit_test_setup_teardown(where_nothing_is_left_the_program_ends_in_order, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
