/* Values inside of objects, quantities, and nodes of drafts, through the C API. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "k8sc.h"

static k8sc_object *parse(const char *json)
{
    k8sc_object *object = NULL;
    assert_int_equal(k8sc_object_parse_json(json, strlen(json), &object, NULL), K8SC_OK);
    return object;
}

static void assert_raw(k8sc_value value, const char *due)
{
    size_t len = 0;
    const char *raw = k8sc_value_raw(value, &len);
    if (!raw) fail_msg("absent instead of %s", due);
    if (len != strlen(due) || memcmp(raw, due, len) != 0) fail_msg("%.*s instead of %s", (int)len, raw, due);
}

static void assert_absent(k8sc_value value)
{
    assert_int_equal(k8sc_value_type(value), K8SC_TYPE_ABSENT);
    assert_null(value.object);
    assert_null(k8sc_value_raw(value, NULL));
    assert_null(k8sc_value_str(value, NULL));
    assert_null(k8sc_value_key(value, NULL));
    assert_int_equal(k8sc_value_size(value), -1);
    assert_int_equal(k8sc_value_int(value, 7), 7);
}

static void a_path_finds_members_and_elements(void **state)
{
    k8sc_object *object =
        parse("{\"a\": {\"b\": [1, {\"c.d\": \"x\", \"default\": true}, [2, 3]], \"e_\": 5}, \"\": 6}");
    k8sc_value root = k8sc_object_value(object);
    const char *const broken[] = {"a..b",    ".a",    "a.",    "a.b[",    "a.b[x]", "a.b[-1]",
                                  "a.b[]",   "a b",   "a.b[0", "a.b[0]c", "[",      "a.b[99999999999999999999]",
                                  "nothing", "a.b.c", "a[0]"};
    size_t i;
    (void)state;
    assert_raw(k8sc_value_along(root, "a.b[0]"), "1");
    assert_raw(k8sc_value_along(root, " a . b [ 2 ] [ 1 ] "), "3");
    assert_raw(k8sc_value_along(root, "a.b[1].default_"), "true");
    assert_raw(k8sc_value_along(root, "a.b[1].default"), "true");
    assert_raw(k8sc_value_along(k8sc_value_along(root, "a.b[2]"), "[0]"), "2");
    assert_raw(k8sc_value_along(k8sc_value_along(root, "a.b[0]"), ""), "1");
    assert_absent(k8sc_value_along(root, "a.e_")); /* that "_" is not its own: a name that has one needs two */
    assert_raw(k8sc_value_along(root, "a.e__"), "5");
    for (i = 0; i < sizeof broken / sizeof *broken; i++) assert_absent(k8sc_value_along(root, broken[i]));
    assert_raw(k8sc_value_at(root, "/a/b/1/c.d"), "\"x\"");
    assert_absent(k8sc_value_at(root, "a"));
    assert_raw(k8sc_value_member(root, ""), "6");
    assert_raw(k8sc_value_element(k8sc_value_along(root, "a.b"), 2), "[2,3]");
    assert_absent(k8sc_value_element(k8sc_value_along(root, "a.b"), 3));
    assert_absent(k8sc_value_element(k8sc_value_along(root, "a.b"), -1));
    assert_absent(k8sc_value_element(root, 0));
    assert_absent(k8sc_value_along(root, NULL));
    assert_absent(k8sc_value_at(root, NULL));
    assert_absent(k8sc_value_member(root, NULL));
    assert_absent(k8sc_object_value(NULL));
    k8sc_object_unref(object);
}

static void walking_visits_members_and_elements_in_order(void **state)
{
    k8sc_object *object = parse("{\"m\":{\"a\\\"b\":1,\"c\\\\\":[],\"\":{\"x\":{}},\"last\\n\":null},\"l\":[\"p\",[],{"
                                "\"q\":1},-2.5,\"a:b\"],\"e\":{},\"f\":[]}");
    k8sc_value value, root = k8sc_object_value(object);
    const char *const keys[] = {"a\"b", "c\\", "", "last\n"};
    const char *const elements[] = {"\"p\"", "[]", "{\"q\":1}", "-2.5", "\"a:b\""};
    int n = 0;
    size_t len = 0;
    (void)state;
    for (value = k8sc_value_first(k8sc_value_along(root, "m")); value.object; value = k8sc_value_next(value), n++) {
        assert_string_equal(k8sc_value_key(value, &len), keys[n]);
        assert_int_equal(len, strlen(keys[n]));
    }
    assert_int_equal(n, 4);
    n = 0;
    for (value = k8sc_value_first(k8sc_value_along(root, "l")); value.object; value = k8sc_value_next(value), n++) {
        assert_raw(value, elements[n]);
        assert_null(k8sc_value_key(value, NULL));
    }
    assert_int_equal(n, 5);
    assert_absent(k8sc_value_first(k8sc_value_along(root, "e")));
    assert_absent(k8sc_value_first(k8sc_value_along(root, "f")));
    assert_absent(k8sc_value_first(k8sc_value_along(root, "l[0]")));
    assert_absent(k8sc_value_next(root));
    assert_null(k8sc_value_key(root, NULL));
    assert_string_equal(k8sc_value_key(k8sc_value_along(root, "l"), NULL), "l");
    k8sc_object_unref(object);
}

