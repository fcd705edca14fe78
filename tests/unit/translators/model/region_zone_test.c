/* Zones of regions: towns in the middle of each and on both sides of the borders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "translators/model/model.h"
#include "translators/model/place_tables.h"
#include "translators/model/region_zone.h"
#include "translators/model/zone.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct town {
    const char *name, *country, *region;
    double latitude, longitude;
    const char *tzid; /* NULL: too near to a border */
} towns[] = {
    {"Chicago", "US", "IL", 41.85, -87.65, "America/Chicago"},
    {"New York", "US", "NY", 40.71, -74.01, "America/New_York"},
    {"Los Angeles", "US", "CA", 34.05, -118.24, "America/Los_Angeles"},
    {"Denver", "US", "CO", 39.74, -104.98, "America/Denver"},
    {"Birmingham", "US", "AL", 33.52, -86.80, "America/Chicago"},
    {"Phenix City", "US", "AL", 32.47, -85.00, NULL},
    {"Anchorage", "US", "AK", 61.22, -149.90, "America/Anchorage"},
    {"Adak", "US", "AK", 51.88, -176.66, NULL},
    {"Phoenix", "US", "AZ", 33.45, -112.07, "America/Phoenix"},
    {"Flagstaff", "US", "AZ", 35.20, -111.65, "America/Phoenix"},
    {"Window Rock", "US", "AZ", 35.68, -109.05, NULL},
    {"Miami", "US", "FL", 25.76, -80.19, "America/New_York"},
    {"Pensacola", "US", "FL", 30.42, -87.22, "America/Chicago"},
    {"Port St. Joe", "US", "FL", 29.81, -85.30, NULL},
    {"Boise", "US", "ID", 43.62, -116.20, "America/Boise"},
    {"Coeur d'Alene", "US", "ID", 47.68, -116.78, "America/Los_Angeles"},
    {"Indianapolis", "US", "IN", 39.77, -86.16, "America/Indiana/Indianapolis"},
    {"Terre Haute", "US", "IN", 39.47, -87.41, "America/Indiana/Indianapolis"},
    {"South Bend", "US", "IN", 41.68, -86.25, "America/Indiana/Indianapolis"},
    {"Gary", "US", "IN", 41.59, -87.35, "America/Chicago"},
    {"Evansville", "US", "IN", 37.97, -87.56, "America/Chicago"},
    {"Tell City", "US", "IN", 37.95, -86.77, NULL},
    {"Wichita", "US", "KS", 37.69, -97.34, "America/Chicago"},
    {"Goodland", "US", "KS", 39.35, -101.71, NULL},
    {"Louisville", "US", "KY", 38.25, -85.76, "America/New_York"},
    {"Lexington", "US", "KY", 38.04, -84.50, "America/New_York"},
    {"Owensboro", "US", "KY", 37.77, -87.11, "America/Chicago"},
    {"Columbia", "US", "KY", 37.10, -85.31, NULL},
    {"Detroit", "US", "MI", 42.33, -83.05, "America/Detroit"},
    {"Iron Mountain", "US", "MI", 45.82, -88.07, NULL},
    {"Fargo", "US", "ND", 46.88, -96.79, "America/Chicago"},
    {"Bismarck", "US", "ND", 46.81, -100.78, "America/Chicago"},
    {"Dickinson", "US", "ND", 46.88, -102.79, NULL},
    {"Omaha", "US", "NE", 41.26, -95.94, "America/Chicago"},
    {"Scottsbluff", "US", "NE", 41.87, -103.67, NULL},
    {"Las Vegas", "US", "NV", 36.17, -115.14, "America/Los_Angeles"},
    {"West Wendover", "US", "NV", 40.74, -114.07, NULL},
    {"Portland", "US", "OR", 45.52, -122.68, "America/Los_Angeles"},
    {"Ontario", "US", "OR", 44.03, -116.96, NULL},
    {"Sioux Falls", "US", "SD", 43.55, -96.70, "America/Chicago"},
    {"Rapid City", "US", "SD", 44.08, -103.23, "America/Denver"},
    {"Pierre", "US", "SD", 44.37, -100.35, NULL},
    {"Nashville", "US", "TN", 36.16, -86.78, "America/Chicago"},
    {"Knoxville", "US", "TN", 35.96, -83.92, "America/New_York"},
    {"Chattanooga", "US", "TN", 35.05, -85.31, "America/New_York"},
    {"Crossville", "US", "TN", 35.95, -85.03, NULL},
    {"Austin", "US", "TX", 30.27, -97.74, "America/Chicago"},
    {"El Paso", "US", "TX", 31.76, -106.49, "America/Denver"},
    {"Van Horn", "US", "TX", 31.04, -104.83, NULL},
    {"Montreal", "CA", "QC", 45.51, -73.59, "America/Toronto"},
    {"Blanc-Sablon", "CA", "QC", 51.42, -57.13, NULL},
    {"Toronto", "CA", "ON", 43.70, -79.42, "America/Toronto"},
    {"Thunder Bay", "CA", "ON", 48.38, -89.25, "America/Toronto"},
    {"Kenora", "CA", "ON", 49.77, -94.49, "America/Winnipeg"},
    {"Atikokan", "CA", "ON", 48.76, -91.62, NULL},
    {"Vancouver", "CA", "BC", 49.25, -123.12, "America/Vancouver"},
    {"Cranbrook", "CA", "BC", 49.50, -115.77, NULL},
    {"Calgary", "CA", "AB", 51.05, -114.09, "America/Edmonton"},
    {"Saskatoon", "CA", "SK", 52.12, -106.63, "America/Regina"},
    {"Lloydminster", "CA", "SK", 53.28, -110.00, NULL},
    {"St. John's", "CA", "NL", 47.56, -52.71, "America/St_Johns"},
    {"Happy Valley", "CA", "NL", 53.30, -60.33, "America/Goose_Bay"},
    {"Melbourne", "AU", "VIC", -37.81, 144.96, "Australia/Melbourne"},
    {"Sydney", "AU", "NSW", -33.87, 151.21, "Australia/Sydney"},
    {"Broken Hill", "AU", "NSW", -31.95, 141.45, NULL},
    {"Perth", "AU", "WA", -31.95, 115.86, "Australia/Perth"},
    {"Eucla", "AU", "WA", -31.68, 128.88, NULL},
    {"Sao Paulo", "BR", "SP", -23.55, -46.64, "America/Sao_Paulo"},
    {"Manaus", "BR", "AM", -3.10, -60.03, "America/Manaus"},
    {"Tabatinga", "BR", "AM", -4.25, -69.94, NULL},
    {"Guadalajara", "MX", "JAL", 20.67, -103.35, "America/Mexico_City"},
    {"Puerto Vallarta", "MX", "JAL", 20.65, -105.23, NULL},
    {"Tijuana", "MX", "BCN", 32.53, -117.02, "America/Tijuana"},
    {"Nuevo Laredo", "MX", "TAM", 27.48, -99.52, NULL},
    {"Wellington", "NZ", NULL, -41.29, 174.78, "Pacific/Auckland"},
    {"Waitangi", "NZ", NULL, -43.95, -176.56, NULL},
    {"Barcelona", "ES", NULL, 41.39, 2.16, "Europe/Madrid"},
    {"Las Palmas", "ES", NULL, 28.10, -15.41, "Atlantic/Canary"},
    {"Kyiv", "UA", NULL, 50.45, 30.52, "Europe/Kyiv"},
    {"Sevastopol", "UA", NULL, 44.61, 33.52, NULL},
    {"Moscow", "RU", NULL, 55.75, 37.62, "Europe/Moscow"},
    {"Samara", "RU", NULL, 53.20, 50.15, NULL},
    {"Shanghai", "CN", NULL, 31.22, 121.46, "Asia/Shanghai"},
    {"Urumqi", "CN", NULL, 43.80, 87.60, NULL},
    {"Jakarta", "ID", NULL, -6.21, 106.85, "Asia/Jakarta"},
    {"Denpasar", "ID", NULL, -8.65, 115.22, "Asia/Makassar"},
};

