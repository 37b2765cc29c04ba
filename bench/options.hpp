// SPDX-License-Identifier: MIT
//
// The checked command line of notify-bench.
#pragma once

#include "scenario.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace notify::bench {

// A server to be measured, and how it is started. It takes those options of notify-gateway that the
// testbed gives it, and prints where it listens.
struct contestant {
    std::string name;
    std::vector<std::string> command;  // empty for nchan, which the testbed knows how to start
    std::vector<int> cores;            // that it may use; empty: any
    bool whole = true;         // serves polling and cookies too, not only uuidCookies by WebSocket
    bool shares_port = false;  // has --share-port

    [[nodiscard]] bool is_nchan() const { return command.empty(); }
    [[nodiscard]] bool is_streams() const { return name == "streams"; }
    [[nodiscard]] bool serves(scenario const& s) const
    {
        if (is_streams() || s.how == sending::script)
            return (is_streams() || name == "gateway") && s.how == sending::script;
        return (whole || (s.by == carrier::websocket && !s.storm)) &&
               (shares_port || s.processes == 1);
    }
};

struct bench_options {
    std::vector<contestant> servers;
    std::vector<scenario> scenarios;  // in this order, each with a server of its own
    std::size_t rounds = 1;           // of all scenarios with all servers
    std::size_t threads = 1;          // of a gateway
    std::size_t cores = 1;            // that servers, Redis and bench may use in all
    std::vector<int> other_cores;     // those of them for Redis and the bench; empty: any
};

// Throws cli::failure with a sentence.
[[nodiscard]] bench_options parse_options(int argc, char const* const* argv);

}  // namespace notify::bench
