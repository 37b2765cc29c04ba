// SPDX-License-Identifier: MIT
//
// What was typed, checked.
#pragma once

#include "gateway/settings.hpp"

namespace notify {

// Throws cli::failure with a sentence. Sets the log's level too.
[[nodiscard]] gateway_settings parse_options(int argc, char const* const* argv);

}  // namespace notify
