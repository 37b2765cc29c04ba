// SPDX-License-Identifier: MIT
#include "contract/position.hpp"

#include "support/catch.hpp"

#include <string>

using namespace notify;

TEST_CASE("a position is written and read in one way", "[contract][unit]")
{
    position const p{1'732'657'160'000, 17, 1'732'657'161'234'567};
    CHECK(to_text(p) == "1732657160000-17-1732657161234567");
    CHECK(parse_position("1732657160000-17-1732657161234567") == p);
    CHECK(parse_position("1-0-0") == position{1, 0, 0});
    CHECK(parse_position("9007199254740991-9007199254740991-9007199254740991").has_value());
}

TEST_CASE("what is no position is refused", "[contract][unit]")
{
    auto const text =
        GENERATE(as<std::string>{}, "", "-", "--", "1", "1-2", "1-2-", "-2-3", "1--3", "1-2-3-",
                 "1-2-3-4", " 1-2-3", "1-2-3 ", "1- 2-3", "+1-2-3", "1-2--3", "01-2-3", "1-02-3",
                 "1-2-03", "0-2-3", "a-2-3", "1-2-3a", "1-0x2-3", "1.0-2-3", "1-2-9007199254740992",
                 "1-18446744073709551616-3", std::string("1-2-3\0", 6));
    CAPTURE(text);
    CHECK_FALSE(parse_position(text));
}

TEST_CASE("a position precedes the next number of its epoch, at a later time", "[contract][unit]")
{
    position const p{1000, 7, 50};
    CHECK(p.precedes({1000, 8, 60}));
    CHECK_FALSE(p.precedes({1000, 9, 60}));
    CHECK_FALSE(p.precedes({1000, 7, 60}));
    CHECK_FALSE(p.precedes({2000, 8, 60}));
    CHECK_FALSE(p.precedes({1000, 8, 50}));
    CHECK(p != position{1000, 7, 51});  // the same id, and another notification
}
