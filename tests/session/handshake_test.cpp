// SPDX-License-Identifier: MIT
#include "session/handshake.hpp"

#include "support/catch.hpp"

#include <utility>

using notify::eio::handshake;

TEST_CASE("a handshake keeps header lines and where they came from", "[session][unit]")
{
    handshake kept{"Cookie: a=b; c=d\r\nUser-Agent: X: y\r\nEmpty: \r\n", 42};
    CHECK_FALSE(kept.empty());
    CHECK(kept.cookie() == "a=b; c=d");
    CHECK(kept.header("User-Agent") == "X: y");
    CHECK(kept.header("Empty").empty());
    CHECK(kept.header("User").empty());
    CHECK(kept.header("X").empty());
    CHECK(kept.from() == 42);
    CHECK(kept.bytes() == sizeof kept + 16 + kept.headers().size());
    handshake const moved = std::move(kept);
    CHECK(moved.headers() == "Cookie: a=b; c=d\r\nUser-Agent: X: y\r\nEmpty: \r\n");
}

TEST_CASE("a handshake of nobody holds nothing", "[session][unit]")
{
    handshake const nothing;
    CHECK(nothing.empty());
    CHECK(nothing.headers().empty());
    CHECK(nothing.cookie().empty());
    CHECK(nothing.from() == 0);
    CHECK(nothing.bytes() == sizeof nothing);
}
