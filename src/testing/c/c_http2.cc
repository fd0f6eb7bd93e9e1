// k8sc_testing_options_set_http2*.
#include "testing/base/failure.h"
#include "testing/c/c_handles.h"
#include "testing/c/guard.h"

using namespace k8sc::testing;

namespace {

void need_range(int64_t value, int64_t low, const char *name)
{
    if (value < low || value > INT32_MAX)
        fail(K8SC_E_INVALID, std::string(name) + " is " + std::to_string(value) + "; it must be " +
                                 std::to_string(low) + " to " + std::to_string(INT32_MAX));
}

}  // namespace

extern "C" {

k8sc_status k8sc_testing_options_set_http2(k8sc_testing_options *options, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.http2.enabled = enabled != 0;
    });
}

k8sc_status k8sc_testing_options_set_http2_max_streams(k8sc_testing_options *options, int32_t streams, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        need_range(streams, 0, "streams");
        options->options.http2.max_streams = static_cast<uint32_t>(streams);
    });
}

k8sc_status k8sc_testing_options_set_http2_upload_window(k8sc_testing_options *options, int64_t bytes, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        need_range(bytes, -1, "bytes");
        options->options.http2.upload_window = bytes;
    });
}

k8sc_status k8sc_testing_options_set_http2_answer_pings(k8sc_testing_options *options, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.http2.answers_pings = enabled != 0;
    });
}

}  // extern "C"
