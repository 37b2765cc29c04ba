// SPDX-License-Identifier: MIT
#include "cli/duration.hpp"

#include "base/quoted.hpp"
#include "cli/value_of.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace notify::cli {

namespace {

// Milliseconds in a leap year. Longer is a slip; and the product below cannot overflow before it is
// compared: 2^32 hours are 1.5e16 ms.
constexpr std::int64_t most = 366LL * 24 * 3600 * 1000;

// Returns 0 for what is no unit.
std::int64_t unit_in_ms(std::string_view unit)
{
    if (unit == "ms") return 1;
    if (unit == "s") return 1000;
    if (unit == "m") return 60 * 1000;
    if (unit == "h") return 3600 * 1000;
    return 0;
}

}  // namespace

result<std::chrono::milliseconds> parse_duration(std::string_view text)
{
    std::uint32_t number = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    auto const digits = static_cast<std::size_t>(end - text.data());
    auto const unit = unit_in_ms(text.substr(digits));
    if (ec != std::errc{} || unit == 0)
        return error{
            fmt::format("{} is not a duration: write it as 500ms, 5s, 2m or 1h", in_quotes(text))};
    if (number * unit > most) return error{fmt::format("{} is more than a year", in_quotes(text))};
    return std::chrono::milliseconds{number * unit};
}

std::chrono::milliseconds duration_above_zero(std::string_view text, std::string_view option)
{
    auto const time = value_of(parse_duration(text), option);
    if (time.count() == 0)
        throw failure{exit_code::usage, fmt::format("{} must be more than nothing", option)};
    return time;
}

// Three digits are enough for a person: "4.83 s", "119 s".
std::string show_duration(std::chrono::milliseconds duration)
{
    auto const ms = duration.count();
    if (ms < 1000) return fmt::format("{} ms", ms);
    if (ms < 120'000) return fmt::format("{:.3g} s", static_cast<double>(ms) / 1000);
    return fmt::format("{} min", ms / 60'000);
}

}  // namespace notify::cli
