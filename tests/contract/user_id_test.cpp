// SPDX-License-Identifier: MIT
#include "contract/user_id.hpp"

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

using namespace notify;
using namespace std::string_literals;

TEST_CASE("what is not a user id is refused", "[contract][unit]")
{
    auto const text = GENERATE(as<std::string>{}, "", "null", "undefined", "None", "false", " ",
                               "a b", "a/b", "../x", "a\n", "\0"s, "a\0b"s, "\x7f", "a\xff", "\xc3",
                               "\xed\xa0\x80", "\u0085", "\u00a0", "a\u2003b", "\u2028", "\u202e",
                               "\u200b", "\u3000", "\ufeff", std::string(256, 'x'));
    CAPTURE(text);
    CHECK_FALSE(parse_user_id(text).has_value());
}

TEST_CASE("a refused user id is named, on one line and shortened, with its fault",
          "[contract][unit]")
{
    auto const why = [](std::string_view text) { return parse_user_id(text).error().message; };
    CHECK(why("a\n\x1b[31m") ==
          R"(the user id "a\n\e[31m" is refused: it may not hold control characters)");
    CHECK(why("a b") == R"(the user id "a b" is refused: it may not hold white space)");
    CHECK(why("a/b") == R"(the user id "a/b" is refused: it may not hold a slash)");
    CHECK(why("a\xff") == R"(the user id "a\xff" is refused: it is not UTF-8)");
    CHECK_THAT(why(std::string(10'000, 'x')), Catch::EndsWith("10000 bytes, and may have 255"));
    CHECK(why(std::string(10'000, 'x')).size() < 200);
    CHECK(why("null") == "\"null\" is nobody, not a user id");
    CHECK(why("") == "the user id is empty");
}

TEST_CASE("what a program prints for no user is nobody", "[contract][unit]")
{
    for (auto const* const text :
         {"null", "\"\"", "false", "\"null\"", "\"None\"", "\"undefined\""})
        CHECK(is_nobody(json::parse(text)));
    for (auto const* const text : {"0", "true", "\"0\"", "[]", "{}", "\" \""})
        CHECK_FALSE(is_nobody(json::parse(text)));
}

TEST_CASE("JSON names a user by text or by a whole number", "[contract][unit]")
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
