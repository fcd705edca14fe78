/* Sections with a key of their own: whom they serve, what they take over, and what is wrong with them. */
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
#include "service/config/config_load.h"
#include "service/config/key_section.h"

#define OWN "[bandsintown:milky-chance]\nartist = id_123\napi_key = own\n"

/* Loads a file of this text; the file is gone afterwards. */
static struct config *load(const char *text, struct fault *fault)
{
    char path[] = "/tmp/marquee-keys-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    struct config *config = config_load(path, false, fault);
    unlink(path);
    return config;
}

static struct config *load_good(const char *text)
{
    struct fault fault;
    struct config *config = load(text, &fault);
    if (config == NULL)
        fail_msg("%s", fault.text);
    return config;
}

static void assert_fault(const char *text, const char *section, const char *words)
{
    struct fault fault;
    assert_null(load(text, &fault));
    assert_non_null(strstr(fault.text, section));
    assert_non_null(strstr(fault.text, words));
    assert_null(strchr(fault.text, '\n'));
}

static const struct translator *bandsintown(void)
{
    return translator_find("bandsintown", 11);
}

static const char *key_for(const struct config *config, enum subject subject, const char *id)
{
    return key_section_for(config, bandsintown(), subject, id)->api_key;
}

static void a_key_of_its_own_serves_that_artist_alone(void **state)
{
    struct config *config = load_good("[bandsintown]\napi_key = default\n" OWN);
    (void)state;
    assert_string_equal(key_for(config, SUBJECT_ARTIST, "id_123"), "own");
    assert_string_equal(key_for(config, SUBJECT_ARTIST, "id_1234"), "default");
    assert_string_equal(key_for(config, SUBJECT_SEARCH, "id_123"), "default");
    assert_string_equal(config_provider(config, bandsintown())->api_key, "default");
    assert_string_equal(
        key_section_for(config, translator_find("songkick", 8), SUBJECT_ARTIST, "id_123")->section,
        "songkick");
    config_unref(config);
}

static void an_mbid_is_one_artist_in_upper_and_lower_case(void **state)
{
    struct config *config = load_good("[bandsintown:upper]\n"
                                      "artist = mbid:0B1C2D3E-4F50-4A61-8B72-9C83AD94BE01\napi_key = own\n");
    (void)state;
    assert_string_equal(key_for(config, SUBJECT_ARTIST, "mbid:0b1c2d3e-4f50-4a61-8b72-9c83ad94be01"), "own");
    config_unref(config);
    assert_fault("[bandsintown:upper]\nartist = mbid:0B1C2D3E-4F50-4A61-8B72-9C83AD94BE01\napi_key = k\n"
                 "[bandsintown:lower]\nartist = mbid:0b1c2d3e-4f50-4a61-8b72-9c83ad94be01\napi_key = k\n",
                 "[bandsintown:lower]", "same artist");
}

static void a_provider_serves_with_a_key_of_whomever(void **state)
{
    struct config *config = load_good(OWN "[songkick]\napi_key = k\n");
    (void)state;
    assert_true(key_section_exists(config, bandsintown()));
    assert_true(key_section_serves(config, bandsintown()));
    assert_false(key_section_exists(config, translator_find("songkick", 8)));
    assert_true(key_section_serves(config, translator_find("songkick", 8)));
    assert_false(key_section_serves(config, translator_find("ticketmaster", 12)));
    config_unref(config);
}

static void without_a_default_key_there_is_none_for_others(void **state)
{
    struct config *config = load_good(OWN);
    (void)state;
    assert_string_equal(key_for(config, SUBJECT_ARTIST, "id_123"), "own");
    assert_null(key_for(config, SUBJECT_ARTIST, "id_9"));
    config_unref(config);
}

static void all_else_is_the_providers_wherever_it_stands(void **state)
{
    struct config *config =
        load_good(OWN "[bandsintown]\nbase_url = https://api.test:8/b\nfresh_s = 60\nhttp2 = no\n"
                      "contact = https://me.example/\ntimeout_ms = 4321\n");
    (void)state;
    const struct provider_config *own = key_section_for(config, bandsintown(), SUBJECT_ARTIST, "id_123");
    assert_string_equal(own->section, "bandsintown:milky-chance");
    assert_string_equal(own->base_url, "https://api.test:8/b");
    assert_string_equal(own->contact, "https://me.example/");
    assert_int_equal(own->fresh_s, 60);
    assert_int_equal(own->keep_s, 86400);
    assert_int_equal(own->timeout_ms, 4321);
    assert_true(own->enabled);
    assert_false(own->http2);
    config_unref(config);
}

static void a_provider_that_is_switched_off_is_off_for_all_keys(void **state)
{
    struct config *config = load_good("[bandsintown]\nenabled = no\n[bandsintown:x]\nartist = id_1\n");
    (void)state;
    assert_false(key_section_for(config, bandsintown(), SUBJECT_ARTIST, "id_1")->enabled);
    config_unref(config);
}

