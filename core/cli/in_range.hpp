// SPDX-License-Identifier: MIT
//
// Numbers on a command line that must lie between two others, both included. Both functions say the
// same sentence, as "--port 70000 is not between 0 and 65535".
#pragma once

#include "cli/exit_code.hpp"
#include "cli/run.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace notify::cli {

// Returns value; throws failure{usage} if it is out of range. For what is checked when everything
// has been parsed, such as a limit that depends on another. option: its name, with dashes.
inline std::int64_t in_range(std::int64_t value, std::int64_t least, std::int64_t most,
                             std::string_view option)
{
    if (value < least || value > most)
        throw failure{exit_code::usage,
                      fmt::format("{} {} is not between {} and {}", option, value, least, most)};
    return value;
}

// Returns the same as a check for CLI::Option::check(): "" is good, anything else the complaint.
// command_line puts before it where the value comes from, the environment or a file.
[[nodiscard]] std::function<std::string(std::string const&)> number_between(std::int64_t least,
                                                                            std::int64_t most);

}  // namespace notify::cli
