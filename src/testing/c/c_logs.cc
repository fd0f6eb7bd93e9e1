// k8sc_testing_server_*_pod_log.
#include "testing/base/failure.h"
#include "testing/c/c_handles.h"
#include "testing/c/guard.h"

using namespace k8sc::testing;

namespace {

// What names a log, and its text.
Server &checked(k8sc_testing_server *server, const char *ns, const char *pod, const char *container, const char *text,
                size_t len)
{
    Server &self = server_of(server);
    need(ns, "ns");
    need(pod, "pod");
    need(container, "container");
    if (len > 0) need(text, "text");
    return self;
}

std::string_view view_of(const char *text, size_t len)
{
    return len > 0 ? std::string_view(text, len) : std::string_view();
}

}  // namespace

extern "C" {

k8sc_status k8sc_testing_server_set_pod_log(k8sc_testing_server *server, const char *ns, const char *pod,
                                            const char *container, const char *text, size_t len, k8sc_error **err)
{
    return guard(err, [&] {
        checked(server, ns, pod, container, text, len).api.logs().set(ns, pod, container, view_of(text, len));
    });
}

k8sc_status k8sc_testing_server_append_pod_log(k8sc_testing_server *server, const char *ns, const char *pod,
                                               const char *container, const char *text, size_t len, k8sc_error **err)
{
    return guard(err, [&] {
        checked(server, ns, pod, container, text, len).api.logs().append(ns, pod, container, view_of(text, len));
    });
}

k8sc_status k8sc_testing_server_restart_container(k8sc_testing_server *server, const char *ns, const char *pod,
                                                  const char *container, k8sc_error **err)
{
    return guard(err, [&] { checked(server, ns, pod, container, "", 0).api.logs().restart(ns, pod, container); });
}

}  // extern "C"
