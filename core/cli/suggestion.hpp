// SPDX-License-Identifier: MIT
//
// What somebody who mistyped a name probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace notify::cli {

// Returns the name that is like word: a few letters other, missing, doubled or
// exchanged, or a part of it left out or added ("level" for "log-level"). Empty if
// none is.
[[nodiscard]] std::string closest(std::string_view word, std::vector<std::string> const& names);

}  // namespace notify::cli