static void each_kind_of_value_is_read(void **state)
{
    k8sc_object *object = parse("{\"s\":\"a\\u0041\",\"i\":-7,\"n\":1.5,\"t\":true,\"f\":false,\"z\":null,\"l\":[1,2],"
                                "\"time\":\"2026-01-01T00:00:00.000001Z\",\"d\":\"1h0m1.5s\","
                                "\"b\":\"AGE=\",\"e\":\"\",\"bad\":\"***\"}");
    k8sc_value root = k8sc_object_value(object);
    char *bytes = NULL;
    size_t len = 0;
    k8sc_error *err = NULL;
    (void)state;
    assert_string_equal(k8sc_value_str(k8sc_value_along(root, "s"), &len), "aA");
    assert_int_equal(len, 2);
    assert_int_equal(k8sc_value_int(k8sc_value_along(root, "i"), 0), -7);
    assert_true(k8sc_value_number(k8sc_value_along(root, "n"), 0) == 1.5);
    assert_int_equal(k8sc_value_bool(k8sc_value_along(root, "t"), 5), 1);
    assert_int_equal(k8sc_value_bool(k8sc_value_along(root, "f"), 5), 0);
    assert_int_equal(k8sc_value_bool(k8sc_value_along(root, "z"), 5), 5);
    assert_int_equal(k8sc_value_type(k8sc_value_along(root, "z")), K8SC_TYPE_NULL);
    assert_int_equal(k8sc_value_size(k8sc_value_along(root, "l")), 2);
    assert_int_equal(k8sc_value_time_us(k8sc_value_along(root, "time"), -1), INT64_C(1767225600000001));
    assert_int_equal(k8sc_value_time_us(k8sc_value_along(root, "s"), -1), -1);
    assert_int_equal(k8sc_value_duration_ns(k8sc_value_along(root, "d"), -1), INT64_C(3601500000000));
    assert_int_equal(k8sc_value_duration_ns(k8sc_value_along(root, "i"), -1), -1);
    assert_int_equal(k8sc_value_bytes(k8sc_value_along(root, "b"), &bytes, &len, NULL), K8SC_OK);
    assert_int_equal(len, 2);
    assert_memory_equal(bytes, "\0a", 3);
    k8sc_string_free(bytes);
    assert_int_equal(k8sc_value_bytes(k8sc_value_along(root, "e"), &bytes, &len, NULL), K8SC_OK);
    assert_int_equal(len, 0);
    k8sc_string_free(bytes);
    assert_int_equal(k8sc_value_bytes(k8sc_value_along(root, "bad"), &bytes, &len, &err), K8SC_E_PARSE);
    assert_null(bytes);
    k8sc_error_free(err);
    assert_int_equal(k8sc_value_bytes(k8sc_value_along(root, "i"), &bytes, &len, &err), K8SC_E_INVALID);
    k8sc_error_free(err);
    k8sc_object_unref(object);
}

