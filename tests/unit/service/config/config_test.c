/* Configuration files and environments, good and bad: what is wrong is named with file, line and remedy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/config/config.h"
#include "service/config/config_check.h"
#include "service/config/config_load.h"

#define SERVABLE "[tls]\ncertificate = /c.pem\nkey = /k.pem\n"

/* Loads a file of this text; the file is gone afterwards. Its path is the configuration's to borrow. */
static struct config *load(const char *text, bool for_serving, struct fault *fault)
{
    static char path[32];
    snprintf(path, sizeof(path), "/tmp/marquee-config-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    struct config *config = config_load(path, for_serving, fault);
    unlink(path);
    return config;
}

static void assert_fault(const char *text, const char *line, const char *words)
{
    struct fault fault;
    struct config *config = load(text, true, &fault);
    assert_null(config);
    assert_non_null(strstr(fault.text, words));
    assert_non_null(strstr(fault.text, line));
    assert_null(strchr(fault.text, '\n'));
}

static void defaults_serve_when_certificate_and_key_are_given(void **state)
{
    struct fault fault;
    struct config *config = load(SERVABLE, true, &fault);
    (void)state;
    assert_non_null(config);
    assert_int_equal(config->cache.memory_mb, 64);
    assert_null(config->cache.memcached);
    assert_string_equal(config->site.public_url, "https://localhost:8443");
    const struct provider_config *songkick = config_provider(config, translator_find("songkick", 8));
    assert_non_null(songkick);
    assert_int_equal(songkick->keep_s, 86400);
    assert_int_equal(config_fresh_s(songkick, RESOURCE_EVENTS), 14400);
    config_unref(config);
}

static void comments_and_providers_are_read(void **state)
{
    struct fault fault;
    struct config *config = load("[songkick]\nbase_url = https://api.test:8/x/   ; where it is\n# a comment\n"
                                 "api_key = s3cret\nfresh_s = 86400\nkeep_s = 60\n",
                                 false, &fault);
    (void)state;
    assert_non_null(config);
    const struct provider_config *songkick = config_provider(config, translator_find("songkick", 8));
    assert_string_equal(songkick->base_url, "https://api.test:8/x");
    assert_string_equal(songkick->api_key, "s3cret");
    assert_int_equal(config_fresh_s(songkick, RESOURCE_EVENTS), 60);
    config_unref(config);
}

static void an_unknown_key_is_named_with_its_line(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[cache]\nmemory = 3\n", ":5:", "no setting \"memory\" in [cache]");
}

static void an_unknown_section_is_named_even_when_it_is_empty(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[casche]\n", ":4:", "no section [casche]");
}

/* SERVABLE has three lines. What a section says of itself has the line it says it in. */
static void what_a_section_lacks_is_wrong_where_it_begins(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[log]\n[tour:x]\nprovider = songkick\n", ":5: [tour:x]", "id is missing");
    assert_fault(SERVABLE "[tour:x]\nid = 1\n", ":4: [tour:x]", "provider is missing");
    assert_fault(SERVABLE "[tour:x]\nprovider = songkick\nid = 1\nhost = X\n", ":7: [tour:x]",
                 "host is no name");
    assert_fault(SERVABLE "[bandsintown:x]\napi_key = k\n[log]\n[bandsintown:x]\n", ":4: [bandsintown:x]",
                 "artist must be the id");
}

static void a_number_that_is_none_is_refused(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[cache]\nmemory_mb = 64MB\n", ":5:", "whole number");
    assert_fault(SERVABLE "[cache]\nmemory_mb = -1\n", ":5:", "whole number");
    assert_fault(SERVABLE "[cache]\nmemory_mb = 0\n", ":5:", "must be from 1");
    assert_fault(SERVABLE "[cache]\nmemory_mb = 99999999999999999999\n", ":5:", "whole number");
}

static void a_setting_given_twice_is_refused(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[log]\nlevel = info\nlevel = warn\n", ":6:", "given twice");
}

static void a_line_that_says_nothing_is_refused(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[log]\nlevel\n", ":5:", "neither");
}

