/* Filling templates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/page/template.h"

static void assert_filled(const char *text, const char *json, const char *want)
{
    struct buffer out = BUFFER_INIT(4096);
    json_t *data = json_loads(json, 0, NULL);
    assert_non_null(data);
    assert_true(template_expand(text, strlen(text), data, &out));
    assert_string_equal(out.bytes != NULL ? out.bytes : "", want);
    json_decref(data);
    buffer_done(&out);
}

static void assert_refused(const char *text)
{
    struct buffer out = BUFFER_INIT(4096);
    json_t *data = json_loads("{\"a\":true}", 0, NULL);
    assert_false(template_expand(text, strlen(text), data, &out));
    json_decref(data);
    buffer_done(&out);
}

static void a_text_never_becomes_markup(void **state)
{
    (void)state;
    assert_filled("<p title=\"{{a}}\">{{a}}</p>", "{\"a\":\"</p><img src='x'>&\\\"\"}",
                  "<p title=\"&lt;/p&gt;&lt;img src=&#39;x&#39;&gt;&amp;&quot;\">"
                  "&lt;/p&gt;&lt;img src=&#39;x&#39;&gt;&amp;&quot;</p>");
    assert_filled("{{a}}", "{\"a\":\"{{b}}\",\"b\":\"no\"}", "{{b}}");
    assert_filled("{{{a}}}", "{\"a\":\"<b>\"}", "<b>");
}

static void sections_repeat_and_leave_out(void **state)
{
    (void)state;
    assert_filled("{{#l}}[{{n}}{{o}}]{{/l}}", "{\"o\":\"!\",\"l\":[{\"n\":1},{\"n\":\"b\"}]}", "[1!][b!]");
    assert_filled("{{#l}}{{.}},{{/l}}", "{\"l\":[\"a\",\"<\"]}", "a,&lt;,");
    assert_filled("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":true}", "yes");
    const char *nothings[] = {"{}",           "{\"a\":false}", "{\"a\":[]}",
                              "{\"a\":\"\"}", "{\"a\":0}",     "{\"a\":null}"};
    for (size_t i = 0; i < sizeof(nothings) / sizeof(nothings[0]); i++)
        assert_filled("{{#a}}yes{{/a}}{{^a}}no{{/a}}", nothings[i], "no");
}

static void braces_of_other_tools_stand_for_themselves(void **state)
{
    (void)state;
    assert_filled("{{ with a }} {{a }} {{A}} {a} {{", "{\"a\":\"x\"}", "{{ with a }} {{a }} {{A}} {a} {{");
    assert_filled("{{unknown}}.", "{}", ".");
}

static void what_is_not_closed_is_refused(void **state)
{
    (void)state;
    assert_refused("{{#a}}");
    assert_refused("{{/a}}");
    assert_refused("{{#a}}{{#b}}{{/a}}{{/b}}");
    assert_refused("{{#a}}{{/a}}{{/a}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_never_becomes_markup),
        cmocka_unit_test(sections_repeat_and_leave_out),
        cmocka_unit_test(braces_of_other_tools_stand_for_themselves),
        cmocka_unit_test(what_is_not_closed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
