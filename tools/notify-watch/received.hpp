// SPDX-License-Identifier: MIT
//
// A notification that has arrived: what is shown, and what a command is given.
#pragma once

#include <chrono>
#include <string>

namespace notify {

struct received {
    std::chrono::system_clock::time_point time;
    std::string user;     // empty if only the gateway knows
    std::string message;  // UTF-8, as published
};

// "2024-05-01T16:30:05.123Z"
[[nodiscard]] std::string utc_time(std::chrono::system_clock::time_point time);

// "18:30:05  Hey": local time, and the text with nothing in it that a terminal obeys.
[[nodiscard]] std::string to_terminal_line(received const& r);

// One JSON object; see --help for its names. Also safe to be shown on a terminal.
[[nodiscard]] std::string to_json_line(received const& r);

}  // namespace notify
