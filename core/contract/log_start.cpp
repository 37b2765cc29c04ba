// SPDX-License-Identifier: MIT
#include "contract/log_start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace notify {

namespace {

constexpr std::uint64_t longest_ago = 36'500ull * 86'400;  // in seconds, a hundred years

// Returns how many seconds "10m" is.
std::optional<std::uint64_t> seconds_of(std::string_view text)
{
    std::uint64_t n = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{} || text.data() + text.size() - end != 1) return std::nullopt;
    std::uint64_t unit = 0;
    switch (*end) {
    case 's': unit = 1; break;
    case 'm': unit = 60; break;
    case 'h': unit = 3'600; break;
    case 'd': unit = 86'400; break;
    default: return std::nullopt;
    }
    return std::min(n, longest_ago) * unit;
}

}  // namespace

std::string to_text(log_start const& from)
{
    switch (from.what) {
    case log_start::kind::end: break;
    case log_start::kind::position: return to_text(from.where);
    case log_start::kind::id: return id_of(from.where);
    case log_start::kind::time: return fmt::format("@{}", from.where.at);
    case log_start::kind::all: return "all";
    }
    return {};
}

std::optional<log_start> parse_log_start(std::string_view text, std::uint64_t now)
{
    using kind = log_start::kind;
    if (text == "latest") return log_start{};
    if (text == "all") return log_start{kind::all};
    if (auto const p = parse_position(text)) return log_start{kind::position, *p};
    if (auto const p = parse_position(text, "0")) return log_start{kind::id, *p};
    auto const ago = seconds_of(text);
    if (!ago) return std::nullopt;
    return log_start{kind::time, {1, 0, now - std::min(now, *ago * 1'000'000)}};
}

}  // namespace notify
