// SPDX-License-Identifier: MIT
//
// The port of a URL as it was written. It is checked before Boost.URL parses the URL, since its
// versions differ in what they make of a port that is no number: "h:12x" is not a URL to 1.83, and
// to 1.81 it is port 12 and a path "x". The error for --redis, the web app's URL and --allow-origin
// is to be the same with both.
#pragma once

#include <string_view>

namespace notify {

// Returns what stands behind the host's colon, up to the path, the query or the fragment; an empty
// text if there is no colon. The URL need not be well formed. The view is into url.
[[nodiscard]] std::string_view port_text(std::string_view url);

// True if port_text(url) is digits alone, or empty. Says nothing about their range.
[[nodiscard]] bool has_numeric_port(std::string_view url);

}  // namespace notify
