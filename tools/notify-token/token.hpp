// SPDX-License-Identifier: MIT
//
// The commands of notify-token: mint, check, revoke. Results go to stdout.
#pragma once

#include "base/net.hpp"
#include "cli/exit_code.hpp"
#include "options.hpp"

namespace notify {

// Throws cli::failure.
[[nodiscard]] net::awaitable<cli::exit_code> run_token(token_options options);

}  // namespace notify
