// SPDX-License-Identifier: MIT
//
// The host that a Host header or an Origin names (RFC 3986 section 3.2). Boost.URL
// would do, but that of 1.81 takes 10.0.0.1.example for an address with more after it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace notify {

// The host of `host[:port]`, in lower case, an IPv6 address in its brackets; it
// may be empty. Nothing if that is not what it is, as with a user before the host.
[[nodiscard]] std::optional<std::string> host_of_authority(std::string_view authority);

// The same of an origin, `scheme://host[:port]` (RFC 6454 section 6.2), whose host
// is not empty.
[[nodiscard]] std::optional<std::string> host_of_origin(std::string_view origin);

}  // namespace notify
