// SPDX-License-Identifier: MIT
//
// How many connections this process can hold.
#pragma once

#include "gateway/settings.hpp"

namespace notify {

// Raises the limit on open files as far as it goes, and fits the limit on
// connections under it.
void raise_descriptor_limit(gateway_settings& settings);

}  // namespace notify
