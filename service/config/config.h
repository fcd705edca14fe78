/* The configuration: one struct, every limit with its unit in its name, filled by config_load.h.
 * The table of settings: settings.h. */
#ifndef MARQUEE_CONFIG_H
#define MARQUEE_CONFIG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "translators/ask/translator.h"
#include "translators/base/fault.h"
#include "translators/base/strings.h"

#define CONFIG_MAX_PROVIDERS    16
#define CONFIG_MAX_SETTINGS     128
#define CONFIG_MAX_KEYS         64 /* sections with a key of their own, of all providers together */
#define CONFIG_MAX_REMARKS      64
#define CONFIG_MAX_TOURS        512
#define CONFIG_SECTION_BYTES    48 /* inih cuts names that are longer */
#define CONFIG_MAX_DETAIL_BYTES 256

/* What no operator has a reason to change. */
#define CONFIG_MEMCACHED_THREADS 2  /* a server */
#define CONFIG_MAX_PERFORMERS    60 /* acts shown of one event; festivals name up to 400 */

struct access;
struct config;

struct provider_config {
    struct config *config; /* the one that this is part of */
    const struct translator *translator;
    char section[CONFIG_SECTION_BYTES]; /* "bandsintown"; of a key of its own "bandsintown:milky-chance" */
    unsigned short line;                /* where a section of a key of its own begins in the file; or 0 */
    char *artist; /* the only one that a key of its own is for; NULL: the provider's own section */
    char *base_url;
    char *api_key; /* secret: from api_key or api_key_file; NULL: none */
    char *api_key_file;
    char *ca_file; /* NULL: the system's */
    bool enabled;
    unsigned fresh_s, venue_fresh_s, artist_fresh_s; /* events, venues, artists */
    unsigned keep_s;                                 /* ceiling of all kinds; never over the terms' */
    unsigned max_connections;                        /* to an upstream that speaks only HTTP/1.1 */
    unsigned max_concurrent;
    unsigned max_queue;
    unsigned requests_per_s, requests_per_day; /* 0: no limit */
    unsigned supplement_timeout_ms; /* a document of another provider waits for no longer; 0: to the end */
    char *contact;                  /* in the User-Agent; NULL: none */
    unsigned timeout_ms;
    bool http2;
};

/* Pages that the operator sets up: [tour:NAME]. Texts as they were given, NULL where they were not. */
#define TOUR_SETTINGS 12
struct tour_config {
    char section[CONFIG_SECTION_BYTES]; /* "tour:milky-chance" */
    char *provider, *resource, *id;
    char *name, *weburl, *pages, *image, *style, *lang;
    char *host;              /* lower case; NULL: it stands at /tour/NAME/ */
    char *certificate, *key; /* NULL: those of [tls] */
    unsigned short line;     /* where the section begins in the file */
    unsigned short lines[TOUR_SETTINGS + 1];
};

struct config {
    atomic_uint _n_refs;
    const char *path; /* of the file, borrowed; NULL: none */
    struct {
        char *https, *http, *admin;
        char *acme_directory;         /* NULL: none */
        char *plain, *proxy_protocol; /* for trusted_proxies alone; NULL: off */
        char *trusted_proxies;        /* NULL: none */
        unsigned threads;
        unsigned max_connections, max_connections_per_address;
        unsigned response_deadline_ms, request_timeout_ms, drain_ms;
        bool http2;
    } listen;
    struct {
        char *certificate, *key;
        char *ticket_keys; /* NULL: keys of this process alone */
    } tls;
    struct {
        char *public_url; /* without a slash at the end */
        char *open_pages; /* yes, preview, no: which pages anybody may ask for */
        bool is_default;  /* nobody gave it: it says which port, and not which site */
    } site;
    struct {
        char *key_file, *next_key_file, *artists, *deny, *form_password_file;
        struct access *policy; /* owned, made of them; NULL: all is open */
    } access;
    struct {
        char *proxy; /* secret: it may hold a password; NULL: none */
    } upstream;
    struct {
        unsigned memory_mb;
        char *memcached;                           /* NULL or "": memory only */
        char *memcached_user, *memcached_password; /* secret: from the setting or the file; NULL: none */
        char *memcached_password_file;
        unsigned memcached_timeout_ms, memcached_probe_ms;
        size_t memcached_max_value_bytes;
        unsigned not_found_fresh_s;  /* an unknown artist is not asked for again before */
        unsigned gone_after_s;       /* a good copy is used so long after the upstream's first "not found" */
        unsigned incomplete_fresh_s; /* a poorer document is made anew after, rubbish asked for again */
    } cache;
    struct {
        unsigned document_deadline_ms;
        unsigned max_jobs;
        unsigned max_inbox, max_waiters_per_job; /* no settings: fields, so that tests can lower them */
        unsigned client_cold_per_minute, client_cold_burst, client_cold_parallel; /* client_budget.h */
        size_t max_document_bytes;
    } limits;
    struct {
        char *level;
    } log;
    /* Of each registered provider and source, then those with a key of their own. */
    struct provider_config providers[CONFIG_MAX_PROVIDERS + CONFIG_MAX_KEYS];
    size_t n_providers;
    struct tour_config *tours; /* CONFIG_MAX_TOURS of them, or NULL */
    size_t n_tours;
    /* Where each setting stands in the file, by owner (0: the service, then the providers); 0: nowhere. */
    unsigned short lines[1 + CONFIG_MAX_PROVIDERS + CONFIG_MAX_KEYS][CONFIG_MAX_SETTINGS];
    char *remarks[CONFIG_MAX_REMARKS]; /* on what was read and has no effect; more of them are not said */
    size_t n_remarks;
};

/* Does the service speak TLS itself, on any of its addresses? */
bool config_ends_tls(const struct config *config);

/* The seconds an answer of this kind stays fresh; never past keep_s. */
unsigned config_fresh_s(const struct provider_config *provider, enum resource kind);

/* Borrowed; NULL: no such translator. */
const struct provider_config *config_provider(const struct config *config,
                                              const struct translator *translator);

/* Why a provider that is not enabled, or has no key, is not served, and what to do about it. */
void config_say_unserved(const struct provider_config *provider, const struct strings *strings,
                         char ret_detail[CONFIG_MAX_DETAIL_BYTES]);

/* Has it the key that its API wants, if that wants one? */
bool config_has_key(const struct provider_config *provider);

/* May it be asked: enabled, and with a contact where its rules want one? */
bool config_may_ask(const struct provider_config *provider);

#endif
