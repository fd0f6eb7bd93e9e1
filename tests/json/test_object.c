/* Objects through the C API: what the getters answer, and that absent, null, 0, false and "" stay apart. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
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
    k8sc_error *err = NULL;
    if (k8sc_object_parse_json(json, strlen(json), &object, &err) != K8SC_OK)
        fail_msg("%s: %s", json, k8sc_error_message(err));
    assert_null(err);
    return object;
}

static const char pod[] =
    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"web-0\",\"namespace\":\"shop\",\"uid\":\"u-1\","
    "\"resourceVersion\":\"77\","
    "\"labels\":{\"app.kubernetes.io/name\":\"web\",\"empty\":\"\",\"odd\":7},\"annotations\":{\"note\":\"a\\nb\"}},"
    "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"img:1\"}],\"replicas\":0,\"paused\":false,\"none\":null,"
    "\"text\":\"\",\"list\":[],\"map\":"
    "{}},"
    "\"big\":9223372036854775808,\"max\":9223372036854775807,\"half\":0.5}";

static void quick_getters(void **state)
{
    k8sc_object *object = parse(pod);
    (void)state;
    assert_string_equal(k8sc_object_name(object), "web-0");
    assert_string_equal(k8sc_object_namespace(object), "shop");
    assert_string_equal(k8sc_object_uid(object), "u-1");
    assert_string_equal(k8sc_object_resource_version(object), "77");
    assert_string_equal(k8sc_object_kind(object), "Pod");
    assert_string_equal(k8sc_object_api_version(object), "v1");
    assert_string_equal(k8sc_object_label(object, "app.kubernetes.io/name"), "web");
    assert_string_equal(k8sc_object_label(object, "empty"), "");
    assert_null(k8sc_object_label(object, "none"));
    assert_null(k8sc_object_label(object, "odd"));
    assert_string_equal(k8sc_object_annotation(object, "note"), "a\nb");
    assert_null(k8sc_object_annotation(object, "empty"));
    k8sc_object_unref(object);

    object = parse("{}");
    assert_string_equal(k8sc_object_name(object), "");
    assert_string_equal(k8sc_object_kind(object), "");
    assert_null(k8sc_object_label(object, "a"));
    k8sc_object_unref(object);
}

static void kinds_of_nothing(void **state)
{
    k8sc_object *object = parse(pod);
    (void)state;
    assert_int_equal(k8sc_object_type(object, "/spec/absent"), K8SC_TYPE_ABSENT);
    assert_int_equal(k8sc_object_type(object, "spec"), K8SC_TYPE_ABSENT);
    assert_int_equal(k8sc_object_type(object, "/spec/none"), K8SC_TYPE_NULL);
    assert_int_equal(k8sc_object_type(object, "/spec/replicas"), K8SC_TYPE_INTEGER);
    assert_int_equal(k8sc_object_type(object, "/spec/paused"), K8SC_TYPE_BOOL);
    assert_int_equal(k8sc_object_type(object, "/spec/text"), K8SC_TYPE_STRING);
    assert_int_equal(k8sc_object_type(object, "/spec/list"), K8SC_TYPE_ARRAY);
    assert_int_equal(k8sc_object_type(object, "/spec/map"), K8SC_TYPE_OBJECT);
    assert_int_equal(k8sc_object_type(object, ""), K8SC_TYPE_OBJECT);
    assert_int_equal(k8sc_object_type(object, "/big"), K8SC_TYPE_NUMBER);

    assert_int_equal(k8sc_object_int(object, "/spec/replicas", 9), 0);
    assert_int_equal(k8sc_object_bool(object, "/spec/paused", 9), 0);
    assert_string_equal(k8sc_object_str(object, "/spec/text", NULL), "");
    assert_int_equal(k8sc_object_size(object, "/spec/list"), 0);
    assert_int_equal(k8sc_object_size(object, "/spec/map"), 0);

    /* Neither converts into another. */
    assert_int_equal(k8sc_object_int(object, "/spec/none", 9), 9);
    assert_int_equal(k8sc_object_int(object, "/spec/paused", 9), 9);
    assert_int_equal(k8sc_object_int(object, "/spec/text", 9), 9);
    assert_int_equal(k8sc_object_int(object, "/half", 9), 9);
    assert_int_equal(k8sc_object_int(object, "/big", 9), 9);
    assert_int_equal(k8sc_object_bool(object, "/spec/replicas", 9), 9);
    assert_int_equal(k8sc_object_bool(object, "/spec/none", 9), 9);
    assert_null(k8sc_object_str(object, "/spec/none", NULL));
    assert_null(k8sc_object_str(object, "/spec/replicas", NULL));
    assert_int_equal(k8sc_object_size(object, "/spec/text"), -1);
    assert_int_equal(k8sc_object_size(object, "/spec/absent"), -1);

    assert_true(k8sc_object_int(object, "/max", 0) == INT64_MAX);
    assert_true(k8sc_object_number(object, "/half", 0) == 0.5);
    assert_true(k8sc_object_number(object, "/big", 0) == 9223372036854775808.0);
    assert_true(k8sc_object_number(object, "/spec/replicas", 7) == 0);
    assert_true(k8sc_object_number(object, "/spec/text", 7) == 7);
    k8sc_object_unref(object);
}

