// SPDX-License-Identifier: MIT
#include "gateway/session_follower.hpp"

#include "support/catch.hpp"

using notify::session_channel;

TEST_CASE("a session's value takes its place in the channel's pattern", "[gateway][unit]")
{
    CHECK(session_channel("notifications.{session}", "abc123") == "notifications.abc123");
    CHECK(session_channel("a:{session}:b", "s%3Ax.y-_") == "a:s%3Ax.y-_:b");
    CHECK(session_channel("n.{session}", "{session}") == "n.{session}");
}

TEST_CASE("a session's value cannot be another channel", "[gateway][unit]")
{
    auto const value = GENERATE(as<std::string>{}, "", "/app/user/1/notifications", "a b", "a\tb",
                                "a\r\nb", "a\x7f", "\xc3\xa9", std::string(257, 'x'));
    CAPTURE(value);
    CHECK_FALSE(session_channel("{session}x", value));
}

TEST_CASE("a session's value may be 256 characters long", "[gateway][unit]")
{
    CHECK(session_channel("n.{session}", std::string(256, 'x')));
}
