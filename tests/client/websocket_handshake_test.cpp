// SPDX-License-Identifier: MIT
#include "client/websocket_handshake.hpp"

#include "base/base64.hpp"
#include "protocol/websocket_accept.hpp"
#include "support/catch.hpp"

using namespace notify;
namespace http = boost::beast::http;

namespace {

constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";  // of RFC 6455 section 1.3

handshake_response good_answer()
{
    handshake_response r{http::status::switching_protocols, 11};
    r.set(http::field::connection, "keep-alive, UPGRADE");
    r.set(http::field::upgrade, "WebSocket");
    r.set(http::field::sec_websocket_accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    return r;
}

handshake_response answer(http::status status, char const* type, std::string body)
{
    handshake_response r{status, 11};
    r.set(http::field::content_type, type);
    r.body() = std::move(body);
    return r;
}

std::string refusal(handshake_response const& r)
{
    auto const checked = check_handshake(r, key);
    REQUIRE_FALSE(checked);
    return checked.error().message;
}

}  // namespace

TEST_CASE("the accept value is that of RFC 6455", "[client][unit]")
{
    CHECK(ws::accept_for(key) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("a handshake asks for a WebSocket at the gateway's target", "[client][unit]")
{
    auto const url = parse_gateway_url("http://example.org:8080/app").value();
    auto const request = make_handshake(url, key, "");
    CHECK(request.method() == http::verb::get);
    CHECK(request.target() == "/app/socket.io/?EIO=4&transport=websocket");
    CHECK(request[http::field::host] == "example.org:8080");
    CHECK(request[http::field::upgrade] == "websocket");
    CHECK(request[http::field::connection] == "Upgrade");
    CHECK(request[http::field::sec_websocket_version] == "13");
    CHECK(request[http::field::sec_websocket_key] == "dGhlIHNhbXBsZSBub25jZQ==");
    CHECK(request.find(http::field::cookie) == request.end());
    CHECK(request.find(http::field::origin) == request.end());
}

TEST_CASE("a handshake carries the cookies it is given", "[client][unit]")
{
    auto const url = parse_gateway_url("http://example.org").value();
    CHECK(make_handshake(url, key, "a=1; b=2")[http::field::cookie] == "a=1; b=2");
}

TEST_CASE("each handshake has a key of its own, of 16 bytes", "[client][unit]")
{
    auto const one = make_websocket_key();
    CHECK(decode_base64(one).value().size() == 16);
    CHECK(one != make_websocket_key());
}

TEST_CASE("an answer to this handshake makes a WebSocket", "[client][unit]")
{
    CHECK(check_handshake(good_answer(), key));
}

TEST_CASE("an answer with one thing wrong makes none", "[client][unit]")
{
    auto r = good_answer();
    SECTION("another key's accept value") { r.set(http::field::sec_websocket_accept, "AAAA"); }
    SECTION("no accept value") { r.erase(http::field::sec_websocket_accept); }
    SECTION("no upgrade") { r.erase(http::field::upgrade); }
    SECTION("an upgrade to something else") { r.set(http::field::upgrade, "h2c"); }
    SECTION("no connection header") { r.erase(http::field::connection); }
    SECTION("an extension") { r.set(http::field::sec_websocket_extensions, "permessage-deflate"); }
    SECTION("a subprotocol") { r.set(http::field::sec_websocket_protocol, "chat"); }
    SECTION("another status") { r.result(http::status::ok); }
    CHECK_FALSE(check_handshake(r, key));
}

TEST_CASE("a refused handshake says what was answered and what to try", "[client][unit]")
{
    CHECK(refusal(answer(http::status::forbidden, "application/json",
                         R"({"code":4,"message":"Forbidden"})")) ==
          R"(the gateway answered 403 Forbidden: "{"code":4,"message":"Forbidden"}")");
    CHECK(refusal(answer(http::status::bad_gateway, "text/html", "<html>")) ==
          "the gateway answered 502 Bad Gateway: is the gateway behind this server running?");
    CHECK(refusal(answer(http::status::not_found, "text/html", "")) ==
          "the gateway answered 404 Not Found: is this the URL of a notify-gateway?");
    CHECK(refusal(answer(http::status::ok, "text/html", "<html>")) ==
          "the gateway answered 200 OK");
    auto moved = answer(http::status::moved_permanently, "text/html", "");
    moved.set(http::field::location, "https://example.org/");
    CHECK(refusal(moved) == "the gateway answered 301 Moved Permanently: the site has moved to "
                            "\"https://example.org/\": use that URL");
}

TEST_CASE("what a refusal says cannot command a terminal", "[client][unit]")
{
    auto r = answer(http::status::bad_request, "text/plain", "\x1b[2J");
    r.reason("\x1b[1mBad");
    CHECK(refusal(r).find('\x1b') == std::string::npos);
}
