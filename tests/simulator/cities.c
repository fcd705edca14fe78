/* Data only. Coordinates, zones and metro areas are real; the numbers of the metro areas are not Songkick's.
 */
#include "tests/simulator/cities.h"

static const struct country uk = {"UK",
                                  "uk",
                                  "co.uk",
                                  "A9 9AA",
                                  "+44 20 7999 9999",
                                  {"", " Road"},
                                  1,
                                  {{"The ", ""}, {"O", " Academy"}, {"", " Town Hall"}}};
static const struct country ireland = {
    "Ireland",         "ireland",       "ie", "A99 AA99",
    "+353 1 999 9999", {"", " Street"}, 1,    {{"The ", ""}, {"", " Theatre"}, {"", " Social"}}};
static const struct country france = {"France",
                                      "france",
                                      "fr",
                                      "99999",
                                      "+33 1 99 99 99 99",
                                      {"rue de la ", ""},
                                      1,
                                      {{"Le ", ""}, {"Théâtre ", ""}, {"Zénith ", ""}}};
static const struct country belgium = {
    "Belgium",         "belgium",      "be", "1999",
    "+32 2 999 99 99", {"", "straat"}, 0,    {{"Zaal ", ""}, {"Le ", ""}, {"", " Club"}}};
static const struct country netherlands = {
    "Netherlands",     "netherlands",  "nl", "1999 AA",
    "+31 20 999 9999", {"", "gracht"}, 0,    {{"De ", ""}, {"Poppodium ", ""}, {"", "zaal"}}};
static const struct country germany = {
    "Germany",        "germany",      "de", "19999",
    "+49 30 9999999", {"", "straße"}, 0,    {{"", "halle"}, {"Kulturbühne ", ""}, {"", "schlösschen"}}};
static const struct country switzerland = {
    "Switzerland",      "switzerland", "ch", "8999",
    "+41 44 999 99 99", {"", "gasse"}, 0,    {{"", "fabrik"}, {"Küche ", ""}, {"X-", ""}}};
static const struct country austria = {
    "Austria",       "austria",      "at", "1999",
    "+43 1 9999999", {"", "gürtel"}, 0,    {{"Arena ", ""}, {"", "werk"}, {"Szene ", ""}}};
static const struct country czechia = {
    "Czech Republic",   "czech-republic", "cz", "199 99",
    "+420 999 999 999", {"Na ", "i"},     0,    {{"Kino ", ""}, {"Klub ", ""}, {"", " Žižkov"}}};
static const struct country poland = {
    "Poland",           "poland",       "pl", "99-999",
    "+48 22 999 99 99", {"ulica ", ""}, 0,    {{"Klub ", ""}, {"", " Łąka"}, {"Hala ", ""}}};
static const struct country hungary = {
    "Hungary",        "hungary",     "hu", "1999",
    "+36 1 999 9999", {"", " utca"}, 0,    {{"", " Hajó"}, {"", " Színpad"}, {"Bárka ", ""}}};
static const struct country denmark = {
    "Denmark",         "denmark",    "dk", "2999",
    "+45 99 99 99 99", {"", "gade"}, 0,    {{"Store ", ""}, {"", "hallen"}, {"", " på Øen"}}};
static const struct country sweden = {
    "Sweden",          "sweden",      "se", "199 99",
    "+46 8 999 99 99", {"", "gatan"}, 0,    {{"", "ängen"}, {"Klubb ", ""}, {"", "teatern"}}};
static const struct country norway = {
    "Norway",          "norway",      "no", "0999",
    "+47 99 99 99 99", {"", " gate"}, 0,    {{"", " Skøytebane"}, {"", "salen"}, {"Café ", ""}}};
static const struct country finland = {
    "Finland",         "finland",    "fi", "00999",
    "+358 9 999 9999", {"", "katu"}, 0,    {{"", " Jäähalli"}, {"", "talo"}, {"Klubi ", ""}}};
static const struct country iceland = {
    "Iceland",       "iceland",     "is", "199",
    "+354 999 9999", {"", "vægur"}, 0,    {{"Húsið ", ""}, {"", "höllin"}, {"", " Bíó"}}};
static const struct country spain = {
    "Spain",           "spain",           "es", "29999",
    "+34 919 999 999", {"Calle de ", ""}, 0,    {{"Sala ", ""}, {"La ", ""}, {"Teatro ", ""}}};
static const struct country portugal = {
    "Portugal",         "portugal",      "pt", "1999-999",
    "+351 219 999 999", {"Rua da ", ""}, 0,    {{"Salão ", ""}, {"Coliseu ", ""}, {"Música ", ""}}};
static const struct country italy = {"Italy",
                                     "italy",
                                     "it",
                                     "29999",
                                     "+39 02 9999 9999",
                                     {"Via ", ""},
                                     0,
                                     {{"Teatro ", ""}, {"Alcatraz ", ""}, {"", " Città"}}};
