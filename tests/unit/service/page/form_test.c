/* What people paste, and what is made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/page/form.h"
#include "service/page/form_provider.h"

static struct config *config;

static struct form *parse(const char *target)
{
    struct form *form = malloc(sizeof(*form));
    assert_non_null(form);
    form_parse(config, target, strlen(target), strings_chosen(), form);
    return form;
}

static void assert_link(const char *target, const char *provider, const char *resource, const char *id)
{
    struct form *form = parse(target);
    if (form->state != FORM_LINK)
        fail_msg("%s: state %d, trouble %d, %s", target, form->state, form->trouble, form->id_fault);
    assert_string_equal(form->request.translator->name, provider);
    assert_string_equal(subject_name(form->request.route->subject), resource);
    assert_string_equal(form->request.id, id);
    assert_ptr_equal(form->request.format, &format_preview);
    free(form);
}

static void assert_search(const char *target, const char *query)
{
    struct form *form = parse(target);
    assert_int_equal(form->state, FORM_SEARCH);
    assert_string_equal(form->request.query, query);
    free(form);
}

static void assert_trouble(const char *target, enum form_trouble trouble)
{
    struct form *form = parse(target);
    assert_int_equal(form->state, FORM_FAULTY);
    assert_int_equal(form->trouble, trouble);
    free(form);
}

static void pages_and_ids_become_links(void **state)
{
    (void)state;
    assert_link("/?q=6395144", "songkick", "artist", "6395144");
    assert_link("/?q=+6395144+&name=&weburl=&format=jsonld&markup=", "songkick", "artist", "6395144");
    assert_link("/?q=https%3A%2F%2Fwww.songkick.com%2Fartists%2F6395144-milky-chance", "songkick", "artist",
                "6395144");
    assert_link("/?q=songkick.com/venues/31-hall?utm_source=x", "songkick", "venue", "31");
    assert_link("/?q=https://www.songkick.com/concerts/41234567-a-at-b", "songkick", "event", "41234567");
    assert_link("/?q=Name&pick=77", "songkick", "artist", "77");
}

static void addresses_are_found_in_what_people_share(void **state)
{
    static const char *const shared[] = {
        "/?q=Check+out+X+on+Songkick+https://www.songkick.com/artists/6395144-x?a=b",
        "/?q=%C2%A0%E2%80%8B%09https://www.songkick.com/artists/6395144-x%EF%BB%BF%0A",
        "/?q=%3Chttps://www.songkick.com/artists/6395144-x%3E",
        "/?q=%3Csongkick.com/artists/6395144-x%3E",
        "/?q=HTTPS://www.songkick.com/artists/6395144-x+via+https://t.example/",
        "/?q=6395144%00",
        "/?q=songkick.com/de/artists/6395144-x"};
    (void)state;
    for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
        assert_link(shared[i], "songkick", "artist", "6395144");
    struct form *form = parse("/?q=Milky%09Chance&weburl=%C2%A0artist.example%00");
    assert_string_equal(form->request.query, "Milky Chance");
    assert_string_equal(form->value[FORM_WEBURL], "artist.example");
    free(form);
    form = parse("/?q=%C2%A0");
    assert_int_equal(form->state, FORM_BLANK);
    free(form);
}

/* As networks, search engines and mail filters hand links on. */
static void addresses_are_found_in_other_addresses(void **state)
{
    static const char *const wrapped[] = {
        "/?q=https%3A%2F%2Fl.instagram.com%2F%3Fu%3Dhttps%253A%252F%252Fwww.songkick.com%252Fartists%"
        "252F6395144-x%"
        "26e%3DAT1",
        "/?q=https://l.facebook.com/"
        "l.php?u%3Dhttps%253A%252F%252Fwww.songkick.com%252Fartists%252F6395144%26h%3DAT",
        "/?q=https%3A%2F%2Fwww.google.com%2Furl%3Fsa%3Dt%26url%3Dhttps%253A%252F%252Fwww.songkick.com%"
        "252Fartists%"
        "252F6395144-x%26ved%3D2",
        "/?q=google.com/url?q%3Dhttps://www.songkick.com/artists/6395144-x%26sa%3DD",
        "/?q=https%3A%2F%2Feur01.safelinks.protection.outlook.com%2F%3Furl%3Dhttps%253A%252F%252Fwww."
        "songkick.com%"
        "252Fartists%252F6395144-x%26data%3D05",
        "/?q=https://urldefense.com/v3/__https://www.songkick.com/artists/6395144__;!!abc$",
        "/?q=https://web.archive.org/web/2020/https://www.songkick.com/artists/6395144-x",
        "/?q=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fwww.google.com%252Furl%253Fq%"
        "253Dhttps%"
        "25253A%25252F%25252Fwww.songkick.com%25252Fartists%25252F6395144"};
    (void)state;
    for (size_t i = 0; i < sizeof(wrapped) / sizeof(wrapped[0]); i++)
        assert_link(wrapped[i], "songkick", "artist", "6395144");
    struct form *form =
        parse("/?q=https://l.facebook.com/l.php?u%3Dhttps%253A%252F%252Fartist.example%252F%26h%3D1");
    assert_int_equal(form->trouble, FORM_UNKNOWN_PAGE);
    assert_string_equal(form->value[FORM_Q],
                        "https://l.facebook.com/l.php?u=https%3A%2F%2Fartist.example%2F&h=1");
    free(form);
}

