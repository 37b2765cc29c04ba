// SPDX-License-Identifier: MIT
//
// The host that a Host header or an Origin names (RFC 3986 section 3.2).
//
// request_rules refuses requests by it, and origin_policy compares pages with sites by it, so it
// must find the same host as browsers and proxies do. Not Boost.URL: that of Boost 1.81 takes
// 10.0.0.1.example for an address with a path after it, and no page of such a site was allowed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace notify {

// Returns the host of `host[:port]`, in lower case, an IPv6 address in its brackets: `[::1]` of
// `[::1]:8080`. It may be empty, as RFC 9112 section 3.2 allows in a Host header. Nothing if the
// text is anything else, such as one with a user before the host. The port's value is not looked
// at.
[[nodiscard]] std::optional<std::string> host_of_authority(std::string_view authority);

// Returns the same of an origin, `scheme://host[:port]` (RFC 6454 section 6.2). Nothing if the host
// is empty or the text is no origin, such as `null`.
[[nodiscard]] std::optional<std::string> host_of_origin(std::string_view origin);

}  // namespace notify
