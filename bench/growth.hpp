// SPDX-License-Identifier: MIT
//
// Measures with more clients than one process may have descriptors: several gateways share a port,
// and as many processes of the bench play the clients.
#pragma once

#include "figures.hpp"
#include "options.hpp"
#include "poller.hpp"

namespace notify::bench {

// Throws std::runtime_error if the run cannot be finished.
[[nodiscard]] figures measure_growth(poller& loop, contestant const& server, scenario const& s);

}  // namespace notify::bench