static void a_line_too_long_is_refused_and_not_cut(void **state)
{
    char text[400];
    (void)state;
    snprintf(text, sizeof(text), SERVABLE "[cache]\nmemcached = %0250d\n", 1);
    assert_fault(text, ":5:", "longer than");
}

static void an_upstream_without_tls_is_refused(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[songkick]\nbase_url = http://api.songkick.com\n", ":5:", "https://");
}

static void keeping_longer_than_the_terms_allow_is_refused(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[songkick]\nkeep_s = 86401\n", ":5: [songkick] keep_s", "terms allow");
}

static void no_provider_is_kept_for_longer_than_its_terms_allow(void **state)
{
    const struct translator *const *const lists[] = {translators, sources};
    char text[256], named[64], allowed[64];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; lists[i][j] != NULL; j++) {
            const struct translator *translator = lists[i][j];
            snprintf(text, sizeof(text), SERVABLE "[%s]\nkeep_s = %d\n", translator->name,
                     translator->keep_ceiling_s + 1);
            snprintf(named, sizeof(named), "[%s] keep_s", translator->name);
            snprintf(allowed, sizeof(allowed), "at most %d", translator->keep_ceiling_s);
            assert_fault(text, named, translator->title);
            assert_fault(text, ":5:", allowed);
        }
    }
}

static void no_lifetime_is_longer_than_the_terms_allow(void **state)
{
    static const char *const keys[] = {"fresh_s", "venue_fresh_s", "artist_fresh_s"};
    char text[256], named[64];
    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        snprintf(text, sizeof(text), SERVABLE "[ticketmaster]\n%s = 172800\n", keys[i]);
        snprintf(named, sizeof(named), ":5: [ticketmaster] %s = 172800", keys[i]);
        assert_fault(text, named, "give at most 86400");
    }
    assert_fault(SERVABLE "[musicbrainz]\nartist_fresh_s = 9999999\n", ":5: [musicbrainz] artist_fresh_s",
                 "give at most 2592000");
}

static void asking_more_often_than_the_rules_allow_is_refused(void **state)
{
    struct fault fault;
    (void)state;
    assert_fault(SERVABLE "[musicbrainz]\nrequests_per_s = 50\n", ":5: [musicbrainz] requests_per_s = 50",
                 "give at most 1");
    assert_fault(SERVABLE "[musicbrainz]\nrequests_per_s = 0\n", "requests_per_s = 0 (no limit)", "not 0");
    struct config *config =
        load("[musicbrainz]\nbase_url = https://mirror.example/ws/2\nrequests_per_s = 50\n", false, &fault);
    assert_non_null(config);
    assert_int_equal(config_provider(config, translator_named("musicbrainz"))->requests_per_s, 50);
    config_unref(config);
}

static void addresses_that_cannot_be_listened_on_are_refused(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[listen]\nhttps = 0.0.0.0\n", ":5: [listen] https = 0.0.0.0", "address:port");
    assert_fault(SERVABLE "[listen]\nadmin = foo:1\n", ":5: [listen] admin = foo:1", "not an IP address");
    assert_fault(SERVABLE "[listen]\nhttp = 0.0.0.0:8443\n", ":5: [listen] http = 0.0.0.0:8443",
                 "https, too");
}

static void a_list_of_servers_that_is_none_is_refused(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[cache]\nmemcached = host:0\n", ":5: [cache] memcached = host:0", "1 to 65535");
    assert_fault(SERVABLE "[cache]\nmemcached = a a\n", ":5: [cache] memcached", "twice");
}

static void authorities_without_a_certificate_are_refused(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[songkick]\nca_file = /dev/null\n", ":5: [songkick] ca_file = /dev/null",
                 "no file that can be read; give the path of a PEM file");
    assert_fault(SERVABLE "[songkick]\nca_file = /etc/passwd\n", ":5:", "has no certificate in it");
}

static void a_missing_certificate_says_what_to_give(void **state)
{
    (void)state;
    assert_fault("[tls]\nkey = /k.pem\n", "[tls] certificate", "PEM");
}

static void a_missing_file_says_so(void **state)
{
    struct fault fault;
    (void)state;
    assert_null(config_load("/nonexistent/marquee.ini", false, &fault));
    assert_non_null(strstr(fault.text, "/nonexistent/marquee.ini"));
    assert_non_null(strstr(fault.text, "No such file"));
}

