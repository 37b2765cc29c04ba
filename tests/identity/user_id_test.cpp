// SPDX-License-Identifier: MIT
#include "identity/user_id.hpp"

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

using namespace notify;
using namespace std::string_literals;

TEST_CASE("a user id names a channel", "[identity][unit]")
{
    CHECK(channel_of(parse_user_id("12345").value()) == "/app/user/12345/notifications");
    auto const all = "AZaz09._@:+-"s;
    CHECK(parse_user_id(all).value().text() == all);
    CHECK(parse_user_id(std::string(128, 'x')).has_value());
    CHECK(parse_user_id("nullable").has_value());
}

TEST_CASE("what is not a user id is refused and shown", "[identity][unit]")
{
    auto const text = GENERATE(as<std::string>{}, "", "null", "undefined", "None", "false", " ",
                               "a b", "a/b", "../x", "a\n", "\0"s, "a\0b"s, "ü", "a*", "a?", "a[b]",
                               "a\xff", std::string(129, 'x'));
    CAPTURE(text);
    CHECK_FALSE(parse_user_id(text).has_value());
}

TEST_CASE("a refused user id is shown on one line and shortened", "[identity][unit]")
{
    CHECK(parse_user_id("a\n\x1b[31m").error().message ==
          "\"a\\n\\e[31m\" is not a user id: 1 to 128 of A-Z a-z 0-9 . _ @ : + -");
    CHECK(parse_user_id(std::string(10'000, 'x')).error().message.size() < 200);
    CHECK(parse_user_id("null").error().message == "\"null\" is nobody, not a user id");
    CHECK(parse_user_id("").error().message == "the user id is empty");
}

TEST_CASE("JSON names a user by text or by a whole number", "[identity][unit]")
{
    CHECK(user_id_of("123").value().text() == "123");
    CHECK(user_id_of(json(123u)).value().text() == "123");
    CHECK(user_id_of(json::parse("0")).value().text() == "0");
    CHECK(user_id_of(json::parse("18446744073709551615")).value().text() == "18446744073709551615");
    auto const other = GENERATE(as<std::string>{}, "null", "false", "true", "\"\"", "-1", "1.0",
                                "1e3", "18446744073709551616", "[1]", "{}", R"("a\u0000b")");
    CAPTURE(other);
    CHECK_FALSE(user_id_of(json::parse(other)).has_value());
}
