/* Tests of translators/base/arena.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/arena.h"

static void pieces_are_aligned_zeroed_and_apart(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    char *before = NULL;
    for (size_t bytes = 0; bytes < 200; bytes++) {
        char *piece = arena_alloc(arena, bytes);
        assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
        assert_ptr_not_equal(piece, before);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(piece[i], 0);
        memset(piece, 0x5A, bytes);
        before = piece;
    }
    arena_free(arena);
}

static void memory_is_zeroed_again_after_a_reset(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    memset(arena_alloc(arena, 1000), 0x5A, 1000);
    arena_reset(arena);
    const char *piece = arena_alloc(arena, 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(piece[i], 0);
    arena_free(arena);
}

static void a_piece_larger_than_a_chunk_is_handed_out_and_the_small_ones_keep_their_bytes(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4 << 20);
    char *small = arena_strndup(arena, "small", 5);
    char *large = arena_alloc(arena, 1 << 20);
    memset(large, 1, 1 << 20);
    char *next = arena_strndup(arena, "next", 4);
    assert_string_equal(small, "small");
    assert_string_equal(next, "next");
    assert_int_equal(large[(1 << 20) - 1], 1);
    assert_false(arena_exceeded(arena));
    arena_free(arena);
}

static void many_chunks_are_filled_and_taken_back(void **state)
{
    (void)state;
    struct arena *arena = arena_new(16 << 20);
    for (int round = 0; round < 3; round++) {
        char *first = arena_strndup(arena, "first", 5);
        for (int i = 0; i < 1000; i++)
            memset(arena_alloc(arena, 1001), i, 1001);
        assert_string_equal(first, "first");
        arena_reset(arena);
    }
    arena_free(arena);
}

static void it_is_exceeded_only_beyond_its_maximum_and_hands_out_all_the_same(void **state)
{
    (void)state;
    struct arena *arena = arena_new(100);
    arena_alloc(arena, 100);
    assert_false(arena_exceeded(arena));
    memset(arena_alloc(arena, 50), 1, 50);
    assert_true(arena_exceeded(arena));
    arena_reset(arena);
    assert_false(arena_exceeded(arena));
    arena_free(arena);
}

static void copies_end_with_nul_and_may_hold_one(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    assert_memory_equal(arena_strndup(arena, "a\0bc", 3), "a\0b", 4);
    assert_string_equal(arena_strndup(arena, "", 0), "");
    assert_string_equal(arena_strndup(arena, NULL, 0), "");
    arena_free(arena);
}

static void printing_takes_any_length(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    assert_string_equal(arena_printf(arena, "%s/%d", "venues", 7), "venues/7");
    const char *wide = arena_printf(arena, "%70000d", 7);
    assert_int_equal(strlen(wide), 70000);
    assert_int_equal(wide[69999], '7');
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_zeroed_and_apart),
        cmocka_unit_test(memory_is_zeroed_again_after_a_reset),
        cmocka_unit_test(a_piece_larger_than_a_chunk_is_handed_out_and_the_small_ones_keep_their_bytes),
        cmocka_unit_test(many_chunks_are_filled_and_taken_back),
        cmocka_unit_test(it_is_exceeded_only_beyond_its_maximum_and_hands_out_all_the_same),
        cmocka_unit_test(copies_end_with_nul_and_may_hold_one),
        cmocka_unit_test(printing_takes_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
