// SPDX-License-Identifier: MIT
//
// Text from outside within a command line that people copy into a shell: the gateway's banner and
// its log say which `notify-send --user …` to try. A user id such as $(reboot) is allowed, and must
// not run.
#pragma once

#include <string>
#include <string_view>

namespace notify {

// Returns text as one word of a POSIX shell: as it is if that is safe, else in single quotes.
// REQUIRES: no control characters, which a terminal would act on before the shell reads them.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace notify
