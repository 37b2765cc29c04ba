// SPDX-License-Identifier: MIT
//
// What was typed, checked.
#pragma once

#include "scenario.hpp"
#include "testbed_options.hpp"

#include <cstddef>
#include <vector>

namespace notify::bench {

struct bench_options {
    testbed_options bed;
    std::vector<contestant> servers;
    std::vector<scenario> scenarios;  // in this order, each with a server of its own
    std::size_t rounds = 1;           // of all scenarios with all servers
    std::size_t threads = 1;          // of a gateway; 0: unknown
    std::size_t cores = 1;

    // Servers have cores of their own.
    [[nodiscard]] bool pinned() const { return !bed.server_cores.empty(); }
};

// Throws cli::failure with a sentence.
[[nodiscard]] bench_options parse_options(int argc, char const* const* argv);

}  // namespace notify::bench
