/* Addresses of pages: provider_url.c, and what the translators recognise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "translators/ask/provider_url.h"

static bool recognise(const char *provider, const char *url, struct recognised *ret)
{
    const struct translator *translator = translator_named(provider);

    memset(ret, 0, sizeof(*ret));
    return translator->recognise(url, ret);
}

static void assert_page(const char *provider, const char *url, const char *resource, const char *text)
{
    struct recognised page;

    assert_true(recognise(provider, url, &page));
    assert_string_equal(subject_name(page.subject), resource);
    assert_string_equal(page.text, text);
}

static void assert_path(const char *url, const char *domain, const char *path)
{
    char found[PROVIDER_URL_PATH_BYTES];

    assert_true(provider_url_path(url, domain, found));
    assert_string_equal(found, path);
}

static void a_path_is_found_on_the_domain_and_below_it(void **state)
{
    (void)state;
    assert_path("https://www.songkick.com/artists/1?a=b", "songkick.com", "/artists/1");
    assert_path("https://www.songkick.com/artists/1#/id/2", "songkick.com", "/artists/1");
    assert_path("HTTP://SONGKICK.COM/", "songkick.com", "/");
    assert_path("m.songkick.com/artists/1", "songkick.com", "/artists/1");
    assert_path("songkick.com", "songkick.com", "");
    assert_path("songkick.com?/artists/1", "songkick.com", "");
}

static void other_hosts_are_not_the_domain(void **state)
{
    static const char *const others[] = {"https://songkick.com.example/artists/1",
                                         "https://notsongkick.com/artists/1",
                                         "https://example.com/songkick.com/artists/1",
                                         "https://songkick.com:443/artists/1",
                                         "https://songkick.com@example.com/",
                                         "https://evil.example\\.songkick.com/artists/1",
                                         "https://evil.example%2f.songkick.com/artists/1",
                                         "",
                                         "ftp://songkick.com/",
                                         "https://"};
    static const char *const endings[] = {"dev", "evil", "ev.io", "app", "x--p1a", "example.com", ""};
    char path[PROVIDER_URL_PATH_BYTES], url[100];
    struct recognised none;

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(provider_url_path(others[i], "songkick.com", path));
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        snprintf(url, sizeof(url), "https://www.ticketmaster.%s/x/event/Z7r9jZ1AeqbGa", endings[i]);
        assert_false(recognise("ticketmaster", url, &none));
    }
}

static void a_path_has_a_greatest_length(void **state)
{
    char url[PROVIDER_URL_PATH_BYTES + 20] = "songkick.com/", path[PROVIDER_URL_PATH_BYTES];

    (void)state;
    memset(url + 13, 'a', PROVIDER_URL_PATH_BYTES - 2);
    assert_true(provider_url_path(url, "songkick.com", path));
    url[strlen(url)] = 'a';
    assert_false(provider_url_path(url, "songkick.com", path));
}

static void a_query_is_no_path(void **state)
{
    struct recognised none;

    (void)state;
    assert_page("ticketmaster", "https://www.ticketmaster.com/a-tickets/artist/1?ref=/event/Z7r9jZ1AeqbGa",
                "search", "a");
    assert_false(recognise("ticketmaster", "https://www.ticketmaster.com/x?y=/event/Z7r9jZ1AeqbGa", &none));
    assert_false(recognise("songkick", "https://www.songkick.com/festivals/12-x?z=/id/99", &none));
}

static void a_slash_may_end_the_address_of_an_event(void **state)
{
    (void)state;
    assert_page("ticketmaster", "https://www.ticketmaster.com/the-kooks-boston-ma/event/Z7r9jZ1AeqbGa/",
                "event", "Z7r9jZ1AeqbGa");
}

static void escapes_in_a_name_are_undone(void **state)
{
    static const char *const none[] = {"-tickets",     "---tickets",    "%20-tickets",
                                       "a%-tickets",   "a%f-tickets",   "a%00-tickets",
                                       "a%0A-tickets", "a%E4b-tickets", "%C0%AF-tickets"};
    struct recognised page;
    char url[100];

    (void)state;
    assert_page("ticketmaster", "https://www.ticketmaster.de/artist/die-%C3%A4rzte-tickets/1234", "search",
                "die \xC3\xA4rzte");
    assert_page("ticketmaster", "https://www.ticketmaster.com/ac%2Fdc-tickets/artist/1", "search", "ac/dc");
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        snprintf(url, sizeof(url), "https://www.ticketmaster.com/%s/artist/1", none[i]);
        assert_false(recognise("ticketmaster", url, &page));
    }
}

static void a_language_before_a_path_is_left_out(void **state)
{
    static const char *const kept[] = {"/a/1", "/de", "/d1/a", "/artists/1", "/ab-c1/x", ""};

    (void)state;
    assert_string_equal(provider_url_past_language("/de/artists/1"), "/artists/1");
    assert_string_equal(provider_url_past_language("/pt-BR/artists/1"), "/artists/1");
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        assert_ptr_equal(provider_url_past_language(kept[i]), kept[i]);
    assert_page("songkick", "songkick.com/de/artists/6395144-x", "artist", "6395144");
    assert_page("bandsintown", "https://www.bandsintown.com/de/a/4711-lanterns", "artist", "id_4711");
}

static void ticketmasters_other_countries_write_the_name_behind(void **state)
{
    static const char page[] = "https://www.ticketmaster.de/artist/the-paper-lanterns-tickets/1098654?x=y";
    struct recognised none;

    (void)state;
    assert_page("ticketmaster", page, "search", "the paper lanterns");
    assert_page("ticketmaster", "ticketmaster.com.mx/es/artist/lanterns/1", "search", "lanterns");
    assert_page("ticketmaster", "ticketmaster.co.uk/lanterns-tickets/artist/1", "search", "lanterns");
    assert_false(recognise("ticketmaster", "https://www.ticketmaster.de/event/lanterns-tickets/12", &none));
    assert_false(recognise("ticketmaster", "https://www.ticketmaster.de/artist/lanterns-tickets/", &none));
}

static void songkicks_pages_hold_ids(void **state)
{
    (void)state;
    assert_page("songkick", "https://www.songkick.com/artists/6395144-milky-chance", "artist", "6395144");
    assert_page("songkick", "https://www.songkick.com/artists/6395144?utm_source=1", "artist", "6395144");
    assert_page("songkick", "www.songkick.com/venues/12-a-hall/calendar", "venue", "12");
    assert_page("songkick", "https://www.songkick.com/concerts/41234567-a-at-b", "event", "41234567");
    assert_page("songkick", "https://www.songkick.com/festivals/12-meadow/id/41234567-meadow-2027", "event",
                "41234567");
}

static void ticketmasters_artist_pages_hold_only_a_name_to_search_for(void **state)
{
    (void)state;
    assert_page("ticketmaster", "https://www.ticketmaster.ie/the-paper-lanterns-tickets/artist/1098654",
                "search", "the paper lanterns");
    assert_page("ticketmaster", "ticketmaster.com/lanterns/artist/1", "search", "lanterns");
    assert_page("ticketmaster", "https://www.ticketmaster.com/a-b-c/event/Z7r9jZ1AeqbGa?x=y", "event",
                "Z7r9jZ1AeqbGa");
}

static void a_page_without_an_id_is_not_recognised(void **state)
{
    static const char *const songkick[] = {"https://www.songkick.com/",
                                           "https://www.songkick.com/artists/",
                                           "https://www.songkick.com/artists/milky-chance",
                                           "https://www.songkick.com/artists/1234567890123456789",
                                           "https://www.songkick.com/users/artists/1",
                                           "https://www.songkick.com/festivals/12-meadow"};
    static const char *const ticketmaster[] = {
        "https://www.ticketmaster.com/",
        "https://www.ticketmaster.com/artist/763468",
        "https://www.ticketmaster.com/x/event/3A006101A73B84D2",
        "https://www.ticketmaster.com/x/event/",
        "https://www.ticketmaster.com/x/event/a%20b%20c%20d",
        "https://www.ticketmaster.com/hall-tickets-galway/venue/199930",
        "https://www.ticketmaster.com/a/b/artist/1"};
    struct recognised page;

    (void)state;
    for (size_t i = 0; i < sizeof(songkick) / sizeof(songkick[0]); i++)
        assert_false(recognise("songkick", songkick[i], &page));
    for (size_t i = 0; i < sizeof(ticketmaster) / sizeof(ticketmaster[0]); i++)
        assert_false(recognise("ticketmaster", ticketmaster[i], &page));
}

static void a_name_of_any_length_is_taken_or_left(void **state)
{
    char url[400] = "https://www.ticketmaster.com/";
    struct recognised page;

    (void)state;
    memset(url + strlen(url), 'a', 200);
    memcpy(url + strlen(url), "/artist/1", 10);
    assert_false(recognise("ticketmaster", url, &page));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_found_on_the_domain_and_below_it),
        cmocka_unit_test(other_hosts_are_not_the_domain),
        cmocka_unit_test(a_path_has_a_greatest_length),
        cmocka_unit_test(a_query_is_no_path),
        cmocka_unit_test(a_slash_may_end_the_address_of_an_event),
        cmocka_unit_test(escapes_in_a_name_are_undone),
        cmocka_unit_test(a_language_before_a_path_is_left_out),
        cmocka_unit_test(ticketmasters_other_countries_write_the_name_behind),
        cmocka_unit_test(songkicks_pages_hold_ids),
        cmocka_unit_test(ticketmasters_artist_pages_hold_only_a_name_to_search_for),
        cmocka_unit_test(a_page_without_an_id_is_not_recognised),
        cmocka_unit_test(a_name_of_any_length_is_taken_or_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
