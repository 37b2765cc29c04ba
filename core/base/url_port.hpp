// SPDX-License-Identifier: MIT
//
// The port of a URL as it was written. Versions of Boost.URL differ in what they
// make of one that is no number: "h:12x" is not a URL to 1.83, and to 1.81 port
// 12 and a path "x". People are to be told the same by both.
#pragma once

#include <string_view>

namespace notify {

// Returns what stands behind the host's colon, up to the path; nothing where there is
// no colon. The URL need not be well formed; the view is into it.
[[nodiscard]] std::string_view port_text(std::string_view url);

// Whether it is made of digits alone; nothing counts as that.
[[nodiscard]] bool has_numeric_port(std::string_view url);

}  // namespace notify
