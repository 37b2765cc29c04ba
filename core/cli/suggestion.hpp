// SPDX-License-Identifier: MIT
//
// What somebody who mistyped a name probably meant, for "did you mean --log-level?": options, keys
// of the configuration file, commands, levels of the log.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace notify::cli {

// Returns the name that word is most like: a few letters are different, missing, too many or
// exchanged, or a whole part is left out or added ("level" for "log-level"). Empty if no name is
// near enough: a wrong guess is worse than none. Of two that are equally near, the first in names.
[[nodiscard]] std::string closest(std::string_view word, std::vector<std::string> const& names);

}  // namespace notify::cli
