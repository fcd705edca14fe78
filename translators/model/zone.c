/* Offsets of places from the rules of tzdata. For what is published, coordinates only narrow what is
 * plausible, and an offset is given only where the zone is named or all zones of the country have it. For
 * calendars the region and the coordinates may decide too. */
#include "zone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "place.h"
#include "place_tables.h"
#include "region_zone.h"
#include "zone_rules.h"
#include "zone_tables.h"

enum { ZONE_FIRST_YEAR = 1970, ZONE_LAST_YEAR = 2099, DAY_S = 86400, MARGIN_KM = 400 };

/* What a zone says to an offset at a moment. */
enum offset_check { OFFSET_UNKNOWN, OFFSET_POSSIBLE, OFFSET_IMPOSSIBLE };

static int compare_tzid(const void *tzid, const void *row)
{
    return strcmp(tzid, ((const struct zone_name *)row)->tzid);
}

/* NULL: tzdata has no such zone. */
static const struct zone_rules *find_zone(const char *tzid)
{
    const struct zone_name *row =
        bsearch(tzid, zone_names, zone_n_names, sizeof(zone_names[0]), compare_tzid);
    return row != NULL ? row->rules : NULL;
}

static bool can_judge(const struct moment *moment)
{
    return moment->has_time && moment->year >= ZONE_FIRST_YEAR && moment->year <= ZONE_LAST_YEAR;
}

bool zone_offset_at(const char *tzid, const struct moment *moment, int *ret_offset_min)
{
    const struct zone_rules *zone = can_judge(moment) ? find_zone(tzid) : NULL;
    if (zone == NULL)
        return false;
    /* The offsets of the day before and the day after are the two the wall time can have. Where the clocks
     * were put back both are right, where they were put forward neither: then it is the smaller, standard
     * time. */
    int64_t wall_s = when_wall_s(moment);
    int before_s = zone_rules_offset_s(zone, wall_s - DAY_S),
        after_s = zone_rules_offset_s(zone, wall_s + DAY_S);
    bool before_holds = zone_rules_offset_s(zone, wall_s - before_s) == before_s;
    bool after_holds = zone_rules_offset_s(zone, wall_s - after_s) == after_s;
    int offset_s = before_s < after_s ? before_s : after_s;
    if (before_holds != after_holds)
        offset_s = before_holds ? before_s : after_s;
    if (offset_s % 60 != 0)
        return false;
    *ret_offset_min = offset_s / 60;
    return true;
}

bool zone_localise(const char *tzid, struct moment *moment)
{
    const struct zone_rules *zone = moment->has_offset && can_judge(moment) ? find_zone(tzid) : NULL;
    if (zone == NULL)
        return false;
    int64_t instant_s = when_wall_s(moment) - moment->offset_min * 60;
    int offset_s = zone_rules_offset_s(zone, instant_s);
    if (offset_s % 60 != 0)
        return false;
    *moment = when_of_wall_s(instant_s + offset_s);
    moment->has_offset = true;
    moment->offset_min = offset_s / 60;
    return true;
}

static enum offset_check judge(const char *tzid, const struct moment *moment)
{
    const struct zone_rules *zone = can_judge(moment) ? find_zone(tzid) : NULL;
    if (zone == NULL)
        return OFFSET_UNKNOWN;
    int claimed_s = moment->offset_min * 60;
    bool holds = zone_rules_offset_s(zone, when_wall_s(moment) - claimed_s) == claimed_s;
    return holds ? OFFSET_POSSIBLE : OFFSET_IMPOSSIBLE;
}

static bool is_of(const struct zone_row *zone, const char *country)
{
    return country != NULL && zone->country[0] == country[0] && strcmp(zone->country, country) == 0;
}

static size_t count_zones(const char *country)
{
    size_t n = 0;
    for (size_t i = 0; i < place_n_zones; i++)
        n += is_of(&place_zones[i], country);
    return n;
}

/* The offset that all zones of a country have at a moment. Where they differ most often the first two do, so
 * few are asked. */
static bool offset_of_country(const char *country, const struct moment *moment, int *ret_offset_min)
{
    bool is_known = false;
    for (size_t i = 0; i < place_n_zones; i++) {
        int offset_min;
        if (!is_of(&place_zones[i], country))
            continue;
        if (!zone_offset_at(place_zones[i].tzid, moment, &offset_min) ||
            (is_known && offset_min != *ret_offset_min))
            return false;
        *ret_offset_min = offset_min;
        is_known = true;
    }
    return is_known;
}

bool zone_localise_at(const struct place *place, struct moment *moment)
{
    if (place->tzid != NULL)
        return zone_localise(place->tzid, moment);
    struct moment local = {0};
    for (size_t i = 0; i < place_n_zones; i++) {
        struct moment other = *moment;
        if (!is_of(&place_zones[i], place->country))
            continue;
        if (!zone_localise(place_zones[i].tzid, &other) ||
            (when_known(&local) && local.offset_min != other.offset_min))
            return false;
        local = other;
    }
    if (!when_known(&local))
        return false;
    *moment = local;
    return true;
}

/* Countries of their own in zone.tab, but upstreams file them under the one they belong to. */
static bool is_territory(const char *territory, const char *country)
{
    static const struct {
        const char *country, *territories;
    } rows[] = {{"US", "AS GU MP PR VI"},
                {"FR", "BL GF GP MF MQ NC PF PM RE WF YT"},
                {"GB", "GG IM JE"},
                {"NL", "AW BQ CW SX"},
                {"DK", "FO GL"},
                {"FI", "AX"},
                {"NO", "SJ"},
                {"CN", "HK MO"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].country, country) == 0)
            return strstr(rows[i].territories, territory) != NULL;
    return false;
}

