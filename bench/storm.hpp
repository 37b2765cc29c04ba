// SPDX-License-Identifier: MIT
//
// All clients are cut at once and want to be back at once, as after a proxy's
// restart. They come with cookies, so the web app is asked about each.
#pragma once

#include "figures.hpp"
#include "options.hpp"
#include "poller.hpp"

namespace notify::bench {

// Throws std::runtime_error if not all come back.
[[nodiscard]] figures measure_storm(poller& loop, contestant const& server, scenario const& s);

}  // namespace notify::bench
