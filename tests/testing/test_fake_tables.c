/* The fake API server: objects as the rows of tables. */
#include "support.h"

#define TABLE "application/json;as=Table;v=v1;g=meta.k8s.io"

/* As get, with what is accepted. */
static long get_as(const char *path, const char *accepted)
{
    char header[300];
    snprintf(header, sizeof header, "Accept: %s", accepted);
    more_headers[0] = header;
    const long code = get(path);
    more_headers[0] = NULL;
    return code;
}

static void shows_ages_by_the_clock(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    /* In the midst of what is shown, since the test itself may take a second. */
    const int64_t minute = 60, hour = 60 * minute, day = 24 * hour;
    const struct {
        int64_t seconds; /* more than at the line before */
        const char *age;
    } ages[] = {{15 * minute + 30, "15m"}, {4 * hour + 15 * minute, "4h30m"}, {30 * hour, "34h"}, {day, "2d10h"}, {20 * day, "22d"}, {365 * day, "387d"}, {365 * day, "2y22d"}};
    seed_map("default", "a", "{}");
    for (size_t i = 0; i < sizeof ages / sizeof *ages; ++i) {
        ok(k8sc_testing_server_advance_clock(server, ages[i].seconds * 1000, &err), &err);
        assert_int_equal(get_as(MAPS "/a", TABLE), 200);
        assert_string_equal(text("rows.0.cells.2"), ages[i].age);
    }
}

static void watches_rows(void **state)
{
    (void)state;
    seed_map("default", "a", "{}");
    seed_map("default", "b", "{}");
    assert_int_equal(get_as(MAPS "?watch=1&resourceVersion=0&timeoutSeconds=1", TABLE), 200);
    /* What the columns are called is told once. */
    const char *first = strstr(answer.body.data, "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Table\""), *second = first ? strstr(first + 1, "{\"type\":\"ADDED\"") : NULL;
    assert_non_null(second);
    const char *columns = strstr(first, "\"columnDefinitions\":[{\"name\":\"Name\"");
    assert_true(columns && columns < second);
    assert_non_null(strstr(second, "\"columnDefinitions\":null"));
    assert_non_null(strstr(second, "\"cells\":[\"b\",0,"));
}

static void says_what_it_has_not(void **state)
{
    (void)state;
    seed_map("default", "a", "{}");
    assert_int_equal(get_as(MAPS, "application/json;as=Table;v=v2;g=meta.k8s.io"), 406);
    assert_int_equal(get_as(MAPS, "application/json;as=Table;v=v2;g=meta.k8s.io,application/json"), 200);
    assert_text("kind", "ConfigMapList");
    assert_int_equal(get_as(MAPS "?includeObject=Everything", TABLE), 400);
    assert_non_null(strstr(text("message"), "\"Everything\""));
    assert_int_equal(get_as(MAPS "/none", TABLE), 404);
    assert_text("reason", "NotFound");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(shows_ages_by_the_clock), TEST(watches_rows), TEST(says_what_it_has_not)};
    return run_named_tests("fake tables", tests, sizeof tests / sizeof *tests);
}
