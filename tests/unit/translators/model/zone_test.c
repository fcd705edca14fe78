/* Offsets of zones and places, against what the zone data of the system says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "translators/model/model.h"
#include "translators/model/place_tables.h"
#include "translators/model/zone.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Cities of countries with several zones, near the borders of zones too, and a few others. */
static const struct city {
    const char *name, *country, *tzid;
    double latitude, longitude;
} cities[] = {
    {"San Francisco", "US", "America/Los_Angeles", 37.77, -122.42},
    {"Los Angeles", "US", "America/Los_Angeles", 34.05, -118.24},
    {"Seattle", "US", "America/Los_Angeles", 47.61, -122.33},
    {"Spokane", "US", "America/Los_Angeles", 47.66, -117.43},
    {"Las Vegas", "US", "America/Los_Angeles", 36.17, -115.14},
    {"Wendover", "US", "America/Denver", 40.74, -114.07},
    {"Salt Lake City", "US", "America/Denver", 40.76, -111.89},
    {"Dallas", "US", "America/Chicago", 32.78, -96.80},
    {"El Paso", "US", "America/Denver", 31.76, -106.48},
    {"Phoenix", "US", "America/Phoenix", 33.45, -112.07},
    {"Tucson", "US", "America/Phoenix", 32.22, -110.97},
    {"Indianapolis", "US", "America/Indiana/Indianapolis", 39.77, -86.16},
    {"Evansville", "US", "America/Chicago", 37.97, -87.56},
    {"Gary", "US", "America/Chicago", 41.59, -87.35},
    {"Louisville", "US", "America/Kentucky/Louisville", 38.25, -85.76},
    {"Nashville", "US", "America/Chicago", 36.16, -86.78},
    {"Chattanooga", "US", "America/New_York", 35.05, -85.31},
    {"Birmingham", "US", "America/Chicago", 33.52, -86.80},
    {"Pensacola", "US", "America/Chicago", 30.42, -87.22},
    {"Miami", "US", "America/New_York", 25.76, -80.19},
    {"New Orleans", "US", "America/Chicago", 29.95, -90.07},
    {"Boise", "US", "America/Boise", 43.62, -116.20},
    {"Ontario", "US", "America/Boise", 44.03, -116.96},
    {"Missoula", "US", "America/Denver", 46.87, -113.99},
    {"Bismarck", "US", "America/Chicago", 46.81, -100.78},
    {"Rapid City", "US", "America/Denver", 44.08, -103.23},
    {"Marquette", "US", "America/Detroit", 46.54, -87.40},
    {"Detroit", "US", "America/Detroit", 42.33, -83.05},
    {"Amarillo", "US", "America/Chicago", 35.19, -101.83},
    {"Albuquerque", "US", "America/Denver", 35.08, -106.65},
    {"Goodland", "US", "America/Denver", 39.35, -101.71},
    {"Boston", "US", "America/New_York", 42.36, -71.06},
    {"Honolulu", "US", "Pacific/Honolulu", 21.31, -157.86},
    {"Anchorage", "US", "America/Anchorage", 61.22, -149.90},
    {"Juneau", "US", "America/Juneau", 58.30, -134.42},
    {"Perth", "AU", "Australia/Perth", -31.95, 115.86},
    {"Kalgoorlie", "AU", "Australia/Perth", -30.75, 121.47},
    {"Broome", "AU", "Australia/Perth", -17.96, 122.24},
    {"Broken Hill", "AU", "Australia/Broken_Hill", -31.95, 141.45},
    {"Darwin", "AU", "Australia/Darwin", -12.46, 130.85},
    {"Adelaide", "AU", "Australia/Adelaide", -34.93, 138.60},
    {"Melbourne", "AU", "Australia/Melbourne", -37.81, 144.96},
    {"Sydney", "AU", "Australia/Sydney", -33.87, 151.21},
    {"Byron Bay", "AU", "Australia/Sydney", -28.64, 153.61},
    {"Gold Coast", "AU", "Australia/Brisbane", -28.00, 153.43},
    {"Brisbane", "AU", "Australia/Brisbane", -27.47, 153.03},
    {"Cairns", "AU", "Australia/Brisbane", -16.92, 145.77},
    {"Hobart", "AU", "Australia/Hobart", -42.88, 147.33},
    {"Manaus", "BR", "America/Manaus", -3.12, -60.02},
    {"Sao Paulo", "BR", "America/Sao_Paulo", -23.55, -46.63},
    {"Brasilia", "BR", "America/Sao_Paulo", -15.79, -47.88},
    {"Porto Alegre", "BR", "America/Sao_Paulo", -30.03, -51.23},
    {"Rio Branco", "BR", "America/Rio_Branco", -9.97, -67.81},
    {"Vladivostok", "RU", "Asia/Vladivostok", 43.12, 131.89},
    {"Moscow", "RU", "Europe/Moscow", 55.75, 37.62},
    {"St Petersburg", "RU", "Europe/Moscow", 59.94, 30.31},
    {"Krasnodar", "RU", "Europe/Moscow", 45.04, 38.98},
    {"Kazan", "RU", "Europe/Moscow", 55.80, 49.11},
    {"Perm", "RU", "Asia/Yekaterinburg", 58.01, 56.25},
    {"Tyumen", "RU", "Asia/Yekaterinburg", 57.15, 65.53},
    {"Omsk", "RU", "Asia/Omsk", 54.99, 73.32},
    {"Novosibirsk", "RU", "Asia/Novosibirsk", 55.03, 82.92},
    {"Kaliningrad", "RU", "Europe/Kaliningrad", 54.71, 20.45},
    {"St. John's", "CA", "America/St_Johns", 47.56, -52.71},
    {"Labrador City", "CA", "America/Goose_Bay", 52.94, -66.91},
    {"Halifax", "CA", "America/Halifax", 44.65, -63.58},
    {"Moncton", "CA", "America/Moncton", 46.09, -64.77},
    {"Montreal", "CA", "America/Toronto", 45.50, -73.57},
    {"Gaspe", "CA", "America/Toronto", 48.83, -64.48},
    {"Toronto", "CA", "America/Toronto", 43.65, -79.38},
    {"Thunder Bay", "CA", "America/Toronto", 48.38, -89.25},
    {"Winnipeg", "CA", "America/Winnipeg", 49.90, -97.14},
    {"Regina", "CA", "America/Regina", 50.45, -104.61},
    {"Calgary", "CA", "America/Edmonton", 51.05, -114.07},
    {"Fernie", "CA", "America/Edmonton", 49.50, -115.06},
    {"Kelowna", "CA", "America/Vancouver", 49.89, -119.50},
    {"Vancouver", "CA", "America/Vancouver", 49.28, -123.12},
    {"Whitehorse", "CA", "America/Whitehorse", 60.72, -135.06},
    {"Urumqi", "CN", "Asia/Shanghai", 43.83, 87.62},
    {"Beijing", "CN", "Asia/Shanghai", 39.90, 116.41},
    {"Las Palmas", "ES", "Atlantic/Canary", 28.12, -15.44},
    {"Barcelona", "ES", "Europe/Madrid", 41.39, 2.17},
    {"Cadiz", "ES", "Europe/Madrid", 36.53, -6.29},
    {"Ponta Delgada", "PT", "Atlantic/Azores", 37.74, -25.67},
    {"Funchal", "PT", "Atlantic/Madeira", 32.65, -16.91},
    {"Faro", "PT", "Europe/Lisbon", 37.02, -7.93},
    {"Tijuana", "MX", "America/Tijuana", 32.51, -117.04},
    {"Cancun", "MX", "America/Cancun", 21.16, -86.85},
    {"Mexico City", "MX", "America/Mexico_City", 19.43, -99.13},
    {"Puerto Vallarta", "MX", "America/Mexico_City", 20.65, -105.23},
    {"Monterrey", "MX", "America/Monterrey", 25.69, -100.32},
    {"Kinshasa", "CD", "Africa/Kinshasa", -4.44, 15.27},
    {"Lubumbashi", "CD", "Africa/Lubumbashi", -11.66, 27.48},
    {"Kisangani", "CD", "Africa/Lubumbashi", 0.52, 25.19},
    {"Jakarta", "ID", "Asia/Jakarta", -6.21, 106.85},
    {"Denpasar", "ID", "Asia/Makassar", -8.65, 115.22},
    {"Auckland", "NZ", "Pacific/Auckland", -36.85, 174.76},
    {"Santiago", "CL", "America/Santiago", -33.45, -70.67},
    {"Punta Arenas", "CL", "America/Punta_Arenas", -53.16, -70.91},
    {"Quito", "EC", "America/Guayaquil", -0.18, -78.47},
    {"Kuala Lumpur", "MY", "Asia/Kuala_Lumpur", 3.14, 101.69},
    {"Almaty", "KZ", "Asia/Almaty", 43.24, 76.89},
    {"Berlin", "DE", "Europe/Berlin", 52.52, 13.41},
    {"Kyiv", "UA", "Europe/Kiev", 50.45, 30.52},
    {"Nicosia", "CY", "Asia/Nicosia", 35.17, 33.36},
    {"London", "GB", "Europe/London", 51.50, -0.12},
    {"Nuuk", "GL", "America/Nuuk", 64.18, -51.72},
};

