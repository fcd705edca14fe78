/* Tests of service/source/lookup.c: rounds and locks of a slow tier that the test plays. */
#include "tests/unit/service/stage.h"

#include <pthread.h>
#include <stdio.h>

#define LIMIT_MS   100 /* as stage.c sets it */
#define ROUND_KEYS 256

/* One who looked a key up, or asked for a lock. */
struct seeker {
    unsigned told;
    bool found, is_known, taken;
    uint64_t number;       /* of the lock */
    struct seeker *victim; /* is made to leave when this one is told; NULL: nobody is */
    struct lookup *lookup;
};

static void on_value(void *arg, struct cache_value *value, bool is_known)
{
    struct seeker *seeker = arg;
    seeker->told++;
    seeker->found = value != NULL;
    seeker->is_known = is_known;
    if (seeker->victim != NULL)
        lookup_forget(seeker->victim->lookup);
}

static void on_lock(void *arg, bool taken, uint64_t number)
{
    struct seeker *seeker = arg;
    seeker->told++;
    seeker->taken = taken;
    seeker->number = number;
}

static struct cache_key key_of(const char *text)
{
    return (struct cache_key){.text = text, .len = strlen(text)};
}

static void seek(struct stage *stage, struct seeker *seeker, const char *text)
{
    struct cache_key key = key_of(text);
    *seeker = (struct seeker){.victim = seeker->victim};
    seeker->lookup = lookups_add(stage->lookups, &key, on_value, seeker);
}

static void hold(struct stage *stage, const char *text)
{
    struct cache_key key = key_of(text);
    struct cache_value *value = cache_value_new(0, 0, NOW_S, NOW_S + 100, NOW_S + 100);
    fake_memcached_hold(stage->memcached, &key, value);
    cache_value_unref(value);
}

static void flush(struct stage *stage)
{
    lookups_flush(stage->lookups, stage->now_ms, stage->now_s);
}

static struct lock *lock(struct stage *stage, struct seeker *seeker, const char *text)
{
    struct cache_key key = key_of(text);
    return lookups_lock(stage->lookups, &key, 5, stage->now_ms, on_lock, seeker);
}

static void what_one_turn_looks_for_goes_in_one_multi_get(void **state)
{
    struct stage *stage = *state;
    struct seeker seekers[3] = {0};
    char text[] = "b"; /* the key is copied */
    hold(stage, "b");
    seek(stage, &seekers[0], "a");
    seek(stage, &seekers[1], text);
    text[0] = 'x';
    seek(stage, &seekers[2], "c");
    assert_int_equal(fake_memcached_gets(stage->memcached), 0);
    flush(stage);
    flush(stage); /* what was sent is not sent again */
    assert_int_equal(fake_memcached_gets(stage->memcached), 1);
    assert_int_equal(fake_memcached_keys(stage->memcached), 3);
    fake_memcached_answer(stage->memcached);
    assert_int_equal(seekers[0].told, 0);
    assert_int_equal(stage->wakes, 1);
    lookups_run(stage->lookups, stage->now_ms);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(seekers[i].told, 1);
        assert_int_equal(seekers[i].found, i == 1);
        assert_true(seekers[i].is_known);
    }
    assert_int_equal(lookups_due_ms(stage->lookups), -1);
}

static void more_keys_than_a_round_holds_go_in_several(void **state)
{
    enum { N = 2 * ROUND_KEYS + 10 };
    static struct seeker seekers[N];
    struct stage *stage = *state;
    hold(stage, "key 0");
    hold(stage, "key 300");
    hold(stage, "key 521");
    for (size_t i = 0; i < N; i++) {
        char text[16];
        snprintf(text, sizeof(text), "key %zu", i);
        seek(stage, &seekers[i], text);
    }
    flush(stage);
    assert_int_equal(fake_memcached_gets(stage->memcached), 3);
    assert_int_equal(fake_memcached_keys(stage->memcached), N);
    fake_memcached_answer(stage->memcached);
    lookups_run(stage->lookups, stage->now_ms);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(seekers[i].told, 1);
        assert_int_equal(seekers[i].found, i == 0 || i == 300 || i == 521);
    }
}

static void what_does_not_come_in_time_is_a_miss_and_coming_late_changes_nothing(void **state)
{
    struct stage *stage = *state;
    struct seeker seeker = {0};
    hold(stage, "a");
    seek(stage, &seeker, "a");
    assert_int_equal(lookups_due_ms(stage->lookups), -1);
    flush(stage);
    assert_int_equal(lookups_due_ms(stage->lookups), stage->now_ms + LIMIT_MS);
    lookups_run(stage->lookups, stage->now_ms + LIMIT_MS - 1);
    assert_int_equal(seeker.told, 0);
    lookups_run(stage->lookups, stage->now_ms + LIMIT_MS);
    assert_int_equal(seeker.told, 1);
    assert_false(seeker.found || seeker.is_known);
    assert_int_equal(lookups_due_ms(stage->lookups), -1);
    fake_memcached_answer(stage->memcached);
    lookups_run(stage->lookups, stage->now_ms + LIMIT_MS);
    assert_int_equal(seeker.told, 1);
}

