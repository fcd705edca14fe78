/* Which settings a reload cannot change. Values and their faults: config_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/config/settings.h"

static struct config *load(void)
{
    struct fault fault;
    struct config *config = config_load(NULL, false, &fault);
    if (config == NULL)
        fail_msg("%s", fault.text);
    return config;
}

/* Gives it another value than its default. */
static void change(const struct setting *setting, struct config *config)
{
    char value[64];
    struct fault reason;
    if (setting->type == SETTING_COUNT || setting->type == SETTING_BYTES)
        snprintf(value, sizeof(value), "%llu", setting->max);
    else
        snprintf(value, sizeof(value), "%s",
                 setting->type == SETTING_BOOL ? "no" : "https://another.example");
    assert_true(setting_assign(setting, config, value, &reason));
}

static bool is_one_of(const char *name, const char *const names[])
{
    for (; *names != NULL; names++) {
        if (strcmp(name, *names) == 0)
            return true;
    }
    return false;
}

static bool is_taken(const struct setting *setting)
{
    static const char *const read_once[] = {"listen", "cache", "site", NULL};
    static const char *const taken[] = {
        "drain_ms",           "open_pages", "acme_directory", "not_found_fresh_s", "gone_after_s",
        "incomplete_fresh_s", NULL};
    if (is_one_of(setting->section, read_once))
        return is_one_of(setting->key, taken);
    return true;
}

/* They were listed far from the table. */
static void every_setting_that_a_reload_cannot_change_needs_a_restart(void **state)
{
    unsigned tried = 0;
    (void)state;
    struct config *before = load();
    for (const struct setting *setting = settings; setting->section != NULL; setting++) {
        struct config *next = load();
        change(setting, next);
        const char *section = settings_need_restart(before, next, 0);
        if ((section == NULL) != is_taken(setting))
            fail_msg("[%s] %s", setting->section, setting->key);
        if (section != NULL)
            assert_string_equal(section, setting->section);
        assert_null(settings_need_restart(before, next, 1));
        config_unref(next);
        tried++;
    }
    assert_true(tried > 20);
    config_unref(before);
}

static void a_section_is_named_once(void **state)
{
    static const char *const sections[] = {"listen", "site", "cache"};
    struct config *before = load(), *next = load();
    (void)state;
    assert_null(settings_need_restart(before, next, 0));
    for (const struct setting *setting = settings; setting->section != NULL; setting++)
        change(setting, next);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(settings_need_restart(before, next, i), sections[i]);
    assert_null(settings_need_restart(before, next, 3));
    config_unref(before);
    config_unref(next);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_setting_that_a_reload_cannot_change_needs_a_restart),
        cmocka_unit_test(a_section_is_named_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
