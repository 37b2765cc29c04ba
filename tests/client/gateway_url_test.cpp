// SPDX-License-Identifier: MIT
#include "client/gateway_url.hpp"

#include "support/catch.hpp"

using namespace notify;

namespace {

std::string refusal(std::string_view text)
{
    auto const url = parse_gateway_url(text);
    REQUIRE_FALSE(url.has_value());
    return url.error().message;
}

}  // namespace

TEST_CASE("a gateway's URL names its address, host and target", "[client][unit]")
{
    auto const url = parse_gateway_url("http://127.0.0.1:3000").value();
    CHECK(url.address.how == stream_address::kind::plain);
    CHECK(url.address.host == "127.0.0.1");
    CHECK(url.address.port == 3000);
    CHECK(url.host == "127.0.0.1:3000");
    CHECK(url.target == "/socket.io/?EIO=4&transport=websocket");
    CHECK(url.display == "http://127.0.0.1:3000");
}

TEST_CASE("the scheme decides the port and whether it is TLS", "[client][unit]")
{
    auto const plain = parse_gateway_url("http://example.org").value();
    CHECK(plain.address.port == 80);
    auto const tls = parse_gateway_url("HTTPS://example.org/").value();
    CHECK(tls.address.how == stream_address::kind::tls);
    CHECK(tls.address.port == 443);
    CHECK(tls.host == "example.org");
    CHECK(parse_gateway_url("https://example.org:80").value().address.port == 80);
}

TEST_CASE("a site may have its gateway below a prefix", "[client][unit]")
{
    for (auto const* text : {"https://example.org/app/live", "https://example.org/app/live//"}) {
        auto const url = parse_gateway_url(text).value();
        CHECK(url.target == "/app/live/socket.io/?EIO=4&transport=websocket");
        CHECK(url.display == "https://example.org/app/live");
    }
}

TEST_CASE("an IPv6 address stands in brackets, except where it is connected to", "[client][unit]")
{
    auto const url = parse_gateway_url("http://[::1]:3000").value();
    CHECK(url.address.host == "::1");
    CHECK(url.host == "[::1]:3000");
}

TEST_CASE("what is not a gateway's URL is refused with what to write instead", "[client][unit]")
{
    for (auto const* text : {"", "localhost", "localhost:3000", "127.0.0.1:3000", "ftp://a", "//a",
                             "http:///x", "http://", "ws://a", "http://a b", "http://a\r\nX: y"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_gateway_url(text).has_value());
    }
    CHECK(refusal("localhost:3000") ==
          "\"localhost:3000\" is not a gateway's URL: it should be like http://127.0.0.1:3000 or "
          "https://example.org");
    CHECK(refusal("http://a/?x=1") == "\"http://a/?x=1\" is not a gateway's URL: it may not hold "
                                      "a ? or a #");
}

TEST_CASE("a port that no gateway can have is refused", "[client][unit]")
{
    for (auto const* text : {"http://a:0", "http://a:65536", "http://a:99999999999", "http://a:12x",
                             "http://a:x", "http://a:-1"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_gateway_url(text).has_value());
    }
    CHECK(parse_gateway_url("http://a:").value().address.port == 80);
}

TEST_CASE("a password in a gateway's URL is refused and not shown", "[client][unit]")
{
    for (auto const* text : {"http://joe:s3cret@example.org", "http//joe:s3cret@example.org"})
        CHECK(refusal(text).find("s3cret") == std::string::npos);
}

TEST_CASE("a host that would break the request's head is refused", "[client][unit]")
{
    for (auto const* text : {"http://a%0d%0aX:80", "http://a%20b", "http://%00"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_gateway_url(text).has_value());
    }
}
