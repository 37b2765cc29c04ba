// SPDX-License-Identifier: MIT
#include "base/quoted.hpp"

#include <catch2/catch.hpp>

using notify::quoted;
using namespace std::string_literals;

TEST_CASE("shown text holds nothing that a terminal obeys", "[base][unit]")
{
    CHECK(quoted("Grüße, 世界 🎉") == "\"Grüße, 世界 🎉\"");
    CHECK(quoted("a\nb\tc\r\x1b[31m\0\x7f"s) == "\"a\\nb\\tc\\r\\e[31m\\x00\\x7f\"");
    CHECK(quoted("\xff\xc3(") == "\"\\xff\\xc3(\"");
    CHECK(quoted("\xc2\x9b") == "\"\\xc2\\x9b\"");            // CSI in one character
    CHECK(quoted("\u202eevil") == "\"\\xe2\\x80\\xaeevil\"");  // right-to-left override
}

TEST_CASE("shown text is cut between characters", "[base][unit]")
{
    CHECK(quoted("abcdef", 6) == "\"abcdef\"");
    CHECK(quoted("abcdefg", 6) == "\"abcdef…\"");
    CHECK(quoted("世界世界", 7) == "\"世界…\"");
}