static const struct country greece = {
    "Greece",           "greece",      "gr", "199 99",
    "+30 21 9999 9999", {"Odos ", ""}, 0,    {{"Gagarin ", ""}, {"Θέατρο ", ""}, {"", " Live"}}};
static const struct country russia = {
    "Russian Federation", "russian-federation", "ru", "199999",
    "+7 495 999 9999",    {"ulitsa ", ""},      0,    {{"Клуб ", ""}, {"", " Hall"}, {"", " Arena"}}};
static const struct country us = {"US",
                                  "us",
                                  "com",
                                  "99999",
                                  "(999) 555-0199",
                                  {"", " Street"},
                                  1,
                                  {{"The ", " Ballroom"}, {"", " Theater"}, {"House of ", ""}}};
static const struct country canada = {
    "Canada",         "canada",        "ca", "A9A 9A9",
    "(416) 555-0199", {"", " Avenue"}, 1,    {{"", " Music Hall"}, {"Théâtre ", ""}, {"The ", " Room"}}};
static const struct country mexico = {
    "Mexico",           "mexico",         "mx", "09999",
    "+52 55 9999 9999", {"Avenida ", ""}, 0,    {{"Foro ", ""}, {"Salón ", ""}, {"Pabellón ", ""}}};
static const struct country brazil = {
    "Brazil",           "brazil",     "com.br", "09999-999",
    "+55 11 9999-9999", {"Rua ", ""}, 0,        {{"Casa ", ""}, {"Espaço ", ""}, {"", " Estação"}}};
static const struct country argentina = {
    "Argentina",        "argentina",    "com.ar", "A9999AAA",
    "+54 11 9999-9999", {"Calle ", ""}, 0,        {{"Estadio ", ""}, {"Niceto ", ""}, {"", " Niña"}}};
static const struct country japan = {
    "Japan",           "japan",      "jp", "199-9999",
    "+81 3-9999-9999", {"", "-cho"}, 0,    {{"Zepp ", ""}, {"Club ", ""}, {"", "ホール"}}};
static const struct country korea = {
    "South Korea",    "south-korea", "co.kr", "09999",
    "+82 2-999-9999", {"", "-ro"},   0,       {{"Rolling ", ""}, {"", " 광장"}, {"", " Hall"}}};
static const struct country india = {"India",
                                     "india",
                                     "in",
                                     "499999",
                                     "+91 22 9999 9999",
                                     {"", " Marg"},
                                     1,
                                     {{"Anti", ""}, {"The ", " House"}, {"", " Lawns"}}};
static const struct country australia = {
    "Australia",       "australia",     "com.au", "2999",
    "+61 2 9999 9999", {"", " Parade"}, 1,        {{"The ", " Hotel"}, {"", " Theatre"}, {"The ", " Bowl"}}};
static const struct country new_zealand = {
    "New Zealand",    "new-zealand",    "co.nz", "1999",
    "+64 9 999 9999", {"", " Terrace"}, 1,       {{"The ", ""}, {"Pōneke ", ""}, {"", " Town Hall"}}};