static void with_every_server_down_all_are_misses_in_the_next_run(void **state)
{
    struct stage *stage = *state;
    struct seeker seeker = {0};
    fake_memcached_set_down(stage->memcached, true);
    seek(stage, &seeker, "a");
    flush(stage);
    assert_int_equal(seeker.told, 0);
    assert_int_equal(lookups_due_ms(stage->lookups), stage->now_ms);
    lookups_run(stage->lookups, stage->now_ms);
    assert_int_equal(seeker.told, 1);
    assert_false(seeker.found || seeker.is_known);
}

static void what_is_forgotten_is_not_told_before_it_is_sent_or_after(void **state)
{
    struct stage *stage = *state;
    struct seeker before = {0}, after = {0}, stays = {0};
    seek(stage, &before, "a");
    seek(stage, &after, "b");
    seek(stage, &stays, "c");
    lookup_forget(before.lookup);
    flush(stage);
    lookup_forget(after.lookup);
    fake_memcached_answer(stage->memcached);
    lookups_run(stage->lookups, stage->now_ms);
    assert_int_equal(before.told + after.told, 0);
    assert_int_equal(stays.told, 1);
}

static void nobody_need_be_woken_for_what_all_have_forgotten(void **state)
{
    struct stage *stage = *state;
    struct seeker seeker = {0};
    seek(stage, &seeker, "a");
    flush(stage);
    lookup_forget(seeker.lookup);
    assert_int_equal(lookups_due_ms(stage->lookups), -1);
}

static void one_who_is_told_may_make_another_of_the_same_round_leave(void **state)
{
    struct stage *stage = *state;
    struct seeker second = {0}, first = {.victim = &second};
    seek(stage, &first, "a");
    seek(stage, &second, "b");
    flush(stage);
    fake_memcached_answer(stage->memcached);
    lookups_run(stage->lookups, stage->now_ms);
    assert_int_equal(first.told, 1);
    assert_int_equal(second.told, 0);
}

static void a_lock_is_taken_or_somebody_elses(void **state)
{
    struct stage *stage = *state;
    for (int taken = 0; taken <= 1; taken++) {
        struct seeker seeker = {0};
        lock(stage, &seeker, "a");
        fake_memcached_answer_locks(stage->memcached, taken);
        assert_int_equal(seeker.told, 0);
        lookups_run(stage->lookups, stage->now_ms);
        assert_int_equal(seeker.told, 1);
        assert_int_equal(seeker.taken, taken);
        assert_int_equal(seeker.number, fake_memcached_locks(stage->memcached));
    }
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 0);
    assert_int_equal(lookups_due_ms(stage->lookups), -1);
}

static void a_lock_that_nobody_can_tell_of_in_time_counts_as_taken(void **state)
{
    struct stage *stage = *state;
    struct seeker seeker = {0};
    lock(stage, &seeker, "a");
    assert_int_equal(lookups_due_ms(stage->lookups), stage->now_ms + LIMIT_MS);
    lookups_run(stage->lookups, stage->now_ms + LIMIT_MS - 1);
    assert_int_equal(seeker.told, 0);
    lookups_run(stage->lookups, stage->now_ms + LIMIT_MS);
    assert_int_equal(seeker.told, 1);
    assert_true(seeker.taken);
    /* Its owner lets go of it when the document is made. */
    fake_memcached_answer_locks(stage->memcached, true);
    lookups_run(stage->lookups, stage->now_ms + LIMIT_MS);
    assert_int_equal(seeker.told, 1);
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 0);
}

static void with_every_server_down_a_lock_is_taken(void **state)
{
    struct stage *stage = *state;
    struct seeker seeker = {0};
    fake_memcached_set_down(stage->memcached, true);
    lock(stage, &seeker, "a");
    assert_int_equal(seeker.told, 0);
    assert_int_equal(stage->wakes, 1);
    lookups_run(stage->lookups, stage->now_ms);
    assert_int_equal(seeker.told, 1);
    assert_true(seeker.taken);
    struct cache_key key = key_of("a");
    lookups_unlock(stage->lookups, &key, seeker.number);
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 0);
}

