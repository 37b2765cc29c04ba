// SPDX-License-Identifier: MIT
#include "identity/cookie.hpp"

#include <algorithm>

namespace notify {

namespace {

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view space = " \t";
    text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
    return text.substr(0, text.find_last_not_of(space) + 1);
}

}  // namespace

// More forgiving than the grammar: spaces and tabs may be missing, or stand around any name and
// value, and a part without `=` is skipped.
std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name)
{
    std::optional<std::string_view> found;
    while (!header.empty()) {
        std::size_t const end = header.find(';');
        std::string_view const pair = header.substr(0, end);
        header.remove_prefix(end == header.npos ? header.size() : end + 1);
        std::size_t const equals = pair.find('=');
        if (equals != pair.npos && trimmed(pair.substr(0, equals)) == name)
            found = trimmed(pair.substr(equals + 1));
    }
    return found;
}

}  // namespace notify
