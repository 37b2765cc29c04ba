// SPDX-License-Identifier: MIT
#include "base/quoted.hpp"

#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace notify {

namespace {

// Returns how many bytes the UTF-8 character at the head of text has; 0 if there is none. It tries
// each length: simple rather than fast, for errors and lines of the log.
std::size_t character(std::string_view text)
{
    for (std::size_t n = 1; n <= 4 && n <= text.size(); ++n)
        if (is_utf8(text.substr(0, n))) return n;
    return 0;
}

// True for what a terminal acts on, or hides, instead of showing it. c is one character in UTF-8,
// and looked at in its bytes: to decode it would only have the same numbers written differently.
bool is_control(std::string_view c)
{
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(c[i]); };
    if (c.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7f;
    if (c.size() == 2)
        return (byte(0) == 0xc2 && byte(1) < 0xa0) ||  // C1
               (byte(0) == 0xd8 && byte(1) == 0x9c);   // U+061C
    if (c.size() != 3 || byte(0) != 0xe2) return false;
    // The joiners U+200C and U+200D stay: Persian and many emoji are written with them.
    // U+200B (zero width space), U+200E and U+200F (direction marks) are hidden.
    return (byte(1) == 0x80 && (byte(2) == 0x8b || byte(2) == 0x8e || byte(2) == 0x8f)) ||
           (byte(1) == 0x80 && byte(2) >= 0xa8 && byte(2) <= 0xae) ||  // U+2028..202E
           (byte(1) == 0x81 && byte(2) >= 0xa0 && byte(2) <= 0xaf);    // U+2060..206F
}

// Returns at most max bytes of text, without a character that is cut at their end. Text that is not
// UTF-8 anyway keeps its length: its bytes are escaped.
std::string_view beginning(std::string_view text, std::size_t max)
{
    constexpr std::size_t most_of_a_character = 3;
    text = text.substr(0, max);
    for (std::size_t n = 0; n <= std::min(most_of_a_character, text.size()); ++n)
        if (is_utf8(text.substr(0, text.size() - n))) return text.substr(0, text.size() - n);
    return text;
}

}  // namespace

void append_escaped(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        auto const n = character(text);
        auto const c = text.substr(0, n ? n : 1);
        text.remove_prefix(c.size());
        if (n && !is_control(c)) {
            out += c;
            continue;
        }
        switch (c[0]) {
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        case '\x1b': out += "\\e"; break;
        default:
            for (char const b : c)
                fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(b));
        }
    }
}

// Escapes text and compares, so that it cannot disagree with append_escaped().
bool has_controls(std::string_view text)
{
    std::string shown;
    append_escaped(shown, text);
    return shown != text;
}

std::string in_quotes(std::string_view text, std::size_t max)
{
    bool const cut = text.size() > max;
    std::string out = "\"";
    append_escaped(out, cut ? beginning(text, max) : text);
    out += cut ? "…\"" : "\"";
    return out;
}

}  // namespace notify
