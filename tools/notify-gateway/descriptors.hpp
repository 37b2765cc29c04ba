// SPDX-License-Identifier: MIT
//
// How much this process can hold.
#pragma once

#include "gateway/settings.hpp"

namespace notify {

// Raises the limit on open files as far as it goes, fits the limit on connections
// under it, and fills in what was not set of the other limits of capacity.hpp.
void raise_descriptor_limit(gateway_settings& settings);

}  // namespace notify
