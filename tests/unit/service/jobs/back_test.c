/* Tests of service/jobs/back.c: its thread and its inbox. The upstream is the test's to play, the clocks are
 * not, so nothing here waits for a time to pass. */
#include "tests/unit/service/stage.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "service/config/config_load.h"
#include "service/jobs/back.h"
#include "tests/unit/wait_until.h"

#define N_THREADS 4
#define N_EACH    50

struct fixture {
    struct stage *stage; /* configuration, cache and counters; its own upstream is not asked */
    struct back *back;
    struct upstream *upstream; /* the one of the back thread */
};

/* One who waits for an outcome that comes on the back thread. */
struct client {
    atomic_uint told;
    enum problem_kind problem;
    bool has_document;
};

static void on_outcome(void *arg, struct outcome *outcome)
{
    struct client *client = arg;
    client->problem = outcome->problem;
    client->has_document = outcome->document != NULL;
    outcome_done(outcome);
    client->told++;
}

static struct order *order_of(struct client *client, const char *id)
{
    const struct document_request request = tour_request(id);
    return order_new(&request, on_outcome, client);
}

static void start(struct fixture *fixture)
{
    fixture->back = back_new(fixture->stage->config, fixture->stage->cache, &fixture->stage->stats);
    fixture->upstream = fake_upstream_latest();
}

static void stop(struct fixture *fixture)
{
    back_free(fixture->back);
    fixture->back = NULL;
}

static void an_order_comes_back_as_a_document(void **state)
{
    struct fixture *fixture = *state;
    struct client client = {0};
    assert_true(back_submit(fixture->back, order_of(&client, "1")));
    WAIT_UNTIL(fake_upstream_asked(fixture->upstream, TOUR_PAGE(1)) == 1);
    assert_int_equal(client.told, 0);
    fake_upstream_answer(fixture->upstream, TOUR_PAGE(1), 200, tour_page(1, "a@1"));
    WAIT_UNTIL(fake_upstream_asked(fixture->upstream, TOUR_VENUE(1)) == 1);
    fake_upstream_answer(fixture->upstream, TOUR_VENUE(1), 200, tour_venue("One"));
    WAIT_UNTIL(client.told == 1);
    assert_true(client.has_document);
    assert_int_equal(client.problem, PROBLEM_NONE);
}

static void what_is_refused_at_once_comes_back_without_anything_else_happening(void **state)
{
    struct fixture *fixture = *state;
    struct client client = {0};
    fake_upstream_refuse(fixture->upstream, PROBLEM_UPSTREAM_LIMIT, 1);
    assert_true(back_submit(fixture->back, order_of(&client, "1")));
    WAIT_UNTIL(client.told == 1);
    assert_int_equal(client.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(fake_upstream_next_wait_ms(fixture->upstream), 0);
}

static void at_its_deadline_a_document_ends_without_anything_else_happening(void **state)
{
    struct fixture *fixture = *state;
    struct client client = {0};
    fixture->stage->config->limits.document_deadline_ms = 20;
    assert_true(back_submit(fixture->back, order_of(&client, "1")));
    WAIT_UNTIL(client.told == 1);
    assert_int_equal(client.problem, PROBLEM_UPSTREAM_SLOW);
    assert_in_range(fake_upstream_next_wait_ms(fixture->upstream), 0, 20);
}

struct crowd {
    struct fixture *fixture;
    unsigned first;
    struct client clients[N_EACH];
};

static void *submit_many(void *arg)
{
    struct crowd *crowd = arg;
    for (unsigned i = 0; i < N_EACH; i++) {
        char id[16];
        snprintf(id, sizeof(id), "%u", (crowd->first + i) % 7);
        if (!back_submit(crowd->fixture->back, order_of(&crowd->clients[i], id)))
            abort();
    }
    return NULL;
}

static void each_order_of_many_threads_is_answered_once(void **state)
{
    static struct crowd crowds[N_THREADS];
    struct fixture *fixture = *state;
    pthread_t threads[N_THREADS];
    for (unsigned i = 0; i < N_THREADS; i++) {
        crowds[i] = (struct crowd){.fixture = fixture, .first = i};
        assert_int_equal(pthread_create(&threads[i], NULL, submit_many, &crowds[i]), 0);
    }
    for (unsigned i = 0; i < N_THREADS; i++)
        pthread_join(threads[i], NULL);
    WAIT_UNTIL(fake_upstream_asked(fixture->upstream, TOUR_PAGE(1)) == 1);
    fake_upstream_answer(fixture->upstream, TOUR_PAGE(1), 200, tour_page(1, ""));
    for (unsigned i = 0; i < N_THREADS * N_EACH; i++)
        WAIT_UNTIL(crowds[i / N_EACH].clients[i % N_EACH].told > 0);
    stop(fixture);
    for (unsigned i = 0; i < N_THREADS * N_EACH; i++) {
        const struct client *client = &crowds[i / N_EACH].clients[i % N_EACH];
        assert_int_equal(client->told, 1);
        assert_true(client->has_document);
    }
}

/* The back thread stands still in this one's callback until the test has filled the inbox. */
struct gate {
    atomic_bool reached, open;
};

static void on_gate(void *arg, struct outcome *outcome)
{
    struct gate *gate = arg;
    outcome_done(outcome);
    gate->reached = true;
    while (!gate->open)
        usleep(1000);
}

/* Stops the back thread with an order that is refused as soon as it is looked at. */
static void close_gate(struct fixture *fixture, struct gate *gate)
{
    struct order *order = order_of(NULL, "gate");
    order->request.translator = translator_find("ticketmaster", 12);
    order->on_done = on_gate;
    order->arg = gate;
    assert_true(back_submit(fixture->back, order));
    WAIT_UNTIL(gate->reached);
}

static void a_full_inbox_takes_nothing_and_an_empty_one_again(void **state)
{
    enum { ROOM = 3 };
    struct fixture *fixture = *state;
    struct client clients[ROOM + 1] = {0};
    struct gate gate = {0};
    fixture->stage->config->limits.max_inbox = ROOM;
    close_gate(fixture, &gate);
    for (size_t i = 0; i < ROOM; i++)
        assert_true(back_submit(fixture->back, order_of(&clients[i], "1")));
    struct order *over = order_of(&clients[ROOM], "1");
    assert_false(back_submit(fixture->back, over));
    assert_int_equal(fixture->stage->stats.orders_refused, 1);
    gate.open = true;
    WAIT_UNTIL(fake_upstream_asked(fixture->upstream, TOUR_PAGE(1)) == 1);
    assert_true(back_submit(fixture->back, over));
    stop(fixture);
    for (size_t i = 0; i < ROOM + 1; i++)
        assert_int_equal(clients[i].told, 1);
}

static void the_end_answers_what_is_under_way_and_what_is_in_the_inbox_as_overloaded(void **state)
{
    struct fixture *fixture = *state;
    struct client under_way = {0}, joined = {0}, in_inbox = {0};
    struct gate gate = {0};
    assert_true(back_submit(fixture->back, order_of(&under_way, "1")));
    WAIT_UNTIL(fake_upstream_asked(fixture->upstream, TOUR_PAGE(1)) == 1);
    close_gate(fixture, &gate);
    assert_true(back_submit(fixture->back, order_of(&joined, "1")));
    assert_true(back_submit(fixture->back, order_of(&in_inbox, "2")));
    gate.open = true;
    stop(fixture);
    const struct client *clients[] = {&under_way, &joined, &in_inbox};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(clients[i]->told, 1);
        assert_int_equal(clients[i]->problem, PROBLEM_OVERLOADED);
        assert_false(clients[i]->has_document);
    }
}

