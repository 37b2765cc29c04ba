// SPDX-License-Identifier: MIT
//
// How text from outside is shown to people: on one line, short, and with nothing
// in it that a terminal would obey.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace notify {

// Appends text with control characters and bytes that are not UTF-8 as \n, \t,
// \r, \e or \xNN. C1 controls and the Unicode line and direction marks count too.
void append_escaped(std::string& out, std::string_view text);

// True if text holds anything that append_escaped would escape.
[[nodiscard]] bool has_controls(std::string_view text);

// Returns text escaped, in double quotes, and cut after max bytes or so ("…").
[[nodiscard]] std::string in_quotes(std::string_view text, std::size_t max = 60);

}  // namespace notify
