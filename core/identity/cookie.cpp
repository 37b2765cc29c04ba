// SPDX-License-Identifier: MIT
#include "identity/cookie.hpp"

#include <algorithm>

namespace notify {

std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name)
{
    while (!header.empty()) {
        std::size_t const end = header.find(';');
        std::string_view pair = header.substr(0, end);
        header.remove_prefix(end == header.npos ? header.size() : end + 1);
        pair.remove_prefix(std::min(pair.find_first_not_of(" \t"), pair.size()));
        std::size_t const equals = pair.find('=');
        if (equals != pair.npos && pair.substr(0, equals) == name) {
            std::string_view value = pair.substr(equals + 1);
            while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace notify
