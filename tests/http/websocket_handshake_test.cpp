// SPDX-License-Identifier: MIT
#include "http/websocket_handshake.hpp"

#include "support/catch.hpp"

#include <boost/beast/http/field.hpp>

#include <initializer_list>
#include <string_view>

using namespace notify;

namespace {

using boost::beast::http::field;

request_parser::value_type offering(std::initializer_list<std::string_view> lines)
{
    request_parser::value_type r;
    for (auto const line : lines) r.insert(field::sec_websocket_protocol, line);
    return r;
}

}  // namespace

TEST_CASE("of the subprotocols that a client offers the first is picked", "[http][unit]")
{
    CHECK(offered_subprotocol(offering({})) == "");
    CHECK(offered_subprotocol(offering({"chat"})) == "chat");
    CHECK(offered_subprotocol(offering({"chat.v2, chat.v1"})) == "chat.v2");
    CHECK(offered_subprotocol(offering({" a\t,b", "c"})) == "a");
    CHECK(offered_subprotocol(offering({"first", "second, third"})) == "first");
    CHECK(offered_subprotocol(offering({"!#$%&'*+-.^_`|~09azAZ"})) == "!#$%&'*+-.^_`|~09azAZ");
}

TEST_CASE("an offer of subprotocols that is no list of tokens is no handshake", "[http][unit]")
{
    for (std::string_view const offer : {"", " ", ",", "a,", ",a", "a,,b", "a b", "a;b", "a/b",
                                         "\"a\"", "a\r\nX: y", "caf\xc3\xa9", "a, b c"}) {
        CAPTURE(offer);
        CHECK_FALSE(offered_subprotocol(offering({offer})));
        CHECK_FALSE(offered_subprotocol(offering({"good", offer})));
    }
}

// The key and its answer are those of RFC 6455 section 1.3.
TEST_CASE("a handshake is answered with the key's digest and the subprotocol picked",
          "[http][unit]")
{
    auto r = offering({"chat, superchat"});
    r.set(field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
    CHECK(answer_to_handshake(r) ==
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Server: notify\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
          "Sec-WebSocket-Protocol: chat\r\n\r\n");
    r.erase(field::sec_websocket_protocol);
    CHECK(answer_to_handshake(r).ends_with("+xOo=\r\n\r\n"));
}

TEST_CASE("who shakes hands for another version is told which one is spoken", "[http][unit]")
{
    auto r = offering({});
    r.method(boost::beast::http::verb::get);
    r.version(11);
    r.set(field::connection, "Upgrade");
    r.set(field::upgrade, "websocket");
    r.set(field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
    r.set(field::sec_websocket_version, "12");
    auto const other_version = answer_to_bad_handshake(r);
    CHECK(other_version.result() == http_status::upgrade_required);
    CHECK(other_version[field::sec_websocket_version] == "13");
    r.erase(field::sec_websocket_key);
    auto const no_handshake = answer_to_bad_handshake(r);
    CHECK(no_handshake.result() == http_status::bad_request);
    CHECK(no_handshake.count(field::sec_websocket_version) == 0);
}
