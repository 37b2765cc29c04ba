// SPDX-License-Identifier: MIT
//
// What was typed, checked.
#pragma once

#include "scenario.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace notify::bench {

// A program that serves the contract, as it is started. It takes the options of
// notify-gateway that the testbed gives it, and says where it listens.
struct contestant {
    std::string name;
    std::vector<std::string> command;  // none of nchan: the testbed knows how to start it
    std::vector<int> cores;            // that it may use; empty: any
    bool whole = true;         // serves all of the contract, not only uuidCookies over WebSocket
    bool shares_port = false;  // has --share-port

    [[nodiscard]] bool is_nchan() const { return command.empty(); }
    [[nodiscard]] bool serves(scenario const& s) const
    {
        return (whole || (s.by == carrier::websocket && !s.storm)) &&
               (shares_port || s.processes == 1);
    }
};

struct bench_options {
    std::vector<contestant> servers;
    std::vector<scenario> scenarios;  // in this order, each with a server of its own
    std::size_t rounds = 1;           // of all scenarios with all servers
    std::size_t threads = 1;          // of a gateway
    std::size_t cores = 1;            // that all of this may use
    std::vector<int> other_cores;     // of these, for Redis and the bench; empty: any
};

// Throws cli::failure with a sentence.
[[nodiscard]] bench_options parse_options(int argc, char const* const* argv);

}  // namespace notify::bench
