// SPDX-License-Identifier: MIT
//
// What the gateway prints when it starts.
#pragma once

#include <string>

namespace notify {

class gateway;

// Returns lines for stderr: where it listens, which Redis it uses, how it learns who a client
// is, and three commands to try.
[[nodiscard]] std::string banner_of(gateway const& g);

}  // namespace notify
