// SPDX-License-Identifier: MIT
//
// How fast sessions are closed when a shard hands its clients over, as plain values.
#include "wire/drain.hpp"

#include "support/catch.hpp"

using namespace notify;

TEST_CASE("a drain closes evenly, from the first moment to the last", "[wire][unit]")
{
    drain const d{1'000, 50'000, milliseconds{20'000}};
    CHECK(d.may_stay(50'000) == 1'000);
    CHECK(d.may_stay(50'020) == 999);
    CHECK(d.may_stay(55'000) == 750);
    CHECK(d.may_stay(60'000) == 500);
    CHECK(d.may_stay(69'980) == 1);
    CHECK(d.may_stay(70'000) == 0);
    CHECK(d.may_stay(1'000'000) == 0);
}

TEST_CASE("no moment of a drain closes more than its share", "[wire][unit]")
{
    std::size_t const sessions = GENERATE(1u, 2u, 7u, 999u, 100'000'000u);
    time_ms const within = GENERATE(1u, 20u, 20'000u, 3'600'000u);
    drain const d{sessions, 7, milliseconds{within}};
    std::size_t const share = sessions * 20 / within + 1;
    std::size_t before = sessions;
    for (time_ms past = 0; past < within; past += 20) {
        std::size_t const now = d.may_stay(7 + past);
        if (now > before || before - now > share)
            FAIL(sessions << " in " << within << ": " << past);
        before = now;
    }
    CHECK(d.may_stay(7 + within) == 0);
}

TEST_CASE("a single session is closed with the first tick, and nobody's drain is over at once",
          "[wire][unit]")
{
    CHECK(drain{1, 0, milliseconds{20'000}}.may_stay(20) == 0);
    CHECK(drain{0, 0, milliseconds{20'000}}.may_stay(0) == 0);
}
