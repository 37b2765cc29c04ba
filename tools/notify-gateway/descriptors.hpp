// SPDX-License-Identifier: MIT
//
// How many connections this process can have, given its limit on open files.
#pragma once

#include "gateway/settings.hpp"

namespace notify {

// Raises the limit on open files to the hard one. Reduces the limit on connections to what fits
// under it, with a warning in the log, and fills in those limits of base/capacity.hpp that no
// option has set.
void raise_descriptor_limit(gateway_settings& settings);

}  // namespace notify