/* More addresses than are looked at end in an unknown page, soon. */
static void addresses_that_never_end_are_given_up(void **state)
{
    char target[2000] = "/?q=https://a.example/";
    (void)state;
    while (strlen(target) < 1900)
        snprintf(target + strlen(target), sizeof(target) - strlen(target),
                 "%%3Fu%%3Dhttp://a/%%26u%%3Dhttp://b/");
    assert_trouble(target, FORM_UNKNOWN_PAGE);
}

static void a_snippet_may_have_been_escaped_on_its_way(void **state)
{
    static const char *const snippets[] = {
        "/?q=https://events.example/api/songkick/artist?id%3D7%26amp%3Bname%3DMira%26amp%3Bformat%3Djs",
        "/?q=https://events.example/api/songkick/"
        "artist?id%3D7%26amp%3Bamp%3Bname%3DMira%26amp%3Bamp%3Bformat%3Djs",
        "/?q=%26lt%3Bscript+async+src%3D%26quot%3Bhttps://events.example/api/songkick/"
        "artist?id%3D7%26amp%3Bname%"
        "3DMira%26amp%3Bformat%3Djs%26quot%3B%26gt%3B%26lt%3B/script%26gt%3B",
        "/?q=https://events.example/api/songkick/artist.js?id%3D7%26%2338%3Bname%3DMira"};
    (void)state;
    for (size_t i = 0; i < sizeof(snippets) / sizeof(snippets[0]); i++) {
        struct form *form = parse(snippets[i]);
        assert_int_equal(form->state, FORM_LINK);
        assert_string_equal(form->request.id, "7");
        assert_string_equal(form->value[FORM_NAME], "Mira");
        assert_ptr_equal(form->format, &format_js);
        free(form);
    }
    assert_search("/?q=R%26amp%3BB+Night", "R&B Night");
    assert_search("/?q=A+%26co%3B+B+%26%230%3B", "A &co; B &#0;");
}

static void musicbrainz_ids_come_in_three_shapes(void **state)
{
    static const char id[] = "mbid:0383dadf-2a4e-4d10-a46a-e9e041da8eb3";
    (void)state;
    assert_link("/?q=0383dadf-2a4e-4d10-a46a-e9e041da8eb3", "songkick", "artist", id);
    assert_link("/?q=mbid:0383dadf-2a4e-4d10-a46a-e9e041da8eb3", "songkick", "artist", id);
    assert_link("/?q=https://musicbrainz.org/artist/0383dadf-2a4e-4d10-a46a-e9e041da8eb3/events", "songkick",
                "artist", id);
}

static void what_is_no_uuid_behind_mbid_is_refused_as_one(void **state)
{
    static const char *const wrong[] = {"/?q=mbid:xyz", "/?q=MBID:0383dadf-2a4e-4d10-a46a",
                                        "/?q=mbid:0383dadf-2a4e-4d10-a46a-e9e041da8eb3/"};
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct form *form = parse(wrong[i]);
        assert_int_equal(form->state, FORM_FAULTY);
        assert_non_null(strstr(form->id_fault, "no UUID"));
        free(form);
    }
    assert_search("/?q=mbid", "mbid");
}

