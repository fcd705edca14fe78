/* Tests of service/service.c: what is built is taken down again, and a reload replaces it while it may still
 * be in use. Front, back thread and TLS context are counted here, not made; sockets and configuration are
 * real. */
#include "fake_front.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cache/cache.h"
#include "service/config/config_load.h"
#include "service/service.h"

#include "fake_memcached.h"

#define DOCUMENT_S  20
#define HANDSHAKE_S 10 /* the longest that a front thread allows */
#define GRACE_S     2  /* for what began just before a reload */
#define MAX_RETIRED 16

enum part { NO_PART, TLS, FRONT };

struct front {
    struct front_options options;
    bool stopped;
};

struct tls_context {
    unsigned number;
};

static enum part broken; /* cannot be made */
static unsigned backs, contexts, reloads_made;
static struct front *made; /* the one there is; NULL: none */

/* ---- what stands in for front.c, back.c and tls.c ---- */

struct front *front_new(const struct front_options *options)
{
    if (broken == FRONT)
        return NULL;
    made = calloc(1, sizeof(*made));
    assert_non_null(made);
    made->options = *options;
    return made;
}

void front_set_tls(struct front *front, struct tls_context *tls)
{
    front->options.tls = tls;
}

static void close_all(const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        close(fds[i]);
}

bool front_stop(struct front *front, unsigned drain_ms)
{
    const struct front_options *options = &front->options;
    (void)drain_ms;
    assert_true(backs > 0 && contexts > 0); /* it may still use them */
    close_all(options->https_fds, options->n_https * options->threads);
    close_all(options->http_fds, options->n_http * options->threads);
    close_all(options->admin_fds, options->n_admin * options->threads);
    front->stopped = true;
    return true;
}

void front_free(struct front *front)
{
    if (front == NULL)
        return;
    assert_true(front->stopped);
    free(front);
    made = NULL;
}

struct back *back_new(struct config *config, struct cache *cache, struct stats *stats)
{
    (void)config;
    (void)cache;
    (void)stats;
    backs++;
    return calloc(1, sizeof(struct back));
}

void back_reload(struct back *back, struct config *config)
{
    (void)config;
    assert_non_null(back);
    reloads_made++;
}

void back_free(struct back *back)
{
    backs -= back != NULL;
    free(back);
}

struct tls_context *tls_new(const struct tls_options *options, size_t *ret_site, struct fault *ret_fault)
{
    static unsigned number;
    *ret_site = options->n_sites;
    fault_say(ret_fault, "no TLS today");
    if (broken == TLS)
        return NULL;
    struct tls_context *tls = malloc(sizeof(*tls));
    assert_non_null(tls);
    tls->number = ++number;
    contexts++;
    return tls;
}

void tls_free(struct tls_context *tls)
{
    contexts -= tls != NULL;
    free(tls);
}

/* ---- what all tests begin with ---- */

static char path[] = "/tmp/marquee-test-XXXXXX";

/* Writes the configuration; `more` is what it says besides. */
static void configure(unsigned deadline_s, const char *more)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "[listen]\nhttps = 127.0.0.1:0\nhttp = 127.0.0.1:0\nadmin = 127.0.0.1:0\nthreads = 2\n"
            "[tls]\ncertificate = c\nkey = k\n[log]\nlevel = error\n"
            "[limits]\ndocument_deadline_ms = %u000\n%s",
            deadline_s, more);
    fclose(file);
}

static struct service *start(void)
{
    struct fault fault = {.text = ""};
    struct service *started = service_new(path, &fault);
    if (started == NULL)
        fail_msg("%s", fault.text);
    return started;
}

static void assert_nothing_left(void)
{
    assert_int_equal(backs, 0);
    assert_int_equal(contexts, 0);
    assert_null(made);
}

/* ---- starting and ending ---- */

static void a_service_that_has_started_is_ready_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct service *started = start();
    struct exchange *exchange = exchange_for("/readyz");
    made->options.on_admin_request(made->options.arg, exchange);
    assert_replied(exchange, 200);
    assert_int_equal(made->options.n_https, 1);
    service_free(started);
    assert_nothing_left();
}

static void what_cannot_start_says_why_and_leaves_nothing_behind(void **state)
{
    static const struct {
        enum part broken;
        const char *more, *says;
    } cases[] = {{TLS, "", "no TLS today"},
                 {FRONT, "", "front thread"},
                 {NO_PART, "[cache]\nmemory_mb = much\n", "memory_mb"}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fault fault = {.text = ""};
        configure(DOCUMENT_S, cases[i].more);
        broken = cases[i].broken;
        assert_null(service_new(path, &fault));
        if (strstr(fault.text, cases[i].says) == NULL)
            fail_msg("it does not say %s: %s", cases[i].says, fault.text);
        assert_nothing_left();
    }
}

/* Of one service's two ways in the second cannot be had: the first is closed again. */
static void an_address_that_cannot_be_had_is_said_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct fault fault = {.text = ""};
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "[listen]\nhttps = 127.0.0.1:0\nadmin = 192.0.2.1:0\n[tls]\ncertificate = c\nkey = k\n");
    fclose(file);
    int before = dup(0);
    assert_null(service_new(path, &fault));
    int after = dup(0);
    assert_non_null(strstr(fault.text, "192.0.2.1:0"));
    assert_int_equal(after, before + 1); /* the lowest that is free */
    close(before);
    close(after);
    assert_nothing_left();
}

/* ---- reloading: one service, whose clock goes on from test to test ---- */

static struct service *service;
static int64_t now_s = 1000;

