// SPDX-License-Identifier: MIT
#include "http/accept.hpp"

#include "http/field_value.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <optional>

namespace notify {

namespace {

constexpr int full_weight = 1000;

// Cuts list at the first mark, and returns what stands before it, without blanks around it.
std::string_view take_until(char mark, std::string_view& list)
{
    std::string_view const member = list.substr(0, list.find(mark));
    list.remove_prefix(std::min(member.size() + 1, list.size()));
    return trimmed(member);
}

// Reads `1`, `0.5`, `0.125` (RFC 9110 section 12.4.2) as thousandths.
std::optional<int> weight_of(std::string_view text)
{
    if (text.empty() || text.size() > 5 || (text.size() > 1 && text[1] != '.')) return std::nullopt;
    int weight = 0;
    for (std::size_t i = 0; i < 5; ++i) {
        if (i == 1) continue;
        char const digit = i < text.size() ? text[i] : '0';
        if (digit < '0' || digit > '9') return std::nullopt;
        weight = 10 * weight + (digit - '0');
    }
    return weight <= full_weight ? std::optional{weight} : std::nullopt;
}

// Returns 3 if range names the type, 2 and 1 if it covers it as `text/*` or `*/*`, 0 if it does
// not.
int closeness_of(std::string_view range, std::string_view type)
{
    if (boost::beast::iequals(range, type)) return 3;
    if (range == "*/*") return 1;
    std::string_view const family = type.substr(0, type.find('/') + 1);
    bool const covers = range.size() == family.size() + 1 && range.ends_with('*') &&
                        boost::beast::iequals(range.substr(0, family.size()), family);
    return covers ? 2 : 0;
}

}  // namespace

int quality_of(std::string_view type, std::string_view accept)
{
    if (trimmed(accept).empty()) return full_weight;
    int closest = 0;
    int quality = 0;
    while (!accept.empty()) {
        std::string_view member = take_until(',', accept);
        int const closeness = closeness_of(take_until(';', member), type);
        std::optional<int> weight = full_weight;
        while (!member.empty()) {
            std::string_view value = take_until(';', member);
            if (boost::beast::iequals(take_until('=', value), "q")) weight = weight_of(value);
        }
        if (closeness <= closest || !weight) continue;
        closest = closeness;
        quality = *weight;
    }
    return quality;
}

}  // namespace notify