static void strings_have_their_length(void **state)
{
    k8sc_object *object = parse("{\"a\":\"x\\u0000y\",\"key\\u0000k\":1,\"e\":\"\",\"n\":7,\"k2\":{}}");
    size_t len = 99;
    const char *text = k8sc_object_str(object, "/a", &len);
    (void)state;
    assert_int_equal(len, 3);
    assert_memory_equal(text, "x\0y", 4);
    /* Borrowed from the object: it stays, and is the same again. */
    assert_ptr_equal(text, k8sc_object_str(object, "/a", NULL));
    assert_non_null(k8sc_object_str(object, "/e", &len));
    assert_int_equal(len, 0);
    len = 99;
    assert_null(k8sc_object_str(object, "/n", &len));
    assert_int_equal(len, 0);
    text = k8sc_object_key(object, "", 1, &len);
    assert_int_equal(len, 5);
    assert_memory_equal(text, "key\0k", 6);
    assert_string_equal(k8sc_object_key(object, "", 0, NULL), "a");
    assert_null(k8sc_object_key(object, "", 5, &len));
    assert_int_equal(len, 0);
    assert_null(k8sc_object_key(object, "", -1, NULL));
    assert_null(k8sc_object_key(object, "", INT64_MAX, NULL));
    assert_null(k8sc_object_key(object, "/a", 0, NULL));
    k8sc_object_unref(object);
}

static void texts_are_compact_and_raw_parts_are_as_written(void **state)
{
    k8sc_object *object = parse(" {\n \"a\" : [ 1, { \"b\" : \"x y\" } ] } ");
    size_t len;
    const char *raw;
    (void)state;
    assert_string_equal(k8sc_object_json(object, &len), "{\"a\":[1,{\"b\":\"x y\"}]}");
    assert_int_equal(len, strlen(k8sc_object_json(object, NULL)));
    raw = k8sc_object_raw(object, "/a/1", &len);
    assert_int_equal(len, 11);
    assert_memory_equal(raw, "{\"b\":\"x y\"}", 11);
    raw = k8sc_object_raw(object, "/a/1/b", &len);
    assert_int_equal(len, 5);
    assert_memory_equal(raw, "\"x y\"", 5);
    assert_null(k8sc_object_raw(object, "/b", &len));
    assert_int_equal(len, 0);
    k8sc_object_unref(object);
}

