// SPDX-License-Identifier: MIT
//
// An incremental UTF-8 check (RFC 3629 section 4): no overlong forms, no surrogates, nothing above
// U+10FFFF. A WebSocket has to end at text that is not UTF-8 (RFC 6455 section 8.1), and text may
// arrive cut at any byte; so the check holds its place between calls, in three bytes.
//
// And the lengths that JavaScript gives to text, which Engine.IO 3 puts on the wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace notify {

class utf8_check {
public:
    // Takes the next bytes. Returns false if they cannot be UTF-8, however the text goes on. After
    // that the object is of no use until reset().
    [[nodiscard]] bool feed(std::string_view bytes);

    // True between two characters, and at the start. False: text that ends here is not UTF-8.
    [[nodiscard]] bool complete() const { return missing_ == 0; }

    void reset() { *this = {}; }

private:
    std::uint8_t missing_ = 0;  // continuation bytes still due
    // Bounds of the next continuation byte. Usually 80 and BF; the first one after E0, ED, F0 and
    // F4 has narrower ones, which exclude overlong forms, surrogates, and U+110000 and above.
    std::uint8_t low_ = 0x80;
    std::uint8_t high_ = 0xbf;
};

// True if text is UTF-8 from end to end.
[[nodiscard]] bool is_utf8(std::string_view text);

// Returns how long text would be in UTF-16 code units, as JavaScript's `length` counts. A text that
// is not UTF-8 gets some number.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

// Returns how many bytes of text its first n UTF-16 code units take. Nothing if text is shorter
// than that, or if the n-th unit is the first half of a surrogate pair. The lengths of Engine.IO 3
// are such numbers (docs/protocol.md, Engine.IO 3).
[[nodiscard]] std::optional<std::size_t> utf16_prefix(std::string_view text, std::size_t n);

}  // namespace notify