static void a_forgotten_lock_is_told_to_nobody(void **state)
{
    struct stage *stage = *state;
    struct seeker seeker = {0};
    lock_forget(lock(stage, &seeker, "a"));
    assert_int_equal(lookups_due_ms(stage->lookups), -1);
    fake_memcached_answer_locks(stage->memcached, true);
    lookups_run(stage->lookups, stage->now_ms + LIMIT_MS);
    assert_int_equal(seeker.told, 0);
}

/* Until the end of its life the document's next makers waited for it. */
static void a_lock_that_is_taken_after_it_was_forgotten_is_let_go(void **state)
{
    struct stage *stage = *state;
    struct seeker seekers[2] = {0};
    lock_forget(lock(stage, &seekers[0], "a"));
    lock_forget(lock(stage, &seekers[1], "b"));
    fake_memcached_answer_locks(stage->memcached, true);
    lookups_run(stage->lookups, stage->now_ms);
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 2);
    lock_forget(lock(stage, &seekers[0], "a"));
    fake_memcached_answer_locks(stage->memcached, false);
    lookups_run(stage->lookups, stage->now_ms);
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 2);
}

static void a_lock_is_let_go_by_the_number_it_was_taken_with(void **state)
{
    struct stage *stage = *state;
    struct seeker first = {0}, second = {0};
    struct cache_key key = key_of("a");
    lock(stage, &first, "a");
    lock(stage, &second, "a");
    fake_memcached_answer_locks(stage->memcached, true);
    lookups_run(stage->lookups, stage->now_ms);
    lookups_unlock(stage->lookups, &key, first.number);
    assert_int_equal(fake_memcached_unlocked(stage->memcached), 1);
    lookups_unlock(stage->lookups, &key, second.number);
    assert_int_equal(fake_memcached_unlocked(stage->memcached), 2);
}

static void without_a_slow_tier_lookups_are_off(void **state)
{
    struct stage *stage = *state;
    struct stage *without = stage_new(STAGE_MEMORY_ONLY);
    assert_true(lookups_enabled(stage->lookups));
    assert_false(lookups_enabled(without->lookups));
    assert_int_equal(lookups_due_ms(without->lookups), -1);
    stage_free(without);
}

static void *answer_all(void *arg)
{
    struct stage *stage = arg;
    fake_memcached_answer(stage->memcached);
    fake_memcached_answer_locks(stage->memcached, true);
    return NULL;
}

/* A memcached that let each byte wait held up the end of the service, and a reload's. */
static void the_end_waits_for_nothing_under_way_and_calls_nobody(void **state)
{
    struct stage *stage = *state;
    struct seeker sent = {0}, unsent = {0}, locked = {0};
    pthread_t thread;
    hold(stage, "a");
    seek(stage, &sent, "a");
    flush(stage);
    lock_forget(lock(stage, &locked, "a"));
    seek(stage, &unsent, "b");
    lookups_free(stage->lookups);
    stage->lookups = NULL;
    assert_int_equal(pthread_create(&thread, NULL, answer_all, stage), 0);
    pthread_join(thread, NULL);
    assert_int_equal(sent.told + unsent.told + locked.told, 0);
    assert_int_equal(fake_memcached_unlocks(stage->memcached), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST_SLOW(what_one_turn_looks_for_goes_in_one_multi_get),
        STAGE_TEST_SLOW(more_keys_than_a_round_holds_go_in_several),
        STAGE_TEST_SLOW(what_does_not_come_in_time_is_a_miss_and_coming_late_changes_nothing),
        STAGE_TEST_SLOW(with_every_server_down_all_are_misses_in_the_next_run),
        STAGE_TEST_SLOW(what_is_forgotten_is_not_told_before_it_is_sent_or_after),
        STAGE_TEST_SLOW(nobody_need_be_woken_for_what_all_have_forgotten),
        STAGE_TEST_SLOW(one_who_is_told_may_make_another_of_the_same_round_leave),
        STAGE_TEST_SLOW(a_lock_is_taken_or_somebody_elses),
        STAGE_TEST_SLOW(a_lock_that_nobody_can_tell_of_in_time_counts_as_taken),
        STAGE_TEST_SLOW(with_every_server_down_a_lock_is_taken),
        STAGE_TEST_SLOW(a_forgotten_lock_is_told_to_nobody),
        STAGE_TEST_SLOW(a_lock_that_is_taken_after_it_was_forgotten_is_let_go),
        STAGE_TEST_SLOW(a_lock_is_let_go_by_the_number_it_was_taken_with),
        STAGE_TEST_SLOW(without_a_slow_tier_lookups_are_off),
        STAGE_TEST_SLOW(the_end_waits_for_nothing_under_way_and_calls_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
