// The handles of k8sc_testing.h: what is behind the opaque names.
#pragma once

#include "k8sc_testing.h"
#include "server.h"

struct k8sc_testing_options {
    k8sc::testing::Options options;
};

struct k8sc_testing_server {
    explicit k8sc_testing_server(const k8sc::testing::Options &options) : server(options) {}

    mutable k8sc::testing::Server server;
};
