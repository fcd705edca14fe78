/* Pages that moved, that are not there, and that say what is wrong. */
#include "response_asserts.h"

#include <stdlib.h>

#include "service/document/route.h"
#include "service/http/page_response.h"
#include "service/http/problem_answer.h"

#define INDEX "7 2027-03-12-berlin-7\n6 2027-03-11-koln-6 over\n"

/* What the index says of a target. 0: the page is where it is asked for. */
static int status_of(const char *target, struct response *response)
{
    struct request request = get(target);
    struct route_result *route = malloc(sizeof(*route));
    struct cache_value *index = cache_value_new(strlen(INDEX), 0, 1, 2, 3);
    assert_non_null(route);
    memcpy(index->bytes, INDEX, strlen(INDEX));
    route_parse(target, strlen(target), route);
    assert_int_equal(route->target, ROUTE_DOCUMENT);
    int status = page_respond_by_index(&request, &route->document, index, response) ? response->status : 0;
    cache_value_unref(index);
    free(route);
    return status;
}

static void assert_moved(const char *target, const char *location)
{
    struct response response;
    assert_int_equal(status_of(target, &response), 308);
    assert_header(&response, "location", location);
    response_done(&response);
}

static void the_right_address_is_left_to_the_page(void **state)
{
    struct response response;
    (void)state;
    assert_int_equal(status_of("/tour/songkick/1/2027-03-12-berlin-7/", &response), 0);
    assert_int_equal(status_of("/tour/songkick/1/2027-03-12-berlin-7/date.ics", &response), 0);
    assert_int_equal(status_of("/tour/songkick/1/", &response), 0);
    assert_int_equal(status_of("/tour/songkick/1/dates.ics", &response), 0);
}

static void another_address_of_the_date_leads_there(void **state)
{
    (void)state;
    assert_moved("/tour/songkick/1/2027-03-12-berlin-7", "2027-03-12-berlin-7/");
    assert_moved("/tour/songkick/1/2026-01-01-koln-7/?name=a", "../2027-03-12-berlin-7/");
    assert_moved("/tour/songkick/1/x-7/date.ics", "../2027-03-12-berlin-7/date.ics");
}

static void an_unknown_date_leads_back(void **state)
{
    struct response response;
    (void)state;
    assert_int_equal(status_of("/tour/songkick/1/x-8/?name=%22%3Ea", &response), 404);
    assert_non_null(memmem(response.body, response.body_len, "href=\"../?name=%22%3Ea\"", 23));
    assert_header(&response, "cache-control", "no-store");
    assert_null(find(&response, "strict-transport-security"));
    response_done(&response);
    assert_int_equal(status_of("/tour/songkick/1/x-8/?pages=https://a.example/t", &response), 404);
    assert_non_null(memmem(response.body, response.body_len, "href=\"../\"", 10));
    response_done(&response);
}

static void what_is_over_has_its_page_and_is_for_no_calendar(void **state)
{
    struct response response;
    (void)state;
    assert_int_equal(status_of("/tour/songkick/1/2027-03-11-koln-6/", &response), 0);
    assert_moved("/tour/songkick/1/x-6/", "../2027-03-11-koln-6/");
    assert_int_equal(status_of("/tour/songkick/1/2027-03-11-koln-6/date.ics", &response), 404);
    response_done(&response);
}

static void a_problem_below_tour_is_a_page(void **state)
{
    struct request request = get("/tour/songkick/1/");
    struct outcome outcome = {.problem = PROBLEM_UPSTREAM_LIMIT,
                              .retry_after_s = 7,
                              .provider = "songkick",
                              .detail = "<b>Later</b>"};
    struct response response;
    (void)state;
    problem_respond_outcome(&request, &outcome, NULL, &strings_english, &response);
    assert_int_equal(response.status, 503);
    assert_header(&response, "content-type", "text/html; charset=utf-8");
    assert_header(&response, "retry-after", "7");
    assert_non_null(memmem(response.body, response.body_len, "&#60;b&#62;Later", 16));
    response_done(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_address_is_left_to_the_page),
        cmocka_unit_test(another_address_of_the_date_leads_there),
        cmocka_unit_test(an_unknown_date_leads_back),
        cmocka_unit_test(what_is_over_has_its_page_and_is_for_no_calendar),
        cmocka_unit_test(a_problem_below_tour_is_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
