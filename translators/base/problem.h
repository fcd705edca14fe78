/* What can go wrong between a question and a document, as one enumeration that every layer shares.
 *
 * Not here: how a problem looks to a client (status, title, whether trying again helps): one table in
 * service/http/problem_answer.c. */
#ifndef MARQUEE_PROBLEM_H
#define MARQUEE_PROBLEM_H

/* The values are written into cache entries that other versions of the program read: never renumber,
 * only add. */
enum problem_kind {
    PROBLEM_NONE = 0,
    PROBLEM_PARAMETERS = 1,            /* the client's parameters are wrong */
    PROBLEM_NO_SUCH_PATH = 2,          /* no such route, or a provider that is switched off */
    PROBLEM_METHOD = 3,                /* a method other than GET, HEAD, OPTIONS */
    PROBLEM_NOT_FOUND = 4,             /* the upstream knows no such artist, venue or event */
    PROBLEM_UNPROCESSABLE = 5,         /* the document cannot be given in the format that was asked for */
    PROBLEM_CLIENT_LIMIT = 6,          /* this client is over its budget of cold work */
    PROBLEM_UPSTREAM_KEY = 7,          /* the upstream refused the operator's key */
    PROBLEM_UPSTREAM_RUBBISH = 8,      /* not JSON, wrong shape, truncated, too large */
    PROBLEM_UPSTREAM_ERROR = 9,        /* the upstream answered with a server error */
    PROBLEM_UPSTREAM_UNREACHABLE = 10, /* no connection, TLS or DNS failure */
    PROBLEM_UPSTREAM_SLOW = 11,        /* no whole answer before the deadline */
    PROBLEM_UPSTREAM_LIMIT = 12,       /* the upstream's rate or quota is spent */
    PROBLEM_OVERLOADED = 13,           /* this service has no room for more cold work */
    PROBLEM_TOO_LARGE = 14,            /* the document would pass a limit of this service */
    PROBLEM_INTERNAL = 15,             /* a fault of this program */
    PROBLEM_UPSTREAM_PAUSED = 16,      /* the upstream failed, so it is left alone: its breaker is open */
    PROBLEM_FORBIDDEN = 17,            /* the operator's rules do not let this document be had so */
    PROBLEM_PASSWORD = 18,             /* the form wants its password */
    PROBLEM_KINDS
};

#endif
