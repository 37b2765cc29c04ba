// SPDX-License-Identifier: MIT
//
// A notification that has arrived, and the forms in which it is shown.
#pragma once

#include <chrono>
#include <string>

namespace notify {

struct received {
    std::chrono::system_clock::time_point time;
    std::string user;     // empty if only the gateway knows who it is
    std::string message;  // UTF-8, as published
};

// "2024-05-01T16:30:05.123Z"
[[nodiscard]] std::string utc_time(std::chrono::system_clock::time_point time);

// "18:30:05  Hey": local time, and the text with everything escaped that a terminal would obey.
[[nodiscard]] std::string to_terminal_line(received const& r);

// One JSON object, whose names --help lists. It is also safe to show on a terminal.
[[nodiscard]] std::string to_json_line(received const& r);

}  // namespace notify
