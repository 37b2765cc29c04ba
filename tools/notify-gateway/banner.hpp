// SPDX-License-Identifier: MIT
//
// What the gateway says of itself when it starts.
#pragma once

#include <string>

namespace notify {

class gateway;

// Where it listens, which Redis, how identity works, and the three commands to try;
// lines for stderr.
[[nodiscard]] std::string banner_of(gateway const& g);

}  // namespace notify
