// SPDX-License-Identifier: MIT
#include "contract/receipt.hpp"

#include "support/catch.hpp"

using namespace notify;

TEST_CASE("a receipt is read as it was written", "[contract][unit]")
{
    auto const written = parse_receipt(to_text(receipt{"1-1", "here", false, 3}));
    REQUIRE(written.has_value());
    CHECK(written->id == "1-1");
    CHECK(written->gateway == "here");
    CHECK(written->sessions == 3);
    CHECK_FALSE(written->seen);
    auto const seen = parse_receipt(to_text(receipt{"1-1", "here", true, 0}));
    REQUIRE(seen.has_value());
    CHECK(seen->seen);
    CHECK(seen->sessions == 0);
}

TEST_CASE("what is no receipt is refused", "[contract][unit]")
{
    for (auto const bad :
         {"", "[]", "null", "{}", R"({"id":"1-1","gateway":"g"})", R"({"id":"1-1","sessions":1})",
          R"({"gateway":"g","sessions":1})", R"({"id":1,"gateway":"g","sessions":1})",
          R"({"id":"1-1","gateway":"g","sessions":-1})",
          R"({"id":"1-1","gateway":"g","seen":false})",
          R"({"id":"1-1","gateway":"g","sessions":"1"})",
          R"({"id":"1-1","gateway":"g","sessions":1,"seen":true})"}) {
        INFO(bad);
        CHECK_FALSE(parse_receipt(bad).has_value());
    }
}