static void names_are_searched_for(void **state)
{
    (void)state;
    assert_search("/?q=Milky+Chance", "Milky Chance");
    assert_search("/?q=M.I.A.", "M.I.A.");
    assert_search("/?q=AC/DC", "AC/DC");
    assert_search("/?q=1975&as=name", "1975");
    assert_search("/?q=%3C/script%3E%3Cimg+src%3Dx%3E", "</script><img src=x>");
}

static void a_link_of_ours_fills_the_form_again(void **state)
{
    (void)state;
    struct form *form =
        parse("/?q=https://x.example/api/songkick/venue?id=7%26name=A%2520B%26limit=3%26format=ics");
    assert_int_equal(form->state, FORM_LINK);
    assert_string_equal(subject_name(form->request.route->subject), "venue");
    assert_string_equal(form->value[FORM_NAME], "A B");
    assert_string_equal(form->value[FORM_LIMIT], "3");
    assert_ptr_equal(form->format, &format_ics);
    free(form);
}

static void a_link_of_ours_keeps_its_markup_and_format(void **state)
{
    (void)state;
    struct form *form =
        parse("/?q=https://x.example/api/songkick/artist?id=7%26format=html%26markup=only&format=jsonld");
    assert_int_equal(form->state, FORM_LINK);
    assert_string_equal(form->value[FORM_MARKUP], "only");
    assert_int_equal(form->markup, MARKUP_ONLY);
    assert_ptr_equal(form->format, &format_html);
    free(form);
}

static void addresses_may_lack_their_scheme(void **state)
{
    (void)state;
    struct form *form = parse("/?q=1&weburl=artist.example");
    assert_int_equal(form->state, FORM_LINK);
    assert_string_equal(form->request.weburl, "https://artist.example");
    assert_string_equal(form->value[FORM_WEBURL], "artist.example");
    free(form);
}

static void every_fault_is_at_its_field(void **state)
{
    (void)state;
    struct form *form =
        parse("/?q=1&weburl=ftp%3A%2F%2Fx&limit=0&eventurl=https://a.example/%7Bx%7D&name=%ff");
    assert_int_equal(form->state, FORM_FAULTY);
    assert_string_not_equal(form->fault[FORM_NAME], "");
    free(form);
    form = parse("/?q=1&weburl=ftp%3A%2F%2Fx&limit=0&eventurl=https://a.example/%7Bx%7D");
    assert_string_not_equal(form->fault[FORM_WEBURL], "");
    assert_string_not_equal(form->fault[FORM_LIMIT], "");
    assert_string_not_equal(form->fault[FORM_EVENTURL], "");
    assert_string_equal(form->fault[FORM_NAME], "");
    assert_string_equal(form->value[FORM_WEBURL], "ftp://x");
    free(form);
}

static void faults_of_options_are_said_beside_those_of_q(void **state)
{
    static const char *const whose[] = {"/?q=https://example.com/foo", "/?q=Milky+Chance", "/?q=&", "/?q=1"};
    (void)state;
    for (size_t i = 0; i < sizeof(whose) / sizeof(whose[0]); i++) {
        char target[96];
        snprintf(target, sizeof(target), "%s&weburl=ftp://x&limit=0&markup=only", whose[i]);
        struct form *form = parse(target);
        assert_int_equal(form->state, FORM_FAULTY);
        assert_string_not_equal(form->fault[FORM_WEBURL], "");
        assert_string_not_equal(form->fault[FORM_LIMIT], "");
        assert_string_equal(form->id_fault, "");
        assert_int_equal(form->markup, MARKUP_ONLY);
        free(form);
    }
}

static void a_carousel_without_event_pages_is_a_fault_of_the_format(void **state)
{
    (void)state;
    struct form *form = parse("/?q=6395144&format=itemlist");
    assert_int_equal(form->state, FORM_FAULTY);
    assert_string_not_equal(form->fault[FORM_FORMAT], "");
    assert_ptr_equal(form->format, &format_itemlist);
    free(form);
    form = parse("/?q=6395144&format=itemlist&eventurl=https://a.example/%7Bid%7D");
    assert_int_equal(form->state, FORM_LINK);
    free(form);
}

