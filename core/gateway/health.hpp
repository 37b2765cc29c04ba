// SPDX-License-Identifier: MIT
//
// What /healthz answers (docs/protocol.md, HTTP).
#pragma once

#include "gateway/metric_values.hpp"

#include <string>

namespace notify {

// Returns one line of JSON: first "status", which is "degraded" if any state is down and "ok"
// otherwise, then each metric by its name. A metric with a label is an object of what has happened
// at least once.
[[nodiscard]] std::string health_of(metric_values const& now);

}  // namespace notify
