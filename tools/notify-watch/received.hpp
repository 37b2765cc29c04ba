// SPDX-License-Identifier: MIT
//
// A notification that has arrived, and the forms in which it is shown.
#pragma once

#include "contract/notification.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify {

struct received {
    std::chrono::system_clock::time_point time;  // of its arrival here
    std::string user;                            // empty if only the gateway knows who it is
    notification told;
};

// "2024-05-01T16:30:05.123Z"
[[nodiscard]] std::string utc_time(std::chrono::system_clock::time_point time);

// "18:30:05  [error] Disk: nearly full <https://example.org/disk>": local time, level, title,
// message and link, with everything escaped that a terminal would obey. The time is that of the
// sending, if that is known, with the date if that was on another day; otherwise that of the
// arrival.
[[nodiscard]] std::string to_terminal_line(received const& r);

// One JSON object, whose names --help lists. It is also safe to show on a terminal.
[[nodiscard]] std::string to_json_line(received const& r);

// The line that stands where notifications may be missing, as JSON.
[[nodiscard]] std::string gap_to_json_line(std::chrono::system_clock::time_point time,
                                           std::string const& user);

// Names and values for the environment of a command. A variable whose value is not known is
// nothing, so that none is inherited from elsewhere. No value is long enough, or of such content,
// that a command could not be run for it.
[[nodiscard]] std::vector<std::pair<std::string_view, std::optional<std::string>>> variables_of(
    received const& r);

}  // namespace notify