/* Whether there is a warning, with all of `words` (NULL ends them) in one line. */
static bool warned(const char *text, const char *const words[])
{
    struct fault fault;
    struct config *config = load(text, false, &fault);
    assert_non_null(config);
    bool warns = config_warns(config, 0, &fault);
    config_unref(config);
    for (; warns && *words != NULL; words++)
        assert_non_null(strstr(fault.text, *words));
    if (warns)
        assert_null(strchr(fault.text, '\n'));
    return warns;
}

static void a_memory_too_small_for_the_largest_document_is_warned_of(void **state)
{
    static const char *const no_words[] = {NULL};
    static const char *const words[] = {":2:", "memory_mb = 8", "max_document_bytes = 8388608",
                                        "give memory_mb = 42", NULL};
    (void)state;
    assert_false(warned("", no_words));
    assert_true(warned("[cache]\nmemory_mb = 8\n", words));
    assert_true(warned("[cache]\nmemory_mb = 41\n", no_words));
    assert_false(warned("[cache]\nmemory_mb = 42\n", no_words));
    assert_false(warned("[cache]\nmemory_mb = 8\n[limits]\nmax_document_bytes = 1000000\n", no_words));
    assert_true(warned("[cache]\nmemory_mb = 1\n[limits]\nmax_document_bytes = 1073741824\n", no_words));
}

static void a_response_cut_off_before_its_document_is_given_up_is_warned_of(void **state)
{
    static const char *const no_words[] = {NULL};
    static const char *const words[] = {":2:", "[listen] response_deadline_ms = 5000",
                                        "[limits] document_deadline_ms = 8000", "give more than 8000", NULL};
    (void)state;
    assert_true(warned("[listen]\nresponse_deadline_ms = 5000\n", words));
    assert_true(warned("[listen]\nresponse_deadline_ms = 8000\n", no_words));
    assert_false(warned("[listen]\nresponse_deadline_ms = 8001\n", no_words));
    assert_false(
        warned("[listen]\nresponse_deadline_ms = 5000\n[limits]\ndocument_deadline_ms = 4999\n", no_words));
    assert_true(warned("[limits]\ndocument_deadline_ms = 30000\n", no_words));
}

static void a_lifetime_over_keep_s_is_warned_of(void **state)
{
    static const char *const words[] = {":2:", "[songkick] fresh_s = 90", "keep_s = 60", NULL};
    struct fault fault;
    (void)state;
    assert_true(warned("[songkick]\nfresh_s = 90\nkeep_s = 60\n[cache]\n", words));
    assert_false(warned("[songkick]\nkeep_s = 60\n", (const char *const[]){NULL}));
    struct config *config = load("[cache]\nmemory_mb = 8\n[songkick]\nkeep_s = 60\nfresh_s = 90\n"
                                 "venue_fresh_s = 61\n[songkick:own]\nartist = 7\napi_key = k\n",
                                 false, &fault);
    assert_non_null(config);
    assert_true(config_warns(config, 0, &fault));
    assert_true(config_warns(config, 1, &fault));
    assert_non_null(strstr(fault.text, "[songkick] fresh_s = 90"));
    assert_true(config_warns(config, 2, &fault));
    assert_non_null(strstr(fault.text, "[songkick] venue_fresh_s = 61"));
    assert_false(config_warns(config, 3, &fault));
    config_unref(config);
}

static void a_setting_that_became_a_constant_is_taken_with_a_warning(void **state)
{
    struct fault fault;
    (void)state;
    setenv("MARQUEE_SONGKICK_MAX_ANSWER_BYTES", "7", 1);
    struct config *config = load("[limits]\nmax_rounds = anything\n", false, &fault);
    unsetenv("MARQUEE_SONGKICK_MAX_ANSWER_BYTES");
    assert_non_null(config);
    assert_true(config_warns(config, 0, &fault));
    assert_non_null(strstr(fault.text, ":2: max_rounds in [limits] is a constant now"));
    assert_true(config_warns(config, 1, &fault));
    assert_non_null(strstr(fault.text, "environment: max_answer_bytes in [songkick] is a constant now"));
    assert_false(config_warns(config, 2, &fault));
    config_unref(config);
}

