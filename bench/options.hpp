// SPDX-License-Identifier: MIT
//
// What was typed, checked.
#pragma once

#include "figures.hpp"
#include "scenario.hpp"
#include "testbed_options.hpp"

#include <vector>

namespace notify::bench {

struct bench_options {
    testbed_options bed;
    surroundings where;
    std::vector<scenario> scenarios;  // in this order, each with a gateway of its own
};

// Throws cli::failure with a sentence.
[[nodiscard]] bench_options parse_options(int argc, char const* const* argv);

}  // namespace notify::bench
