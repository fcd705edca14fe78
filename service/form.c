/* Reading the form. Parameters are checked by route.c alone; here it is only found out what was pasted. */
#include "form.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "../translators/identity.h"
#include "config.h"
#include "decode.h"
#include "key_section.h"

static const char *const field_names[FORM_FIELDS] = {
    [FORM_Q] = "q",
    [FORM_PICK] = "pick",
    [FORM_AS] = "as",
    [FORM_PROVIDER] = "provider",
    [FORM_NAME] = "name",
    [FORM_WEBURL] = "weburl",
    [FORM_EVENTURL] = "eventurl",
    [FORM_FORMAT] = "format",
    [FORM_MARKUP] = "markup",
    [FORM_LIMIT] = "limit",
};

const char *form_field_name(enum form_field field)
{
    return field_names[field];
}

/* ---- fields ---- */

static void trim(char *text)
{
    size_t len = strlen(text), blanks = strspn(text, " ");
    while (len > blanks && text[len - 1] == ' ')
        len--;
    memmove(text, text + blanks, len - blanks);
    text[len - blanks] = '\0';
}

static void take_field(struct form *form, const char *name, size_t name_len, const char *value, size_t len)
{
    const char *why;
    size_t decoded_len;
    for (int i = 0; i < FORM_FIELDS; i++) {
        if (strlen(field_names[i]) != name_len || memcmp(field_names[i], name, name_len) != 0)
            continue;
        if (!decode_form(value, len, form->value[i], ROUTE_URL_MAX_BYTES, &decoded_len, &why)) {
            snprintf(form->fault[i], sizeof(form->fault[i]), "%s", why);
            form->value[i][0] = '\0';
        }
        trim(form->value[i]);
    }
}

static void take_fields(struct form *form, const char *query, const char *end)
{
    while (query < end) {
        const char *next = memchr(query, '&', (size_t)(end - query));
        if (next == NULL)
            next = end;
        const char *equals = memchr(query, '=', (size_t)(next - query));
        if (equals != NULL)
            take_field(form, query, (size_t)(equals - query), equals + 1, (size_t)(next - equals - 1));
        query = next + 1;
    }
}

/* ---- providers ---- */

const struct translator *form_provider(const struct config *config, size_t index)
{
    if (key_section_serves(config, translator_first) && index-- == 0)
        return translator_first;
    for (size_t i = 0; translators[i] != NULL; i++) {
        if (translators[i] != translator_first && key_section_serves(config, translators[i]) && index-- == 0)
            return translators[i];
    }
    return NULL;
}

static enum form_trouble why_unserved(const struct config *config, const struct translator *translator)
{
    return config_provider(config, translator)->enabled ? FORM_NO_KEY : FORM_SWITCHED_OFF;
}

const struct translator *form_unserved(const struct config *config, size_t index, enum form_trouble *ret_why)
{
    for (size_t i = 0; translators[i] != NULL; i++) {
        if (key_section_serves(config, translators[i]) || index-- > 0)
            continue;
        *ret_why = why_unserved(config, translators[i]);
        return translators[i];
    }
    return NULL;
}

/* Somebody wants what is of no use here. */
static void refuse_provider(const struct config *config, struct form *form,
                            const struct translator *translator)
{
    form->trouble = why_unserved(config, translator);
    form->unserved = translator;
}

/* Some providers' ids are words, as names are: a word is taken for an id when it holds a digit. */
static bool takes_id(const struct translator *translator, const char *text)
{
    const struct route *route = translator_route(translator, "artist", 6);
    return strpbrk(text, "0123456789") != NULL && route != NULL && route->id_ok(text);
}

/* Where none was chosen, an id says whose it is. */
static void choose_provider(const struct config *config, struct form *form)
{
    const char *name = form->value[FORM_PROVIDER];
    const struct translator *chosen = translator_find(name, strlen(name)), *other;
    form->provider = form_provider(config, 0);
    if (chosen != NULL && key_section_serves(config, chosen)) {
        form->provider = chosen;
        return;
    }
    for (size_t i = 0; (other = form_provider(config, i)) != NULL; i++) {
        if (takes_id(other, form->value[FORM_Q])) {
            form->provider = other;
            return;
        }
    }
}

/* ---- what was pasted ---- */

/* What q was understood as: a resource and an id, or "search" and what for. */
struct meaning {
    const char *resource;
    char text[ROUTE_URL_MAX_BYTES + 1];
};

static void mean(struct meaning *meaning, const char *resource, const char *text)
{
    meaning->resource = resource;
    snprintf(meaning->text, sizeof(meaning->text), "%s", text);
}

