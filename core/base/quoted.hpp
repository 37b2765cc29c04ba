// SPDX-License-Identifier: MIT
//
// How text from outside is shown to people, in errors and in the log: on one line, short, and with
// nothing in it that a terminal acts on. Whoever sends it chooses every byte; printed raw, it could
// forge lines of the log, recolour the terminal, or reverse the order of what is read (U+202E).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace notify {

// Appends text to out, with each control character and each byte that is not UTF-8 as \n, \t, \r,
// \e or \xNN. C1 controls, invisible characters and Unicode's marks of lines and direction count as
// control characters. Backslashes are left as they are: this is for reading, and cannot be undone.
void append_escaped(std::string& out, std::string_view text);

// True if text holds anything that append_escaped would escape.
[[nodiscard]] bool has_controls(std::string_view text);

// Returns text escaped, in double quotes. If text has more than max bytes, it is cut there, or
// before the character that would be cut, and … stands before the closing quote. max does not count
// what escapes add. Quotes within text stay as they are.
[[nodiscard]] std::string in_quotes(std::string_view text, std::size_t max = 60);

}  // namespace notify