static void what_cannot_be_used_is_said(void **state)
{
    (void)state;
    assert_trouble("/?q=&name=A", FORM_NOTHING_GIVEN);
    assert_trouble("/?q=https://example.com/me", FORM_UNKNOWN_PAGE);
    struct form *form = parse("/");
    assert_int_equal(form->state, FORM_BLANK);
    free(form);
    form = parse("/?utm_source=mail");
    assert_int_equal(form->state, FORM_BLANK);
    free(form);
}

static void assert_unserved(const char *target, enum form_trouble why, const char *provider)
{
    struct form *form = parse(target);
    assert_int_equal(form->state, FORM_FAULTY);
    assert_int_equal(form->trouble, why);
    assert_string_equal(form->unserved->name, provider);
    free(form);
}

/* Bandsintown has no key here, Ticketmaster is switched off. */
static void what_is_not_served_is_refused_with_the_reason(void **state)
{
    static const char band[] = "bandsintown", tickets[] = "ticketmaster";
    (void)state;
    assert_unserved("/?q=https://www.bandsintown.com/a/4711-x", FORM_NO_KEY, band);
    assert_unserved("/?q=https://www.ticketmaster.com/x-tickets/artist/806762", FORM_SWITCHED_OFF, tickets);
    assert_unserved("/?q=https://x.example/api/bandsintown/artist?id=id_1", FORM_NO_KEY, band);
    assert_unserved("/?q=Harbour&provider=ticketmaster", FORM_SWITCHED_OFF, tickets);
    assert_unserved("/?q=Harbour&pick=id_1&provider=bandsintown", FORM_NO_KEY, band);
    assert_link("/?q=songkick.com/artists/7&provider=ticketmaster", "songkick", "artist", "7");
}

static void every_provider_is_either_offered_or_said_to_be_unserved(void **state)
{
    enum form_trouble why = FORM_NO_TROUBLE;
    (void)state;
    assert_string_equal(form_provider(config, 0)->name, "songkick");
    assert_null(form_provider(config, 1));
    assert_string_equal(form_unserved(config, 0, &why)->name, "bandsintown");
    assert_int_equal(why, FORM_NO_KEY);
    assert_string_equal(form_unserved(config, 1, &why)->name, "ticketmaster");
    assert_int_equal(why, FORM_SWITCHED_OFF);
    assert_null(form_unserved(config, 2, &why));
}

static void without_any_provider_that_is_said(void **state)
{
    struct fault fault;
    struct config *usual = config;
    (void)state;
    setenv("MARQUEE_SONGKICK_ENABLED", "no", 1);
    config = config_load(NULL, false, &fault);
    assert_non_null(config);
    assert_trouble("/?q=Harbour", FORM_NO_PROVIDER);
    assert_trouble("/?q=0383dadf-2a4e-4d10-a46a-e9e041da8eb3", FORM_NO_PROVIDER);
    assert_trouble("/?q=x&pick=7", FORM_NO_PROVIDER);
    assert_unserved("/?q=songkick.com/artists/7", FORM_SWITCHED_OFF, "songkick");
    struct form *form = parse("/");
    assert_int_equal(form->state, FORM_BLANK);
    assert_null(form->provider);
    free(form);
    config_unref(config);
    config = usual;
    unsetenv("MARQUEE_SONGKICK_ENABLED");
}

