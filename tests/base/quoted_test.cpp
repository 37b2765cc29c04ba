// SPDX-License-Identifier: MIT
#include "base/quoted.hpp"

#include "support/catch.hpp"

using notify::in_quotes;
using namespace std::string_literals;

TEST_CASE("shown text holds nothing that a terminal obeys", "[base][unit]")
{
    CHECK(in_quotes("Grüße, 世界 🎉") == "\"Grüße, 世界 🎉\"");
    CHECK(in_quotes("a\nb\tc\r\x1b[31m\0\x7f"s) == "\"a\\nb\\tc\\r\\e[31m\\x00\\x7f\"");
    CHECK(in_quotes("\xff\xc3(") == "\"\\xff\\xc3(\"");
    CHECK(in_quotes("\xc2\x9b") == "\"\\xc2\\x9b\"");                     // CSI in one character
    CHECK(in_quotes("\u202eevil") == "\"\\xe2\\x80\\xaeevil\"");          // right-to-left override
    CHECK(in_quotes("\u061c\u200f") == "\"\\xd8\\x9c\\xe2\\x80\\x8f\"");  // direction marks
    CHECK(in_quotes("👩‍💻 می‌خواهم") ==
          "\"👩‍💻 می‌خواهم\"");  // joiners are no marks
}

TEST_CASE("shown text is cut between characters", "[base][unit]")
{
    CHECK(in_quotes("abcdef", 6) == "\"abcdef\"");
    CHECK(in_quotes("abcdefg", 6) == "\"abcdef…\"");
    CHECK(in_quotes("世界世界", 7) == "\"世界…\"");
    CHECK(in_quotes("世界世界", 8) == "\"世界…\"");
    for (std::size_t const most : {4, 5, 6, 7}) CHECK(in_quotes("four😀", most) == "\"four…\"");
    CHECK(in_quotes("four😀", 8) == "\"four😀\"");
    CHECK(in_quotes("\xff 世界", 4) == "\"\\xff \\xe4\\xb8…\"");
}