static void a_setting_is_taken_by_its_former_name_with_a_warning(void **state)
{
    struct fault fault;
    (void)state;
    struct config *config = load("[songkick]\npatience_ms = 77\n", false, &fault);
    assert_non_null(config);
    assert_int_equal(config_provider(config, translator_find("songkick", 8))->supplement_timeout_ms, 77);
    assert_true(config_warns(config, 0, &fault));
    assert_non_null(strstr(fault.text, ":2: patience_ms in [songkick] is called supplement_timeout_ms now"));
    assert_false(config_warns(config, 1, &fault));
    config_unref(config);
    assert_fault(SERVABLE "[songkick]\npatience_ms = 1\nsupplement_timeout_ms = 1\n", ":6:", "twice");
    assert_fault(SERVABLE "[songkick]\npatience_ms = x\n",
                 ":5:", "supplement_timeout_ms in [songkick] must be");
    assert_fault(SERVABLE "[songkick]\nmax_rounds = 1\n", ":5:", "no setting");
}

/* More than there is room for must do no harm: each provider may have all of them. */
static void warnings_of_former_settings_have_a_maximum(void **state)
{
    static char text[8000];
    struct fault fault;
    size_t n = 0;
    (void)state;
    for (int i = 0; i < 100; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "[songkick]\nmax_answer_bytes = %d\n", i);
    struct config *config = load(text, false, &fault);
    assert_non_null(config);
    while (config_warns(config, n, &fault))
        n++;
    assert_int_equal(n, CONFIG_MAX_REMARKS);
    config_unref(config);
}

static void the_environment_wins_over_the_file(void **state)
{
    struct fault fault;
    (void)state;
    setenv("MARQUEE_CACHE_MEMORY_MB", "7", 1);
    setenv("MARQUEE_SONGKICK_API_KEY", "from-env", 1);
    struct config *config = load("[cache]\nmemory_mb = 3\n", false, &fault);
    unsetenv("MARQUEE_CACHE_MEMORY_MB");
    unsetenv("MARQUEE_SONGKICK_API_KEY");
    assert_non_null(config);
    assert_int_equal(config->cache.memory_mb, 7);
    assert_string_equal(config_provider(config, translator_find("songkick", 8))->api_key, "from-env");
    config_unref(config);
}

static void an_unknown_variable_is_a_fault_that_names_it(void **state)
{
    struct fault fault;
    (void)state;
    setenv("MARQUEE_CACHE_MEMORY", "7", 1);
    struct config *config = load("", false, &fault);
    unsetenv("MARQUEE_CACHE_MEMORY");
    assert_null(config);
    assert_non_null(strstr(fault.text, "MARQUEE_CACHE_MEMORY"));
}

static void a_secret_is_never_in_a_message(void **state)
{
    struct fault fault;
    (void)state;
    assert_null(load("[songkick]\napi_key = hush-hush\napi_key = hush-hush\n", false, &fault));
    assert_null(strstr(fault.text, "hush"));
}

static void a_key_comes_from_its_file_without_the_line_end(void **state)
{
    char path[] = "/tmp/marquee-key-XXXXXX", text[128];
    struct fault fault;
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "  k3y\n", 6), 6);
    close(fd);
    snprintf(text, sizeof(text), "[songkick]\napi_key_file = %s\n", path);
    struct config *config = load(text, false, &fault);
    assert_non_null(config);
    assert_string_equal(config_provider(config, translator_find("songkick", 8))->api_key, "k3y");
    config_unref(config);
    assert_int_equal(truncate(path, 0), 0);
    assert_null(load(text, false, &fault));
    assert_non_null(strstr(fault.text, "is empty"));
    unlink(path);
}

