/* Tests of cache/memcached.c with servers that hang, die, come back, fill up or talk nonsense. */
#include "real_memcached.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>

#define BACK_MS 3000 /* a server that is back is used again within this */

static void ask(struct memcached_tier *tier, struct question *question, unsigned first, size_t n)
{
    question_init(question, first, n);
    assert_true(memcached_tier_get(tier, &question->batch, NOW_S));
}

static void wait_until_back(struct memcached_tier *tier)
{
    const int64_t start_ms = workers_clock_ms();
    WAIT_UNTIL(servers_down(tier) == 0);
    assert_true(workers_clock_ms() - start_ms < BACK_MS);
}

static void a_frozen_server_costs_one_timeout_and_then_nothing(void **state)
{
    (void)state;
    struct real_memcached server;
    real_memcached_start(&server);
    struct memcached_tier *tier = usual_tier(server.socket);
    store(tier, 0, 10, NOW_S, HOUR_S);
    assert_int_equal(count_hits(tier, 0, 10, NOW_S), 10);

    real_memcached_freeze(&server);
    struct question question;
    ask(tier, &question, 0, 10);
    WAIT_UNTIL(question.done == 1);
    assert_int_equal(question_hits(&question), 0);
    assert_int_equal(servers_down(tier), 1);
    for (int i = 0; i < 100; i++)
        assert_true(refuses_gets(tier));
    struct memcached_stats stats = memcached_tier_stats(tier);
    assert_int_equal(stats.failures, 1);
    assert_int_equal(stats.breaker_opened, 1);

    real_memcached_thaw(&server);
    wait_until_back(tier);
    assert_int_equal(count_hits(tier, 0, 10, NOW_S), 10);
    memcached_tier_free(tier);
    real_memcached_end(&server);
}

/* Of all that is queued when a server hangs, only what the threads had begun waits for the timeout. */
static void what_queues_before_a_frozen_server_is_let_go_together(void **state)
{
    (void)state;
    static struct question questions[40];
    struct real_memcached server;
    real_memcached_start(&server);
    struct memcached_tier *tier = tier_of(server.socket, 2, 500, 300, 1000);
    store(tier, 0, 1, NOW_S, HOUR_S);
    real_memcached_freeze(&server);
    const int64_t start_ms = workers_clock_ms();
    size_t asked = 0;
    for (; asked < 40; asked++) {
        question_init(&questions[asked], 0, 5);
        if (!memcached_tier_get(tier, &questions[asked].batch, NOW_S))
            break;
    }
    assert_true(asked > 2);
    for (size_t i = 0; i < asked; i++) {
        WAIT_UNTIL(questions[i].done == 1);
        assert_int_equal(question_hits(&questions[i]), 0);
        for (size_t k = 0; k < 5; k++)
            assert_false(questions[i].items[k].is_answered);
    }
    assert_true(workers_clock_ms() - start_ms < 500 * (int64_t)asked / 2);
    assert_true(memcached_tier_stats(tier).failures <= 2);
    memcached_tier_free(tier);
    real_memcached_end(&server);
}

static void a_lock_on_a_frozen_server_is_as_good_as_taken(void **state)
{
    (void)state;
    struct real_memcached server;
    real_memcached_start(&server);
    struct memcached_tier *tier = tier_of(server.socket, 2, 200, 60000, 1000);
    real_memcached_freeze(&server);
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    struct lock_answer answer = {0};
    const uint64_t number = memcached_tier_lock(tier, &key, 10, on_lock, &answer);
    assert_true(number > 0);
    WAIT_UNTIL(answer.done == 1);
    assert_int_equal(answer.taken, 1);
    assert_int_equal(memcached_tier_lock(tier, &key, 10, on_lock, &answer), 0);
    memcached_tier_unlock(tier, &key, number);
    assert_int_equal(answer.done, 1);
    memcached_tier_free(tier);
    real_memcached_end(&server);
}