static struct moment moment_of(const char *text)
{
    struct moment moment;
    assert_true(when_parse_datetime(text, &moment));
    return moment;
}

static struct place place_of(const struct city *city)
{
    return (struct place){
        .country = city->country, .has_geo = true, .latitude = city->latitude, .longitude = city->longitude};
}

static struct place place_named(const char *name)
{
    for (size_t i = 0; i < COUNT(cities); i++)
        if (strcmp(cities[i].name, name) == 0)
            return place_of(&cities[i]);
    fail_msg("no city %s", name);
    return (struct place){0};
}

/* The moment as it is written after it was settled at the place. */
static const char *settled(const struct place *place, const char *text)
{
    static char result[WHEN_TEXT_BYTES];
    struct moment moment = moment_of(text);
    zone_settle(place, &moment);
    return when_format(&moment, result);
}

static void zones_have_the_offset_in_force_on_the_day(void **state)
{
    (void)state;
    const struct {
        const char *tzid, *text;
        int offset_min;
    } cases[] = {
        {"Europe/Berlin", "2026-01-15T20:00:00", 60},
        {"Europe/Berlin", "2026-07-15T20:00:00", 120},
        {"Europe/Berlin", "2026-03-28T23:59:59", 60},
        {"Europe/Berlin", "2026-03-29T20:00:00", 120},
        {"Europe/Berlin", "2026-10-24T20:00:00", 120},
        {"Europe/Berlin", "2026-10-25T20:00:00", 60},
        {"Europe/Berlin", "2036-07-15T20:00:00", 120},
        {"Europe/Berlin", "2050-07-15T20:00:00", 120},
        {"America/Sao_Paulo", "2018-11-03T20:00:00", -180},
        {"America/Sao_Paulo", "2018-11-04T20:00:00", -120},
        {"Asia/Tehran", "2022-09-22T20:00:00", 210},
        {"America/New_York", "2026-03-07T20:00:00", -300},
        {"America/New_York", "2026-03-08T20:00:00", -240},
        {"America/New_York", "2012-04-18T20:00:00", -240},
        {"America/Los_Angeles", "2012-04-18T20:00:00", -420},
        {"America/Phoenix", "2026-01-15T20:00:00", -420},
        {"America/Phoenix", "2026-07-15T20:00:00", -420},
        {"Australia/Sydney", "2026-01-15T20:00:00", 660},
        {"Australia/Sydney", "2026-07-15T20:00:00", 600},
        {"Australia/Lord_Howe", "2026-01-15T20:00:00", 660},
        {"Australia/Lord_Howe", "2026-07-15T20:00:00", 630},
        {"Asia/Kolkata", "2026-07-15T20:00:00", 330},
        {"Asia/Kathmandu", "2026-07-15T20:00:00", 345},
        {"Africa/Casablanca", "2024-03-20T20:00:00", 0},
        {"Africa/Casablanca", "2024-05-20T20:00:00", 60},
        {"Pacific/Kiritimati", "2026-07-15T20:00:00", 840},
        {"US/Eastern", "2026-07-15T20:00:00", -240},
        {"Etc/GMT+5", "2026-07-15T20:00:00", -300},
        {"UTC", "2026-07-15T20:00:00", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct moment moment = moment_of(cases[i].text);
        int offset_min = -9999;
        assert_true(zone_offset_at(cases[i].tzid, &moment, &offset_min));
        if (offset_min != cases[i].offset_min)
            fail_msg("%s at %s: %d", cases[i].tzid, cases[i].text, offset_min);
    }
}

static void a_wall_time_shown_twice_or_never_has_the_offset_of_standard_time(void **state)
{
    (void)state;
    const char *texts[] = {"2026-10-25T02:30:00", "2026-03-29T02:30:00"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct moment moment = moment_of(texts[i]);
        int offset_min = 0;
        assert_true(zone_offset_at("Europe/Berlin", &moment, &offset_min));
        assert_int_equal(offset_min, 60);
    }
}

static void both_readings_of_a_wall_time_shown_twice_are_possible(void **state)
{
    (void)state;
    struct place place = {.tzid = "Europe/Berlin"};
    struct moment first = moment_of("2026-10-25T02:30:00+02:00");
    struct moment second = moment_of("2026-10-25T02:30:00+01:00");
    struct moment neither = moment_of("2026-10-25T02:30:00+00:00");
    assert_true(zone_offset_possible(&place, &first));
    assert_true(zone_offset_possible(&place, &second));
    assert_false(zone_offset_possible(&place, &neither));
}

static void what_is_no_zone_has_no_offset(void **state)
{
    (void)state;
    char endless[3000];
    memset(endless, 'a', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    const char *names[] = {"",
                           "Nonsense",
                           "Europe/Nowhere",
                           "/etc/passwd",
                           "../../../etc/passwd",
                           "Europe",
                           "Europe/",
                           "Europe//Berlin",
                           "./Europe/Berlin",
                           "right/Europe/Berlin",
                           "posix/Europe/Berlin",
                           "zone.tab",
                           "Factory",
                           "Europe/Berlin\n",
                           "Z\xc3\xbcrich",
                           endless};
    struct moment moment = moment_of("2026-07-15T20:00:00");
    for (size_t i = 0; i < COUNT(names); i++) {
        int offset_min = -9999;
        if (zone_offset_at(names[i], &moment, &offset_min))
            fail_msg("\"%s\" gave %d", names[i], offset_min);
        assert_int_equal(offset_min, -9999);
    }
}

static void without_a_time_or_beyond_the_rules_there_is_no_offset(void **state)
{
    (void)state;
    struct moment moments[] = {{0},
                               {.year = 2026, .month = 7, .day = 15},
                               moment_of("1969-12-31T20:00:00"),
                               moment_of("2100-01-01T20:00:00"),
                               moment_of("2200-12-31T23:59:60")};
    for (size_t i = 0; i < COUNT(moments); i++) {
        int offset_min;
        assert_false(zone_offset_at("Europe/Berlin", &moments[i], &offset_min));
        assert_false(zone_offset_at("UTC", &moments[i], &offset_min));
    }
}

static void every_zone_of_the_table_has_rules_and_coordinates(void **state)
{
    (void)state;
    struct moment moment = moment_of("2026-07-15T20:00:00");
    assert_in_range(place_n_zones, 400, 500);
    for (size_t i = 0; i < place_n_zones; i++) {
        int offset_min;
        if (!zone_offset_at(place_zones[i].tzid, &moment, &offset_min))
            fail_msg("no rules for %s", place_zones[i].tzid);
        assert_in_range(offset_min + 12 * 60, 0, 26 * 60);
        assert_true(place_zones[i].latitude > -90 && place_zones[i].latitude < 90);
        assert_true(place_zones[i].longitude > -180 && place_zones[i].longitude < 180);
    }
}

static void zones_are_kept_in_their_country_and_what_belongs_to_it(void **state)
{
    (void)state;
    assert_true(zone_is_kept_in("US", "America/Chicago"));
    assert_true(zone_is_kept_in("US", "America/Puerto_Rico"));
    assert_true(zone_is_kept_in("PR", "America/Puerto_Rico"));
    assert_true(zone_is_kept_in("US", "Pacific/Guam"));
    assert_true(zone_is_kept_in("FR", "Indian/Reunion"));
    assert_true(zone_is_kept_in("GB", "Europe/Isle_of_Man"));
    assert_true(zone_is_kept_in("NL", "America/Curacao"));
    assert_false(zone_is_kept_in("PR", "America/New_York"));
    assert_false(zone_is_kept_in("US", "Europe/Berlin"));
    assert_false(zone_is_kept_in("US", "America/Toronto"));
    assert_false(zone_is_kept_in("ZZ", "Europe/Berlin"));
    assert_false(zone_is_kept_in("DE", "no zone"));
    assert_false(zone_is_kept_in("", ""));
    assert_false(zone_is_kept_in(NULL, "Europe/Berlin"));
}

static void no_city_loses_its_true_offset(void **state)
{
    (void)state;
    const char *days[] = {"2026-01-10T20:00:00", "2026-04-10T20:00:00", "2026-07-10T20:00:00",
                          "2026-10-10T20:00:00", "2022-04-10T20:00:00", "2022-12-10T20:00:00"};
    for (size_t i = 0; i < COUNT(cities); i++)
        for (size_t d = 0; d < COUNT(days); d++) {
            struct place place = place_of(&cities[i]);
            struct moment moment = moment_of(days[d]);
            assert_true(zone_offset_at(cities[i].tzid, &moment, &moment.offset_min));
            moment.has_offset = true;
            if (!zone_offset_possible(&place, &moment))
                fail_msg("%s lost %d min at %s", cities[i].name, moment.offset_min, days[d]);
            place.has_geo = false;
            assert_true(zone_offset_possible(&place, &moment));
        }
}

static void an_offset_of_the_other_season_or_another_coast_is_contradicted(void **state)
{
    (void)state;
    const char *cases[][2] = {
        {"San Francisco", "2012-04-18T20:00:00-08:00"}, {"San Francisco", "2026-04-18T20:00:00-08:00"},
        {"San Francisco", "2026-01-18T20:00:00-06:00"}, {"San Francisco", "2026-07-18T20:00:00-04:00"},
        {"Los Angeles", "2026-07-18T20:00:00-08:00"},   {"Boston", "2026-07-18T20:00:00-06:00"},
        {"Phoenix", "2026-07-18T20:00:00-08:00"},       {"Honolulu", "2026-07-18T20:00:00-09:00"},
        {"Barcelona", "2026-07-18T20:00:00+01:00"},     {"Las Palmas", "2026-07-18T20:00:00+02:00"},
        {"Faro", "2026-07-18T20:00:00+00:00"},          {"Sydney", "2026-01-18T20:00:00+10:00"},
        {"Perth", "2026-07-18T20:00:00+10:00"},         {"Moscow", "2026-07-18T20:00:00+05:00"},
        {"London", "2026-07-18T20:00:00+00:00"},        {"Berlin", "2026-07-18T20:00:00+01:00"},
        {"Sao Paulo", "2026-07-18T20:00:00-02:00"},     {"Beijing", "2026-07-18T20:00:00+09:00"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct place place = place_named(cases[i][0]);
        struct moment moment = moment_of(cases[i][1]);
        if (zone_offset_possible(&place, &moment))
            fail_msg("%s in %s", cases[i][1], cases[i][0]);
    }
}

static void without_coordinates_every_zone_of_the_country_is_possible(void **state)
{
    (void)state;
    struct place places[] = {{.country = "US"}, {.country = "US", .has_geo = true}};
    for (size_t i = 0; i < COUNT(places); i++) {
        struct moment hawaii = moment_of("2026-07-18T20:00:00-10:00");
        struct moment eastern = moment_of("2026-07-18T20:00:00-04:00");
        struct moment british = moment_of("2026-07-18T20:00:00+01:00");
        assert_true(zone_offset_possible(&places[i], &hawaii));
        assert_true(zone_offset_possible(&places[i], &eastern));
        assert_false(zone_offset_possible(&places[i], &british));
    }
}

static void without_a_country_the_zones_around_decide(void **state)
{
    (void)state;
    const char *countries[] = {NULL, "XK", "ZZ"};
    for (size_t i = 0; i < COUNT(countries); i++) {
        struct place place = {
            .country = countries[i], .has_geo = true, .latitude = 42.66, .longitude = 21.17};
        struct moment right = moment_of("2026-07-18T20:00:00+02:00");
        struct moment far = moment_of("2026-07-18T20:00:00-05:00");
        assert_true(zone_offset_possible(&place, &right));
        assert_false(zone_offset_possible(&place, &far));
    }
}

static void what_is_not_known_contradicts_nothing(void **state)
{
    (void)state;
    struct place nowhere = {0}, london = {.country = "GB", .tzid = "Europe/London"};
    struct moment odd = moment_of("2026-07-18T20:00:00-11:30");
    struct moment far_off = moment_of("2150-07-18T20:00:00-11:30");
    struct moment none = moment_of("2026-07-18T20:00:00");
    assert_true(zone_offset_possible(&nowhere, &odd));
    assert_true(zone_offset_possible(&london, &far_off));
    assert_true(zone_offset_possible(&london, &none));
    assert_false(zone_offset_possible(&london, &odd));
}

static void a_named_zone_alone_decides(void **state)
{
    (void)state;
    struct place place = place_named("Boston");
    place.tzid = "America/Chicago";
    assert_string_equal(settled(&place, "2026-07-18T20:00:00"), "2026-07-18T20:00:00-05:00");
    assert_string_equal(settled(&place, "2026-07-18T20:00:00-05:00"), "2026-07-18T20:00:00-05:00");
    assert_string_equal(settled(&place, "2026-07-18T20:00:00-04:00"), "2026-07-18T20:00:00-05:00");
    place.tzid = "No/Such_Zone";
    assert_string_equal(settled(&place, "2026-07-18T20:00:00-04:00"), "2026-07-18T20:00:00-04:00");
    assert_string_equal(settled(&place, "2026-07-18T20:00:00"), "2026-07-18T20:00:00");
}

static void a_country_with_one_zone_gives_its_offset_and_corrects_a_wrong_one(void **state)
{
    (void)state;
    struct place london = {.country = "GB"};
    assert_string_equal(settled(&london, "2026-07-18T20:00:00"), "2026-07-18T20:00:00+01:00");
    assert_string_equal(settled(&london, "2026-01-18T20:00:00"), "2026-01-18T20:00:00+00:00");
    assert_string_equal(settled(&london, "2026-07-18T20:00:00+00:00"), "2026-07-18T20:00:00+01:00");
    assert_string_equal(settled(&london, "2150-07-18T20:00:00"), "2150-07-18T20:00:00");
}

static void a_country_whose_zones_differ_gives_no_offset(void **state)
{
    (void)state;
    struct place francisco = place_named("San Francisco"), urumqi = {.country = "CN"};
    assert_string_equal(settled(&francisco, "2026-04-18T20:00:00"), "2026-04-18T20:00:00");
    assert_string_equal(settled(&francisco, "2026-04-18T20:00:00-08:00"), "2026-04-18T20:00:00");
    assert_string_equal(settled(&francisco, "2026-04-18T20:00:00-07:00"), "2026-04-18T20:00:00-07:00");
    assert_string_equal(settled(&urumqi, "2026-07-18T20:00:00"), "2026-07-18T20:00:00");
}

static void a_country_whose_zones_agree_gives_their_offset(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"DE", "2026-07-18T20:00:00", "2026-07-18T20:00:00+02:00"},
        {"DE", "2026-12-18T20:00:00", "2026-12-18T20:00:00+01:00"},
        {"DE", "2026-07-18T20:00:00-05:00", "2026-07-18T20:00:00+02:00"},
        {"MY", "2026-07-18T20:00:00", "2026-07-18T20:00:00+08:00"},
        {"AR", "2026-07-18T20:00:00", "2026-07-18T20:00:00-03:00"},
        {"CY", "2026-07-18T20:00:00", "2026-07-18T20:00:00+03:00"},
        {"CY", "2016-12-18T20:00:00", "2016-12-18T20:00:00"},
        {"ES", "2026-07-18T20:00:00", "2026-07-18T20:00:00"},
        {"PF", "2026-07-18T20:00:00", "2026-07-18T20:00:00"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct place place = {.country = cases[i][0]};
        assert_string_equal(settled(&place, cases[i][1]), cases[i][2]);
    }
}

static void a_day_without_time_stays_a_day(void **state)
{
    (void)state;
    struct place london = {.country = "GB", .tzid = "Europe/London"};
    struct moment day, unknown = {0};
    assert_true(when_parse_date("2026-07-18", &day));
    zone_settle(&london, &day);
    assert_false(day.has_time || day.has_offset);
    zone_settle(&london, &unknown);
    assert_false(when_known(&unknown) || unknown.has_offset);
}

static void an_instant_is_said_in_the_time_of_a_zone(void **state)
{
    static const char *const cases[][3] = {
        {"2027-03-13T02:00:00Z", "America/Chicago", "2027-03-12T20:00:00-06:00"},
        {"2027-07-01T00:30:00+02:00", "Asia/Kolkata", "2027-07-01T04:00:00+05:30"},
        {"2027-03-28T01:00:00Z", "Europe/Berlin", "2027-03-28T03:00:00+02:00"},
        {"2027-10-31T01:00:00Z", "Europe/Berlin", "2027-10-31T02:00:00+01:00"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct moment moment;
        char text[WHEN_TEXT_BYTES];
        assert_true(when_parse_datetime(cases[i][0], &moment));
        assert_true(zone_localise(cases[i][1], &moment));
        assert_string_equal(when_format(&moment, text), cases[i][2]);
    }
}

static void an_instant_is_said_in_the_time_of_a_place(void **state)
{
    static const char *const cases[][4] = {
        {"US", "America/Chicago", "2027-03-13T02:00:00Z", "2027-03-12T20:00:00-06:00"},
        {"DE", NULL, "2027-07-01T20:00:00Z", "2027-07-01T22:00:00+02:00"},
        {"GB", NULL, "2027-07-01T20:00:00Z", "2027-07-01T21:00:00+01:00"},
        {"US", NULL, "2027-07-01T20:00:00Z", NULL},
        {NULL, NULL, "2027-07-01T20:00:00Z", NULL},
        {"DE", NULL, "2027-07-01T20:00:00", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct place place = {.country = cases[i][0], .tzid = cases[i][1]};
        struct moment moment, before;
        char text[WHEN_TEXT_BYTES];
        assert_true(when_parse_datetime(cases[i][2], &moment));
        before = moment;
        assert_int_equal(zone_localise_at(&place, &moment), cases[i][3] != NULL);
        if (cases[i][3] != NULL)
            assert_string_equal(when_format(&moment, text), cases[i][3]);
        else
            assert_int_equal(when_compare(&moment, &before), 0);
    }
}

static void without_an_offset_or_a_zone_an_instant_stays_as_it_was(void **state)
{
    struct moment local, utc;
    char text[WHEN_TEXT_BYTES];
    (void)state;
    assert_true(when_parse_datetime("2027-03-12T20:00:00", &local));
    assert_true(when_parse_datetime("2027-03-12T20:00:00Z", &utc));
    assert_false(zone_localise("Europe/Berlin", &local));
    assert_false(zone_localise("Mars/Olympus", &utc));
    assert_string_equal(when_format(&utc, text), "2027-03-12T20:00:00+00:00");
}

static int unload(void **state)
{
    (void)state;
    return 0;
}

/* The zone near the city may differ from the city's own, as long as they agree on the day. */
static void no_city_has_a_wrong_hour_in_a_calendar(void **state)
{
    (void)state;
    size_t n_known = 0;
    for (size_t i = 0; i < COUNT(cities); i++) {
        struct place place = {.country = cities[i].country,
                              .has_geo = true,
                              .latitude = cities[i].latitude,
                              .longitude = cities[i].longitude};
        for (int month = 1; month <= 12; month++) {
            struct moment moment = {.year = 2027, .month = month, .day = 15, .has_time = true, .hour = 20};
            int offset_min;
            assert_true(zone_offset_at(cities[i].tzid, &moment, &offset_min));
            if (!zone_settle_nearby(&place, &moment))
                continue;
            n_known++;
            if (moment.offset_min != offset_min)
                fail_msg("%s has %d minutes in month %d, not %d", cities[i].name, moment.offset_min, month,
                         offset_min);
        }
    }
    assert_true(n_known > COUNT(cities) * 12 / 3);
}

static void a_zone_that_is_named_wins_and_a_day_needs_none(void **state)
{
    (void)state;
    struct place place = {.country = "US", .region = "IL", .tzid = "America/Denver"};
    struct moment moment = {.year = 2027, .month = 1, .day = 15, .has_time = true, .hour = 20};
    assert_true(zone_settle_nearby(&place, &moment));
    assert_int_equal(moment.offset_min, -420);
    moment = (struct moment){.year = 2027, .month = 1, .day = 15};
    assert_true(zone_settle_nearby(&place, &moment));
    assert_false(moment.has_offset);
    moment = (struct moment){.year = 2150, .month = 1, .day = 15, .has_time = true, .hour = 20};
    assert_false(zone_settle_nearby(&place, &moment)); /* beyond the rules */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_have_the_offset_in_force_on_the_day),
        cmocka_unit_test(a_wall_time_shown_twice_or_never_has_the_offset_of_standard_time),
        cmocka_unit_test(both_readings_of_a_wall_time_shown_twice_are_possible),
        cmocka_unit_test(what_is_no_zone_has_no_offset),
        cmocka_unit_test(without_a_time_or_beyond_the_rules_there_is_no_offset),
        cmocka_unit_test(every_zone_of_the_table_has_rules_and_coordinates),
        cmocka_unit_test(zones_are_kept_in_their_country_and_what_belongs_to_it),
        cmocka_unit_test(no_city_loses_its_true_offset),
        cmocka_unit_test(an_offset_of_the_other_season_or_another_coast_is_contradicted),
        cmocka_unit_test(without_coordinates_every_zone_of_the_country_is_possible),
        cmocka_unit_test(without_a_country_the_zones_around_decide),
        cmocka_unit_test(what_is_not_known_contradicts_nothing),
        cmocka_unit_test(a_named_zone_alone_decides),
        cmocka_unit_test(a_country_with_one_zone_gives_its_offset_and_corrects_a_wrong_one),
        cmocka_unit_test(a_country_whose_zones_differ_gives_no_offset),
        cmocka_unit_test(a_country_whose_zones_agree_gives_their_offset),
        cmocka_unit_test(a_day_without_time_stays_a_day),
        cmocka_unit_test(an_instant_is_said_in_the_time_of_a_zone),
        cmocka_unit_test(an_instant_is_said_in_the_time_of_a_place),
        cmocka_unit_test(without_an_offset_or_a_zone_an_instant_stays_as_it_was),
        cmocka_unit_test(no_city_has_a_wrong_hour_in_a_calendar),
        cmocka_unit_test(a_zone_that_is_named_wins_and_a_day_needs_none),
    };
    return cmocka_run_group_tests(tests, NULL, unload);
}
