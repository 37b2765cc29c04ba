// SPDX-License-Identifier: MIT
//
// Numbers on a command line that must lie between two others.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/run.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <string>
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

// The same as a check of an option: also where its value comes from, the
// environment or a file, is said then.
[[nodiscard]] std::function<std::string(std::string const&)> number_between(std::int64_t least,
                                                                            std::int64_t most);

}  // namespace notify::cli
