// SPDX-License-Identifier: MIT
//
// The Cookie header (RFC 6265 section 4.2): `sessionid=abc; theme=dark`. Session mode takes the
// name of its channel from it (gateway/session_follower); the web app gets the header unparsed.
#pragma once

#include <optional>
#include <string_view>

namespace notify {

// Returns the value of the cookie of this name, as it was sent: not decoded, its quotes not taken
// off. A view into header. Nothing if there is no such cookie. Names are compared with their case.
//
// Of several cookies of one name the last one counts. A browser sends those of all paths, the
// longest path first, and Django takes the last: the gateway has to follow the session that the
// site itself sees.
[[nodiscard]] std::optional<std::string_view> cookie_value(std::string_view header,
                                                           std::string_view name);

}  // namespace notify
