// SPDX-License-Identifier: MIT
//
// The Cookie header (RFC 6265 section 4.2).
#pragma once

#include <optional>
#include <string_view>

namespace notify {

// Returns the value of the first cookie of this name, as it was sent; a view
// into header.
[[nodiscard]] std::optional<std::string_view> cookie_value(std::string_view header,
                                                           std::string_view name);

}  // namespace notify
