// SPDX-License-Identifier: MIT
//
// What is measured: a server and a Redis that the bench starts, or ones that run.
#pragma once

#include "base/stream.hpp"
#include "scenario.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace notify::bench {

// A program that serves the contract, as it is started. It takes the options of
// notify-gateway that start_server() gives it, and says where it listens.
struct contestant {
    std::string name;
    std::vector<std::string> command;
    bool whole = true;  // it serves all of the contract, not only uuidCookies over WebSocket

    bool shares_port = false;  // it has --share-port

    [[nodiscard]] bool serves(scenario const& s) const
    {
        return (whole || (s.by == carrier::websocket && !s.storm)) &&
               (shares_port || s.processes == 1);
    }
};

struct testbed_options {
    struct running {
        stream_address server;
        pid_t pid = 0;
        stream_address redis;
    };

    std::optional<running> attach;  // nothing: both are started

    // When both are started:
    std::vector<int> server_cores;  // empty: any
    std::vector<int> other_cores;   // of Redis and the bench; empty: any
};

}  // namespace notify::bench
