// SPDX-License-Identifier: MIT
#include "contract/position.hpp"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace notify {

namespace {

constexpr std::uint64_t counted_exactly = std::uint64_t{1} << 53;

// Takes the digits that text begins with.
std::optional<std::uint64_t> take_number(std::string_view& text)
{
    std::uint64_t n = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    auto const length = static_cast<std::size_t>(end - text.data());
    bool const padded = length > 1 && text.front() == '0';
    if (ec != std::errc{} || padded || n >= counted_exactly) return std::nullopt;
    text.remove_prefix(length);
    return n;
}

bool take_dash(std::string_view& text)
{
    if (!text.starts_with('-')) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::string to_text(position const& p) { return fmt::format("{}-{}-{}", p.epoch, p.number, p.at); }

std::string id_of(position const& p) { return fmt::format("{}-{}", p.epoch, p.number); }

std::optional<position> parse_position(std::string_view text)
{
    std::size_t const dash = text.rfind('-');
    if (dash == text.npos) return std::nullopt;
    return parse_position(text.substr(0, dash), text.substr(dash + 1));
}

std::optional<position> parse_position(std::string_view id, std::string_view at)
{
    auto const epoch = take_number(id);
    if (!epoch || *epoch == 0 || !take_dash(id)) return std::nullopt;
    auto const number = take_number(id);
    auto const time = take_number(at);
    if (!number || !id.empty() || !time || !at.empty()) return std::nullopt;
    return position{*epoch, *number, *time};
}

}  // namespace notify