static void quantities_are_exact_and_canonical(void **state)
{
    static const struct {
        const char *text, *canonical;
        int64_t value, milli;
    } cases[] = {
        {"0", "0", 0, 0},
        {"1", "1", 1, 1000},
        {"100m", "100m", 1, 100},
        {"-100m", "-100m", -1, -100},
        {"1.5Gi", "1536Mi", 1610612736, INT64_C(1610612736000)},
        {"1Ki", "1Ki", 1024, 1024000},
        {"0.5Ki", "512", 512, 512000},
        {"1.5", "1500m", 2, 1500},
        {"12e6", "12e6", 12000000, INT64_C(12000000000)},
        {"12E6", "12e6", 12000000, INT64_C(12000000000)},
        {"1E", "1E", INT64_C(1000000000000000000), INT64_MAX},
        {"1Ei", "1Ei", INT64_C(1152921504606846976), INT64_MAX},
        {"100Ei", "9223372036854775807", INT64_MAX, INT64_MAX},
        {"-8Ei", "-9223372036854775807", -INT64_MAX, INT64_MIN},
        {"12E", "12E", INT64_MAX, INT64_MAX},
        {"6874E", "6874E", INT64_MAX, INT64_MAX},
        {"-12E", "-12E", INT64_MIN, INT64_MIN},
        {"9e19", "90e18", INT64_MAX, INT64_MAX},
        {"12000E", "12000E", INT64_MAX, INT64_MAX},
        {"9223372036854775808", "9223372036854775808", INT64_MAX, INT64_MAX},
        {"1e100", "10e99", INT64_MAX, INT64_MAX},
        {"-1e100", "-10e99", INT64_MIN, INT64_MIN},
        {"1e100000", "10e999", INT64_MAX, INT64_MAX},
        {"999999999999999999999999999999.0000000001", "999999999999999999999999999999000000001n", INT64_MAX, INT64_MAX},
        {"1n", "1n", 1, 1},
        {"0.1n", "1n", 1, 1},
        {"1e-100", "1e-9", 1, 1},
        {"+5k", "5k", 5000, 5000000},
        {".5", "500m", 1, 500},
        {"5.", "5", 5, 5000},
        {"1000k", "1M", 1000000, 1000000000},
        {"1.123456789123Ki", "1150419752062n", 1151, 1150420},
        {"0000000000000000000000000000000000000000000000000000000000000001", "1", 1, 1000},
    };
    static const char *const same[][2] = {{"12E", "12000P"}, {"9e19", "90E"}, {"0.5e20", "50000000000000000000"},
                                          {"1Gi", "1024Mi"}, {"1", "1000m"},  {"1e3", "1k"},
                                          {"0.001", "1m"}};
    static const char *const less[][2] = {{"1G", "1Gi"},
                                          {"999m", "1"},
                                          {"-1", "0"},
                                          {"1Mi", "1.1Mi"},
                                          {"9223372036854775806", "9223372036854775807"},
                                          {"12E", "12.1E"},
                                          {"6873E", "6874E"},
                                          {"9e19", "9.000000000000000000000000001e19"},
                                          {"8Ei", "9223372036854775808"},
                                          {"-13E", "-12E"},
                                          {"-9e19", "1n"},
                                          {"9223372036854775807", "9223372036854775808"},
                                          {"99E", "1e20"},
                                          {"1e200", "1e201"}};
    static const char *const wrong[] = {"",     "x",     "1X",  "1ki",   "1K", "1 ", " 1",   "1e",
                                        "1ee3", "1.5.2", "--1", "1e1.5", "Ki", ".",  "1Kib", "1e999999999999999999999"};
    char *text = NULL;
    int order = 9;
    int64_t value = 0;
    double number = 0;
    size_t i;
    k8sc_error *err = NULL;
    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(k8sc_quantity_canonical(cases[i].text, &text, NULL), K8SC_OK);
        if (strcmp(text, cases[i].canonical) != 0)
            fail_msg("%s: %s instead of %s", cases[i].text, text, cases[i].canonical);
        k8sc_string_free(text);
        assert_int_equal(k8sc_quantity_value(cases[i].text, &value, NULL), K8SC_OK);
        if (value != cases[i].value) fail_msg("%s: %lld", cases[i].text, (long long)value);
        assert_int_equal(k8sc_quantity_milli_value(cases[i].text, &value, NULL), K8SC_OK);
        if (value != cases[i].milli) fail_msg("%s: %lld thousandths", cases[i].text, (long long)value);
    }
    for (i = 0; i < sizeof same / sizeof *same; i++) {
        assert_int_equal(k8sc_quantity_compare(same[i][0], same[i][1], &order, NULL), K8SC_OK);
        assert_int_equal(order, 0);
    }
    for (i = 0; i < sizeof less / sizeof *less; i++) {
        assert_int_equal(k8sc_quantity_compare(less[i][0], less[i][1], &order, NULL), K8SC_OK);
        assert_int_equal(order, -1);
        assert_int_equal(k8sc_quantity_compare(less[i][1], less[i][0], &order, NULL), K8SC_OK);
        assert_int_equal(order, 1);
    }
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (k8sc_quantity_canonical(wrong[i], &text, &err) != K8SC_E_PARSE) fail_msg("%s was taken", wrong[i]);
        assert_null(text);
        assert_non_null(strstr(k8sc_error_message(err), wrong[i]));
        k8sc_error_free(err);
    }
    assert_int_equal(k8sc_quantity_number("1500m", &number, NULL), K8SC_OK);
    assert_true(number == 1.5);
    assert_int_equal(k8sc_quantity_add("1Gi", "512Mi", &text, NULL), K8SC_OK);
    assert_string_equal(text, "1536Mi");
    k8sc_string_free(text);
    assert_int_equal(k8sc_quantity_add("0", "1e3", &text, NULL), K8SC_OK);
    assert_string_equal(text, "1e3");
    k8sc_string_free(text);
    assert_int_equal(k8sc_quantity_subtract("1", "1500m", &text, NULL), K8SC_OK);
    assert_string_equal(text, "-500m");
    k8sc_string_free(text);
    assert_int_equal(k8sc_quantity_add("8Ei", "12E", &text, NULL), K8SC_OK);
    assert_string_equal(text, "21223372036854775807");
    k8sc_string_free(text);
    assert_int_equal(k8sc_quantity_add("7Ei", "9Ei", &text, NULL), K8SC_OK);
    assert_string_equal(text, "17293822569102704639");
    k8sc_string_free(text);
    assert_int_equal(k8sc_quantity_subtract("1e1000", "1n", &text, NULL), K8SC_OK);
    assert_int_equal(strlen(text), 1009 + strlen("e-9"));
    k8sc_string_free(text);
    assert_int_equal(k8sc_quantity_subtract("12E", "12E", &text, NULL), K8SC_OK);
    assert_string_equal(text, "0");
    k8sc_string_free(text);
    assert_int_equal(k8sc_quantity_number("-9e19", &number, NULL), K8SC_OK);
    assert_true(number == -9e19);
    assert_int_equal(k8sc_quantity_number("1e900", &number, NULL), K8SC_OK);
    assert_true(number > 1e308);
    assert_int_equal(k8sc_quantity_compare(NULL, "1", &order, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_quantity_compare("1", "1", NULL, NULL), K8SC_E_INVALID);
}

