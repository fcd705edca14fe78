/* The contract of a translator: what one provider of events offers, and on which terms.
 *
 * A provider is a file with one `const struct translator` at its bottom, and one line in registry.c. All
 * members are data or pure functions; README.md says how to add one. */
#ifndef MARQUEE_TRANSLATOR_H
#define MARQUEE_TRANSLATOR_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "translators/base/problem.h"
#include "translators/base/strings.h"
#include "translators/model/subject.h"

struct plan;
struct document;

/* What kind of thing a question asks for: all a translator says about freshness; the configuration maps it
 * to seconds. */
enum resource { RESOURCE_EVENTS, RESOURCE_VENUE, RESOURCE_ARTIST, RESOURCE_SEARCH, RESOURCE_KINDS };

/* A refusal holds until all requests are given back (struct translator's reset_field). */
#define LIMIT_TO_RESET UINT_MAX

/* Checked arguments of one request. Borrowed by a plan for its life. */
struct route_args {
    const char *id;          /* passed the route's id_ok() */
    const char *query;       /* of a search: what a person typed, 1 to 200 characters */
    const char *name;        /* as the artist's own site writes it; NULL: the upstream's */
    const char *weburl;      /* the artist's site; NULL: not given */
    unsigned limit;          /* at most this many events, soonest first; 0: all */
    unsigned max_performers; /* at most this many acts of one event are kept; 0: all */
    int64_t now_s;           /* Unix time; past events are dropped */
    bool own_keys;           /* an artist may have a key of its own: plan_is_for() before its events */
    const char *history;     /* days these events were on before (history.h); NULL: not remembered */
};

/* Asks through `plan` and fills `out`, which is empty at the start of every run; its lists and strings are
 * borrowed from answers or live in plan_arena(). */
typedef void step_fn(struct plan *plan, const struct route_args *args, struct document *out);

struct route {
    enum subject subject; /* subject_name() is the last part of /api/{provider}/{resource} */
    step_fn *step;
    bool (*id_ok)(const char *id); /* does the provider have ids of this form? */
    enum string_id id_form;        /* the form in words, for the refusal: "digits, or mbid: and a UUID" */
    const char *digits_behind; /* what stands before the digits of an id that is a number; NULL: none is */
    const char *id_alias;      /* a second parameter name for the id (the 2014 service's skid); or NULL */
};

/* What a page of the provider's own site is about. */
struct recognised {
    enum subject subject; /* SUBJECT_SEARCH where its URL holds no id */
    char text[128];       /* the id, or what to search for */
};

struct translator {
    const char *name;        /* in URLs, configuration sections and logs */
    const char *title;       /* for people */
    const char *key_note;    /* for the operator: where a key comes from, in whole sentences */
    const char *attribution; /* the text the provider's terms demand beside its data */
    const char *attribution_url;
    int keep_ceiling_s;          /* the longest the terms allow to keep an answer, fresh and stale together */
    int fresh_s[RESOURCE_KINDS]; /* default lifetimes, indexed by enum resource; 0: that kind is not asked */
    bool may_mix;                /* may its events stand beside another provider's in one document? */
    bool needs_contact;          /* its rules want to know who asks: off until a contact is configured */
    unsigned requests_per_s, requests_per_day; /* defaults; 0: no limit known */
    unsigned max_requests_per_s;    /* its rules allow nobody more at its base URL; 0: a key may have more */
    unsigned supplement_timeout_ms; /* default: how long a document of another provider waits for it; 0: to
                                       the end */
    const char *base_url;           /* default; the operator may configure another */
    const char *key_parameter;      /* query parameter that carries the key; NULL: the API has none */
    /* What an answer to a question of this kind is, before a translator sees it: PROBLEM_NONE when it has the
     * shape that the API promises for such a question. What has not is never kept, counts against the
     * upstream and leaves the last good copy in use, so all that can be told from one answer is told here.
     * `body` is NULL when the bytes are no JSON; `text` (of `len` bytes, not NUL-terminated) is what came.
     * Pure. NULL: by the status alone, and the body must be an object or an array. */
    enum problem_kind (*judge)(enum resource kind, int status, const json_t *body, const char *text,
                               size_t len);
    /* How long a refusal that judge() called PROBLEM_UPSTREAM_LIMIT holds, by its body, in seconds, or
     * LIMIT_TO_RESET; 0: its body does not say. Pure. NULL: it never does. */
    unsigned (*limit_s)(const json_t *body);
    /* Header fields that say how many requests are left, and when (Unix time in milliseconds) all are given
     * back; NULL: the API has none. */
    const char *left_field, *reset_field;
    const struct route *routes; /* ends with a step of NULL; NULL: a source, see below */
    const struct route *search; /* fills document->candidates by args->query; NULL: there is no search */
    /* Has a text a form that ids of this provider alone have, and no names? Pure. NULL: none has. */
    bool (*own_id)(const char *text);
    /* The page that a URL of the provider's site shows; false for any other URL. Pure. NULL: none is known.
     * Of a source: an artist's page, and the id that providers may know the artist by. */
    bool (*recognise)(const char *url, struct recognised *ret);
};

/* The registered providers, alphabetical, ending with NULL. */
extern const struct translator *const translators[];

/* The one of them that is meant where none is named, as in the links of 2014. */
extern const struct translator *const translator_first;

/* Where translators may want answers from that is no provider of events (plan_want_from()); like above. */
extern const struct translator *const sources[];

/* A provider; NULL when there is none of that name. `name` need not be NUL-terminated. */
const struct translator *translator_find(const char *name, size_t len);

/* The route to documents about this; NULL when the provider has none, or it is a source. */
const struct route *translator_route(const struct translator *translator, enum subject subject);

/* A provider or a source; NULL when there is none of that name. */
const struct translator *translator_named(const char *name);

/* Do the terms let `asking` make a document from answers of the other one? Of its own and of sources always,
 * of another provider when both may be mixed. */
bool translator_may_ask(const struct translator *asking, const struct translator *other);

#endif
