// SPDX-License-Identifier: MIT
//
// A configuration file as it stands on disk: lines "name = value", and sections, as far as CLI11
// reads TOML. What the keys mean is command_line's business.
//
//     redis = "redis://10.0.0.3"
//     [notify-gateway]
//     port = 8080
#pragma once

#include <CLI/ConfigFwd.hpp>

#include <string>
#include <vector>

namespace notify::cli {

// Returns the items of the file, in their order. A byte order mark at its head is skipped. Throws
// failure{usage}, with a sentence that names the file, if it cannot be read or is not such a file.
[[nodiscard]] std::vector<CLI::ConfigItem> read_config_file(std::string const& path);

}  // namespace notify::cli