/* The page belongs to a provider: true, even when that one is of no use here. */
static bool mean_page(const struct config *config, struct form *form, struct meaning *meaning)
{
    struct recognised page;
    for (size_t i = 0; translators[i] != NULL; i++) {
        if (translators[i]->recognise == NULL || !translators[i]->recognise(form->value[FORM_Q], &page))
            continue;
        if (key_section_serves(config, translators[i])) {
            form->provider = translators[i];
            mean(meaning, page.resource, page.text);
        } else {
            refuse_provider(config, form, translators[i]);
        }
        return true;
    }
    return false;
}

/* The id that the page of a source is about, if it is one. */
static bool find_source_id(const char *url, struct recognised *ret)
{
    for (size_t i = 0; sources[i] != NULL; i++) {
        if (sources[i]->recognise != NULL && sources[i]->recognise(url, ret))
            return true;
    }
    return false;
}

/* A MusicBrainz id, alone, behind "mbid:" or in the address of MusicBrainz' page. */
static bool mean_mbid(struct form *form, struct meaning *meaning)
{
    struct recognised page;
    const char *q = form->value[FORM_Q];
    if (!find_source_id(q, &page))
        snprintf(page.text, sizeof(page.text), "mbid:%.120s", q + (strncasecmp(q, "mbid:", 5) == 0 ? 5 : 0));
    const struct route *route = translator_route(form->provider, "artist", 6);
    if (identity_mbid_of(page.text) == NULL)
        return false;
    if (route != NULL && route->id_ok(page.text))
        mean(meaning, "artist", page.text);
    else
        form->trouble = FORM_NO_MBID;
    return true;
}

/* A link that this form has made: its parameters become the form's where those are empty. */
static bool mean_own_link(const struct config *config, struct form *form, struct meaning *meaning,
                          struct route_result *scratch)
{
    const char *path = strstr(form->value[FORM_Q], "/api/");
    if (path == NULL)
        return false;
    route_parse(path, strlen(path), scratch);
    if (scratch->target != ROUTE_DOCUMENT || route_is_search(&scratch->document))
        return false;
    const struct document_request *link = &scratch->document;
    if (!key_section_serves(config, link->translator)) {
        refuse_provider(config, form, link->translator);
        return true;
    }
    const char *const given[FORM_FIELDS] = {[FORM_NAME] = link->name,
                                            [FORM_WEBURL] = link->weburl,
                                            [FORM_EVENTURL] = link->eventurl,
                                            [FORM_FORMAT] = link->format->name};
    for (int i = 0; i < FORM_FIELDS; i++) {
        if (given[i] != NULL && form->value[i][0] == '\0')
            snprintf(form->value[i], sizeof(form->value[i]), "%s", given[i]);
    }
    if (link->limit > 0 && form->value[FORM_LIMIT][0] == '\0')
        snprintf(form->value[FORM_LIMIT], sizeof(form->value[FORM_LIMIT]), "%u", link->limit);
    form->provider = link->translator;
    mean(meaning, link->route->resource, link->id);
    return true;
}

static bool looks_like_address(const char *text)
{
    return strchr(text, ' ') == NULL && (strstr(text, "://") != NULL || strncasecmp(text, "www.", 4) == 0 ||
                                         (strchr(text, '/') != NULL && strchr(text, '.') != NULL));
}

static bool mean_id(struct form *form, struct meaning *meaning)
{
    if (strcmp(form->value[FORM_AS], "name") == 0 || !takes_id(form->provider, form->value[FORM_Q]))
        return false;
    mean(meaning, "artist", form->value[FORM_Q]);
    return true;
}

/* What says itself whose it is may be pasted whichever provider is chosen; all else goes to that one. */
static bool has_provider(const struct config *config, struct form *form)
{
    const char *name = form->value[FORM_PROVIDER];
    const struct translator *chosen = translator_find(name, strlen(name));
    if (form->provider == NULL)
        form->trouble = FORM_NO_PROVIDER;
    else if (chosen != NULL && !key_section_serves(config, chosen))
        refuse_provider(config, form, chosen);
    return form->trouble == FORM_NO_TROUBLE;
}

static void find_meaning(const struct config *config, struct form *form, struct meaning *meaning,
                         struct route_result *scratch)
{
    const char *q = form->value[FORM_Q], *pick = form->value[FORM_PICK];
    if (pick[0] == '\0' &&
        (mean_own_link(config, form, meaning, scratch) || mean_page(config, form, meaning)))
        return;
    if (!has_provider(config, form))
        return;
    if (pick[0] != '\0') {
        snprintf(form->value[FORM_Q], sizeof(form->value[FORM_Q]), "%s", pick);
        mean(meaning, "artist", pick);
    } else if (mean_mbid(form, meaning)) {
        return;
    } else if (looks_like_address(q)) {
        form->trouble = FORM_UNKNOWN_PAGE;
    } else if (!mean_id(form, meaning)) {
        mean(meaning, "search", q);
    }
}

