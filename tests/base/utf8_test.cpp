// SPDX-License-Identifier: MIT
#include "base/utf8.hpp"

#include "support/catch.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using notify::is_utf8;
using notify::utf16_length;
using notify::utf16_prefix;
using notify::utf8_check;

namespace {

// RFC 3629 section 3, without any check: also what must not be encoded.
std::string encode(std::uint32_t c)
{
    auto const tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3f)); };
    if (c < 0x80) return {static_cast<char>(c)};
    if (c < 0x800) return {static_cast<char>(0xc0 | c >> 6), tail(0)};
    if (c < 0x10000) return {static_cast<char>(0xe0 | c >> 12), tail(6), tail(0)};
    return {static_cast<char>(0xf0 | c >> 18), tail(12), tail(6), tail(0)};
}

bool is_scalar(std::uint32_t c) { return c < 0xd800 || (c > 0xdfff && c <= 0x10ffff); }

// The same, read byte by byte.
bool is_utf8_in_drips(std::string_view text)
{
    utf8_check check;
    for (char const& c : text)
        if (!check.feed({&c, 1})) return false;
    return check.complete();
}

}  // namespace

TEST_CASE("every character is UTF-8 and nothing else is", "[base][unit]")
{
    for (std::uint32_t c = 0; c < 0x1fffff; c += c < 0x11000 ? 1 : 61) {
        std::string const text = encode(c);
        if (is_utf8(text) != is_scalar(c) || is_utf8_in_drips(text) != is_scalar(c))
            FAIL("U+" << std::hex << c);
    }
    CHECK(is_utf8(encode(0x10ffff)));
    CHECK_FALSE(is_utf8(encode(0x110000)));
}

TEST_CASE("every pair of bytes is judged as RFC 3629 says", "[base][unit]")
{
    for (unsigned a = 0; a < 256; ++a) {
        for (unsigned b = 0; b < 256; ++b) {
            bool const expected =
                (a < 0x80 && b < 0x80) || (a >= 0xc2 && a <= 0xdf && b >= 0x80 && b <= 0xbf);
            std::string const text{static_cast<char>(a), static_cast<char>(b)};
            if (is_utf8(text) != expected) FAIL(a << " " << b);
        }
    }
}

TEST_CASE("longer forms than needed are not UTF-8", "[base][unit]")
{
    CHECK_FALSE(is_utf8("\xc0\x80"));
    CHECK_FALSE(is_utf8("\xc1\xbf"));
    CHECK_FALSE(is_utf8("\xe0\x9f\xbf"));
    CHECK_FALSE(is_utf8("\xf0\x8f\xbf\xbf"));
    CHECK_FALSE(is_utf8("\xf8\x88\x80\x80\x80"));
}

TEST_CASE("a cut character is not yet UTF-8, and not yet wrong", "[base][unit]")
{
    for (std::string const text : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x99\x82"}) {
        for (std::size_t n = 1; n < text.size(); ++n) {
            utf8_check check;
            CHECK(check.feed(text.substr(0, n)));
            CHECK_FALSE(check.complete());
            CHECK(check.feed(text.substr(n)));
            CHECK(check.complete());
            CHECK_FALSE(is_utf8(text.substr(0, n)));
            CHECK_FALSE(is_utf8(text.substr(0, n) + "x"));
        }
    }
}

TEST_CASE("a wrong byte shows as soon as it comes", "[base][unit]")
{
    utf8_check check;
    CHECK(check.feed("\xed"));
    CHECK_FALSE(check.feed("\xa0"));  // only a surrogate begins so
    check.reset();
    CHECK(check.feed("\xf4"));
    CHECK_FALSE(check.feed("\x90"));
    check.reset();
    CHECK(check.complete());
    CHECK(check.feed("\xed\x9f\xbf"));
}

TEST_CASE("a wrong byte is found at any place in long text", "[base][unit]")
{
    std::string const plain(40, 'a');
    CHECK(is_utf8(plain));
    CHECK(is_utf8(""));
    for (std::size_t i = 0; i < plain.size(); ++i) {
        std::string text = plain;
        text[i] = '\x80';
        CHECK_FALSE(is_utf8(text));
        CHECK(is_utf8(text.replace(i, 1, "\u20ac")));
    }
}

TEST_CASE("text is as long in UTF-16 as JavaScript says", "[base][unit]")
{
    CHECK(utf16_length("") == 0);
    CHECK(utf16_length("abc") == 3);
    CHECK(utf16_length("h\xc3\xa9\xe2\x82\xac") == 3);
    CHECK(utf16_length("\xf0\x9f\x8e\x89!") == 3);
}

TEST_CASE("a number of UTF-16 code units is a number of bytes", "[base][unit]")
{
    std::string_view const text = "a\xc3\xa9\xf0\x9f\x8e\x89z";
    CHECK(utf16_prefix(text, 0) == 0u);
    CHECK(utf16_prefix(text, 1) == 1u);
    CHECK(utf16_prefix(text, 2) == 3u);
    CHECK_FALSE(utf16_prefix(text, 3));  // half of a character
    CHECK(utf16_prefix(text, 4) == 7u);
    CHECK(utf16_prefix(text, 5) == 8u);
    CHECK_FALSE(utf16_prefix(text, 6));
    CHECK_FALSE(utf16_prefix("", 1));
    CHECK_FALSE(utf16_prefix("a", ~std::size_t{0}));
}
