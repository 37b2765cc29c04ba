// SPDX-License-Identifier: MIT
//
// The file of --secret-file: what all gateways of a site sign with (docs/operation.md, Recovery).
#pragma once

#include "base/signature.hpp"

#include <string>

namespace notify {

// Returns the key that all bytes of the file make. Warns in the log if everybody may read it.
// Throws cli::failure, which shows nothing of the content, if the file cannot be read or has fewer
// than 32 bytes.
[[nodiscard]] secret_key read_secret_file(std::string const& path);

}  // namespace notify
