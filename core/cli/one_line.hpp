// SPDX-License-Identifier: MIT
//
// A secret that comes in one line, from a file or from standard input: a password, a uuid, cookies.
// As an argument, everybody on the machine could read it in the list of processes.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace notify::cli {

// What is done about a second line that is not empty: it is never a part of the secret.
enum class further_lines : std::uint8_t { ignored, refused };

// Returns the first line of the file, or of standard input if path is "-", without its line feed, a
// carriage return before that, and a byte order mark. Blocks until there is one. The error is the
// reason alone, such as "it is empty", for the caller to put into its sentence; it shows nothing of
// the content.
[[nodiscard]] result<std::string> read_one_line(std::string const& path, further_lines more);

}  // namespace notify::cli