static void what_is_no_object_is_refused(void **state)
{
    static const char *const bad[] = {
        "", "[]", "null", "{", "{\"a\":1,}", "{\"a\":\"\xff\"}", "{} {}", "\xef\xbb\xbf{}x"};
    k8sc_object *object;
    k8sc_error *err;
    char *deep = malloc(40000);
    size_t i;
    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        object = (k8sc_object *)&i;
        assert_int_equal(k8sc_object_parse_json(bad[i], strlen(bad[i]), &object, &err), K8SC_E_PARSE);
        assert_null(object);
        assert_int_equal(k8sc_error_code(err), K8SC_E_PARSE);
        k8sc_error_free(err);
    }
    assert_non_null(deep);
    strcpy(deep, "{\"a\":");
    memset(deep + 5, '[', 12000);
    memset(deep + 12005, ']', 12000);
    strcpy(deep + 24005, "}");
    assert_int_equal(k8sc_object_parse_json(deep, strlen(deep), &object, NULL), K8SC_E_TOO_LARGE);
    free(deep);
    assert_int_equal(k8sc_object_parse_json(NULL, 0, &object, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_object_parse_json("{}", 2, NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_object_parse_json("{}garbage", 2, &object, NULL), K8SC_OK);
    k8sc_object_unref(object);
}

/* The header promises where the text went wrong. */
static void errors_have_the_offset(void **state)
{
    static const char text[] = "{\"metadata\":{\"name\":\"x\"},\"spec\":tru}";
    k8sc_object *object;
    k8sc_error *err;
    char offset[32];
    int found = 0;
    size_t at = (size_t)(strstr(text, "tru") - text), near_by;
    (void)state;
    assert_int_equal(k8sc_object_parse_json(text, strlen(text), &object, &err), K8SC_E_PARSE);
    /* Whichever byte of the word is counted, from 0 or from 1. */
    for (near_by = at; near_by <= at + 4; near_by++) {
        snprintf(offset, sizeof offset, " %d", (int)near_by);
        if (strstr(k8sc_error_message(err), offset)) found = 1;
    }
    if (!found) fail_msg("no offset near %d in: %s", (int)at, k8sc_error_message(err));
    k8sc_error_free(err);
}

static void from_yaml(void **state)
{
    static const char yaml[] = "kind: ConfigMap\nmetadata:\n  name: a\ndata: {on: 'yes', k: 1}\n";
    static const char json[] =
        "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},\"data\":{\"true\":\"yes\",\"k\":1}}";
    k8sc_object *object;
    k8sc_draft *draft;
    char *text;
    (void)state;
    assert_int_equal(k8sc_object_parse_yaml(yaml, sizeof yaml - 1, &object, NULL), K8SC_OK);
    assert_string_equal(k8sc_object_json(object, NULL), json);
    assert_string_equal(k8sc_object_name(object), "a");
    k8sc_object_unref(object);
    assert_int_equal(k8sc_draft_parse_yaml(yaml, sizeof yaml - 1, &draft, NULL), K8SC_OK);
    assert_int_equal(k8sc_draft_freeze(draft, &object, NULL), K8SC_OK);
    k8sc_draft_free(draft);
    assert_string_equal(k8sc_object_json(object, NULL), json);
    assert_int_equal(k8sc_object_to_yaml(object, &text, NULL), K8SC_OK);
    k8sc_object_unref(object);
    assert_int_equal(k8sc_object_parse_yaml(text, strlen(text), &object, NULL), K8SC_OK);
    assert_string_equal(k8sc_object_json(object, NULL), json);
    k8sc_string_free(text);
    k8sc_object_unref(object);
    assert_int_equal(k8sc_draft_parse_yaml("a: b: c\n", 8, &draft, NULL), K8SC_E_PARSE);
    assert_null(draft);
}

static void null_answers(void **state)
{
    k8sc_object *object = parse("{\"a\":1}");
    size_t len = 99;
    (void)state;
    assert_null(k8sc_object_name(NULL));
    assert_null(k8sc_object_json(NULL, &len));
    assert_int_equal(len, 0);
    assert_null(k8sc_object_label(NULL, "a"));
    assert_null(k8sc_object_label(object, NULL));
    assert_null(k8sc_object_str(NULL, "/a", &len));
    assert_null(k8sc_object_str(object, NULL, &len));
    assert_int_equal(k8sc_object_type(NULL, ""), K8SC_TYPE_ABSENT);
    assert_int_equal(k8sc_object_type(object, NULL), K8SC_TYPE_ABSENT);
    assert_int_equal(k8sc_object_int(NULL, "/a", 5), 5);
    assert_int_equal(k8sc_object_size(NULL, ""), -1);
    assert_null(k8sc_object_key(NULL, "", 0, NULL));
    assert_null(k8sc_object_raw(NULL, "", &len));
    assert_null(k8sc_object_ref(NULL));
    k8sc_object_unref(NULL);
    k8sc_object_unref(object);
}

enum { readers = 8, fields = 200 };

static pthread_barrier_t together;

static void *read_all(void *argument)
{
    k8sc_object *object = argument;
    long wrong = 0;
    int round, i;
    pthread_barrier_wait(&together);
    for (round = 0; round < 3; round++) {
        for (i = 0; i < fields; i++) {
            char pointer[32], want[32];
            const char *have;
            size_t len;
            snprintf(pointer, sizeof pointer, "/map/k%d", i);
            snprintf(want, sizeof want, "v\t%d", i);
            have = k8sc_object_str(object, pointer, &len);
            if (!have || strcmp(have, want) != 0 || len != strlen(want)) wrong++;
            have = k8sc_object_key(object, "/map", i, NULL);
            if (!have || strcmp(have, strrchr(pointer, '/') + 1) != 0) wrong++;
        }
        if (strcmp(k8sc_object_kind(object), "K") != 0) wrong++;
    }
    k8sc_object_unref(object);
    return (void *)wrong;
}

/* Texts are unescaped when they are first asked for: by all of these at once. */
static void many_threads_read_at_once(void **state)
{
    int round, i;
    (void)state;
    for (round = 0; round < 20; round++) {
        static char json[fields * 40 + 64];
        size_t at = (size_t)sprintf(json, "{\"kind\":\"K\",\"map\":{");
        pthread_t threads[readers];
        k8sc_object *object;
        for (i = 0; i < fields; i++) at += (size_t)sprintf(json + at, "%s\"k%d\":\"v\\t%d\"", i ? "," : "", i, i);
        sprintf(json + at, "}}");
        object = parse(json);
        pthread_barrier_init(&together, NULL, readers);
        for (i = 0; i < readers; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, read_all, k8sc_object_ref(object)), 0);
        k8sc_object_unref(object);
        for (i = 0; i < readers; i++) {
            void *wrong;
            pthread_join(threads[i], &wrong);
            assert_null(wrong);
        }
        pthread_barrier_destroy(&together);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quick_getters),
        cmocka_unit_test(kinds_of_nothing),
        cmocka_unit_test(strings_have_their_length),
        cmocka_unit_test(texts_are_compact_and_raw_parts_are_as_written),
        cmocka_unit_test(what_is_no_object_is_refused),
        cmocka_unit_test(errors_have_the_offset),
        cmocka_unit_test(from_yaml),
        cmocka_unit_test(null_answers),
        cmocka_unit_test(many_threads_read_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
