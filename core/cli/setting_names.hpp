// SPDX-License-Identifier: MIT
//
// The settings of all four tools by name. One configuration file serves them all: each tool takes
// its own keys, ignores those of the others, and refuses a key that none has. To tell the last two
// apart it has to know the names of all, but no tool links the options of another. So the names
// stand here once more; tests/tools/settings.bats compares them with what the tools' --help says.
#pragma once

#include <string>
#include <vector>

namespace notify::cli {

// Returns the names of the tools, which are the sections of a configuration file too.
[[nodiscard]] std::vector<std::string> const& tool_names();

// Returns the keys of a configuration file that at least one of the tools takes, without dashes and
// in alphabetical order. Of each option that is a setting, except --config.
[[nodiscard]] std::vector<std::string> const& setting_names();

}  // namespace notify::cli
