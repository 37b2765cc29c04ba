// SPDX-License-Identifier: MIT
//
// An incremental UTF-8 check (RFC 3629): no overlong forms, no surrogates,
// nothing above U+10FFFF. It holds its place between calls, so that text may
// arrive cut at any byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace notify {

class utf8_check {
public:
    // Takes the next bytes. Returns false as soon as they cannot be UTF-8; after
    // that the object is of no more use until reset().
    [[nodiscard]] bool feed(std::string_view bytes);

    // True between characters, so also at the start.
    [[nodiscard]] bool complete() const { return missing_ == 0; }

    void reset() { *this = {}; }

private:
    std::uint8_t missing_ = 0;  // continuation bytes still due
    std::uint8_t low_ = 0x80;   // bounds of the next continuation byte: the first one
    std::uint8_t high_ = 0xbf;  // after E0, ED, F0 and F4 has narrower ones
};

// True if text is UTF-8 from end to end.
[[nodiscard]] bool is_utf8(std::string_view text);

// Returns how long text would be in UTF-16 code units, as JavaScript counts.
// What is not UTF-8 gets some number.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

// Returns how many bytes of text its first n UTF-16 code units take. Nothing if
// text is shorter than that, or the last of them is half a character.
[[nodiscard]] std::optional<std::size_t> utf16_prefix(std::string_view text, std::size_t n);

}  // namespace notify
