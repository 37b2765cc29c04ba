// SPDX-License-Identifier: MIT
#include "identity/web_app.hpp"

#include "support/catch.hpp"

using namespace notify;

TEST_CASE("an answer with ok and a user id names that user", "[identity][unit]")
{
    CHECK(parse_web_app_answer({200, R"({"ok":true,"userId":"123"})"})->text() == "123");
    CHECK(parse_web_app_answer({200, R"({"ok":true,"userId":123})"})->text() == "123");
    CHECK(parse_web_app_answer({200, R"( {"userId":"a.b@c","more":[1],"ok":true} )"})->text() ==
          "a.b@c");
}

TEST_CASE("a user id without ok counts", "[identity][unit]")
{
    CHECK(parse_web_app_answer({200, R"({"userId":"7"})"})->text() == "7");
    CHECK(parse_web_app_answer({200, R"({"userId":7})"})->text() == "7");
}

TEST_CASE("any other answer names nobody", "[identity][unit]")
{
    auto const body = GENERATE(
        as<std::string>{}, "", "null", "[]", "\"123\"", "{}", R"({"ok":true})",
        R"({"userId":null})", R"({"ok":null,"userId":"123"})", R"({"ok":false,"userId":null})",
        R"({"ok":false,"userId":"123"})", R"({"ok":1,"userId":"123"})",
        R"({"ok":"true","userId":"123"})", R"({"ok":true,"userId":null})",
        R"({"ok":true,"userId":""})", R"({"ok":true,"userId":false})", R"({"ok":true,"userId":{}})",
        R"({"ok":true,"userId":["1"]})", R"({"ok":true,"userId":-1})",
        R"({"ok":true,"userId":1.5})", R"({"ok":true,"userId":"a/b"})",
        R"({"ok":true,"userId":"a\r\nb"})", R"({"ok":true,"userId":"a\u0000b"})",
        R"({"ok":true,"userId":"123"} x)", R"({"ok":true,"userId":"123")", "<html>login</html>");
    CAPTURE(body);
    CHECK_FALSE(parse_web_app_answer({200, body}).has_value());
}

TEST_CASE("an answer that says two things at once names nobody", "[identity][unit]")
{
    auto const [body, key] = GENERATE(table<std::string, std::string>({
        {R"({"ok":true,"userId":"1","userId":"2"})", "userId"},
        {R"({"ok":true,"userId":"1","userId":"1"})", "userId"},
        {R"({"ok":true,"userId":"1","user\u0049d":"2"})", "userId"},
        {R"({"ok":false,"userId":"1","ok":true})", "ok"},
    }));
    CAPTURE(body);
    auto const who = parse_web_app_answer({200, body});
    REQUIRE_FALSE(who.has_value());
    CHECK(who.error().message ==
          "the web app's answer cannot be read: two keys \"" + key + "\" in one object");
}

TEST_CASE("a status other than 200 names nobody, whatever the body says", "[identity][unit]")
{
    auto const status = GENERATE(201u, 204u, 302u, 401u, 500u);
    CHECK_FALSE(parse_web_app_answer({status, R"({"ok":true,"userId":"123"})"}).has_value());
}

TEST_CASE("that nobody is logged in is said in words that a page knows", "[identity][unit]")
{
    auto const why = [](http_reply const& reply) {
        return parse_web_app_answer(reply).error().message;
    };
    for (unsigned const status : {301u, 302u, 303u, 307u, 308u, 401u, 403u})
        CHECK_THAT(why({status, ""}), Catch::StartsWith("nobody is logged in"));
    for (auto const* const body :
         {"{}", R"({"ok":false,"userId":"7"})", R"({"userId":""})", R"({"userId":false})",
          R"({"ok":true,"userId":"None"})", R"({"ok":1,"userId":"7"})"})
        CHECK(why({200, body}) == "nobody is logged in");
    for (unsigned const status : {204u, 404u, 429u, 500u, 502u, 503u})
        CHECK_THAT(why({status, ""}), !Catch::Contains("nobody"));
    CHECK(why({200, R"({"userId":"a b"})"}) ==
          R"(the user id "a b" is refused: it may not hold white space)");
}
