/* What people filled in at /, and what it was understood as: the fields and states of the form. Plain data.
 */
#ifndef MARQUEE_FORM_FIELDS_H
#define MARQUEE_FORM_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "service/document/document_request.h"

enum form_field {
    FORM_Q,      /* a page, an id, a MusicBrainz id, a link of ours, or a name */
    FORM_PICK,   /* the id of a candidate, in place of q */
    FORM_PICKED, /* while q is the id of a candidate that was picked: its provider, "/" and the name typed */
    FORM_PICKED_ID, /* the same id: q may be changed after it */
    FORM_AS,        /* "name": q is a name, whatever it looks like */
    FORM_PROVIDER,
    FORM_NAME,
    FORM_WEBURL,
    FORM_PAGES,
    FORM_IMAGE,
    FORM_EVENTURL,
    FORM_FORMAT,
    FORM_MARKUP,
    FORM_LIMIT,
    FORM_CALENDAR,
    FORM_LANG,
    FORM_UI, /* the language of the page itself, where somebody chose it */
    FORM_FIELDS
};

enum form_state {
    FORM_BLANK,  /* nothing was given */
    FORM_FAULTY, /* `trouble`, `fault` or `id_fault` says why */
    FORM_SEARCH, /* `request` is a search */
    FORM_LINK    /* `request` is the preview of a document; its link has `format` and `markup` */
};

enum form_trouble {
    FORM_NO_TROUBLE,
    FORM_NOTHING_GIVEN, /* in q */
    FORM_UNKNOWN_PAGE,
    FORM_SWITCHED_OFF, /* `unserved` is; its page was given, a link of ours, or its name */
    FORM_NO_KEY,       /* there is none here for `unserved`; otherwise the same */
    FORM_NO_PROVIDER,  /* none is served */
    FORM_NO_SEARCH,    /* the provider has none */
    FORM_NO_MBID       /* the provider does not know MusicBrainz ids */
};

struct form {
    const struct strings *strings; /* the language of the page, and of faults */
    enum form_state state;
    enum form_trouble trouble;
    const struct translator *provider;                /* the one chosen or pasted; NULL: none is served */
    const struct translator *unserved;                /* with FORM_SWITCHED_OFF and FORM_NO_KEY */
    char value[FORM_FIELDS][ROUTE_URL_MAX_BYTES + 1]; /* as given, to be shown again; "" when it was not */
    char fault[FORM_FIELDS][240];                     /* a sentence; "": none */
    bool may_be_name;                                 /* q was taken for an id, and may be a name as well */
    bool is_list_chosen;                              /* FORM_LANG is what somebody chose, or a link said */
    char id_fault[240];                               /* of what q was understood as */
    struct document_request request;                  /* what the page shows: a preview, or candidates */
    const struct format *format;                      /* of the link */
    enum markup markup;
};

#endif
