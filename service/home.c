/* The front page, which says what this service is, and the two files that browsers and crawlers ask every
 * host for.
 */
#include "home.h"

#include "respond.h"

#define HOME_CSP                                                                                        \
    "default-src 'none'; style-src 'sha256-" HOME_STYLE_HASH "'; form-action 'self'; base-uri 'none'; " \
    "frame-ancestors 'none'"

/* The style stands in the page and is allowed by its hash: SHA-256 of what is between the tags, base64.
 * tests/unit/service/home_test.c computes it again. */
#define HOME_STYLE_HASH "k4y264Y8L5wpk11ls20DivEZPEuZOCcC/IFI6mOez8Y="
#define HOME_STYLE                                                                             \
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}" \
    "code{overflow-wrap:anywhere}:root{color-scheme:light dark}"

static const char home[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>marquee: concerts as JSON-LD</title>\n<style>" HOME_STYLE "</style>\n</head>\n<body>\n<main>\n"
    "<h1>marquee</h1>\n"
    "<p>Upcoming concerts of an artist or a venue as schema.org JSON-LD, ready to stand in a web page.</p>\n"
    "<p>An example:</p>\n"
    "<p><a href=\"/api/songkick/artist?id=6395144&amp;name=Milky+Chance&amp;weburl="
    "https%3A%2F%2Fmilkychanceofficial.com&amp;indent=1\"><code>/api/songkick/artist?id=6395144&amp;"
    "name=Milky+Chance&amp;weburl=https%3A%2F%2Fmilkychanceofficial.com&amp;indent=1</code></a></p>\n"
    "</main>\n</body>\n</html>\n";

/* Documents are for the pages that include them. */
static const char robots[] = "User-agent: *\nDisallow: /api/\n";

static const char favicon[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><rect width=\"16\" height=\"16\" "
    "rx=\"3\" "
    "fill=\"#222\"/><path d=\"M3 12V4l5 5 5-5v8\" fill=\"none\" stroke=\"#fc3\" stroke-width=\"2\"/></svg>\n";

void home_respond(const struct request *request, struct response *ret)
{
    respond_page(request, "text/html; charset=utf-8", HOME_CSP, home, sizeof(home) - 1, ret);
}

void robots_respond(const struct request *request, struct response *ret)
{
    respond_page(request, "text/plain", NULL, robots, sizeof(robots) - 1, ret);
}

void favicon_respond(const struct request *request, struct response *ret)
{
    respond_page(request, "image/svg+xml", "default-src 'none'", favicon, sizeof(favicon) - 1, ret);
}
