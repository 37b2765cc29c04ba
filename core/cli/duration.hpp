// SPDX-License-Identifier: MIT
//
// Durations as people type them.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace notify::cli {

// Reads "500ms", "5s", "2m" or "1h": a whole number and its unit, at most a year.
[[nodiscard]] result<std::chrono::milliseconds> parse_duration(std::string_view text);

// Writes one for people: "480 ms", "4.8 s", "2 min".
[[nodiscard]] std::string show_duration(std::chrono::milliseconds duration);

}  // namespace notify::cli
