// SPDX-License-Identifier: MIT
#include "identity/cookie.hpp"

#include "http/field_value.hpp"

namespace notify {

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
