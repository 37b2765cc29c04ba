// SPDX-License-Identifier: MIT
//
// A session's wire over WebSocket: what frames do, and with which Close frame it ends.
#include "wire/websocket_transport.hpp"

#include "support/catch.hpp"
#include "wire/wire_shard.hpp"

#include <fmt/format.h>

using namespace notify;
using namespace notify::test;
using namespace std::chrono_literals;
using eio::close_reason;
using strings = std::vector<std::string>;

namespace {

struct websocket_fixture {
    explicit websocket_fixture(eio::engine_options const& options = {})
        : shard{options}, client{shard.open_websocket()}
    {
        client.heard();
    }

    wire_shard shard;
    wire_client client;
};

struct short_websocket : websocket_fixture {
    short_websocket() : websocket_fixture{with_max_payload(10)} {}
};

}  // namespace

TEST_CASE_METHOD(websocket_fixture, "messages go both ways, text and binary", "[wire][unit]")
{
    client.say("4Hey");
    client.say("\x01\x02", ws::opcode::binary);
    CHECK(shard.application.log == strings{"text Hey", "binary \x01\x02"});
    shard.send("4you");
    shard.only().send(frame::binary("\x03"));
    shard.settle();
    CHECK(client.heard() == strings{"text 4you", "binary \x03"});
}

TEST_CASE_METHOD(websocket_fixture, "frames that come byte by byte are read", "[wire][unit]")
{
    std::string bytes;
    for (auto const text : {"4one", "4two"})
        ws::append_masked_frame(bytes, ws::opcode::text, text, 0xabcdef01);
    for (char const c : bytes) client.send({&c, 1});
    CHECK(shard.application.log == strings{"text one", "text two"});
}

TEST_CASE("what comes with the handshake is read", "[wire][unit]")
{
    wire_shard shard;
    wire_client c = shard.connect();
    std::string frame;
    ws::append_masked_frame(frame, ws::opcode::text, "4early", 1);
    c.send("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n" + websocket_headers +
           "\r\n" + frame);
    CHECK(shard.application.log == strings{"text early"});
}

TEST_CASE_METHOD(websocket_fixture, "a ping of the WebSocket has its pong", "[wire][unit]")
{
    client.say("are you there", ws::opcode::ping);
    client.say("", ws::opcode::pong);
    CHECK(client.heard() == strings{"pong are you there"});
}

TEST_CASE_METHOD(websocket_fixture, "a client that says good-bye has its own code back",
                 "[wire][unit]")
{
    auto const [sent, expected] = GENERATE(
        table<std::string, std::string>({{"\x03\xe8", "close 1000 transport_closed"},
                                         {"", "close 1000 transport_closed"},
                                         {"\x0f\xa0reason", "close 4000 transport_closed"}}));
    client.say(sent, ws::opcode::close);
    CHECK(client.heard() == strings{expected});
    CHECK(client.is_ended());
    CHECK(shard.application.log == strings{"close transport_closed"});
}

TEST_CASE_METHOD(websocket_fixture, "a client that breaks the protocol is told how", "[wire][unit]")
{
    auto const [bytes, expected] = GENERATE(table<std::string, std::string>({
        {std::string{"\x81\x01x", 3}, "close 1002 transport_error"},             // not masked
        {std::string{"\xf1\x80mask", 6}, "close 1002 transport_error"},          // reserved bits
        {std::string{"\x81\x81\0\0\0\0\xff", 7}, "close 1007 transport_error"},  // no UTF-8
    }));
    client.send(bytes);
    CHECK(client.heard() == strings{expected});
    CHECK(client.is_ended());
    CHECK(shard.sessions.closed[close_reason::transport_error] == 1);
}

TEST_CASE_METHOD(websocket_fixture, "a message that is no packet ends a WebSocket's session",
                 "[wire][unit]")
{
    client.say(GENERATE(as<std::string>{}, "", "9", "b!!"));
    CHECK(client.heard() == strings{"close 1002 parse_error"});
}

