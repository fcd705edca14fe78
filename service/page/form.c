/* Reading the form. Parameters are checked by route.c alone; here they are only passed on. What was
 * pasted: form_paste.c. */
#include "form.h"

#include <stdio.h>
#include <string.h>

#include "form_paste.h"
#include "service/document/decode.h"
#include "service/document/route.h"
#include "translators/base/query.h"
#include "translators/base/strings.h"

static const char *const field_names[FORM_FIELDS] = {
    [FORM_Q] = "q",
    [FORM_PICK] = "pick",
    [FORM_PICKED] = "picked",
    [FORM_PICKED_ID] = "picked_id",
    [FORM_AS] = "as",
    [FORM_PROVIDER] = "provider",
    [FORM_NAME] = "name",
    [FORM_WEBURL] = "weburl",
    [FORM_PAGES] = "pages",
    [FORM_IMAGE] = "image",
    [FORM_EVENTURL] = "eventurl",
    [FORM_FORMAT] = "format",
    [FORM_MARKUP] = "markup",
    [FORM_LIMIT] = "limit",
    [FORM_CALENDAR] = "calendar",
    [FORM_LANG] = "lang",
    [FORM_UI] = "ui",
};

/* The fields that are parameters of the link. */
static const struct {
    enum form_field field;
    enum parameter_index parameter;
} options[] = {
    {FORM_NAME, PARAMETER_NAME},     {FORM_WEBURL, PARAMETER_WEBURL},     {FORM_PAGES, PARAMETER_PAGES},
    {FORM_IMAGE, PARAMETER_IMAGE},   {FORM_EVENTURL, PARAMETER_EVENTURL}, {FORM_FORMAT, PARAMETER_FORMAT},
    {FORM_MARKUP, PARAMETER_MARKUP}, {FORM_LIMIT, PARAMETER_LIMIT},       {FORM_CALENDAR, PARAMETER_CALENDAR},
    {FORM_LANG, PARAMETER_LANG},
};
enum { N_OPTIONS = sizeof(options) / sizeof(options[0]) };

const char *form_field_name(enum form_field field)
{
    return field_names[field];
}

/* ---- fields ---- */

/* What comes along when people copy from pages and chats: blanks, also those that nobody sees. */
static const char *const blanks[] = {
    " ", "\xc2\xa0", "\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x81\xa0", "\xef\xbb\xbf"};

/* The bytes of a blank that text begins with, or ends with; 0: of none. */
static size_t blank_at(const char *text, size_t len, bool end)
{
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        size_t n = strlen(blanks[i]);
        if (n <= len && memcmp(end ? text + len - n : text, blanks[i], n) == 0)
            return n;
    }
    return 0;
}

static void trim(char *text)
{
    size_t len = strlen(text), from = 0, n;
    while ((n = blank_at(text, len, true)) > 0)
        len -= n;
    while ((n = blank_at(text + from, len - from, false)) > 0)
        from += n;
    memmove(text, text + from, len - from);
    text[len - from] = '\0';
}

/* What somebody chose for the page wins, then the language of the list, then the browser's. American English
 * is one of lists alone. */
static void choose_language(struct form *form)
{
    static const enum form_field fields[] = {FORM_LANG, FORM_UI};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const struct strings *chosen = strings_of_tag(form->value[fields[i]]);
        if (chosen != NULL)
            form->strings = chosen == &strings_english_us ? &strings_english : chosen;
    }
}

/* A list is in the language of the page until somebody chooses another one. */
static void choose_list_language(struct form *form)
{
    form->is_list_chosen = form->value[FORM_LANG][0] != '\0';
    if (!form->is_list_chosen && form->strings != strings_chosen())
        snprintf(form->value[FORM_LANG], sizeof(form->value[FORM_LANG]), "%s", form->strings->language);
}

/* `why` is of each field; its words come when the language is known. */
static void take_field(struct form *form, const char *name, size_t name_len, const char *value, size_t len,
                       enum string_id why[FORM_FIELDS])
{
    size_t decoded_len;
    for (int i = 0; i < FORM_FIELDS; i++) {
        if (strlen(field_names[i]) != name_len || memcmp(field_names[i], name, name_len) != 0)
            continue;
        if (!decode_typed(value, len, form->value[i], ROUTE_URL_MAX_BYTES, &decoded_len, &why[i]))
            form->value[i][0] = '\0';
        trim(form->value[i]);
    }
}

static void take_fields(struct form *form, const char *query, const char *end)
{
    enum string_id why[FORM_FIELDS] = {STRING_NONE};
    struct query_pair pair;
    while (query_next(&query, end, &pair)) {
        if (pair.value != NULL)
            take_field(form, pair.name, pair.name_len, pair.value, pair.value_len, why);
    }
    choose_language(form);
    for (int i = 0; i < FORM_FIELDS; i++) {
        if (why[i] != STRING_NONE)
            snprintf(form->fault[i], sizeof(form->fault[i]), "%s", form->strings->texts[why[i]]);
    }
}

static void empty(struct form *form, const struct strings *strings)
{
    form->strings = strings;
    form->state = FORM_FAULTY;
    form->trouble = FORM_NO_TROUBLE;
    form->unserved = NULL;
    form->may_be_name = form->is_list_chosen = false;
    form->format = formats[0];
    form->markup = MARKUP_BOTH;
    form->id_fault[0] = '\0';
    for (int i = 0; i < FORM_FIELDS; i++)
        form->value[i][0] = form->fault[i][0] = '\0';
}

/* Is any of the texts, one for each of the first `n` fields, not empty? */
static bool any(const char *texts, size_t size, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (texts[i * size] != '\0')
            return true;
    }
    return false;
}

/* ---- the document to show ---- */

