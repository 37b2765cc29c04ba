// SPDX-License-Identifier: MIT
//
// Text from outside within a command line that people copy into a shell.
#pragma once

#include <string>
#include <string_view>

namespace notify {

// Returns text as one word of a POSIX shell: as it is where that is safe, else in
// single quotes. REQUIRES: no control characters.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace notify
