// SPDX-License-Identifier: MIT
//
// Durations as people type them (`--ttl 5s`) and read them. A number needs its unit: 5 could be
// seconds or milliseconds, and the settings of the gateway are in milliseconds.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace notify::cli {

// Reads "500ms", "5s", "2m" or "1h": a whole number and its unit without a space, from 0 to 366
// days. The error quotes text and says what is accepted.
[[nodiscard]] result<std::chrono::milliseconds> parse_duration(std::string_view text);

// The same for an option, such as "--for", that must be more than nothing. Throws failure{usage}
// with the option's name.
[[nodiscard]] std::chrono::milliseconds duration_above_zero(std::string_view text,
                                                            std::string_view option);

// Writes one for people, rounded: "480 ms", "4.8 s", "2 min". From two minutes on, seconds are cut
// off.
[[nodiscard]] std::string show_duration(std::chrono::milliseconds duration);

}  // namespace notify::cli
