/* Texts in templates: which braces are theirs, what stands in their gaps, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/page/texts.h"

static const struct strings odd = {.language = "xx",
                                   .texts = {[STRING_WITH] = "<mit> {1}",
                                             [STRING_FRIDAY] = "Fr",
                                             [STRING_MARCH] = "M\"rz",
                                             [STRING_DATE] = "{4}-{3}-{2} {1}",
                                             [STRING_NAME_AND_CITY] = "{2}: {1}, {2}"}};

static void assert_put(const char *template, const char *expected)
{
    struct fault fault;
    struct buffer out = BUFFER_INIT(1024);
    if (!texts_put(template, strlen(template), &odd, &out, &fault))
        fail_msg("%s: %s", template, fault.text);
    buffer_append(&out, "", 1);
    assert_string_equal(out.bytes, expected);
    buffer_done(&out);
}

static void assert_refused(const char *template, const char *why)
{
    struct fault fault;
    struct buffer out = BUFFER_INIT(1024);
    assert_false(texts_put(template, strlen(template), &odd, &out, &fault));
    assert_string_equal(fault.text, why);
    buffer_done(&out);
}

static void texts_are_put_in_and_nothing_else_is_touched(void **state)
{
    (void)state;
    assert_put("", "");
    assert_put("<p lang=\"{{LANGUAGE}}\">{{FRIDAY}}, {{name}}", "<p lang=\"xx\">Fr, {{name}}");
    assert_put("{{#x}}{{^y}}{{{list}}}{{/y}}{{/x}} {{ dates | safe }} {{&lt; x &gt;}} {{",
               "{{#x}}{{^y}}{{{list}}}{{/y}}{{/x}} {{ dates | safe }} {{&lt; x &gt;}} {{");
}

static void what_html_takes_for_its_own_is_escaped_in_texts_alone(void **state)
{
    (void)state;
    assert_put("{{MARCH}}", "M&quot;rz");
    assert_put("{{#WITH}}<b>{{name}}</b>{{/WITH}}", "&lt;mit&gt; <b>{{name}}</b>");
}

static void gaps_hold_texts_and_sections_in_the_order_of_the_language(void **state)
{
    (void)state;
    assert_put("{{#DATE}}{{FRIDAY}}{{|}}12{{|}}{{MARCH}}{{|}}{{#y}}2027{{/y}}{{/DATE}}.",
               "{{#y}}2027{{/y}}-M&quot;rz-12 Fr.");
    assert_put("{{#NAME_AND_CITY}}{{#WITH}}a{{/WITH}}{{|}}b{{/NAME_AND_CITY}}", "b: &lt;mit&gt; a, b");
    assert_put("{{#NAME_AND_CITY}}{{|}}{{/NAME_AND_CITY}}", ": , ");
}

static void what_does_not_fit_is_refused_by_name(void **state)
{
    (void)state;
    assert_refused("{{NOWHERE}}", "NOWHERE: no such text");
    assert_refused("{{SUNDAY}}", "SUNDAY: no such text"); /* not in this language */
    assert_refused("{{WITH}}", "WITH: has more gaps than are filled here");
    assert_refused("{{#WITH}}a{{|}}b{{/WITH}}", "WITH: has fewer gaps than are filled here");
    assert_refused("{{#FRIDAY}}{{/FRIDAY}}", "FRIDAY: has fewer gaps than are filled here");
    assert_refused("{{#WITH}}a", "WITH: its block has no end, or too many values");
    assert_refused("{{#WITH}}a{{/DATE}}", "WITH: another block ends here");
    assert_refused("a{{/WITH}}", "WITH: ends a block that was not begun");
    assert_refused("a{{|}}b", ": ends a block that was not begun");
    assert_refused("{{#WITH}}1{{|}}2{{|}}3{{|}}4{{|}}5{{|}}6{{|}}7{{|}}8{{|}}9{{|}}10{{/WITH}}",
                   "WITH: its block has no end, or too many values");
    assert_refused("{{#WITH}}{{#WITH}}{{#WITH}}{{#WITH}}a{{/WITH}}{{/WITH}}{{/WITH}}{{/WITH}}",
                   "texts are nested too deep");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_put_in_and_nothing_else_is_touched),
        cmocka_unit_test(what_html_takes_for_its_own_is_escaped_in_texts_alone),
        cmocka_unit_test(gaps_hold_texts_and_sections_in_the_order_of_the_language),
        cmocka_unit_test(what_does_not_fit_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
