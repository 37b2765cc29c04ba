// SPDX-License-Identifier: MIT
//
// The settings of all four tools by name. One configuration file serves them all:
// each takes its own keys, passes over those of the others, and refuses what is
// nobody's. No tool links the options of another, so the names stand here;
// tests/tools/settings.bats compares them with what the tools' --help says.
#pragma once

#include <string>
#include <vector>

namespace notify::cli {

// The tools, which are the sections of a configuration file too.
[[nodiscard]] std::vector<std::string> const& tool_names();

// The keys of a configuration file that one of the tools takes at least.
[[nodiscard]] std::vector<std::string> const& setting_names();

}  // namespace notify::cli
