// SPDX-License-Identifier: MIT
#include "http/http_url.hpp"

#include "support/catch.hpp"

using namespace notify;

TEST_CASE("a URL is taken apart into where to go and what to ask for", "[http][unit]")
{
    auto const url = parse_http_url("http://localhost:3333/python/currentUserId/?a=b");
    REQUIRE(url.has_value());
    CHECK(url->address.host == "localhost");
    CHECK(url->address.port == 3333);
    CHECK(url->address.how == stream_address::kind::plain);
    CHECK(url->host == "localhost:3333");
    CHECK(url->target == "/python/currentUserId/?a=b");
    CHECK(url->to_string() == "http://localhost:3333/python/currentUserId/?a=b");
}

TEST_CASE("ports and paths that were left out are the usual ones", "[http][unit]")
{
    CHECK(parse_http_url("http://a.example")->address.port == 80);
    CHECK(parse_http_url("http://a.example")->target == "/");
    CHECK(parse_http_url("https://a.example?x=1")->address.port == 443);
    CHECK(parse_http_url("https://a.example?x=1")->target == "/?x=1");
    CHECK(parse_http_url("https://a.example")->address.how == stream_address::kind::tls);
}

TEST_CASE("an IPv6 address is a host", "[http][unit]")
{
    auto const url = parse_http_url("http://[::1]:8000/who");
    REQUIRE(url.has_value());
    CHECK(url->address.host == "::1");
    CHECK(url->host == "[::1]:8000");
}

TEST_CASE("what is no http URL is refused", "[http][unit]")
{
    auto const text = GENERATE(as<std::string>{}, "", "localhost:3333", "ftp://a/", "http://",
                               "http:///x", "http://a b/", "http://a:99999/", "http://a:0/",
                               "http://a:12x", "http://a/#x", "http://u:p@a/", "//a/b");
    CAPTURE(text);
    CHECK_FALSE(parse_http_url(text).has_value());
}

TEST_CASE("a port that is no number is named as that", "[http][unit]")
{
    CHECK(parse_http_url("http://a:12x").error().message.ends_with("the port is not a number"));
    CHECK(parse_http_url("http://a:x/y").error().message.ends_with("the port is not a number"));
}

TEST_CASE("a refused URL does not show the password in it", "[http][unit]")
{
    CHECK(parse_http_url("http://user:hunter2@a/").error().message.find("hunter2") ==
          std::string::npos);
}

TEST_CASE("a web app on a unix socket is written as Nginx has it", "[http][unit]")
{
    auto const text = GENERATE(as<std::string>{}, "unix:/run/app.sock:/who/?a=b",
                               "http://unix:/run/app.sock:/who/?a=b");
    auto const url = parse_web_app_url(text).value();
    CHECK(url.address.how == stream_address::kind::local);
    CHECK(url.address.path == "/run/app.sock");
    CHECK(url.target == "/who/?a=b");
    CHECK(url.host == "localhost");
    CHECK(url.to_string() == "unix:/run/app.sock:/who/?a=b");
    CHECK_FALSE(parse_http_url("unix:/run/app.sock:/").has_value());
    CHECK(parse_web_app_url("https://a/b").value().to_string() == "https://a/b");
}

TEST_CASE("a unix socket without what to ask for is refused, with an example", "[http][unit]")
{
    auto const why = [](std::string_view text) { return parse_web_app_url(text).error().message; };
    for (auto const* const text : {"unix:", "unix:/run/app.sock", "unix:run/app.sock:/",
                                   "unix:/run/app.sock:who", "http://unix:/run/app.sock"})
        CHECK_THAT(why(text), Catch::EndsWith("like unix:/run/app.sock:/whoami"));
    CHECK_THAT(why("unix:/run/app.sock:/a b"), Catch::EndsWith("not the path of a URL"));
    CHECK_THAT(why("unix:/run/app.sock:/a#b"), Catch::EndsWith("not the path of a URL"));
    CHECK_THAT(why("unix:/" + std::string(107, 'x') + ":/"), Catch::Contains("has 108 bytes"));
}
