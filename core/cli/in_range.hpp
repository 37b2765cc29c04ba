// SPDX-License-Identifier: MIT
//
// Numbers on a command line that must lie between two others.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/run.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

namespace notify::cli {

// Returns value; throws failure, with what is accepted, if it is out of range.
inline std::int64_t in_range(std::int64_t value, std::int64_t least, std::int64_t most,
                             std::string_view option)
{
    if (value < least || value > most)
        throw failure{exit_code::usage,
                      fmt::format("{} {} is not between {} and {}", option, value, least, most)};
    return value;
}

}  // namespace notify::cli
