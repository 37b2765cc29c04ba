// SPDX-License-Identifier: MIT
//
// What the gateway says of itself when it starts.
#pragma once

namespace notify {

class gateway;

// Writes to stderr: where it listens, which Redis, how identity works, and the
// three commands to try.
void print_banner(gateway const& g);

}  // namespace notify