static void the_key_may_come_from_the_environment(void **state)
{
    (void)state;
    setenv("MARQUEE_BANDSINTOWN_MILKY_CHANCE_API_KEY", "from-env", 1);
    setenv("MARQUEE_BANDSINTOWN_API_KEY", "default-from-env", 1);
    struct config *config = load_good("[bandsintown:milky-chance]\nartist = id_123\n");
    unsetenv("MARQUEE_BANDSINTOWN_MILKY_CHANCE_API_KEY");
    unsetenv("MARQUEE_BANDSINTOWN_API_KEY");
    assert_string_equal(key_for(config, SUBJECT_ARTIST, "id_123"), "from-env");
    assert_string_equal(key_for(config, SUBJECT_ARTIST, "id_9"), "default-from-env");
    config_unref(config);
}

static void assert_credential(const char *file_name)
{
    char directory[] = "/tmp/marquee-credentials-XXXXXX", path[100];
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/%s", directory, file_name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("credential\n", file);
    fclose(file);
    setenv("CREDENTIALS_DIRECTORY", directory, 1);
    struct config *config = load_good("[bandsintown:milky-chance]\nartist = id_123\n");
    unsetenv("CREDENTIALS_DIRECTORY");
    unlink(path);
    rmdir(directory);
    assert_string_equal(key_for(config, SUBJECT_ARTIST, "id_123"), "credential");
    config_unref(config);
}

static void the_key_may_be_a_credential_of_systemd_alone_or_of_a_directory(void **state)
{
    (void)state;
    assert_credential("bandsintown.milky-chance.key");
    assert_credential("keys_bandsintown.milky-chance.key");
}

static void a_section_that_cannot_be_is_named_with_its_line(void **state)
{
    (void)state;
    assert_fault("[nobody:x]\n", ":1: [nobody:x]", "no provider that has keys");
    assert_fault("[musicbrainz:x]\n", ":1: [musicbrainz:x]", "no provider that has keys");
    assert_fault("[bandsintown:]\n", ":1: [bandsintown:]", "a to z, 0 to 9 and hyphens");
    assert_fault("[bandsintown:Milky Chance]\n", ":1:", "a to z, 0 to 9 and hyphens");
    assert_fault("[bandsintown:abcdefghijklmnopqrstuvwxyz0123456789-]\n", ":1:", "at most 47 bytes");
}

static void what_a_section_may_not_say_is_no_setting(void **state)
{
    (void)state;
    assert_fault(OWN "fresh_s = 60\n", ":4:", "no setting \"fresh_s\" in [bandsintown:milky-chance]");
    assert_fault("[bandsintown]\nartist = id_123\n", ":2:", "no setting \"artist\" in [bandsintown]");
    assert_fault(OWN "[log]\n" OWN, ":6:", "given twice");
}

static void a_section_needs_an_artist_and_a_key(void **state)
{
    (void)state;
    assert_fault("[bandsintown:x]\napi_key = k\n", "[bandsintown:x]", "id_ and digits");
    assert_fault("[bandsintown:x]\napi_key = k\nartist = 123\n", "[bandsintown:x]", "id_ and digits");
    assert_fault("[bandsintown:x]\nartist = id_1\n", "[bandsintown:x]", "has no key");
}

static void two_sections_for_one_artist_are_refused(void **state)
{
    (void)state;
    assert_fault(OWN "[bandsintown:again]\nartist = id_123\napi_key = k\n", "[bandsintown:again]",
                 "same artist");
}

static void there_are_sixty_four_sections_and_no_more(void **state)
{
    char text[8192] = "";
    struct fault fault;
    size_t len = 0;
    (void)state;
    for (int i = 0; i < CONFIG_MAX_KEYS; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len,
                                "[bandsintown:a%d]\nartist = id_%d\napi_key = k\n", i, i + 1);
    struct config *config = load(text, &fault);
    assert_non_null(config);
    assert_string_equal(key_section_for(config, bandsintown(), SUBJECT_ARTIST, "id_64")->section,
                        "bandsintown:a63");
    config_unref(config);
    snprintf(text + len, sizeof(text) - len, "[songkick:one-more]\n");
    assert_fault(text, "[songkick:one-more]", "more than 64");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_of_its_own_serves_that_artist_alone),
        cmocka_unit_test(an_mbid_is_one_artist_in_upper_and_lower_case),
        cmocka_unit_test(a_provider_serves_with_a_key_of_whomever),
        cmocka_unit_test(without_a_default_key_there_is_none_for_others),
        cmocka_unit_test(all_else_is_the_providers_wherever_it_stands),
        cmocka_unit_test(a_provider_that_is_switched_off_is_off_for_all_keys),
        cmocka_unit_test(the_key_may_come_from_the_environment),
        cmocka_unit_test(the_key_may_be_a_credential_of_systemd_alone_or_of_a_directory),
        cmocka_unit_test(a_section_that_cannot_be_is_named_with_its_line),
        cmocka_unit_test(what_a_section_may_not_say_is_no_setting),
        cmocka_unit_test(a_section_needs_an_artist_and_a_key),
        cmocka_unit_test(two_sections_for_one_artist_are_refused),
        cmocka_unit_test(there_are_sixty_four_sections_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
