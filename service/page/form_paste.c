/* What a person pasted or typed -> whose it is, and what of. Addresses are the translators' to recognise. */
#include "form_paste.h"
#include "form_provider.h"
#include "form_unwrap.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "service/config/config.h"
#include "service/config/key_section.h"
#include "service/document/route.h"
#include "translators/ask/mbid.h"

#define MAX_NAME_BYTES (ROUTE_NAME_MAX_CHARS * 4)
#define MAX_WRAPPERS   3 /* around one address */

/* ---- whose ---- */

/* Somebody wants what is of no use here. */
static void refuse_provider(const struct config *config, struct form *form,
                            const struct translator *translator)
{
    form->trouble = form_why_unserved(config, translator);
    form->unserved = translator;
}

static bool is_own_id(const struct translator *translator, const char *text)
{
    return translator->own_id != NULL && translator->own_id(text);
}

/* Some providers' ids are words, as names are. A word is taken for one when it has a digit and a capital
 * letter: "blink-182" is a name. */
static bool takes_id(const struct translator *translator, const char *text)
{
    const struct route *route = translator_route(translator, SUBJECT_ARTIST);
    size_t n_digits = strspn(text, "0123456789");
    bool like_id =
        (n_digits > 0 && text[n_digits] == '\0') ||
        (strpbrk(text, "0123456789") != NULL && strpbrk(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL);
    return route != NULL && route->id_ok(text) && (like_id || is_own_id(translator, text));
}

/* The served provider whose id, and nobody else's, the text is; NULL: it is none's. */
static const struct translator *find_owner(const struct config *config, const char *text)
{
    const struct translator *translator;
    for (size_t i = 0; (translator = form_provider(config, i)) != NULL; i++) {
        if (is_own_id(translator, text))
            return translator;
    }
    return NULL;
}

/* Where none was chosen, an id says whose it is. */
void form_choose_provider(const struct config *config, struct form *form)
{
    const char *name = form->value[FORM_PROVIDER];
    const struct translator *chosen = translator_find(name, strlen(name)), *other;
    form->provider = form_provider(config, 0);
    if (chosen != NULL && key_section_serves(config, chosen)) {
        form->provider = chosen;
        return;
    }
    for (size_t i = 0; (other = form_provider(config, i)) != NULL; i++) {
        if (!mbid_is(form->value[FORM_Q]) && takes_id(other, form->value[FORM_Q])) {
            form->provider = other;
            return;
        }
    }
}

/* ---- what was pasted ---- */

static void mean(struct meaning *meaning, enum subject subject, const char *text)
{
    meaning->is_found = true;
    meaning->subject = subject;
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
            mean(meaning, page.subject, page.text);
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

/* A MusicBrainz id, alone, behind "mbid:" or in the address of MusicBrainz' page. Behind "mbid:" it is meant
 * to be one: what is no UUID is refused as an id then (parameter.c), not searched for. */
static bool mean_mbid(struct form *form, struct meaning *meaning)
{
    struct recognised page;
    const char *q = form->value[FORM_Q];
    if (!find_source_id(q, &page))
        snprintf(page.text, sizeof(page.text), "mbid:%.120s", q + (strncasecmp(q, "mbid:", 5) == 0 ? 5 : 0));
    const struct route *route = translator_route(form->provider, SUBJECT_ARTIST);
    bool is_mbid = mbid_of_id(page.text) != NULL;
    if (!is_mbid && strncasecmp(q, "mbid:", 5) != 0)
        return false;
    if (is_mbid && (route == NULL || !route->id_ok(page.text)))
        form->trouble = FORM_NO_MBID;
    else
        mean(meaning, SUBJECT_ARTIST, page.text);
    return true;
}

static const char *find_scheme(const char *text)
{
    const char *https = strcasestr(text, "https://"), *http = strcasestr(text, "http://");
    return https == NULL || (http != NULL && http < https) ? http : https;
}

static bool looks_like_address(const char *text)
{
    return strchr(text, ' ') == NULL && (strstr(text, "://") != NULL || strncasecmp(text, "www.", 4) == 0 ||
                                         (strchr(text, '/') != NULL && strchr(text, '.') != NULL));
}

/* Phones share "Look at X https://…", and mail programs write <https://…>: of these the address counts. */
static void find_address(char *q)
{
    char *url = (char *)find_scheme(q);
    size_t len = strlen(q);
    if (url == NULL && len > 2 && q[0] == '<' && q[len - 1] == '>' && looks_like_address(q))
        url = q + 1;
    if (url == NULL)
        return;
    len = strcspn(url, url > q ? " <>\"" : " ");
    memmove(q, url, len);
    q[len] = '\0';
}

/* A link that this form has made: its parameters become the form's where those are empty. */
static bool mean_own_link(const struct config *config, struct form *form, struct meaning *meaning,
                          struct route_result *scratch)
{
    static const char *const markups[] = {
        [MARKUP_BOTH] = NULL, [MARKUP_ONLY] = "only", [MARKUP_NONE] = "none"};
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
    bool is_english = form->strings == strings_chosen();
    const char *const given[FORM_FIELDS] = {[FORM_NAME] = link->name,
                                            [FORM_WEBURL] = link->weburl,
                                            [FORM_PAGES] = link->pages,
                                            [FORM_IMAGE] = link->image,
                                            [FORM_EVENTURL] = link->eventurl,
                                            [FORM_FORMAT] = link->format->name,
                                            [FORM_MARKUP] = markups[link->markup],
                                            [FORM_CALENDAR] = link->calendar ? "1" : NULL,
                                            [FORM_LANG] = link->strings != NULL ? link->strings->language
                                                          : is_english          ? NULL
                                                                                : strings_english.language};
    /* A browser sends the format and the language that are chosen at first, too. */
    if (strcmp(form->value[FORM_FORMAT], formats[0]->name) == 0)
        form->value[FORM_FORMAT][0] = '\0';
    if (!is_english && strcmp(form->value[FORM_LANG], form->strings->language) == 0)
        form->value[FORM_LANG][0] = '\0';
    for (int i = 0; i < FORM_FIELDS; i++) {
        if (given[i] != NULL && form->value[i][0] == '\0')
            snprintf(form->value[i], sizeof(form->value[i]), "%s", given[i]);
    }
    if (link->limit > 0 && form->value[FORM_LIMIT][0] == '\0')
        snprintf(form->value[FORM_LIMIT], sizeof(form->value[FORM_LIMIT]), "%u", link->limit);
    form->provider = link->translator;
    mean(meaning, link->route->subject, link->id);
    return true;
}

/* A link of ours or a provider's page, or the address of one inside other addresses: then q is that one. */
static bool mean_address(const struct config *config, struct form *form, struct meaning *meaning,
                         struct route_result *scratch, int depth)
{
    char *q = form->value[FORM_Q], outer[sizeof(form->value[FORM_Q])];
    if (mean_own_link(config, form, meaning, scratch) || mean_page(config, form, meaning))
        return true;
    snprintf(outer, sizeof(outer), "%s", q);
    for (size_t n = 0; depth < MAX_WRAPPERS && form_unwrap(outer, n, q, sizeof(outer)); n++)
        if (mean_address(config, form, meaning, scratch, depth + 1))
            return true;
    snprintf(q, sizeof(outer), "%s", outer);
    return false;
}

/* An id of the chosen provider; or one that only another has, whichever is chosen. */
static bool mean_id(const struct config *config, struct form *form, struct meaning *meaning)
{
    const char *q = form->value[FORM_Q];
    const struct translator *owner = find_owner(config, q);
    if (strcmp(form->value[FORM_AS], "name") == 0)
        return false;
    if (owner != NULL)
        form->provider = owner;
    if (!takes_id(form->provider, q))
        return false;
    form->may_be_name = owner == NULL && form->value[FORM_PICKED][0] == '\0';
    mean(meaning, SUBJECT_ARTIST, q);
    return true;
}

/* ---- candidates ---- */

/* Takes a candidate: q is its id from then on, and "provider/name that was typed" is kept beside it. */
static void take_pick(struct form *form)
{
    if (strlen(form->value[FORM_Q]) <= MAX_NAME_BYTES)
        snprintf(form->value[FORM_PICKED], sizeof(form->value[FORM_PICKED]), "%s/%.*s", form->provider->name,
                 MAX_NAME_BYTES, form->value[FORM_Q]);
    snprintf(form->value[FORM_Q], sizeof(form->value[FORM_Q]), "%s", form->value[FORM_PICK]);
    snprintf(form->value[FORM_PICKED_ID], sizeof(form->value[FORM_PICKED_ID]), "%s", form->value[FORM_PICK]);
}

/* The candidate of one provider is nobody at another: there the name is looked for again. What is kept holds
 * only while q is that id. */
static void leave_pick(struct form *form)
{
    char *q = form->value[FORM_Q], *picked = form->value[FORM_PICKED];
    const char *name = strchr(picked, '/');
    size_t len = name != NULL ? (size_t)(name - picked) : 0;
    bool holds = len > 0 && name[1] != '\0' && strcmp(q, form->value[FORM_PICKED_ID]) == 0;
    if (holds && strlen(form->provider->name) == len && strncmp(picked, form->provider->name, len) == 0)
        return;
    if (holds)
        memmove(q, name + 1, strlen(name + 1) + 1);
    picked[0] = form->value[FORM_PICKED_ID][0] = '\0';
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

void form_find_meaning(const struct config *config, struct form *form, struct meaning *meaning,
                       struct route_result *scratch)
{
    const char *q = form->value[FORM_Q], *pick = form->value[FORM_PICK];
    if (strcmp(form->value[FORM_AS], "name") != 0) {
        form_unescape(form->value[FORM_Q]);
        find_address(form->value[FORM_Q]);
    }
    if (pick[0] == '\0' && mean_address(config, form, meaning, scratch, 0))
        return;
    if (!has_provider(config, form))
        return;
    if (pick[0] != '\0') {
        take_pick(form);
        mean(meaning, SUBJECT_ARTIST, q);
        return;
    }
    leave_pick(form);
    if (mean_mbid(form, meaning)) {
        return;
    } else if (looks_like_address(q)) {
        form->trouble = FORM_UNKNOWN_PAGE;
    } else if (!mean_id(config, form, meaning)) {
        mean(meaning, SUBJECT_SEARCH, q);
    }
}
