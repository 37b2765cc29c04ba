// SPDX-License-Identifier: MIT
#include "base/utf8.hpp"

#include <cstring>
#include <functional>
#include <numeric>

namespace notify {

// The lead byte says how many continuation bytes follow, and what the first of them may be
// (RFC 3629 section 4, which has the same table as a grammar). All later ones may be 80 to BF.
bool utf8_check::feed(std::string_view bytes)
{
    auto const* p = reinterpret_cast<unsigned char const*>(bytes.data());
    auto const* const end = p + bytes.size();
    while (p != end) {
        if (missing_ == 0) {
            // Most text is ASCII: eight bytes are passed over at a time, while none of them has
            // its high bit set.
            std::uint64_t word;
            while (end - p >= 8 && (std::memcpy(&word, p, 8), (word & 0x8080808080808080u) == 0))
                p += 8;
            if (p == end) break;
            unsigned char const lead = *p++;
            low_ = 0x80;
            high_ = 0xbf;
            if (lead < 0x80) continue;
            if (lead >= 0xc2 && lead <= 0xdf) {
                missing_ = 1;
            } else if (lead >= 0xe0 && lead <= 0xef) {
                missing_ = 2;
                if (lead == 0xe0) low_ = 0xa0;   // below, two bytes would do
                if (lead == 0xed) high_ = 0x9f;  // surrogates
            } else if (lead >= 0xf0 && lead <= 0xf4) {
                missing_ = 3;
                if (lead == 0xf0) low_ = 0x90;   // below, three bytes would do
                if (lead == 0xf4) high_ = 0x8f;  // above U+10FFFF
            } else {
                return false;  // a continuation byte, C0, C1 (overlong ASCII), or F5 and above
            }
        } else {
            if (*p < low_ || *p > high_) return false;
            ++p;
            --missing_;
            low_ = 0x80;
            high_ = 0xbf;
        }
    }
    return true;
}

bool is_utf8(std::string_view text)
{
    utf8_check check;
    return check.feed(text) && check.complete();
}

namespace {

// Returns how many UTF-16 code units begin at this byte of UTF-8: none at a continuation byte, two
// (a surrogate pair) at the lead byte of four, one at any other.
std::size_t utf16_units(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
}

}  // namespace

std::size_t utf16_length(std::string_view text)
{
    return std::transform_reduce(text.begin(), text.end(), std::size_t{0}, std::plus{},
                                 utf16_units);
}

std::optional<std::size_t> utf16_prefix(std::string_view text, std::size_t n)
{
    std::size_t units = 0;
    std::size_t i = 0;
    // Continuation bytes count zero, so the loop does not stop before the last character is whole.
    for (; i < text.size() && units + utf16_units(text[i]) <= n; ++i) units += utf16_units(text[i]);
    if (units < n) return std::nullopt;
    return i;
}

}  // namespace notify