static void a_server_killed_is_used_again_once_it_is_back(void **state)
{
    (void)state;
    struct real_memcached server;
    real_memcached_start(&server);
    struct memcached_tier *tier = usual_tier(server.socket);
    store(tier, 0, 10, NOW_S, HOUR_S);
    real_memcached_kill(&server);
    assert_int_equal(count_hits(tier, 0, 10, NOW_S), 0);
    assert_int_equal(servers_down(tier), 1);
    assert_true(refuses_gets(tier));

    real_memcached_run(&server);
    wait_until_back(tier);
    store(tier, 0, 10, NOW_S, HOUR_S);
    for (int i = 0; i < 50; i++) /* with every thread */
        assert_int_equal(count_hits(tier, 0, 10, NOW_S), 10);
    assert_int_equal(memcached_tier_stats(tier).breaker_opened, 1);
    memcached_tier_free(tier);
    real_memcached_end(&server);
}

static void a_restart_between_two_questions_is_not_even_noticed(void **state)
{
    (void)state;
    struct real_memcached server;
    real_memcached_start(&server);
    struct memcached_tier *tier = usual_tier(server.socket);
    store(tier, 0, 10, NOW_S, HOUR_S);
    real_memcached_kill(&server);
    real_memcached_run(&server);
    store(tier, 0, 10, NOW_S, HOUR_S);
    assert_int_equal(count_hits(tier, 0, 10, NOW_S), 10);
    assert_int_equal(memcached_tier_stats(tier).failures, 0);
    memcached_tier_free(tier);
    real_memcached_end(&server);
}

static void a_server_dead_at_the_start_is_used_once_it_is_there(void **state)
{
    (void)state;
    struct real_memcached server;
    real_memcached_prepare(&server);
    struct memcached_tier *tier = usual_tier(server.socket);
    assert_int_equal(servers_down(tier), 0);
    assert_int_equal(count_hits(tier, 0, 10, NOW_S), 0);
    assert_int_equal(servers_down(tier), 1);
    real_memcached_run(&server);
    wait_until_back(tier);
    store(tier, 0, 10, NOW_S, HOUR_S);
    assert_int_equal(count_hits(tier, 0, 10, NOW_S), 10);
    memcached_tier_free(tier);
    real_memcached_end(&server);
}

static void the_queue_before_a_server_is_bounded(void **state)
{
    (void)state;
    enum { QUEUE = 3, TRIES = 20 };
    static struct question questions[TRIES];
    struct real_memcached server;
    real_memcached_start(&server);
    struct memcached_tier *tier = tier_of(server.socket, 1, 1000, 60000, QUEUE);
    real_memcached_freeze(&server);
    size_t started = 0, refused = 0;
    bool under_way[TRIES];
    for (size_t i = 0; i < TRIES; i++) {
        question_init(&questions[i], 0, 1);
        under_way[i] = memcached_tier_get(tier, &questions[i].batch, NOW_S);
        started += under_way[i];
        refused += !under_way[i];
    }
    assert_true(started >= QUEUE && started <= QUEUE + 1);
    assert_int_equal(memcached_tier_stats(tier).dropped, refused);
    memcached_tier_free(tier);
    for (size_t i = 0; i < TRIES; i++)
        assert_int_equal(questions[i].done, under_way[i]);
    real_memcached_end(&server);
}

/* A listener whose backlog is full drops the packets of further connections, as a machine that is gone does.
 */
static void a_server_that_takes_no_connection_costs_one_timeout(void **state)
{
    (void)state;
    enum { TIMEOUT_MS = 1000, FILLERS = 4 };
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
    assert_int_equal(listen(listener, 0), 0);
    int fillers[FILLERS];
    for (int i = 0; i < FILLERS; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)!connect(fillers[i], (const struct sockaddr *)&address, len);
    }
    char server[32];
    snprintf(server, sizeof(server), "127.0.0.1:%u", ntohs(address.sin_port));
    struct memcached_tier *tier = tier_of(server, 2, TIMEOUT_MS, 60000, 1000);
    const int64_t start_ms = workers_clock_ms();
    assert_int_equal(count_hits(tier, 0, 50, NOW_S), 0);
    assert_true(workers_clock_ms() - start_ms < 2 * TIMEOUT_MS);
    assert_int_equal(servers_down(tier), 1);
    assert_true(refuses_gets(tier));
    memcached_tier_free(tier);
    for (int i = 0; i < FILLERS; i++)
        close(fillers[i]);
    close(listener);
}

