// SPDX-License-Identifier: MIT
#include "base/base64.hpp"

#include "support/catch.hpp"

#include <string>

using notify::decode_base64;

namespace {

std::string encode(std::string_view bytes)
{
    std::string out;
    notify::append_base64(out, bytes);
    return out;
}

}  // namespace

TEST_CASE("the examples of RFC 4648 are encoded and decoded", "[base][unit]")
{
    char const* const examples[][2] = {{"", ""},
                                       {"f", "Zg=="},
                                       {"fo", "Zm8="},
                                       {"foo", "Zm9v"},
                                       {"foob", "Zm9vYg=="},
                                       {"fooba", "Zm9vYmE="},
                                       {"foobar", "Zm9vYmFy"}};
    for (auto const& [bytes, text] : examples) {
        CHECK(encode(bytes) == text);
        CHECK(decode_base64(text) == std::string{bytes});
    }
}

TEST_CASE("any bytes of any length make the round trip", "[base][unit]")
{
    std::string bytes;
    for (unsigned i = 0; i < 300; ++i) {
        CHECK(decode_base64(encode(bytes)) == bytes);
        bytes += static_cast<char>(i * 37);
    }
}

TEST_CASE("an encoding is appended to what is there", "[base][unit]")
{
    std::string out = "b";
    notify::append_base64(out, "foo");
    CHECK(out == "bZm9v");
}

TEST_CASE("padding may be missing", "[base][unit]")
{
    CHECK(decode_base64("Zg") == "f");
    CHECK(decode_base64("Zm8") == "fo");
    CHECK(decode_base64("Zm9vYg") == "foob");
}

TEST_CASE("what is not base64 is refused", "[base][unit]")
{
    for (char const* const text :
         {"Z",    "Zm9vY",  "Zg=",   "Zm8==", "Zm9v=",   "Zm9v==", "Zg===",
          "=",    "==",     "====",  "Z===",  "Z=g=",    "=Zg=",   "Zg==Zg==",
          "Zm-_", "Zm9v\n", " Zm9v", "Zm 9",  "Zm9\x80", "Zm9*"}) {
        CAPTURE(text);
        CHECK_FALSE(decode_base64(text).has_value());
    }
    CHECK_FALSE(decode_base64(std::string_view{"Zm9\0", 4}).has_value());
}

TEST_CASE("the URL-safe form has no padding and one text for each value", "[base][unit]")
{
    std::string out = "before ";
    notify::append_base64url(out, "\xfb\xff\xfe?");
    CHECK(out == "before -__-Pw");
    CHECK(notify::decode_base64url("-__-Pw") == "\xfb\xff\xfe?");
    CHECK(notify::decode_base64url("") == "");
    for (char const* other : {"-__-Pw==", "+//+Pw", "-__-Px", "-__-P", "-__-Pw ", "-__-\nPw", "="})
        CHECK_FALSE(notify::decode_base64url(other));
}
