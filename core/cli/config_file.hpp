// SPDX-License-Identifier: MIT
//
// A configuration file as it stands on disk: lines "name = value", and sections.
#pragma once

#include <CLI/ConfigFwd.hpp>

#include <string>
#include <vector>

namespace notify::cli {

// Throws failure if path cannot be read or is no such file.
[[nodiscard]] std::vector<CLI::ConfigItem> read_config_file(std::string const& path);

}  // namespace notify::cli
