// SPDX-License-Identifier: MIT
//
// The Cookie header (RFC 6265 section 4.2).
#pragma once

#include <optional>
#include <string_view>

namespace notify {

// Returns the value of a cookie, as it was sent; a view into header. Of several with
// this name (a browser sends those of all paths, the longest path first) the last
// one counts, as it does for Django, whose session it is.
[[nodiscard]] std::optional<std::string_view> cookie_value(std::string_view header,
                                                           std::string_view name);

}  // namespace notify
