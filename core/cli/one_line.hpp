// SPDX-License-Identifier: MIT
//
// What should not be seen in the list of processes, and so comes by a file or by
// standard input: a password, a uuid, cookies.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace notify::cli {

enum class further_lines : std::uint8_t { ignored, refused };

// Returns the first line of the file, or of standard input if path is "-", without
// its end and a byte order mark. The error is the reason alone, such as "it is
// empty", and shows nothing of the content.
[[nodiscard]] result<std::string> read_one_line(std::string const& path, further_lines more);

}  // namespace notify::cli
