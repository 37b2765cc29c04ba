// SPDX-License-Identifier: MIT
//
// What is measured: a gateway and a Redis that the bench starts, or ones that run.
#pragma once

#include "base/stream.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace notify::bench {

struct testbed_options {
    struct running {
        stream_address gateway;
        pid_t gateway_pid = 0;
        stream_address redis;
    };

    std::optional<running> attach;  // nothing: start both

    // When both are started:
    std::filesystem::path gateway;
    std::size_t threads = 1;
    std::vector<std::string> gateway_args;  // further ones
    std::vector<int> gateway_cores;         // empty: any
    std::vector<int> other_cores;           // of Redis and the bench; empty: any
};

}  // namespace notify::bench
