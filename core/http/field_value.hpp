// SPDX-License-Identifier: MIT
//
// What the values of many headers are made of: tokens, and lists with commas (RFC 9110 section
// 5.6). No header is known here, and whether one may be believed is for its reader to decide.
#pragma once

#include <algorithm>
#include <string_view>

namespace notify {

// True for a token, as the name of a header or of a subprotocol must be (section 5.6.2).
[[nodiscard]] inline bool is_token(std::string_view text)
{
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    auto const fits = [marks](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               marks.find(c) != marks.npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

// Returns text without the blanks around it (section 5.6.3), as a view into it.
[[nodiscard]] inline std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

// Returns the first member of `a, b`, without blanks around it; "" if there is none. A view into
// list. Proxies in a row append to the lists of X-Forwarded-*, so the first member there is what
// the proxy said that met the browser.
[[nodiscard]] inline std::string_view first_of_list(std::string_view list)
{
    return trimmed(list.substr(0, list.find(',')));
}

}  // namespace notify
