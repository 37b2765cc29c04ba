// SPDX-License-Identifier: MIT
//
// Cuts all clients at once and has them return at once, as after a proxy's restart. They have
// cookies, so the web app is asked about each.
#pragma once

#include "figures.hpp"
#include "options.hpp"
#include "poller.hpp"

namespace notify::bench {

// Throws std::runtime_error if not all come back.
[[nodiscard]] figures measure_storm(poller& loop, contestant const& server, scenario const& s);

}  // namespace notify::bench