static void musicbrainz_is_asked_only_with_a_contact(void **state)
{
    struct fault fault;
    struct config *config = load("", false, &fault);
    const struct provider_config *source = config_provider(config, translator_named("musicbrainz"));
    (void)state;
    assert_non_null(source);
    assert_false(config_may_ask(source));
    assert_true(config_may_ask(config_provider(config, translator_named("songkick"))));
    assert_int_equal(source->requests_per_s, 1);
    assert_int_equal(source->supplement_timeout_ms, 500);
    config_unref(config);

    config = load("[musicbrainz]\ncontact = https://marquee.example/about\n", false, &fault);
    assert_true(config_may_ask(config_provider(config, translator_named("musicbrainz"))));
    config_unref(config);
    config = load("[musicbrainz]\ncontact = a@b.example\nenabled = no\n", false, &fault);
    assert_false(config_may_ask(config_provider(config, translator_named("musicbrainz"))));
    config_unref(config);
}

static void a_contact_that_would_break_a_header_is_refused(void **state)
{
    (void)state;
    assert_fault(SERVABLE "[musicbrainz]\ncontact = ops (at) marquee.example\n", "[musicbrainz] contact",
                 "without brackets");
    assert_fault(SERVABLE "[musicbrainz]\ncontact = \xC3\xA4@marquee.example\n", "[musicbrainz] contact",
                 "ASCII");
}

static void a_providers_own_limits_are_the_default(void **state)
{
    struct fault fault;
    struct config *config = load("[ticketmaster]\nrequests_per_s = 5\n", false, &fault);
    const struct provider_config *ticketmaster = config_provider(config, translator_named("ticketmaster"));
    (void)state;
    assert_int_equal(ticketmaster->requests_per_s, 5);
    assert_int_equal(ticketmaster->requests_per_day, 5000);
    assert_int_equal(config_provider(config, translator_named("songkick"))->requests_per_day, 0);
    config_unref(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_serve_when_certificate_and_key_are_given),
        cmocka_unit_test(comments_and_providers_are_read),
        cmocka_unit_test(an_unknown_key_is_named_with_its_line),
        cmocka_unit_test(an_unknown_section_is_named_even_when_it_is_empty),
        cmocka_unit_test(what_a_section_lacks_is_wrong_where_it_begins),
        cmocka_unit_test(a_number_that_is_none_is_refused),
        cmocka_unit_test(a_setting_given_twice_is_refused),
        cmocka_unit_test(a_line_that_says_nothing_is_refused),
        cmocka_unit_test(a_line_too_long_is_refused_and_not_cut),
        cmocka_unit_test(an_upstream_without_tls_is_refused),
        cmocka_unit_test(keeping_longer_than_the_terms_allow_is_refused),
        cmocka_unit_test(no_provider_is_kept_for_longer_than_its_terms_allow),
        cmocka_unit_test(no_lifetime_is_longer_than_the_terms_allow),
        cmocka_unit_test(asking_more_often_than_the_rules_allow_is_refused),
        cmocka_unit_test(addresses_that_cannot_be_listened_on_are_refused),
        cmocka_unit_test(a_list_of_servers_that_is_none_is_refused),
        cmocka_unit_test(authorities_without_a_certificate_are_refused),
        cmocka_unit_test(a_missing_certificate_says_what_to_give),
        cmocka_unit_test(a_missing_file_says_so),
        cmocka_unit_test(a_memory_too_small_for_the_largest_document_is_warned_of),
        cmocka_unit_test(a_response_cut_off_before_its_document_is_given_up_is_warned_of),
        cmocka_unit_test(a_lifetime_over_keep_s_is_warned_of),
        cmocka_unit_test(a_setting_that_became_a_constant_is_taken_with_a_warning),
        cmocka_unit_test(a_setting_is_taken_by_its_former_name_with_a_warning),
        cmocka_unit_test(warnings_of_former_settings_have_a_maximum),
        cmocka_unit_test(the_environment_wins_over_the_file),
        cmocka_unit_test(an_unknown_variable_is_a_fault_that_names_it),
        cmocka_unit_test(a_secret_is_never_in_a_message),
        cmocka_unit_test(a_key_comes_from_its_file_without_the_line_end),
        cmocka_unit_test(musicbrainz_is_asked_only_with_a_contact),
        cmocka_unit_test(a_contact_that_would_break_a_header_is_refused),
        cmocka_unit_test(a_providers_own_limits_are_the_default),
    };
    return cmocka_run_group_tests_name("service/config", tests, NULL, NULL);
}
