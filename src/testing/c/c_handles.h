// The handles of k8sc_testing.h: what is behind the opaque names.
#pragma once

#include <unistd.h>

#include <algorithm>

#include "k8sc_testing.h"
#include "testing/base/failure.h"
#include "testing/server/server.h"

namespace k8sc::testing {

inline std::string checked_token(const std::string &token)
{
    const auto printable = [](char c) { return c > ' ' && c < 0x7f; };
    if (token.empty() || !std::all_of(token.begin(), token.end(), printable))
        fail(K8SC_E_INVALID, "token is empty, or has a character that no header can hold");
    return token;
}

inline Streaming streaming_of(int32_t how)
{
    switch (how) {
    case K8SC_TESTING_STREAMING_REFUSED: return Streaming::refused;
    case K8SC_TESTING_STREAMING_IGNORED: return Streaming::ignored;
    case K8SC_TESTING_STREAMING_SUPPORTED: return Streaming::supported;
    default: fail(K8SC_E_INVALID, "how is " + std::to_string(how) + ", and none of K8SC_TESTING_STREAMING_");
    }
}

}  // namespace k8sc::testing

struct k8sc_testing_options {
    k8sc::testing::Options options;
};

struct k8sc_testing_server {
    explicit k8sc_testing_server(const k8sc::testing::Options &options) : server(options) {}

    bool forked() const { return getpid() != process; }

    const pid_t process = getpid();
    mutable k8sc::testing::Server server;
};

namespace k8sc::testing {

// Of an argument, which must be neither NULL nor another process's: its threads and locks are there.
inline Server &server_of(const k8sc_testing_server *server)
{
    need(server, "server");
    if (server->forked())
        fail(K8SC_E_FORKED, "argument server was started before fork(); start a new one in the child");
    return server->server;
}

}  // namespace k8sc::testing