TEST_CASE_METHOD(short_websocket, "a message that is too long is refused by its header",
                 "[wire][unit]")
{
    client.say("4" + std::string(9, 'x'));
    CHECK(shard.only().open());
    client.send("\x81\x8bmask");  // and not a byte of it
    CHECK(client.heard() == strings{"close 1009 too_large"});
    CHECK(shard.sessions.closed[close_reason::too_large] == 1);
}

TEST_CASE_METHOD(websocket_fixture, "a session that ends says why, with the code of the reason",
                 "[wire][unit]")
{
    auto const [why, code] = GENERATE(table<close_reason, int>({
        {close_reason::disconnected, 1000},
        {close_reason::ping_timeout, 1000},
        {close_reason::no_user, 1000},
        {close_reason::parse_error, 1002},
        {close_reason::slow_reader, 1008},
        {close_reason::too_many, 1008},
        {close_reason::unsubscribed, 1008},
        {close_reason::no_connect, 1008},
        {close_reason::too_large, 1009},
        {close_reason::internal_error, 1011},
    }));
    shard.send("4last words");
    shard.only().close(why);
    CHECK(client.heard() ==
          strings{"text 4last words", fmt::format("close {} {}", code, eio::name_of(why))});
    CHECK(client.is_ended());
}

TEST_CASE_METHOD(websocket_fixture, "a server that goes says so in Engine.IO too", "[wire][unit]")
{
    shard.only().close(close_reason::shutdown);
    CHECK(client.heard() == strings{"text 1", "close 1001 shutdown"});
}

TEST_CASE_METHOD(websocket_fixture, "a client that goes without a word ends its session",
                 "[wire][unit]")
{
    client.hang_up();
    CHECK(shard.application.log == strings{"close transport_closed"});
    CHECK(shard.http.open == 0);
    CHECK(shard.limits.connections.taken() == 0);
}

TEST_CASE_METHOD(websocket_fixture, "what the kernel does not take waits, and arrives whole",
                 "[wire][unit]")
{
    std::string const large(300'000, 'x');
    strings expected;
    for (int i = 0; i < 5; ++i) {
        std::string const packet = "4" + std::to_string(i) + large;
        shard.send(packet);
        expected.push_back("text " + packet);
    }
    CHECK_FALSE(shard.only().queue().empty());
    strings got;
    for (int rounds = 0; rounds < 1'000 && got.size() < 5; ++rounds) {
        for (std::string& f : client.heard()) got.push_back(std::move(f));
        shard.settle();
    }
    CHECK((got == expected));
    CHECK(shard.only().queue().empty());
}

TEST_CASE_METHOD(websocket_fixture, "a client that does not read is let go when its queue is full",
                 "[wire][unit]")
{
    for (int i = 0; i < 20; ++i) shard.only().send(frame::text("4" + std::string(300'000, 'x')));
    shard.settle();
    CHECK(shard.application.log == strings{"close slow_reader"});
    CHECK(shard.sessions.sessions.size() == 0);
}

TEST_CASE("a WebSocket that probes too long ends, and its session goes on", "[wire][unit]")
{
    wire_shard shard;
    std::string const query = shard.open();
    wire_client poll = shard.connect();
    poll.ask({query});
    wire_client ws =
        shard.open_websocket("EIO=4&transport=websocket" + query.substr(query.find("&sid=")));
    shard.pass(10'100ms);
    CHECK(ws.heard() == strings{"close 1000 upgrade_timeout"});
    CHECK(shard.http.refused[http_refusal::upgrade_timeout] == 1);
    shard.send("4still here");
    CHECK(poll.answer().body == "4still here");
}

TEST_CASE("a WebSocket that probes has no pong, since the other wire carries the session",
          "[wire][unit]")
{
    wire_shard shard;
    std::string const query = shard.open();
    wire_client ws =
        shard.open_websocket("EIO=4&transport=websocket" + query.substr(query.find("&sid=")));
    ws.say("x", ws::opcode::ping);
    CHECK(ws.heard().empty());
    CHECK(shard.only().queue().empty());
    ws.hang_up();
    CHECK(shard.only().open());
}