static struct place place_of(const struct town *town)
{
    return (struct place){.country = town->country,
                          .region = town->region,
                          .has_geo = true,
                          .latitude = town->latitude,
                          .longitude = town->longitude};
}

static void a_town_has_the_zone_of_its_region_unless_it_is_near_a_border(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(towns); i++) {
        struct place place = place_of(&towns[i]);
        bool is_border;
        const char *tzid = region_zone(&place, &is_border);
        if ((tzid == NULL) != (towns[i].tzid == NULL) || (tzid != NULL && strcmp(tzid, towns[i].tzid) != 0))
            fail_msg("%s has the zone %s", towns[i].name, tzid != NULL ? tzid : "of a border");
        if (tzid == NULL && towns[i].region != NULL)
            assert_true(is_border);
    }
}

/* A calendar reads a zone by its offset: at a border there is none, however near other zones are. */
static void at_a_border_of_a_region_no_offset_is_chosen(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(towns); i++) {
        struct place place = place_of(&towns[i]);
        struct moment moment = {.year = 2027, .month = 7, .day = 15, .has_time = true, .hour = 20};
        if (towns[i].region != NULL)
            assert_int_equal(zone_settle_nearby(&place, &moment), towns[i].tzid != NULL);
    }
}

static void a_region_of_one_zone_needs_no_coordinates(void **state)
{
    (void)state;
    struct place place = {.country = "US", .region = "IL"};
    bool is_border;
    assert_string_equal(region_zone(&place, &is_border), "America/Chicago");
    place.region = "TX";
    assert_null(region_zone(&place, &is_border));
    assert_true(is_border);
}

static void what_is_no_region_has_no_zone(void **state)
{
    (void)state;
    static const char *const regions[] = {"", " ", "XX", "I", "L", " IL", "IL IN", "il"};
    bool is_border;
    for (size_t i = 0; i < COUNT(regions); i++) {
        struct place place = {.country = "US", .region = regions[i]};
        assert_null(region_zone(&place, &is_border));
        assert_false(is_border);
    }
    assert_null(region_zone(&(struct place){.region = "IL"}, &is_border));
    assert_null(region_zone(&(struct place){.country = "US"}, &is_border));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_town_has_the_zone_of_its_region_unless_it_is_near_a_border),
        cmocka_unit_test(at_a_border_of_a_region_no_offset_is_chosen),
        cmocka_unit_test(a_region_of_one_zone_needs_no_coordinates),
        cmocka_unit_test(what_is_no_region_has_no_zone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