static void settle(void)
{
    now_s += HANDSHAKE_S + GRACE_S;
    service_sweep(service, now_s);
    assert_int_equal(contexts, 1);
    reloads_made = 0;
}

static void a_reload_keeps_the_back_thread_and_frees_the_old_when_no_handshake_can_be_using_it(void **state)
{
    const struct tls_context *before = made->options.tls;
    (void)state;
    service_reload(service, now_s);
    assert_int_equal(backs, 1);
    assert_int_equal(reloads_made, 1);
    assert_int_equal(contexts, 2);
    assert_ptr_not_equal(made->options.tls, before);
    service_sweep(service, now_s + HANDSHAKE_S + GRACE_S - 1);
    assert_int_equal(contexts, 2);
    service_sweep(service, now_s + HANDSHAKE_S + GRACE_S);
    assert_int_equal(contexts, 1);
}

/* A reload used to wait until the one before was over. */
static void a_reload_soon_after_another_is_done_at_once(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        service_reload(service, now_s + i);
    assert_int_equal(reloads_made, 3);
    assert_int_equal(contexts, 4);
    service_sweep(service, now_s + HANDSHAKE_S + GRACE_S);
    assert_int_equal(contexts, 3);
    now_s += 2;
}

static void a_reload_after_too_many_others_is_made_up_for(void **state)
{
    (void)state;
    for (int i = 0; i < MAX_RETIRED + 2; i++)
        service_reload(service, now_s);
    assert_int_equal(reloads_made, MAX_RETIRED);
    service_sweep(service, now_s + HANDSHAKE_S);
    assert_int_equal(reloads_made, MAX_RETIRED);
    now_s += HANDSHAKE_S + GRACE_S;
    service_sweep(service, now_s);
    assert_int_equal(reloads_made, MAX_RETIRED + 1);
    assert_int_equal(contexts, 2);
}

static void a_reload_that_fails_changes_nothing_and_the_next_may_succeed(void **state)
{
    const struct tls_context *before = made->options.tls;
    (void)state;
    for (enum part part = NO_PART; part <= TLS; part++) {
        broken = part;
        configure(DOCUMENT_S, part == NO_PART ? "[nonsense]\n" : "");
        service_reload(service, now_s);
        assert_int_equal(reloads_made, 0);
        assert_int_equal(contexts, 1);
        assert_ptr_equal(made->options.tls, before);
    }
    broken = NO_PART;
    configure(DOCUMENT_S, "");
    service_reload(service, now_s);
    assert_int_equal(reloads_made, 1);
}

/* ---- what may share a memcached ---- */

/* The space of an instance of this site. Static, until the next call. */
static const char *space_of(const char *public_url, bool is_default)
{
    static char space[FAKE_MEMCACHED_SPACE_BYTES];
    struct fault fault;
    const char *why = NULL;
    struct config *config = config_load(NULL, false, &fault);
    assert_non_null(config);
    free(config->cache.memcached);
    free(config->site.public_url);
    config->cache.memcached = strdup(FAKE_MEMCACHED_SERVERS);
    config->site.public_url = strdup(public_url);
    config->site.is_default = is_default;
    struct cache *cache = service_cache_new(config, &why);
    assert_non_null(cache);
    snprintf(space, sizeof(space), "%s", fake_memcached_space(cache_memcached(cache)));
    fake_memcached_answer(cache_memcached(cache)); /* what is asked at the start */
    cache_free(cache);
    config_unref(config);
    return space;
}

static void instances_share_what_would_be_the_same_document(void **state)
{
    char one[FAKE_MEMCACHED_SPACE_BYTES];
    (void)state;
    snprintf(one, sizeof(one), "%s", space_of("https://one.example", false));
    assert_string_equal(space_of("https://one.example", false), one);
    assert_string_not_equal(space_of("https://two.example", false), one);
    snprintf(one, sizeof(one), "%s", space_of("https://localhost:1", true));
    assert_string_equal(space_of("https://localhost:2", true), one);
}

static int set_up(void **state)
{
    (void)state;
    broken = NO_PART;
    configure(DOCUMENT_S, "");
    return 0;
}

static int set_up_reload(void **state)
{
    set_up(state);
    settle();
    return 0;
}

static int begin(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    return 0;
}

static int begin_reloads(void **state)
{
    set_up(state);
    service = start();
    return 0;
}

static int end(void **state)
{
    (void)state;
    service_free(service); /* with what the last test has replaced */
    assert_nothing_left();
    unlink(path);
    return 0;
}

#define TEST(name)        cmocka_unit_test_setup(name, set_up)
#define TEST_RELOAD(name) cmocka_unit_test_setup(name, set_up_reload)

int main(void)
{
    const struct CMUnitTest starts[] = {
        TEST(a_service_that_has_started_is_ready_and_leaves_nothing_behind),
        TEST(what_cannot_start_says_why_and_leaves_nothing_behind),
        TEST(an_address_that_cannot_be_had_is_said_and_leaves_nothing_behind),
        TEST(instances_share_what_would_be_the_same_document),
    };
    const struct CMUnitTest reloads[] = {
        TEST_RELOAD(a_reload_keeps_the_back_thread_and_frees_the_old_when_no_handshake_can_be_using_it),
        TEST_RELOAD(a_reload_soon_after_another_is_done_at_once),
        TEST_RELOAD(a_reload_after_too_many_others_is_made_up_for),
        TEST_RELOAD(a_reload_that_fails_changes_nothing_and_the_next_may_succeed),
    };
    int failed = cmocka_run_group_tests(starts, begin, NULL);
    return failed + cmocka_run_group_tests(reloads, begin_reloads, end);
}
