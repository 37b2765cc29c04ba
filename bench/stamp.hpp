// SPDX-License-Identifier: MIT
//
// The payload of a measured notification, 32 bytes: whose it is, which of that
// user's it is, and when it was published; in hexadecimal, with spaces between.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace notify::bench {

struct stamp {
    static constexpr std::size_t size = 6 + 1 + 8 + 1 + 16;
    using text = std::array<char, size>;

    std::uint32_t user = 0;
    std::uint32_t sequence = 0;
    std::uint64_t sent_at = 0;  // nanoseconds of the steady clock

    [[nodiscard]] text to_text() const;
};

[[nodiscard]] std::optional<stamp> parse_stamp(std::string_view text);

[[nodiscard]] inline std::uint64_t nanoseconds_now()
{
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

}  // namespace notify::bench
