// SPDX-License-Identifier: MIT
//
// Cuts all clients at once. They come back as the sessions that they were, each having missed a
// stored notification; then they are cut again, and come back as new sessions.
#pragma once

#include "figures.hpp"
#include "options.hpp"
#include "poller.hpp"

namespace notify::bench {

// Throws std::runtime_error if not all come back.
[[nodiscard]] figures measure_recovery(poller& loop, contestant const& server, scenario const& s);

}  // namespace notify::bench