static void assert_draft(k8sc_draft *draft, const char *due)
{
    k8sc_object *object = NULL;
    k8sc_error *err = NULL;
    if (k8sc_draft_freeze(draft, &object, &err) < 0) fail_msg("%s", k8sc_error_message(err));
    assert_string_equal(k8sc_object_json(object, NULL), due);
    k8sc_object_unref(object);
    k8sc_draft_free(draft);
}

static k8sc_draft *draft_of(const char *json)
{
    k8sc_draft *draft = NULL;
    assert_int_equal(k8sc_draft_parse_json(json, strlen(json), &draft, NULL), K8SC_OK);
    return draft;
}

static void nodes_of_a_draft_are_set_by_path(void **state)
{
    k8sc_draft *draft = draft_of("{\"null\":null}");
    k8sc_node root = k8sc_draft_root(draft), node;
    k8sc_object *object = parse("{\"v\":{\"w\":[1]}}");
    (void)state;
    assert_int_equal(k8sc_node_set_str(root, "s", NULL, "x"), 0);
    assert_int_equal(k8sc_node_set_strn(root, "n", NULL, "a\0b", 3), 0);
    assert_int_equal(k8sc_node_set_int(root, "a.b[0].c", NULL, -1), 0);
    assert_int_equal(k8sc_node_set_bool(root, "a.b[1].c", NULL, 7), 0);
    assert_int_equal(k8sc_node_set_number(root, "null.deep[0]", NULL, 0.5), 0);
    assert_int_equal(k8sc_node_set_null(root, "z", NULL), 0);
    assert_int_equal(k8sc_node_set_json(root, "j", NULL, "[{}]"), 0);
    assert_int_equal(k8sc_node_set_value(root, "v", NULL, k8sc_value_along(k8sc_object_value(object), "v.w")), 0);
    assert_int_equal(k8sc_node_set_quantity(root, "m", "k/x.y", "1Gi"), 0);
    assert_int_equal(k8sc_node_set_time_us(root, "t[0]", NULL, 1500000, 0), 0);
    assert_int_equal(k8sc_node_set_time_us(root, "t[1]", NULL, 1500000, 1), 0);
    assert_int_equal(k8sc_node_set_duration_ns(root, "d", NULL, INT64_C(5400000000000)), 0);
    assert_int_equal(k8sc_node_set_bytes(root, "m", "b", "\0a", 2), 0);
    assert_int_equal(k8sc_node_append_str(root, "l", "p"), 0);
    assert_int_equal(k8sc_node_append_int(root, "l", 3), 0);
    node = k8sc_node_append(root, "o");
    assert_int_equal(k8sc_node_set_int(node, "i", NULL, 1), 0);
    node = k8sc_node_append(root, "o");
    node = k8sc_node_edit(k8sc_node_element(root, "o", 1), "in.ner");
    assert_int_equal(k8sc_node_set_int(node, "i", NULL, 2), 0);
    assert_int_equal(k8sc_node_set_int(k8sc_node_member(root, "mm", "x.y"), "i", NULL, 3), 0);
    assert_int_equal(k8sc_node_set_int(root, "gone", NULL, 3), 0);
    assert_int_equal(k8sc_node_remove(root, "gone", NULL), 0);
    assert_int_equal(k8sc_node_remove(root, "never.there[4].at", "all"), 0);
    assert_null(k8sc_draft_failure(draft));
    assert_draft(draft, "{\"null\":{\"deep\":[0.5]},\"s\":\"x\",\"n\":\"a\\u0000b\",\"a\":{\"b\":[{\"c\":-1},{\"c\":"
                        "true}]},\"z\":null,\"j\":[{}],\"v\":[1],"
                        "\"m\":{\"k/"
                        "x.y\":\"1Gi\",\"b\":\"AGE=\"},\"t\":[\"1970-01-01T00:00:01Z\",\"1970-01-01T00:00:01.500000Z\"]"
                        ",\"d\":\"1h30m0s\","
                        "\"l\":[\"p\",3],\"o\":[{\"i\":1},{\"in\":{\"ner\":{\"i\":2}}}],\"mm\":{\"x.y\":{\"i\":3}}}");
    k8sc_object_unref(object);
}

