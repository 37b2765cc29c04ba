// SPDX-License-Identifier: MIT
//
// The payload of a measured notification, 32 bytes: the user, the number among that user's
// notifications, and the time of publishing, in hexadecimal, with spaces between.
#pragma once

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify::bench {

struct stamp {
    static constexpr std::size_t size = 6 + 1 + 8 + 1 + 16;

    std::uint32_t user = 0;
    std::uint32_t sequence = 0;
    std::uint64_t sent_at = 0;  // nanoseconds of the steady clock

    void append_to(std::string& out) const
    {
        std::array<char, size> text;
        fmt::format_to(text.data(), "{:06x} {:08x} {:016x}", user, sequence, sent_at);
        out.append(text.data(), size);
    }
};

[[nodiscard]] inline std::optional<stamp> parse_stamp(std::string_view text)
{
    if (text.size() != stamp::size) return std::nullopt;
    char const* const at = text.data();
    stamp s;
    bool const good = std::from_chars(at, at + 6, s.user, 16).ptr == at + 6 &&
                      std::from_chars(at + 7, at + 15, s.sequence, 16).ptr == at + 15 &&
                      std::from_chars(at + 16, at + 32, s.sent_at, 16).ptr == at + 32;
    return good ? std::optional{s} : std::nullopt;
}

[[nodiscard]] inline std::uint64_t nanoseconds_now()
{
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

}  // namespace notify::bench
