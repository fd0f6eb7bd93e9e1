#include "testing/c/guard.h"

#include <new>
#include <system_error>

#include "testing/base/failure.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

k8sc_status store_current_exception(k8sc_error **err) noexcept
{
    k8sc_status code = K8SC_E_INTERNAL;
    const auto store = [&](k8sc_status status, const char *message) {
        code = status;
        if (err) *err = k8sc_error_new(status, message);
    };
    try {
        throw;
    } catch (const Failure &failure) {
        store(failure.code, failure.what());
    } catch (const ApiError &error) {
        // What a client would have been answered with a Status.
        store(K8SC_E_API, error.message.c_str());
    } catch (const std::bad_alloc &) {
        store(K8SC_E_NOMEM, "out of memory");
    } catch (const std::system_error &error) {
        store(K8SC_E_IO, error.what());
    } catch (const std::exception &error) {
        store(K8SC_E_INTERNAL, error.what());
    } catch (...) {
        store(K8SC_E_INTERNAL, "unknown exception");
    }
    return code;
}

}  // namespace k8sc::testing