/* ---- the document to show ---- */

/* "artist.example" is what people call an address. */
static const char *with_scheme(enum form_field field, const char *value)
{
    bool address = field == FORM_WEBURL || field == FORM_EVENTURL;
    return address && strstr(value, "://") == NULL && strchr(value, '.') != NULL ? "https://" : "";
}

static void note_faults(struct form *form, const struct route_result *result)
{
    for (size_t i = 0; i < result->n_faults; i++) {
        const char *name = result->faults[i].name, *reason = result->faults[i].reason;
        int field = 0;
        while (field < FORM_FIELDS && strcmp(field_names[field], name) != 0)
            field++;
        if (field < FORM_FIELDS)
            snprintf(form->fault[field], sizeof(form->fault[field]), "%s", reason);
        else
            snprintf(form->id_fault, sizeof(form->id_fault), "%s", reason);
    }
}

static void ask_for(struct form *form, const struct meaning *meaning, struct route_result *result)
{
    static const enum form_field passed_on[] = {FORM_NAME,   FORM_WEBURL, FORM_EVENTURL,
                                                FORM_FORMAT, FORM_MARKUP, FORM_LIMIT};
    enum { N_PASSED_ON = sizeof(passed_on) / sizeof(passed_on[0]), TEXT_BYTES = ROUTE_URL_MAX_BYTES + 32 };
    char texts[N_PASSED_ON + 1][TEXT_BYTES];
    char *arguments[N_PASSED_ON + 1];
    bool search = strcmp(meaning->resource, "search") == 0;
    size_t n = 0;
    snprintf(texts[n], TEXT_BYTES, "%s=%s", search ? "q" : "id", meaning->text);
    n++;
    for (size_t i = 0; i < N_PASSED_ON && !search; i++) {
        const char *value = form->value[passed_on[i]];
        if (value[0] != '\0')
            snprintf(texts[n++], TEXT_BYTES, "%s=%s%s", field_names[passed_on[i]],
                     with_scheme(passed_on[i], value), value);
    }
    for (size_t i = 0; i < n; i++)
        arguments[i] = texts[i];
    route_parse_arguments(form->provider->name, meaning->resource, arguments, n, result);
    if (result->target != ROUTE_DOCUMENT) {
        note_faults(form, result);
        form->state = FORM_FAULTY;
        return;
    }
    form->state = search ? FORM_SEARCH : FORM_LINK;
    form->request = result->document;
    if (search)
        return;
    form->format = form->request.format;
    form->markup = form->request.markup;
    form->request.format = &format_preview;
    form->request.markup = MARKUP_BOTH;
    form->request.key_len = 0;
    route_build_key(&form->request);
}

static bool any(const char text[][ROUTE_URL_MAX_BYTES + 1])
{
    for (int i = 0; i < FORM_FIELDS; i++) {
        if (text[i][0] != '\0')
            return true;
    }
    return false;
}

void form_parse(const struct config *config, const char *target, size_t len, struct form *ret)
{
    const char *query = memchr(target, '?', len);
    struct route_result result;
    struct meaning meaning = {.resource = NULL};
    bool faulty = false;
    ret->state = FORM_FAULTY;
    ret->trouble = FORM_NO_TROUBLE;
    ret->unserved = NULL;
    ret->format = formats[0];
    ret->markup = MARKUP_BOTH;
    ret->id_fault[0] = '\0';
    for (int i = 0; i < FORM_FIELDS; i++)
        ret->value[i][0] = ret->fault[i][0] = '\0';
    if (query != NULL)
        take_fields(ret, query + 1, target + len);
    for (int i = 0; i < FORM_FIELDS; i++)
        faulty |= ret->fault[i][0] != '\0';
    choose_provider(config, ret);
    if (!faulty && !any(ret->value))
        ret->state = FORM_BLANK;
    else if (ret->value[FORM_Q][0] == '\0' && ret->value[FORM_PICK][0] == '\0' &&
             ret->fault[FORM_Q][0] == '\0')
        ret->trouble = FORM_NOTHING_GIVEN;
    else if (!faulty)
        find_meaning(config, ret, &meaning, &result);
    if (meaning.resource == NULL)
        return;
    if (strcmp(meaning.resource, "search") == 0 && ret->provider->search == NULL)
        ret->trouble = FORM_NO_SEARCH;
    else
        ask_for(ret, &meaning, &result);
}