/* All three providers are served. */
static void an_id_that_one_provider_alone_has_goes_there(void **state)
{
    static const char mbid[] = "0383dadf-2a4e-4d10-a46a-e9e041da8eb3";
    char target[96];
    struct fault fault;
    struct config *usual = config;
    (void)state;
    setenv("MARQUEE_TICKETMASTER_ENABLED", "yes", 1);
    setenv("MARQUEE_TICKETMASTER_API_KEY", "k", 1);
    setenv("MARQUEE_BANDSINTOWN_API_KEY", "k", 1);
    config = config_load(NULL, false, &fault);
    assert_non_null(config);
    assert_link("/?q=K8vZ6395144&provider=songkick", "ticketmaster", "artist", "K8vZ6395144");
    assert_link("/?q=id_6395144&provider=songkick", "bandsintown", "artist", "id_6395144");
    assert_link("/?q=6395144&provider=songkick", "songkick", "artist", "6395144");
    snprintf(target, sizeof(target), "/?q=%s", mbid);
    struct form *form = parse(target);
    assert_string_equal(form->provider->name, "songkick");
    free(form);
    assert_search("/?q=blink-182&provider=ticketmaster", "blink-182");
    assert_search("/?q=65daysofstatic&provider=ticketmaster", "65daysofstatic");
    assert_link("/?q=Z698xZq2Zaf&provider=ticketmaster", "ticketmaster", "artist", "Z698xZq2Zaf");
    assert_search("/?q=7&picked_id=7&picked=songkick/Velvet+Harbour&provider=bandsintown", "Velvet Harbour");
    config_unref(config);
    config = usual;
    setenv("MARQUEE_TICKETMASTER_ENABLED", "no", 1);
    unsetenv("MARQUEE_TICKETMASTER_API_KEY");
    unsetenv("MARQUEE_BANDSINTOWN_API_KEY");
}

static void a_number_that_was_typed_may_be_a_name(void **state)
{
    (void)state;
    struct form *form = parse("/?q=311");
    assert_true(form->may_be_name);
    free(form);
    form = parse("/?q=songkick.com/artists/311");
    assert_false(form->may_be_name);
    free(form);
    form = parse("/?q=311&picked_id=311&picked=songkick/A+band&provider=songkick");
    assert_false(form->may_be_name);
    free(form);
}

static void a_candidate_keeps_the_name_that_was_typed(void **state)
{
    (void)state;
    struct form *form = parse("/?q=A/B&pick=77&provider=songkick");
    assert_string_equal(form->value[FORM_Q], "77");
    assert_string_equal(form->value[FORM_PICKED], "songkick/A/B");
    assert_string_equal(form->value[FORM_PICKED_ID], "77");
    free(form);
    form = parse("/?q=Other&picked_id=77&picked=songkick/A+B&provider=songkick");
    assert_string_equal(form->request.query, "Other");
    assert_string_equal(form->value[FORM_PICKED], "");
    free(form);
}

static int set_up(void **state)
{
    struct fault fault;
    (void)state;
    setenv("MARQUEE_SONGKICK_API_KEY", "k", 1);
    setenv("MARQUEE_TICKETMASTER_ENABLED", "no", 1);
    config = config_load(NULL, false, &fault);
    return config != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    config_unref(config);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_and_ids_become_links),
        cmocka_unit_test(addresses_are_found_in_what_people_share),
        cmocka_unit_test(addresses_are_found_in_other_addresses),
        cmocka_unit_test(addresses_that_never_end_are_given_up),
        cmocka_unit_test(a_snippet_may_have_been_escaped_on_its_way),
        cmocka_unit_test(musicbrainz_ids_come_in_three_shapes),
        cmocka_unit_test(what_is_no_uuid_behind_mbid_is_refused_as_one),
        cmocka_unit_test(names_are_searched_for),
        cmocka_unit_test(a_link_of_ours_fills_the_form_again),
        cmocka_unit_test(a_link_of_ours_keeps_its_markup_and_format),
        cmocka_unit_test(addresses_may_lack_their_scheme),
        cmocka_unit_test(every_fault_is_at_its_field),
        cmocka_unit_test(faults_of_options_are_said_beside_those_of_q),
        cmocka_unit_test(a_carousel_without_event_pages_is_a_fault_of_the_format),
        cmocka_unit_test(what_cannot_be_used_is_said),
        cmocka_unit_test(what_is_not_served_is_refused_with_the_reason),
        cmocka_unit_test(every_provider_is_either_offered_or_said_to_be_unserved),
        cmocka_unit_test(an_id_that_one_provider_alone_has_goes_there),
        cmocka_unit_test(a_number_that_was_typed_may_be_a_name),
        cmocka_unit_test(a_candidate_keeps_the_name_that_was_typed),
        cmocka_unit_test(without_any_provider_that_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
