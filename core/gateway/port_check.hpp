// SPDX-License-Identifier: MIT
//
// Finds out whether the gateway can listen where it should, before it starts anything, and says in
// words what to do if it cannot.
//
// The shards bind with SO_REUSEPORT. Without this check, a second gateway that is started by
// mistake would get half of the connections of the first, in silence.
#pragma once

#include "base/net.hpp"

#include <string>

namespace notify {

// Returns if the gateway can bind there now. Throws std::runtime_error with a sentence if not.
// share: gateways that have the port already are no obstacle (--share-port). Whatever happens
// between this check and the shards' bind is reported by the latter.
void check_port(tcp::endpoint const& at, bool share);

// Returns the sentence for what bind() has said, with the address and a remedy.
[[nodiscard]] std::string cannot_listen(tcp::endpoint const& at, error_code const& why, bool share);

}  // namespace notify
