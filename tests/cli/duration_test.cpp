// SPDX-License-Identifier: MIT
#include "cli/duration.hpp"

#include "support/catch.hpp"

using namespace notify;
using namespace notify::cli;
using namespace std::chrono_literals;

TEST_CASE("durations are read with their unit", "[cli][unit]")
{
    CHECK(parse_duration("500ms").value() == 500ms);
    CHECK(parse_duration("5s").value() == 5s);
    CHECK(parse_duration("2m").value() == 2min);
    CHECK(parse_duration("1h").value() == 1h);
    CHECK(parse_duration("0s").value() == 0s);
}

TEST_CASE("what is not a duration is refused", "[cli][unit]")
{
    for (auto const* text : {"", "5", "s", "-5s", "+5s", "5 s", "5sec", "1.5s", "5S", " 5s", "5s ",
                             "99999999999999999999s", "9999999999h"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text).has_value());
    }
    CHECK(parse_duration("5").error().message ==
          "\"5\" is not a duration: write it as 500ms, 5s, 2m or 1h");
    CHECK(parse_duration("9000h").error().message == "\"9000h\" is more than a year");
}

TEST_CASE("durations are written for people", "[cli][unit]")
{
    CHECK(show_duration(480ms) == "480 ms");
    CHECK(show_duration(5s) == "5 s");
    CHECK(show_duration(4799ms) == "4.8 s");
    CHECK(show_duration(10min) == "10 min");
}

TEST_CASE("an option that needs a duration refuses none at all", "[cli][unit]")
{
    CHECK(duration_above_zero("1ms", "--for") == 1ms);
    CHECK_THROWS_WITH(duration_above_zero("0s", "--for"), "--for must be more than nothing");
    CHECK_THROWS_WITH(duration_above_zero("5", "--for"),
                      "--for: \"5\" is not a duration: write it as 500ms, 5s, 2m or 1h");
}
