/* Tests of translators/pages/addresses.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/pages/addresses.h"

static struct event an_event(const char *id, const char *city)
{
    return (struct event){
        .id = id, .start = {.year = 2027, .month = 3, .day = 12}, .place = {.locality = city}};
}

static void assert_slug(const char *id, const char *city, const char *slug)
{
    struct arena *arena = arena_new(1 << 16);
    struct event event = an_event(id, city);
    const char *made = address_slug(arena, &event);

    if (slug != NULL)
        assert_string_equal(made, slug);
    else
        assert_null(made);
    arena_free(arena);
}

static void a_page_is_called_after_day_city_and_id(void **state)
{
    (void)state;
    assert_slug("41", "Berlin", "2027-03-12-berlin-41");
    assert_slug("41", "São Paulo / Centro", "2027-03-12-sao-paulo-centro-41");
    assert_slug("Z7-r_9", "Köln", "2027-03-12-koln-Z7-r_9");
    assert_slug("41", NULL, "2027-03-12-41");
    assert_slug("41", "京都", "2027-03-12-41");
}

static void an_id_that_is_no_part_of_a_path_has_no_page(void **state)
{
    (void)state;
    assert_slug("../41", "Berlin", NULL);
    assert_slug("4/1", "Berlin", NULL);
    assert_slug("4 1", "Berlin", NULL);
    assert_slug("4\"1", "Berlin", NULL);
    assert_slug("", "Berlin", NULL);
    assert_slug(NULL, "Berlin", NULL);
}

static bool parse(const char *path, struct page_path *ret)
{
    return address_parse(path, strlen(path), ret);
}

static void a_path_says_which_page_is_meant(void **state)
{
    static const struct {
        const char *path;
        enum page_kind kind;
        size_t slug_len;
        bool whole;
    } cases[] = {{"", PAGE_TOUR, 0, true},
                 {"dates.ics", PAGE_DATES_ICS, 0, true},
                 {"feed.json", PAGE_FEED_JSON, 0, true},
                 {"feed.xml", PAGE_FEED_XML, 0, true},
                 {"sitemap.xml", PAGE_SITEMAP, 0, true},
                 {"2027-03-12-berlin-41/", PAGE_DATE, 20, true},
                 {"2027-03-12-berlin-41", PAGE_DATE, 20, false},
                 {"2027-03-12-berlin-41/date.ics", PAGE_DATE_ICS, 20, true}};
    struct page_path path;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(parse(cases[i].path, &path));
        assert_int_equal(path.kind, cases[i].kind);
        assert_int_equal(path.slug_len, cases[i].slug_len);
        assert_int_equal(path.whole, cases[i].whole);
    }
}

static void what_no_page_can_be_called_is_none(void **state)
{
    static const char *const paths[] = {"/",   "//",   "a/b/",  "a//", "a/date.icsx", "a/feed.xml",
                                        "../", "a b/", "a%41/", ".",   "a.html"};
    char long_path[400];
    struct page_path path;

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        if (parse(paths[i], &path))
            fail_msg("%s is taken for a page", paths[i]);
    }
    memset(long_path, 'a', sizeof(long_path));
    assert_false(address_parse(long_path, sizeof(long_path), &path));
    assert_false(address_parse("a\0b/", 4, &path));
}

/* ---- the index ---- */

static struct buffer index_of_three(void)
{
    struct buffer index = BUFFER_INIT(4096);

    address_write(&index, "41", "2027-03-12-berlin-41", false);
    address_write(&index, "12-41", "2027-03-13-hamburg-12-41", false);
    address_write(&index, "Vx_", "2027-03-14-koln-Vx_", false);
    return index;
}

static void assert_found(const char *slug, const char *id)
{
    struct buffer index = index_of_three();
    struct address_line line;
    bool found = address_find(index.bytes, index.len, slug, strlen(slug), &line);

    if (id == NULL) {
        assert_false(found);
    } else {
        assert_true(found);
        assert_int_equal(line.id_len, strlen(id));
        assert_memory_equal(line.id, id, line.id_len);
    }
    buffer_done(&index);
}

static void the_longest_id_behind_a_hyphen_decides(void **state)
{
    (void)state;
    assert_found("2027-03-12-berlin-41", "41");
    assert_found("2027-05-01-old-town-41", "41");
    assert_found("x-12-41", "12-41");
    assert_found("x-41", "41");
    assert_found("2027-03-14-koln-Vx_", "Vx_");
}

static void another_address_is_nobodys(void **state)
{
    (void)state;
    assert_found("2027-03-12-berlin-42", NULL);
    assert_found("2027-03-12-berlin-141", NULL);
    assert_found("41", NULL);
    assert_found("-41", NULL);
    assert_found("Upper-41", NULL);
    assert_found("x_-41", NULL);
    assert_found("", NULL);
}

static void an_index_is_read_as_it_was_written(void **state)
{
    struct buffer index = index_of_three();
    const char *at = index.bytes, *end = index.bytes + index.len;
    struct address_line line;

    (void)state;
    assert_true(address_next(&at, end, &line));
    assert_memory_equal(line.slug, "2027-03-12-berlin-41", line.slug_len);
    assert_true(address_next(&at, end, &line));
    assert_true(address_next(&at, end, &line));
    assert_false(address_next(&at, end, &line));
    buffer_done(&index);
}

static void the_id_of_a_folded_record_leads_to_the_page_of_the_event(void **state)
{
    struct buffer index = BUFFER_INIT(1000);
    struct address_line line;
    const char *at, *slug = "2027-03-12-berlin-40";

    (void)state;
    address_write(&index, "41", "2027-03-12-berlin-41", false);
    address_write(&index, "40", "2027-03-12-berlin-41", false);
    assert_true(address_find(index.bytes, index.len, slug, strlen(slug), &line));
    assert_memory_equal(line.slug, "2027-03-12-berlin-41", line.slug_len);
    assert_true(line.is_alias);
    at = index.bytes;
    assert_true(address_next(&at, index.bytes + index.len, &line));
    assert_false(line.is_alias);
    buffer_done(&index);
}

static void lines_that_make_no_sense_say_nothing(void **state)
{
    static const char text[] = "41\n41 a-41 x\n4/1 a-4/1\n\n \n41 ../a\n42 a-42";
    const char *at = text;
    struct address_line line;

    (void)state;
    assert_true(address_next(&at, text + strlen(text), &line));
    assert_memory_equal(line.id, "42", line.id_len);
    assert_false(address_next(&at, text + strlen(text), &line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_called_after_day_city_and_id),
        cmocka_unit_test(an_id_that_is_no_part_of_a_path_has_no_page),
        cmocka_unit_test(a_path_says_which_page_is_meant),
        cmocka_unit_test(what_no_page_can_be_called_is_none),
        cmocka_unit_test(the_longest_id_behind_a_hyphen_decides),
        cmocka_unit_test(another_address_is_nobodys),
        cmocka_unit_test(an_index_is_read_as_it_was_written),
        cmocka_unit_test(the_id_of_a_folded_record_leads_to_the_page_of_the_event),
        cmocka_unit_test(lines_that_make_no_sense_say_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