/* Each changes nothing, says what was wrong, and makes the freezing fail. */
static void node_failures(void **state)
{
    static const char before[] = "{\"s\":\"x\",\"l\":[1],\"o\":{\"a\":[{}]}}";
    const k8sc_value none = {NULL, 0, 0};
    int i;
    (void)state;
    for (i = 0;; i++) {
        k8sc_draft *draft = draft_of(before);
        k8sc_node root = k8sc_draft_root(draft), node = {NULL, 0}, removed = k8sc_node_edit(root, "o");
        k8sc_status status = 0;
        const char *says = "";
        k8sc_error *err = NULL;
        k8sc_object *object = NULL;
        switch (i) {
        case 0: status = k8sc_node_set_str(root, "s.t", NULL, "x"), says = "\"t\""; break;
        case 1: status = k8sc_node_set_int(root, "l[2]", NULL, 1), says = "index 2"; break;
        case 2: status = k8sc_node_set_int(root, "new[1]", NULL, 1), says = "index 1"; break;
        case 3: status = k8sc_node_set_int(root, "s[0]", NULL, 1), says = "[0]"; break;
        case 4: status = k8sc_node_set_int(root, "l[i]", NULL, 1), says = "l[i]"; break;
        case 5: status = k8sc_node_set_int(root, "", NULL, 1), says = "path"; break;
        case 6: status = k8sc_node_set_str(root, "a", NULL, NULL), says = "NULL"; break;
        case 7: status = k8sc_node_set_str(root, "a", NULL, "\xff"), says = "UTF-8"; break;
        case 8: status = k8sc_node_set_str(root, "a", "", "x"), says = "key"; break;
        case 9: status = k8sc_node_set_number(root, "a", NULL, 1e308 * 10), says = "infinity"; break;
        case 10: status = k8sc_node_set_json(root, "a", NULL, "{"), says = "\"a\""; break;
        case 11: status = k8sc_node_set_value(root, "a", NULL, none), says = "absent"; break;
        case 12: status = k8sc_node_set_quantity(root, "a", NULL, "much"), says = "much"; break;
        case 13: status = k8sc_node_set_time_us(root, "a", NULL, INT64_MAX, 0), says = "9999"; break;
        case 14: node = k8sc_node_edit(root, "l"), status = K8SC_E_INVALID, says = "object"; break;
        case 15: node = k8sc_node_element(root, "o.a", 1), status = K8SC_E_INVALID, says = "index 1"; break;
        case 16: node = k8sc_node_append(root, "o"), status = K8SC_E_INVALID, says = "array"; break;
        case 17: node = k8sc_node_member(root, "l", "x"), status = K8SC_E_INVALID, says = "x"; break;
        case 18: status = k8sc_node_append_str(root, "s", "x"), says = "array"; break;
        case 19: node = k8sc_node_element(root, "o.a", -1), status = K8SC_E_INVALID, says = "-1"; break;
        case 20: {
            k8sc_node bad = root;
            bad.id = 99;
            status = k8sc_node_set_int(bad, "a", NULL, 1), says = "node";
            break;
        }
        case 21:
            k8sc_node_remove(root, "o", NULL);
            status = k8sc_node_set_int(removed, "a", NULL, 1), says = "removed";
            k8sc_node_set_json(root, "o", NULL, "{\"a\":[{}]}");
            break;
        default: k8sc_draft_free(draft); return;
        }
        if (status >= 0) fail_msg("case %d was taken", i);
        assert_null(node.draft);
        assert_non_null(k8sc_draft_failure(draft));
        assert_int_equal(k8sc_draft_freeze(draft, &object, &err), k8sc_error_code(k8sc_draft_failure(draft)));
        assert_null(object);
        if (!strstr(k8sc_error_message(err), says)) fail_msg("case %d: %s", i, k8sc_error_message(err));
        /* The first is kept. */
        k8sc_node_set_int(root, "later[7]", NULL, 1);
        assert_string_equal(k8sc_error_message(k8sc_draft_failure(draft)), k8sc_error_message(err));
        k8sc_error_free(err);
        k8sc_draft_free(draft);
    }
}