/* ---- a server that is none ---- */

struct impostor {
    struct real_memcached place;
    int listener;
    const uint8_t *bytes; /* the answer to whatever is said first on a connection */
    size_t len;
    size_t more;         /* bytes that follow it, one time after the other until the client is gone */
    unsigned more_after; /* microseconds between those */
    atomic_size_t sent;  /* of those, on all connections */
    pthread_t thread;
};

static void send_more(struct impostor *impostor, int fd)
{
    static const uint8_t nothing[65536];
    ssize_t sent;
    while (impostor->more > 0 && (sent = send(fd, nothing, impostor->more, MSG_NOSIGNAL)) > 0) {
        impostor->sent += (size_t)sent;
        usleep(impostor->more_after);
    }
}

static void *talk_nonsense(void *arg)
{
    struct impostor *impostor = arg;
    int fd;
    while ((fd = accept(impostor->listener, NULL, NULL)) >= 0) {
        char request[512];
        if (recv(fd, request, sizeof(request), 0) > 0)
            (void)!send(fd, impostor->bytes, impostor->len, MSG_NOSIGNAL);
        send_more(impostor, fd);
        while (recv(fd, request, sizeof(request), 0) > 0)
            continue;
        close(fd);
    }
    return NULL;
}

static void impostor_start(struct impostor *impostor)
{
    real_memcached_prepare(&impostor->place);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, impostor->place.socket, strlen(impostor->place.socket) + 1);
    impostor->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(impostor->listener, (const struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(impostor->listener, 10), 0);
    assert_int_equal(pthread_create(&impostor->thread, NULL, talk_nonsense, impostor), 0);
}

static void impostor_end(struct impostor *impostor)
{
    shutdown(impostor->listener, SHUT_RDWR); /* accept() fails */
    pthread_join(impostor->thread, NULL);
    close(impostor->listener);
    real_memcached_end(&impostor->place);
}

static const uint8_t announces_900_kB[24] = {0x81, 0x0d, 0, 3, 4, 0, 0, 0, 0, 0x0d, 0xbb, 0xa0};
#define SENDS_A_BYTE_NOW_AND_THEN                                                                 \
    {                                                                                             \
        .bytes = announces_900_kB, .len = sizeof(announces_900_kB), .more = 1, .more_after = 5000 \
    }

/* Each byte began the timeout anew: every request waited, nothing called the server down, and the end of the
 * service waited for ever. */
static void a_server_that_sends_a_byte_now_and_then_costs_one_timeout(void **state)
{
    (void)state;
    struct impostor impostor = SENDS_A_BYTE_NOW_AND_THEN;
    impostor_start(&impostor);
    struct memcached_tier *tier = tier_of(impostor.place.socket, 2, 200, 60000, 10);
    struct question question;
    ask(tier, &question, 0, 3);
    WAIT_UNTIL(impostor.sent > 0);
    usleep(200 * 1000);
    assert_true(refuses_gets(tier)); /* though the connection, which is new, has more time */
    WAIT_UNTIL(servers_down(tier) == 1);
    assert_true(refuses_gets(tier));
    WAIT_UNTIL(question.done == 1);
    assert_int_equal(question_hits(&question), 0);
    const struct memcached_stats stats = memcached_tier_stats(tier);
    assert_int_equal(stats.failures, 1);
    assert_int_equal(stats.breaker_opened, 1);
    memcached_tier_free(tier);
    impostor_end(&impostor);
}

