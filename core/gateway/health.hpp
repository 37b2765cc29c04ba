// SPDX-License-Identifier: MIT
//
// What /healthz answers (docs/protocol.md, HTTP).
#pragma once

#include "gateway/metric_values.hpp"

#include <string>

namespace notify {

// Returns a line of JSON: first a "status", which is "degraded" if anything is down, then each
// metric by its name. Of a metric with a label there is an object of what has happened at all.
[[nodiscard]] std::string health_of(metric_values const& now);

}  // namespace notify
