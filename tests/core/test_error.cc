// Errors: what the predicates say, by reason and by HTTP status, and that copies stand alone.
#include "core/visible.h"
#include "resource/retry_watch.h"

#include "check.h"

namespace {

using Predicate = int (*)(const k8sc_error *);

Error answer(int32_t http_status, const char *reason)
{
    Error error(K8SC_E_API, "refused");
    error.http_status = http_status;
    error.reason = reason;
    return error;
}

// The reason decides; the HTTP status counts only where the reason is none that is known.
void by_reason_then_by_status(void **)
{
    struct {
        Predicate is;
        const char *reason;
        int32_t http_status;
    } cases[] = {
        {k8sc_error_is_not_found, "NotFound", 404},  {k8sc_error_is_conflict, "Conflict", 409},
        {k8sc_error_is_invalid, "Invalid", 422},     {k8sc_error_is_gone, "Gone", 410},
        {k8sc_error_is_forbidden, "Forbidden", 403}, {k8sc_error_is_unauthorized, "Unauthorized", 401},
    };
    for (auto &c : cases) {
        Error right = answer(c.http_status, c.reason), bare = answer(c.http_status, ""),
              odd = answer(c.http_status, "Teapot"), told = answer(0, c.reason);
        Error other = answer(c.http_status, "BadRequest"), elsewhere = answer(400, ""), local(K8SC_E_TRANSPORT, "lost");
        for (auto error : {&right, &bare, &odd, &told})
            if (!c.is(error))
                fail_msg("%s is not recognised with status %d and reason \"%s\"", c.reason, error->http_status,
                         error->reason.c_str());
        for (auto error : {&other, &elsewhere, &local})
            if (c.is(error))
                fail_msg("%s is seen with status %d and reason \"%s\"", c.reason, error->http_status,
                         error->reason.c_str());
        assert_false(c.is(nullptr));
    }
}

// A Status' code goes before the HTTP status that it came with.
void by_code_before_status(void **)
{
    Error error = answer(500, "");
    error.status_code = 404;
    assert_true(k8sc_error_is_not_found(&error));
    assert_false(k8sc_error_is_retriable(&error));
    assert_int_equal(k8sc_error_http_status(&error), 500);
    error.status_code = 429;
    assert_true(k8sc_error_is_too_many_requests(&error));
    assert_true(k8sc_error_is_retriable(&error));
    error = answer(404, "");
    error.status_code = 503;
    assert_false(k8sc_error_is_not_found(&error));
    assert_true(k8sc_error_is_retriable(&error));
    error.reason = "NotFound";
    assert_true(k8sc_error_is_not_found(&error));
    error = answer(429, "");
    error.status_code = 409;
    assert_false(k8sc_error_is_too_many_requests(&error));
    assert_true(k8sc_error_is_conflict(&error));
}

// What ends a watch that resumes at once, and what only after a minute of nothing else.
void final_refusals_end_a_watch(void **)
{
    for (int32_t status : {401, 403, 410}) {
        Error error = answer(status, "");
        assert_true(is_final_refusal(error, 0));
    }
    for (int32_t status : {400, 404, 405, 406, 409, 422}) {
        Error error = answer(status, "");
        assert_false(is_final_refusal(error, 0));
        assert_false(is_final_refusal(error, 59000));
        assert_true(is_final_refusal(error, 60000));
    }
}

void already_exists_is_no_conflict(void **)
{
    Error exists = answer(409, "AlreadyExists"), conflict = answer(409, "Conflict"), bare = answer(409, "");
    assert_true(k8sc_error_is_already_exists(&exists));
    assert_false(k8sc_error_is_conflict(&exists));
    assert_false(k8sc_error_is_already_exists(&conflict));
    assert_true(k8sc_error_is_conflict(&conflict));
    assert_true(k8sc_error_is_conflict(&bare));
    assert_false(k8sc_error_is_already_exists(&bare));
    assert_false(k8sc_error_is_already_exists(nullptr));
}

void expired_is_gone(void **)
{
    Error expired = answer(410, "Expired"), event = answer(0, "Expired");
    assert_true(k8sc_error_is_gone(&expired));
    assert_true(k8sc_error_is_gone(&event));
    assert_true(is_gone(expired));
}

void too_many_requests(void **)
{
    Error by_reason = answer(0, "TooManyRequests"), by_status = answer(429, ""), both = answer(429, "ServerTimeout"),
          none = answer(500, "");
    assert_true(k8sc_error_is_too_many_requests(&by_reason));
    assert_true(k8sc_error_is_too_many_requests(&by_status));
    assert_true(k8sc_error_is_too_many_requests(&both));
    assert_false(k8sc_error_is_too_many_requests(&none));
}

void timeouts_of_client_and_server_are_timeouts(void **)
{
    Error ours(K8SC_E_TIMEOUT, "idle"), servers = answer(500, "ServerTimeout"), theirs = answer(504, "Timeout"),
                                        bare = answer(504, ""), no = answer(500, "InternalError");
    for (auto error : {&ours, &servers, &theirs, &bare}) assert_true(k8sc_error_is_timeout(error));
    assert_false(k8sc_error_is_timeout(&no));
    assert_false(k8sc_error_is_timeout(nullptr));
}

void an_error_is_retriable_by_its_code_or_status(void **)
{
    for (k8sc_status code : {K8SC_E_CONNECT, K8SC_E_RESOLVE, K8SC_E_TRANSPORT, K8SC_E_TIMEOUT}) {
        Error error(code, "");
        assert_true(k8sc_error_is_retriable(&error));
    }
    for (k8sc_status code : {K8SC_E_INVALID, K8SC_E_NOMEM, K8SC_E_CLOSED, K8SC_E_CANCELLED, K8SC_E_CONFIG, K8SC_E_PARSE,
                             K8SC_E_TLS, K8SC_E_DECODE, K8SC_E_TOO_LARGE, K8SC_E_INTERNAL, K8SC_E_CREDENTIALS}) {
        Error error(code, "");
        assert_false(k8sc_error_is_retriable(&error));
    }
    for (int32_t status : {429, 500, 503, 504}) {
        Error error = answer(status, "");
        assert_true(k8sc_error_is_retriable(&error));
    }
    for (int32_t status : {400, 401, 403, 404, 405, 409, 410, 422, 501}) {
        Error error = answer(status, "");
        assert_false(k8sc_error_is_retriable(&error));
        error.retry_after_ms = 0;
        assert_true(k8sc_error_is_retriable(&error));
    }
}

void too_large_resource_version(void **)
{
    Error error = answer(504, "Timeout");
    assert_false(is_too_large_resource_version(error));
    error.causes.push_back({"ResourceVersionTooLarge", "", ""});
    assert_true(is_too_large_resource_version(error));
    Error old = answer(504, "Timeout");
    old.message = "Timeout: Too large resource version: 9, current: 1";
    assert_true(is_too_large_resource_version(old));
    old.http_status = 400;
    old.reason = "BadRequest";
    assert_false(is_too_large_resource_version(old));
}

void made_and_copied(void **)
{
    assert_null(k8sc_error_new(K8SC_OK, "x"));
    assert_null(k8sc_error_new(1, "x"));
    assert_null(k8sc_error_copy(nullptr));
    k8sc_error *error = k8sc_error_new(K8SC_E_TIMEOUT, nullptr);
    assert_int_equal(k8sc_error_code(error), K8SC_E_TIMEOUT);
    assert_non_null(k8sc_error_message(error));
    k8sc_error_free(error);

    auto original = new Error(answer(422, "Invalid"));
    original->retry_after_ms = 1500;
    original->status_json = R"({"kind":"Status"})";
    original->causes = {{"FieldValueInvalid", "spec.x", "too small"}, {}};
    k8sc_error *copy = k8sc_error_copy(original);
    k8sc_error_free(original);
    assert_int_equal(k8sc_error_http_status(copy), 422);
    assert_string_equal(k8sc_error_reason(copy), "Invalid");
    assert_int_equal(k8sc_error_retry_after_ms(copy), 1500);
    assert_string_equal(k8sc_error_status_json(copy), R"({"kind":"Status"})");
    assert_int_equal(k8sc_error_cause_count(copy), 2);
    assert_string_equal(k8sc_error_cause_type(copy, 0), "FieldValueInvalid");
    assert_string_equal(k8sc_error_cause_field(copy, 0), "spec.x");
    assert_string_equal(k8sc_error_cause_message(copy, 0), "too small");
    assert_string_equal(k8sc_error_cause_type(copy, 1), "");
    for (int32_t index : {-1, 2, INT32_MAX, INT32_MIN}) {
        assert_null(k8sc_error_cause_type(copy, index));
        assert_null(k8sc_error_cause_field(copy, index));
        assert_null(k8sc_error_cause_message(copy, index));
    }
    k8sc_error_free(copy);
}

void null_answers(void **)
{
    assert_int_equal(k8sc_error_code(nullptr), K8SC_OK);
    assert_non_null(k8sc_error_message(nullptr));
    assert_string_equal(k8sc_error_reason(nullptr), "");
    assert_int_equal(k8sc_error_http_status(nullptr), 0);
    assert_int_equal(k8sc_error_cause_count(nullptr), 0);
    assert_null(k8sc_error_cause_type(nullptr, 0));
    assert_int_equal(k8sc_error_retry_after_ms(nullptr), -1);
    assert_null(k8sc_error_status_json(nullptr));
    assert_false(k8sc_error_is_retriable(nullptr));
    assert_false(k8sc_error_is_too_many_requests(nullptr));
    k8sc_error_free(nullptr);
}

void quotes_cut_and_show(void **)
{
    assert_text(quote("plain"), "\"plain\"");
    assert_text(quote("a\nb\x7f"), "\"a\\x0ab\\x7f\"");
    assert_text(quote("abcdef", 3), "\"abc...\"");
    assert_text(quote("abc", 3), "\"abc\"");
    assert_text(quote("\0"sv), "\"\\x00\"");
    // No character is cut in two.
    assert_text(quote("a\xc3\xa4z", 2), "\"a...\"");
    assert_text(quote("a\xc3\xa4z", 3), "\"a\xc3\xa4...\"");
}

void control_characters_are_shown(void **)
{
    assert_text(visible("plain \xc3\xa4 \xe4\xb8\xad \xf0\x9f\x98\x80"),
                "plain \xc3\xa4 \xe4\xb8\xad \xf0\x9f\x98\x80");
    assert_text(visible("\x1b[31m\r\n\t\x7f\0"sv), "\\x1b[31m\\x0d\\x0a\\x09\\x7f\\x00");
    // Eight-bit control characters, line separators, and what turns the direction of a text.
    assert_text(visible("\xc2\x9b"
                        "31m \xe2\x80\xa8 \xe2\x80\xae \xe2\x81\xa6"),
                "\\u009b31m \\u2028 \\u202e \\u2066");
    // What is not UTF-8: a lone byte, an overlong form, a surrogate, an unfinished one.
    assert_text(visible("\xff \xc0\x80 \xed\xa0\x80 \xe2\x80"), "\\xff \\xc0\\x80 \\xed\\xa0\\x80 \\xe2\\x80");
    assert_text(visible("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(by_reason_then_by_status),
        cmocka_unit_test(by_code_before_status),
        cmocka_unit_test(final_refusals_end_a_watch),
        cmocka_unit_test(already_exists_is_no_conflict),
        cmocka_unit_test(expired_is_gone),
        cmocka_unit_test(too_many_requests),
        cmocka_unit_test(timeouts_of_client_and_server_are_timeouts),
        cmocka_unit_test(an_error_is_retriable_by_its_code_or_status),
        cmocka_unit_test(too_large_resource_version),
        cmocka_unit_test(made_and_copied),
        cmocka_unit_test(null_answers),
        cmocka_unit_test(quotes_cut_and_show),
        cmocka_unit_test(control_characters_are_shown),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