static void the_end_does_not_wait_for_the_bytes_of_a_slow_server(void **state)
{
    (void)state;
    struct impostor impostor = SENDS_A_BYTE_NOW_AND_THEN;
    impostor_start(&impostor);
    struct memcached_tier *tier = tier_of(impostor.place.socket, 2, 200, 60000, 10);
    struct question question;
    ask(tier, &question, 0, 3);
    WAIT_UNTIL(impostor.sent > 0);
    memcached_tier_free(tier);
    assert_int_equal(question.done, 1);
    impostor_end(&impostor);
}

/* 400 MB were read under a maximum of 1 MB. */
static void a_value_larger_than_any_that_is_stored_is_not_read(void **state)
{
    (void)state;
    static const uint8_t announces_64_MB[24] = {0x81, 0x0d, 0, 3, 4, 0, 0, 0, 4, 0, 0, 0};
    struct impostor impostor = {.bytes = announces_64_MB, .len = sizeof(announces_64_MB), .more = 65536};
    impostor_start(&impostor);
    struct memcached_tier *tier = tier_of(impostor.place.socket, 1, 2000, 60000, 10);
    assert_int_equal(count_hits(tier, 0, 3, NOW_S), 0);
    const struct memcached_stats stats = memcached_tier_stats(tier);
    assert_int_equal(stats.failures, 1);
    assert_int_equal(stats.servers_down, 1);
    memcached_tier_free(tier);
    impostor_end(&impostor);
    assert_true(impostor.sent < 16u << 20);
}

static void answers_that_are_nonsense_are_misses(void **state)
{
    (void)state;
    static const uint8_t not_the_protocol[64] = {'S', 'E', 'R', 'V', 'E', 'R'},
                         cut_off[] = {0x81, 0x0d, 0, 3},
                         key_longer_than_body[24] = {0x81, 0x0d, 0xff, 0xff, 4, 0, 0, 0, 0, 0, 0, 8},
                         endless_body[24] = {0x81, 0x0d, 0, 3, 4, 0, 0, 0, 0xff, 0xff, 0xff, 0xff},
                         end_at_once[24] = {0x81, 0x0a};
    static const struct {
        const uint8_t *bytes;
        size_t len;
    } cases[] = {{not_the_protocol, sizeof(not_the_protocol)},
                 {cut_off, sizeof(cut_off)},
                 {key_longer_than_body, sizeof(key_longer_than_body)},
                 {endless_body, sizeof(endless_body)},
                 {end_at_once, sizeof(end_at_once)}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct impostor impostor = {.bytes = cases[i].bytes, .len = cases[i].len};
        impostor_start(&impostor);
        struct memcached_tier *tier = tier_of(impostor.place.socket, 1, 200, 60000, 10);
        assert_int_equal(count_hits(tier, 0, 3, NOW_S), 0);
        assert_int_equal(count_hits(tier, 0, 3, NOW_S), 0);
        memcached_tier_free(tier);
        impostor_end(&impostor);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frozen_server_costs_one_timeout_and_then_nothing),
        cmocka_unit_test(what_queues_before_a_frozen_server_is_let_go_together),
        cmocka_unit_test(a_lock_on_a_frozen_server_is_as_good_as_taken),
        cmocka_unit_test(a_server_killed_is_used_again_once_it_is_back),
        cmocka_unit_test(a_restart_between_two_questions_is_not_even_noticed),
        cmocka_unit_test(a_server_dead_at_the_start_is_used_once_it_is_there),
        cmocka_unit_test(the_queue_before_a_server_is_bounded),
        cmocka_unit_test(a_server_that_takes_no_connection_costs_one_timeout),
        cmocka_unit_test(a_server_that_sends_a_byte_now_and_then_costs_one_timeout),
        cmocka_unit_test(the_end_does_not_wait_for_the_bytes_of_a_slow_server),
        cmocka_unit_test(a_value_larger_than_any_that_is_stored_is_not_read),
        cmocka_unit_test(answers_that_are_nonsense_are_misses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
