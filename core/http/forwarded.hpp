// SPDX-License-Identifier: MIT
//
// How lists in X-Forwarded-* headers are read. Each proxy in a row appends to the list, so the
// first member is what the proxy said that met the browser: `X-Forwarded-Proto: https, http` is a
// browser that came by https. There is no RFC for these headers; RFC 7239 (Forwarded) is not what
// proxies send.
//
// origin_policy and forwarded_client use it. Whether a header may be believed is theirs to decide.
#pragma once

#include <algorithm>
#include <string_view>

namespace notify {

// Returns the first member of `a, b`, without blanks around it; "" if there is none. A view into
// list.
[[nodiscard]] inline std::string_view first_of_list(std::string_view list)
{
    constexpr std::string_view blanks = " \t";
    list = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.find_first_not_of(blanks), list.size()));
    return list.substr(0, list.find_last_not_of(blanks) + 1);
}

}  // namespace notify