const struct city cities[] = {
    {"London", "London", NULL, &uk, "Europe/London", 24426, 51.50735, -0.12776},
    {"Guildford", "London", NULL, &uk, "Europe/London", 24426, 51.23622, -0.57041},
    {"Manchester", "Manchester", NULL, &uk, "Europe/London", 24475, 53.48076, -2.24263},
    {"Glasgow", "Glasgow", NULL, &uk, "Europe/London", 24473, 55.86424, -4.25181},
    {"Dublin", "Dublin", NULL, &ireland, "Europe/Dublin", 29314, 53.34981, -6.26031},
    {"Paris", "Paris", NULL, &france, "Europe/Paris", 28909, 48.85661, 2.35222},
    {"Saint-Étienne", "Lyon", NULL, &france, "Europe/Paris", 28889, 45.43969, 4.38718},
    {"Brussels", "Brussels", NULL, &belgium, "Europe/Brussels", 26906, 50.85034, 4.35171},
    {"Amsterdam", "Amsterdam", NULL, &netherlands, "Europe/Amsterdam", 31366, 52.36757, 4.90414},
    {"Köln", "Cologne", NULL, &germany, "Europe/Berlin", 28480, 50.93753, 6.96028},
    {"Hamburg", "Hamburg", NULL, &germany, "Europe/Berlin", 28498, 53.55108, 9.99368},
    {"Berlin", "Berlin", NULL, &germany, "Europe/Berlin", 28443, 52.52001, 13.40495},
    {"München", "Munich", NULL, &germany, "Europe/Berlin", 28549, 48.13513, 11.58198},
    {"Zürich", "Zurich", NULL, &switzerland, "Europe/Zurich", 104761, 47.37689, 8.54169},
    {"Wien", "Vienna", NULL, &austria, "Europe/Vienna", 26766, 48.20817, 16.37382},
    {"Praha", "Prague", NULL, &czechia, "Europe/Prague", 28425, 50.07554, 14.43780},
    {"Wrocław", "Wroclaw", NULL, &poland, "Europe/Warsaw", 32092, 51.10789, 17.03854},
    {"Budapest", "Budapest", NULL, &hungary, "Europe/Budapest", 29046, 47.49791, 19.04024},
    {"København", "Copenhagen", NULL, &denmark, "Europe/Copenhagen", 28617, 55.67610, 12.56834},
    {"Malmö", "Malmö", NULL, &sweden, "Europe/Stockholm", 32255, 55.60498, 13.00382},
    {"Stockholm", "Stockholm", NULL, &sweden, "Europe/Stockholm", 32252, 59.32932, 18.06858},
    {"Oslo", "Oslo", NULL, &norway, "Europe/Oslo", 31422, 59.91387, 10.75225},
    {"Helsinki", "Helsinki", NULL, &finland, "Europe/Helsinki", 28650, 60.16986, 24.93838},
    {"Reykjavík", "Reykjavik", NULL, &iceland, "Atlantic/Reykjavik", 29220, 64.14658, -21.94257},
    {"Málaga", "Malaga", NULL, &spain, "Europe/Madrid", 28809, 36.72127, -4.42140},
    {"Lisboa", "Lisbon", NULL, &portugal, "Europe/Lisbon", 31802, 38.72225, -9.13934},
    {"Milano", "Milan", NULL, &italy, "Europe/Rome", 30338, 45.46420, 9.18998},
    {"Athens", "Athens", NULL, &greece, "Europe/Athens", 28997, 37.98381, 23.72754},
    {"Moscow", "Moscow", NULL, &russia, "Europe/Moscow", 32051, 55.75583, 37.61730},
    {"New York", "New York", "NY", &us, "America/New_York", 7644, 40.71278, -74.00594},
    {"Brooklyn", "New York", "NY", &us, "America/New_York", 7644, 40.67818, -73.94416},
    {"Toronto", "Toronto", "ON", &canada, "America/Toronto", 27396, 43.65323, -79.38318},
    {"Montréal", "Montreal", "QC", &canada, "America/Toronto", 27377, 45.50169, -73.56726},
    {"St. John's", "St. John's", "NL", &canada, "America/St_Johns", 27430, 47.56154, -52.71258},
    {"Chicago", "Chicago", "IL", &us, "America/Chicago", 9426, 41.87811, -87.62980},
    {"St. Paul", "Twin Cities", "MN", &us, "America/Chicago", 35130, 44.95370, -93.08996},
    {"Denver", "Denver", "CO", &us, "America/Denver", 6404, 39.73924, -104.99025},
    {"Phoenix", "Phoenix", "AZ", &us, "America/Phoenix", 23068, 33.44838, -112.07404},
    {"Los Angeles", "Los Angeles", "CA", &us, "America/Los_Angeles", 17835, 34.05223, -118.24368},
    {"Vancouver", "Vancouver", "BC", &canada, "America/Vancouver", 27398, 49.28273, -123.12074},
    {"Honolulu", "Honolulu", "HI", &us, "Pacific/Honolulu", 11205, 21.30694, -157.85833},
    {"Mexico City", "Mexico City", NULL, &mexico, "America/Mexico_City", 34385, 19.43261, -99.13321},
    {"São Paulo", "Sao Paulo", NULL, &brazil, "America/Sao_Paulo", 26857, -23.55052, -46.63331},
    {"Buenos Aires", "Buenos Aires", NULL, &argentina, "America/Argentina/Buenos_Aires", 32911, -34.60368,
     -58.38156},
    {"Tokyo", "Tokyo", NULL, &japan, "Asia/Tokyo", 30717, 35.68950, 139.69171},
    {"Seoul", "Seoul", NULL, &korea, "Asia/Seoul", 30968, 37.56654, 126.97797},
    {"Mumbai", "Mumbai", NULL, &india, "Asia/Kolkata", 33090, 19.07598, 72.87766},
    {"Adelaide", "Adelaide", "SA", &australia, "Australia/Adelaide", 26808, -34.92850, 138.60075},
    {"Melbourne", "Melbourne", "VIC", &australia, "Australia/Melbourne", 26790, -37.81363, 144.96306},
    {"Sydney", "Sydney", "NSW", &australia, "Australia/Sydney", 26794, -33.86882, 151.20930},
    {"Auckland", "Auckland", NULL, &new_zealand, "Pacific/Auckland", 31223, -36.84846, 174.76333},
};

const size_t n_cities = sizeof(cities) / sizeof(cities[0]);
