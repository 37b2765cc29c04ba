// SPDX-License-Identifier: MIT
#include "base/byte_order_mark.hpp"

#include "support/catch.hpp"

using namespace notify;
using namespace std::string_view_literals;

TEST_CASE("a byte order mark of UTF-8 is no part of the text, one of UTF-16 or UTF-32 an error",
          "[base][unit]")
{
    CHECK(*without_byte_order_mark("\xef\xbb\xbf"
                                   "12345") == "12345");
    CHECK(*without_byte_order_mark("12345") == "12345");
    CHECK(*without_byte_order_mark("") == "");
    CHECK(*without_byte_order_mark("\xef\xbb\xbf") == "");
    CHECK(*without_byte_order_mark("\xef\xbb") == "\xef\xbb");
    CHECK(*without_byte_order_mark("a\xef\xbb\xbf") == "a\xef\xbb\xbf");
    CHECK(without_byte_order_mark("\xff\xfe"
                                  "1\0"sv)
              .error()
              .message == "it is UTF-16, not UTF-8; save it as UTF-8");
    CHECK(without_byte_order_mark("\xfe\xff\0"
                                  "1"sv)
              .has_error());
    CHECK(without_byte_order_mark("\xff\xfe\0\0"
                                  "1\0\0\0"sv)
              .error()
              .message == "it is UTF-32, not UTF-8; save it as UTF-8");
    CHECK(without_byte_order_mark("\0\0\xfe\xff"sv).has_error());
}