/* "artist.example" is what people call an address. */
static const char *with_scheme(enum form_field field, const char *value)
{
    bool address =
        field == FORM_WEBURL || field == FORM_EVENTURL || field == FORM_PAGES || field == FORM_IMAGE;
    return address && strstr(value, "://") == NULL && strchr(value, '.') != NULL ? "https://" : "";
}

/* The first fault of a field is the one to mend. */
static void note_fault(struct form *form, enum form_field field, const char *reason)
{
    if (form->fault[field][0] == '\0')
        snprintf(form->fault[field], sizeof(form->fault[field]), "%s", reason);
}

static void note_faults(struct form *form, const struct route_result *result, bool with_id)
{
    for (size_t i = 0; i < result->n_faults; i++) {
        const struct route_fault *fault = &result->faults[i];
        enum form_field field = FORM_FIELDS;
        for (size_t k = 0; k < N_OPTIONS; k++) {
            if (options[k].parameter == fault->index)
                field = options[k].field;
        }
        if (field < FORM_FIELDS)
            note_fault(form, field, fault->reason);
        else if (with_id)
            snprintf(form->id_fault, sizeof(form->id_fault), "%s", fault->reason);
    }
}

static bool is_faulty(const struct form *form)
{
    return form->trouble != FORM_NO_TROUBLE || form->id_fault[0] != '\0' ||
           any(form->fault[0], sizeof(form->fault[0]), FORM_FIELDS);
}

static void take_option(struct route_parse *parse, enum parameter_index parameter, enum form_field field,
                        const char *value)
{
    char text[ROUTE_URL_MAX_BYTES + sizeof("https://")];
    if (value[0] == '\0')
        return;
    snprintf(text, sizeof(text), "%s%s", with_scheme(field, value), value);
    route_take(parse, parameter, text);
}

/* Has the service check options, or a search's words, as it would those of a link. `text` is the id, or what
 * to search for; NULL: it is not known. */
static void check_as(struct form *form, enum subject subject, const char *text, struct route_result *result)
{
    const struct translator *translator = form->provider != NULL ? form->provider : translator_first;
    struct route_parse parse;
    if (!route_begin(&parse, translator, subject, result))
        return;
    parse.strings = form->strings;
    if (text != NULL)
        route_take(&parse, subject == SUBJECT_SEARCH ? PARAMETER_Q : PARAMETER_ID, text);
    for (size_t i = 0; i < N_OPTIONS && subject != SUBJECT_SEARCH; i++)
        take_option(&parse, options[i].parameter, options[i].field, form->value[options[i].field]);
    route_end(&parse);
    if (result->target != ROUTE_DOCUMENT)
        note_faults(form, result, text != NULL);
}

/* Says all faults at once, those of options too when q is not understood. */
static void check(struct form *form, const struct meaning *meaning, struct route_result *result)
{
    const char *format = form->value[FORM_FORMAT], *markup = form->value[FORM_MARKUP];
    bool search = meaning->is_found && meaning->subject == SUBJECT_SEARCH;
    if (search || !meaning->is_found)
        check_as(form, SUBJECT_ARTIST, NULL, result);
    if (meaning->is_found)
        check_as(form, meaning->subject, meaning->text, result);
    if (format_find(format, strlen(format)) != NULL)
        form->format = format_find(format, strlen(format));
    if (strcmp(markup, "only") == 0 || strcmp(markup, "none") == 0)
        form->markup = strcmp(markup, "only") == 0 ? MARKUP_ONLY : MARKUP_NONE;
    if (form->format == &format_itemlist && form->value[FORM_EVENTURL][0] == '\0' &&
        form->value[FORM_PAGES][0] == '\0')
        note_fault(form, FORM_FORMAT, form->strings->texts[STRING_FORMAT_NEEDS_PAGES]);
}

/* Of a checked form. */
static void ask_for(struct form *form, const struct document_request *checked)
{
    form->state = route_is_search(checked) ? FORM_SEARCH : FORM_LINK;
    form->request = *checked;
    form->request.reader = form->strings != strings_chosen() ? form->strings : NULL;
    if (form->state == FORM_LINK) {
        form->request.format = &format_preview;
        form->request.markup = MARKUP_BOTH;
    }
    form->request.key_len = 0;
    route_build_key(&form->request);
}

const struct strings *form_language(const char *target, size_t len, const struct strings *preferred)
{
    const char *query = memchr(target, '?', len);
    struct form form;
    empty(&form, preferred);
    if (query != NULL)
        take_fields(&form, query + 1, target + len);
    return form.strings;
}

void form_parse(const struct config *config, const char *target, size_t len, const struct strings *preferred,
                struct form *ret)
{
    const char *query = memchr(target, '?', len);
    struct route_result result;
    struct meaning meaning = {.is_found = false};
    empty(ret, preferred);
    if (query != NULL)
        take_fields(ret, query + 1, target + len);
    form_choose_provider(config, ret);
    if (!is_faulty(ret) && !any(ret->value[0], sizeof(ret->value[0]), FORM_LANG)) {
        ret->state = FORM_BLANK;
        choose_list_language(ret);
        return;
    }
    if (ret->value[FORM_Q][0] != '\0' || ret->value[FORM_PICK][0] != '\0')
        form_find_meaning(config, ret, &meaning, &result);
    else if (ret->fault[FORM_Q][0] == '\0')
        ret->trouble = FORM_NOTHING_GIVEN;
    if (meaning.is_found && meaning.subject == SUBJECT_SEARCH && ret->provider->search == NULL)
        ret->trouble = FORM_NO_SEARCH;
    choose_list_language(ret);
    check(ret, &meaning, &result);
    if (!is_faulty(ret))
        ask_for(ret, &result.document);
}
