// What exported functions are made of: guards, and checks that name a wrong argument.
#pragma once

#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "core/error.h"
#include "core/guard.h"
#include "core/ref.h"

namespace k8sc {

// Stores the exception that is being handled in *err, and answers its code. Only inside of a catch block.
k8sc_status store_current_exception(k8sc_error **err) noexcept;

template <class Body>
k8sc_status guard(k8sc_error **err, Body &&body) noexcept
{
    return guard_by<store_current_exception>(err, std::forward<Body>(body));
}

}  // namespace k8sc

namespace k8sc::api {

// An argument that may not be NULL.
inline void need(const void *pointer, const char *name)
{
    if (!pointer) fail(K8SC_E_INVALID, concat("argument ", name, " is NULL"));
}

// A shared handle: neither NULL nor from before a fork.
inline void need_handle(const Handle *handle, const char *name)
{
    need(handle, name);
    if (handle->forked())
        fail(K8SC_E_FORKED, concat("argument ", name, " was made before fork(); make a new one in the child"));
}

// An out-parameter, which is NULL until the function succeeds.
template <class T>
void need_out(T **out)
{
    need(out, "out");
    *out = nullptr;
}

// A text of the user's own.
inline char *new_text(const std::string &text)
{
    char *copy = strdup(text.c_str());
    if (!copy) throw std::bad_alloc();
    return copy;
}

inline void need_timeout(int64_t timeout_ms)
{
    if (timeout_ms < -1)
        fail(K8SC_E_INVALID,
             concat("timeout_ms is ", std::to_string(timeout_ms), "; it must be -1 (no limit) or at least 0"));
}

inline const char *text_or_empty(const char *text) { return text ? text : ""; }

// Owns a callback triple's user_data until someone takes it over, so that destroy runs exactly once whatever happens.
class Destroyer {
  public:
    Destroyer(k8sc_destroy_fn destroy, void *user_data) : destroy_(destroy), user_data_(user_data) {}
    Destroyer(const Destroyer &) = delete;
    Destroyer &operator=(const Destroyer &) = delete;
    ~Destroyer()
    {
        if (destroy_) destroy_(user_data_);
    }
    void disarm() { destroy_ = nullptr; }

  private:
    k8sc_destroy_fn destroy_;
    void *user_data_;
};

}  // namespace k8sc::api
