// What the tests of the inside share: cmocka for C++, and what a failure says. Include it last: cmocka makes a macro of
// fail.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"

extern "C" {
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
}

using namespace k8sc;
using namespace std::string_literals;
using namespace std::string_view_literals;

// The code that `body` fails with; K8SC_OK where it does not. The message goes to *message.
template <class Body>
k8sc_status code_of(Body &&body, std::string *message = nullptr)
{
    try {
        body();
        return K8SC_OK;
    } catch (const Error &error) {
        if (message) *message = error.message;
        return error.code;
    }
}

inline void assert_text(std::string_view have, std::string_view want)
{
    if (have != want) fail_msg("have %.*s, want %.*s", int(have.size()), have.data(), int(want.size()), want.data());
}

inline void assert_says(std::string_view message, std::string_view part)
{
    if (message.find(part) == std::string_view::npos)
        fail_msg("\"%.*s\" does not say \"%.*s\"", int(message.size()), message.data(), int(part.size()), part.data());
}

inline void assert_silent(std::string_view message, std::string_view part)
{
    if (message.find(part) != std::string_view::npos)
        fail_msg("\"%.*s\" says \"%.*s\"", int(message.size()), message.data(), int(part.size()), part.data());
}

inline std::string repeated(std::string_view text, size_t n)
{
    std::string out;
    out.reserve(text.size() * n);
    while (n--) out += text;
    return out;
}
