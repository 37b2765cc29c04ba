// SPDX-License-Identifier: MIT
//
// What proxies say of the request that they pass on (X-Forwarded-*). Where there are
// several in a row, each adds to a list: its first is of the one that met the browser.
#pragma once

#include <algorithm>
#include <string_view>

namespace notify {

// The first of `a, b`, without blanks around it. A view into list.
[[nodiscard]] inline std::string_view first_of_list(std::string_view list)
{
    constexpr std::string_view blanks = " \t";
    list = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.find_first_not_of(blanks), list.size()));
    return list.substr(0, list.find_last_not_of(blanks) + 1);
}

}  // namespace notify
