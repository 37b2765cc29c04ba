// SPDX-License-Identifier: MIT
#include "stamp.hpp"

#include <charconv>
#include <span>

namespace notify::bench {

namespace {

void put(std::span<char> out, std::uint64_t value)
{
    for (std::size_t i = out.size(); i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 15];
}

template <class Number>
bool take(std::string_view text, Number& value)
{
    auto const end = text.data() + text.size();
    auto const [stop, ec] = std::from_chars(text.data(), end, value, 16);
    return ec == std::errc{} && stop == end;
}

}  // namespace

stamp::text stamp::to_text() const
{
    text t;
    std::span<char> const all{t};
    put(all.subspan(0, 6), user);
    put(all.subspan(7, 8), sequence);
    put(all.subspan(16, 16), sent_at);
    t[6] = t[15] = ' ';
    return t;
}

std::optional<stamp> parse_stamp(std::string_view text)
{
    stamp s;
    if (text.size() != stamp::size || text[6] != ' ' || text[15] != ' ') return std::nullopt;
    if (!take(text.substr(0, 6), s.user) || !take(text.substr(7, 8), s.sequence) ||
        !take(text.substr(16), s.sent_at))
        return std::nullopt;
    return s;
}

}  // namespace notify::bench
