// SPDX-License-Identifier: MIT
//
// Whose page it is that a browser sends a request for (RFC 6454): scheme, host and port, as the
// header `Origin` has them. In a form in which equal origins compare equal:
// `https://Example.org:443` and `https://example.org` are one. origin_policy and origin_rule
// compare them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

struct web_origin {
    std::string scheme;      // in lower case
    std::string host;        // as host_of_authority() has it; "" of `null` and `file://`
    std::uint16_t port = 0;  // 0: none, or that of the scheme

    bool operator==(web_origin const&) const = default;
};

// Reads `scheme://host[:port]`, `file://`, or `null`, which is what pages without an origin of
// their own have, such as those in a sandbox. The scheme of `null` is "null". Nothing if text is
// none of these, or its port is above 65535.
[[nodiscard]] std::optional<web_origin> parse_origin(std::string_view text);

}  // namespace notify
