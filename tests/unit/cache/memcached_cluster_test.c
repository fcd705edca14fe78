/* Tests of cache/memcached.c with several servers. */
#include "real_memcached.h"

#define SERVERS 3
#define KEYS    200

struct cluster {
    struct real_memcached servers[SERVERS];
    char list[SERVERS * 100], reversed[SERVERS * 100];
};

static void cluster_start(struct cluster *cluster)
{
    *cluster = (struct cluster){0};
    for (size_t i = 0; i < SERVERS; i++)
        real_memcached_start(&cluster->servers[i]);
    for (size_t i = 0; i < SERVERS; i++) {
        size_t len = strlen(cluster->list);
        snprintf(cluster->list + len, sizeof(cluster->list) - len, "%s ", cluster->servers[i].socket);
        len = strlen(cluster->reversed);
        snprintf(cluster->reversed + len, sizeof(cluster->reversed) - len, "%s ",
                 cluster->servers[SERVERS - 1 - i].socket);
    }
}

static void cluster_end(struct cluster *cluster)
{
    for (size_t i = 0; i < SERVERS; i++)
        real_memcached_end(&cluster->servers[i]);
}

static void several_servers_share_the_keys_alike_in_every_instance(void **state)
{
    (void)state;
    struct cluster cluster;
    cluster_start(&cluster);
    struct memcached_tier *tier = usual_tier(cluster.list), *other = usual_tier(cluster.reversed);
    assert_int_equal(memcached_tier_stats(tier).servers, SERVERS);
    store(tier, 0, KEYS, NOW_S, HOUR_S);
    assert_int_equal(count_hits(tier, 0, KEYS, NOW_S), KEYS);
    assert_int_equal(count_hits(other, 0, KEYS, NOW_S), KEYS);
    size_t sum = 0;
    for (size_t i = 0; i < SERVERS; i++) {
        struct memcached_tier *alone = usual_tier(cluster.servers[i].socket);
        const size_t share = count_hits(alone, 0, KEYS, NOW_S);
        assert_true(share > KEYS / SERVERS / 3);
        sum += share;
        memcached_tier_free(alone);
    }
    assert_int_equal(sum, KEYS);
    memcached_tier_free(other);
    memcached_tier_free(tier);
    cluster_end(&cluster);
}

static void a_server_lost_loses_its_own_keys_only(void **state)
{
    (void)state;
    struct cluster cluster;
    cluster_start(&cluster);
    struct memcached_tier *tier = tier_of(cluster.list, 2, 1000, 60000, 1000);
    store(tier, 0, KEYS, NOW_S, HOUR_S);
    struct memcached_tier *alone = usual_tier(cluster.servers[0].socket);
    const size_t share = count_hits(alone, 0, KEYS, NOW_S);
    memcached_tier_free(alone);

    real_memcached_freeze(&cluster.servers[0]);
    assert_int_equal(count_hits(tier, 0, KEYS, NOW_S), KEYS - share);
    assert_int_equal(servers_down(tier), 1);
    assert_int_equal(count_hits(tier, 0, KEYS, NOW_S), KEYS - share);
    assert_int_equal(memcached_tier_stats(tier).failures, 1);
    memcached_tier_free(tier);
    cluster_end(&cluster);
}

/* Were they asked one after the other, three timeouts would add up. */
static void servers_frozen_together_cost_one_timeout(void **state)
{
    (void)state;
    enum { TIMEOUT_MS = 2000 };
    struct cluster cluster;
    cluster_start(&cluster);
    struct memcached_tier *tier = tier_of(cluster.list, 2, TIMEOUT_MS, 60000, 1000);
    store(tier, 0, KEYS, NOW_S, HOUR_S);
    for (size_t i = 0; i < SERVERS; i++)
        real_memcached_freeze(&cluster.servers[i]);
    const int64_t start_ms = workers_clock_ms();
    assert_int_equal(count_hits(tier, 0, KEYS, NOW_S), 0);
    assert_true(workers_clock_ms() - start_ms < 2 * TIMEOUT_MS);
    assert_int_equal(servers_down(tier), SERVERS);
    assert_true(refuses_gets(tier));
    memcached_tier_free(tier);
    cluster_end(&cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_servers_share_the_keys_alike_in_every_instance),
        cmocka_unit_test(a_server_lost_loses_its_own_keys_only),
        cmocka_unit_test(servers_frozen_together_cost_one_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
