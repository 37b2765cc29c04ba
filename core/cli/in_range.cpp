// SPDX-License-Identifier: MIT
#include "cli/in_range.hpp"

#include "base/quoted.hpp"

#include <charconv>

namespace notify::cli {

std::function<std::string(std::string const&)> number_between(std::int64_t least, std::int64_t most)
{
    return [least, most](std::string const& text) -> std::string {
        std::int64_t number = 0;
        auto const* const end = text.data() + text.size();
        auto const parsed = std::from_chars(text.data(), end, number);
        // What is a number is shown as it is; anything else in quotes, since it can be anything.
        bool const is_number = parsed.ptr == end && parsed.ec == std::errc{};
        if (is_number && number >= least && number <= most) return {};
        return fmt::format("{} is not between {} and {}", is_number ? text : in_quotes(text), least,
                           most);
    };
}

}  // namespace notify::cli
