// SPDX-License-Identifier: MIT
//
// Many more clients than one process can hold: gateways that share a port, each
// with as many clients as a process may have descriptors, and as many processes
// of the bench that play these.
#pragma once

#include "figures.hpp"
#include "options.hpp"
#include "poller.hpp"

namespace notify::bench {

// Throws std::runtime_error if it cannot be finished.
[[nodiscard]] figures measure_growth(poller& loop, contestant const& server, scenario const& s);

}  // namespace notify::bench