bool zone_is_kept_in(const char *country, const char *tzid)
{
    for (size_t i = 0; country != NULL && i < place_n_zones; i++)
        if (strcmp(place_zones[i].tzid, tzid) == 0 &&
            (is_of(&place_zones[i], country) || is_territory(place_zones[i].country, country)))
            return true;
    return false;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* Great-circle distance (haversine formula). */
static double distance_km(const struct zone_row *zone, const struct place *place)
{
    const double radians = 3.14159265358979323846 / 180, earth_diameter_km = 12742;
    double from = zone->latitude * radians, to = place->latitude * radians;
    double north = sin((to - from) / 2), east = sin((place->longitude - zone->longitude) * radians / 2);
    double chord = north * north + cos(from) * cos(to) * east * east;
    return earth_diameter_km * asin(sqrt(smaller(chord, 1)));
}

/* How far away a zone's principal location may be if the nearest one's is `nearest_km` away. Tried on 164
 * cities of countries with several zones: this loses the zone of none of them, and keeps Denver but not
 * Chicago for San Francisco. Without a country the nearest is often a neighbour's, which says less. */
static double reach_km(double nearest_km, bool has_country)
{
    return nearest_km + (has_country ? smaller(4 * nearest_km + 100, 1200) : 1400);
}

/* Which zones a place without a named one may keep. */
struct surroundings {
    const struct place *place;
    size_t n_zones; /* of its country; 0: of none that is known */
    bool has_geo;
    double reach_km; /* INFINITY: coordinates do not matter */
};

static bool is_eligible(const struct surroundings *around, const struct zone_row *zone)
{
    return around->n_zones == 0 || is_of(zone, around->place->country);
}

/* Of two zones both count: in the west of China people keep either. */
static struct surroundings surroundings_of(const struct place *place)
{
    struct surroundings around = {.place = place,
                                  .n_zones = count_zones(place->country),
                                  .has_geo =
                                      place->has_geo && place_geo_ok(place->latitude, place->longitude),
                                  .reach_km = INFINITY};
    if (!around.has_geo || (around.n_zones > 0 && around.n_zones <= 2))
        return around;
    double nearest_km = INFINITY;
    for (size_t i = 0; i < place_n_zones; i++)
        if (is_eligible(&around, &place_zones[i]))
            nearest_km = smaller(nearest_km, distance_km(&place_zones[i], place));
    around.reach_km = reach_km(nearest_km, around.n_zones > 0);
    return around;
}

static bool is_around(const struct surroundings *around, const struct zone_row *zone)
{
    return is_eligible(around, zone) &&
           (around->reach_km == INFINITY || distance_km(zone, around->place) <= around->reach_km);
}

bool zone_offset_possible(const struct place *place, const struct moment *moment)
{
    if (!moment->has_offset)
        return true;
    enum offset_check check = place->tzid != NULL ? judge(place->tzid, moment) : OFFSET_UNKNOWN;
    if (check != OFFSET_UNKNOWN)
        return check == OFFSET_POSSIBLE;

    struct surroundings around = surroundings_of(place);
    if (around.n_zones == 0 && !around.has_geo)
        return true;
    bool is_judged = false;
    for (size_t i = 0; i < place_n_zones; i++) {
        if (!is_around(&around, &place_zones[i]))
            continue;
        check = judge(place_zones[i].tzid, moment);
        if (check != OFFSET_IMPOSSIBLE)
            return true;
        is_judged = true;
    }
    return !is_judged;
}

void zone_settle(const struct place *place, struct moment *moment)
{
    if (moment->has_offset && !zone_offset_possible(place, moment))
        moment->has_offset = false;
    if (moment->has_offset)
        return;
    int offset_min;
    bool is_known = place->tzid != NULL && zone_offset_at(place->tzid, moment, &offset_min);
    if (is_known || offset_of_country(place->country, moment, &offset_min)) {
        moment->has_offset = true;
        moment->offset_min = offset_min;
    }
}

/* The offset that all zones around a place have at a wall time. To choose is bolder than not to contradict,
 * so the circle is wider by MARGIN_KM: of 9,257 towns of which it then says a zone one is wrong, of 13,519
 * without it 32. */
static bool offset_around(const struct place *place, const struct moment *moment, int *ret_offset_min)
{
    struct surroundings around = surroundings_of(place);
    bool is_known = false;
    around.reach_km += MARGIN_KM;
    for (size_t i = 0; around.has_geo && i < place_n_zones; i++) {
        int offset_min;
        if (!is_around(&around, &place_zones[i]))
            continue;
        if (!zone_offset_at(place_zones[i].tzid, moment, &offset_min) ||
            (is_known && offset_min != *ret_offset_min))
            return false;
        *ret_offset_min = offset_min;
        is_known = true;
    }
    return is_known;
}

bool zone_settle_nearby(const struct place *place, struct moment *moment)
{
    if (!moment->has_offset)
        zone_settle(place, moment);
    if (moment->has_offset || !moment->has_time)
        return true;
    int offset_min;
    bool is_border;
    struct place located = *place;
    if (!located.has_geo && located.has_city_geo) {
        located.has_geo = true;
        located.latitude = located.city_latitude;
        located.longitude = located.city_longitude;
    }
    const char *tzid = region_zone(&located, &is_border);
    if (tzid != NULL ? !zone_offset_at(tzid, moment, &offset_min)
                     : is_border || !offset_around(&located, moment, &offset_min))
        return false;
    moment->has_offset = true;
    moment->offset_min = offset_min;
    return true;
}
