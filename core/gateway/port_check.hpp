// SPDX-License-Identifier: MIT
//
// Whether the gateway can listen where it should, found out before it starts
// anything, and why not in words that say what to do.
#pragma once

#include "base/net.hpp"

#include <string>

namespace notify {

// Throws std::runtime_error with that sentence. share: with gateways that have the
// port already.
void check_port(tcp::endpoint const& at, bool share);

// The sentence, given what bind() said.
[[nodiscard]] std::string cannot_listen(tcp::endpoint const& at, error_code const& why, bool share);

}  // namespace notify