/* A reload used to start a second back thread, on which the same document was begun anew. */
static void
after_a_reload_a_document_under_way_is_joined_and_what_begins_goes_by_the_new_configuration(void **state)
{
    struct fixture *fixture = *state;
    struct client before = {0}, joined = {0}, refused = {0};
    struct fault fault;
    struct config *next = config_load(NULL, false, &fault);
    assert_non_null(next);
    struct provider_config *provider =
        &next->providers[config_provider(next, translator_find("songkick", 8)) - next->providers];
    provider->enabled = true;
    provider->api_key = strdup("key");
    next->limits.max_jobs = 1;
    assert_true(back_submit(fixture->back, order_of(&before, "1")));
    WAIT_UNTIL(fake_upstream_asked(fixture->upstream, TOUR_PAGE(1)) == 1);
    back_reload(fixture->back, next);
    config_unref(next);
    assert_true(back_submit(fixture->back, order_of(&joined, "1")));
    assert_true(back_submit(fixture->back, order_of(&refused, "2")));
    WAIT_UNTIL(refused.told == 1);
    assert_int_equal(refused.problem, PROBLEM_OVERLOADED);
    fake_upstream_answer(fixture->upstream, TOUR_PAGE(1), 200, tour_page(1, ""));
    WAIT_UNTIL(before.told == 1 && joined.told == 1);
    assert_true(before.has_document && joined.has_document);
    assert_int_equal(fake_upstream_asked_in_all(fixture->upstream), 1);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fixture->stage = stage_new(STAGE_MEMORY_ONLY);
    /* On the gate's errand nobody is asked. */
    const struct translator *closed = translator_find("ticketmaster", 12);
    fixture->stage->config
        ->providers[config_provider(fixture->stage->config, closed) - fixture->stage->config->providers]
        .enabled = false;
    start(fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    stop(fixture);
    stage_free(fixture->stage);
    free(fixture);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_order_comes_back_as_a_document),
        TEST(what_is_refused_at_once_comes_back_without_anything_else_happening),
        TEST(at_its_deadline_a_document_ends_without_anything_else_happening),
        TEST(each_order_of_many_threads_is_answered_once),
        TEST(a_full_inbox_takes_nothing_and_an_empty_one_again),
        TEST(after_a_reload_a_document_under_way_is_joined_and_what_begins_goes_by_the_new_configuration),
        TEST(the_end_answers_what_is_under_way_and_what_is_in_the_inbox_as_overloaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
