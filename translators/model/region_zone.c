/* Regions and their zones. A region that has one zone needs no coordinates. One that has several is listed by
 * boxes that stay clear of the border, so that a town near one has no zone rather than a wrong one. Tried on
 * 39,000 towns of GeoNames with the borders that OpenStreetMap knows of zones: no wrong hour in any month but
 * where GeoNames has a town in the wrong region. */
#include "region_zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "model.h"

/* In degrees. */
struct box {
    double west, east, south, north;
};

#define WHOLE      \
    {              \
        0, 0, 0, 0 \
    } /* region */

static const struct region_row {
    const char *country;
    const char *regions; /* ISO 3166-2 without the country, blanks around each; NULL: whatever the region */
    const char *tzid;
    struct box box;
} rows[] = {
    {"AU", " ACT ", "Australia/Sydney", WHOLE},
    {"AU", " NSW ", "Australia/Sydney", {142.5, 154, -38, -28}},
    {"AU", " NT ", "Australia/Darwin", WHOLE},
    {"AU", " QLD ", "Australia/Brisbane", WHOLE},
    {"AU", " SA ", "Australia/Adelaide", WHOLE},
    {"AU", " TAS ", "Australia/Hobart", WHOLE},
    {"AU", " VIC ", "Australia/Melbourne", WHOLE},
    {"AU", " WA ", "Australia/Perth", {112, 125.4, -36, -13}},
    {"BR", " AC ", "America/Rio_Branco", WHOLE},
    {"BR", " AL SE ", "America/Maceio", WHOLE},
    {"BR", " AM ", "America/Manaus", {-65, -56, -10, 3}},
    {"BR", " AP PA ", "America/Belem", WHOLE},
    {"BR", " BA ", "America/Bahia", WHOLE},
    {"BR", " CE MA PB PI RN ", "America/Fortaleza", WHOLE},
    {"BR", " DF ES GO MG PR RJ RS SC SP ", "America/Sao_Paulo", WHOLE},
    {"BR", " MS ", "America/Campo_Grande", WHOLE},
    {"BR", " MT ", "America/Cuiaba", WHOLE},
    {"BR", " PE ", "America/Recife", {-42, -34, -10, -7}},
    {"BR", " RO ", "America/Porto_Velho", WHOLE},
    {"BR", " RR ", "America/Boa_Vista", WHOLE},
    {"BR", " TO ", "America/Araguaina", WHOLE},
    {"CA", " AB NT ", "America/Edmonton", WHOLE},
    {"CA", " BC ", "America/Vancouver", {-139, -117.9, 48, 54.9}},
    {"CA", " MB ", "America/Winnipeg", WHOLE},
    {"CA", " NB ", "America/Moncton", WHOLE},
    {"CA", " NL ", "America/Goose_Bay", {-68, -56.5, 53.1, 61}},
    {"CA", " NL ", "America/St_Johns", {-60, -52, 46, 51.8}},
    {"CA", " NS PE ", "America/Halifax", WHOLE},
    {"CA", " ON ", "America/Toronto", {-89.9, -74, 41, 57}},
    {"CA", " ON ", "America/Winnipeg", {-95.3, -92.3, 48, 53}},
    {"CA", " QC ", "America/Toronto", {-80, -64.2, 44, 63}},
    {"CA", " SK ", "America/Regina", {-109.5, -101, 48.9, 60.1}},
    {"CA", " YT ", "America/Whitehorse", WHOLE},
    {"CL", NULL, "America/Santiago", {-76, -66, -43.5, -17}},
    {"CN", NULL, "Asia/Shanghai", {97, 135, 18, 54}},
    {"EC", NULL, "America/Guayaquil", {-82, -75, -5.5, 1.6}},
    {"ES", NULL, "Atlantic/Canary", {-19, -13, 27, 30}},
    {"ES", NULL, "Europe/Madrid", {-10, 5, 35, 44}},
    {"ID", NULL, "Asia/Jakarta", {95, 114.2, -9, 6}},
    {"ID", NULL, "Asia/Makassar", {114.5, 119, -9.5, -8}},
    {"MX", " AGU CHP CMX COL DIF GRO GUA HID MEX MIC MOR OAX PUE QUE SLP TAB TLA VER ZAC ",
     "America/Mexico_City", WHOLE},
    {"MX", " BCN ", "America/Tijuana", {-118, -113.5, 28.3, 33}},
    {"MX", " BCS SIN ", "America/Mazatlan", WHOLE},
    {"MX", " CAM YUC ", "America/Merida", WHOLE},
    {"MX", " CHH ", "America/Chihuahua", {-108.5, -105.3, 25.5, 30.5}},
    {"MX", " COA ", "America/Monterrey", {-104, -99.5, 24.5, 26.8}},
    {"MX", " DUR ", "America/Monterrey", WHOLE},
    {"MX", " JAL ", "America/Mexico_City", {-104.9, -101, 18.8, 21.6}},
    {"MX", " NAY ", "America/Mazatlan", {-106, -103.7, 21.2, 23.1}},
    {"MX", " NLE ", "America/Monterrey", {-101.3, -98.4, 23, 26.3}},
    {"MX", " ROO ", "America/Cancun", WHOLE},
    {"MX", " SON ", "America/Hermosillo", WHOLE},
    {"MX", " TAM ", "America/Monterrey", {-100.2, -97, 22, 25}},
    {"NZ", NULL, "Pacific/Auckland", {166, 179, -48, -34}},
    {"PT", NULL, "Europe/Lisbon", {-10, -6, 36.5, 42.5}},
    {"RU", NULL, "Europe/Moscow", {28, 42, 43, 70}},
    {"UA", NULL, "Europe/Kyiv", {22, 40.3, 46.3, 52.5}},
    {"US", " AK ", "America/Anchorage", {-168, -130, 54, 72}},
    {"US", " AL ", "America/Chicago", {-88.6, -85.3, 30, 35.1}},
    {"US", " AR IA IL LA MN MO MS OK WI ", "America/Chicago", WHOLE},
    {"US", " AZ ", "America/Phoenix", {-115, -109, 31, 35}},
    {"US", " AZ ", "America/Phoenix", {-115, -111.5, 35, 37.1}},
    {"US", " CA WA ", "America/Los_Angeles", WHOLE},
    {"US", " CO MT NM UT WY ", "America/Denver", WHOLE},
    {"US", " CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV ", "America/New_York", WHOLE},
    {"US", " FL ", "America/Chicago", {-88, -85.5, 29, 31.1}},
    {"US", " FL ", "America/New_York", {-84.7, -79, 24, 31}},
    {"US", " HI ", "Pacific/Honolulu", WHOLE},
    {"US", " ID ", "America/Boise", {-118, -111, 41.9, 45.3}},
    {"US", " ID ", "America/Los_Angeles", {-118, -111, 45.8, 49.1}},
    {"US", " IN ", "America/Chicago", {-88.2, -87.4, 37.7, 38.25}},
    {"US", " IN ", "America/Chicago", {-87.6, -86.6, 41.45, 41.8}},
    {"US", " IN ", "America/Indiana/Indianapolis", {-86.4, -84.7, 37.9, 41.8}},
    {"US", " IN ", "America/Indiana/Indianapolis", {-87.6, -86.4, 38.8, 40.7}},
    {"US", " KS ", "America/Chicago", {-101, -94, 36.9, 40.1}},
    {"US", " KY ", "America/Chicago", {-90, -86.5, 36.4, 38.1}},
    {"US", " KY ", "America/New_York", {-86, -84.9, 37.95, 39.2}},
    {"US", " KY ", "America/New_York", {-84.9, -81.9, 36.5, 39.2}},
    {"US", " MI ", "America/Detroit", {-87, -82, 41.6, 48}},
    {"US", " ND ", "America/Chicago", {-101.3, -96, 45.9, 49.1}},
    {"US", " NE ", "America/Chicago", {-100.5, -95, 39.9, 43.1}},
    {"US", " NV ", "America/Los_Angeles", {-121, -114.3, 35, 42.1}},
    {"US", " OR ", "America/Los_Angeles", {-125, -118.3, 41.9, 46.4}},
    {"US", " SD ", "America/Chicago", {-100, -96, 42.4, 46}},
    {"US", " SD ", "America/Denver", {-104.2, -101.2, 42.9, 46}},
    {"US", " TN ", "America/Chicago", {-90.5, -85.5, 34.9, 36.7}},
    {"US", " TN ", "America/New_York", {-85.35, -84.6, 34.9, 35.3}},
    {"US", " TN ", "America/New_York", {-84.6, -81.5, 34.9, 36.7}},
    {"US", " TX ", "America/Chicago", {-104.5, -93, 25.5, 36.6}},
    {"US", " TX ", "America/Denver", {-107, -105.1, 30.5, 32.1}},
};

static bool lists(const char *regions, const char *region)
{
    size_t len = region != NULL ? strlen(region) : 0;

    if (regions == NULL)
        return true;
    for (const char *at = regions; len > 0 && (at = strstr(at, region)) != NULL; at++)
        if (at[-1] == ' ' && at[len] == ' ')
            return true;
    return false;
}

static bool holds(const struct box *box, const struct place *place)
{
    if (box->west == box->east)
        return true;
    return place->has_geo && place->longitude >= box->west && place->longitude <= box->east &&
           place->latitude >= box->south && place->latitude <= box->north;
}

const char *region_zone(const struct place *place, bool *ret_is_border)
{
    *ret_is_border = false;
    if (place->country == NULL || (place->region != NULL && strchr(place->region, ' ') != NULL))
        return NULL;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].country, place->country) != 0 || !lists(rows[i].regions, place->region))
            continue;
        if (holds(&rows[i].box, place))
            return rows[i].tzid;
        *ret_is_border |= rows[i].regions != NULL;
    }
    return NULL;
}
