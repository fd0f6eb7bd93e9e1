#include "api/guard.h"

#include <exception>

#include "api/error.h"

namespace k8sc {

k8sc_status store_current_exception(k8sc_error **err) noexcept
{
    Error *stored = nullptr;
    k8sc_status code = K8SC_E_NOMEM;
    try {
        try {
            throw;
        } catch (Error &error) {
            code = error.code;
            if (err) stored = new Error(std::move(error));
        } catch (const std::bad_alloc &) {
            stored = api::out_of_memory();
        } catch (const std::exception &e) {
            code = K8SC_E_INTERNAL;
            if (err) stored = new Error(code, concat("internal error: ", e.what()));
        } catch (...) {
            code = K8SC_E_INTERNAL;
            if (err) stored = new Error(code, "internal error");
        }
    } catch (...) {
        // Not even the error's text could be had.
        code = K8SC_E_NOMEM;
        stored = api::out_of_memory();
    }
    if (err) *err = stored;
    return code;
}

}  // namespace k8sc