/* Far down, one level at a time: it is refused before any recursion could hurt. */
static void too_deep_a_draft_is_refused(void **state)
{
    k8sc_draft *draft = draft_of("{}");
    k8sc_node node = k8sc_draft_root(draft);
    int n = 0;
    (void)state;
    while (node.draft && n < 5000) node = k8sc_node_edit(node, "a"), n++;
    assert_in_range(n, 900, 1001);
    assert_non_null(strstr(k8sc_error_message(k8sc_draft_failure(draft)), "nested deeper"));
    k8sc_draft_free(draft);
    draft = draft_of("{}");
    node = k8sc_draft_root(draft);
    for (n = 0; node.draft && n < 5000; n++) node = k8sc_node_append(node, "a");
    assert_in_range(n, 450, 501);
    k8sc_draft_free(draft);
}

static void null_handles(void **state)
{
    const k8sc_node none = {NULL, 0};
    (void)state;
    assert_int_equal(k8sc_node_set_int(none, "a", NULL, 1), K8SC_E_INVALID);
    assert_int_equal(k8sc_node_remove(none, "a", NULL), K8SC_E_INVALID);
    assert_null(k8sc_node_edit(none, "a").draft);
    assert_null(k8sc_draft_root(NULL).draft);
    assert_null(k8sc_draft_failure(NULL));
}

static void check_kind(void **state)
{
    k8sc_object *pod = parse("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"}}"),
                *bare = parse("{}");
    k8sc_error *err = NULL;
    (void)state;
    assert_int_equal(k8sc_object_check_kind(pod, "v1", "Pod", NULL), K8SC_OK);
    assert_int_equal(k8sc_object_check_kind(bare, "v1", "Pod", NULL), K8SC_OK);
    assert_int_equal(k8sc_object_check_kind(pod, "apps/v1", "Deployment", &err), K8SC_E_INVALID);
    assert_non_null(strstr(k8sc_error_message(err), "Pod"));
    assert_non_null(strstr(k8sc_error_message(err), "Deployment"));
    k8sc_error_free(err);
    assert_int_equal(k8sc_object_check_kind(pod, "v2", "Pod", NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_object_check_kind(NULL, "v1", "Pod", NULL), K8SC_E_INVALID);
    k8sc_object_unref(pod);
    k8sc_object_unref(bare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_finds_members_and_elements),
        cmocka_unit_test(walking_visits_members_and_elements_in_order),
        cmocka_unit_test(each_kind_of_value_is_read),
        cmocka_unit_test(quantities_are_exact_and_canonical),
        cmocka_unit_test(nodes_of_a_draft_are_set_by_path),
        cmocka_unit_test(node_failures),
        cmocka_unit_test(too_deep_a_draft_is_refused),
        cmocka_unit_test(null_handles),
        cmocka_unit_test(check_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
