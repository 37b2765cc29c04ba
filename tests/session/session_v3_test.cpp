// SPDX-License-Identifier: MIT
//
// Sessions of Engine.IO 3, where the client pings, and clients that take no binary.
#include "support/catch.hpp"
#include "support/memory_polling.hpp"
#include "support/memory_shard.hpp"
#include "support/memory_websocket.hpp"
#include "support/recording_application.hpp"

#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using eio::close_reason;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

using strings = std::vector<std::string>;

struct session_v3_fixture {
    explicit session_v3_fixture(eio::dialect speaks) : s{shard.open(wire, application, speaks)} {}

    memory_shard shard;
    recording_application application;
    boost::intrusive_ptr<memory_websocket> wire{new memory_websocket};
    session_ptr s;

    strings heard()
    {
        shard.end_turn();
        return wire->heard();
    }

    // The longest silence that a client of protocol 3 may keep.
    [[nodiscard]] milliseconds patience() const
    {
        return shard.context.options.ping_interval + shard.context.options.ping_timeout;
    }
};

}  // namespace

TEST_CASE("in protocol 3 the client pings and is answered with its own data", "[session][unit]")
{
    session_v3_fixture f{{3}};
    f.wire->say("2");
    CHECK(f.heard() == strings{"3"});
    f.wire->say("2now");
    CHECK(f.heard() == strings{"3now"});
    CHECK(f.s->open());
}

TEST_CASE("in protocol 3 the server never pings, and a client that pings may stay",
          "[session][unit]")
{
    session_v3_fixture f{{3}};
    for (int i = 0; i < 5; ++i) {
        f.shard.pass(f.patience() - 100ms);
        CHECK(f.heard().empty());
        f.wire->say("2");
        CHECK(f.heard() == strings{"3"});
    }
    CHECK(f.s->open());
}

TEST_CASE("in protocol 3 a client that does not ping is given up, whatever else it says",
          "[session][unit]")
{
    session_v3_fixture f{{3}};
    f.shard.pass(f.patience() - 100ms);
    f.wire->say("4hello");
    CHECK(f.s->open());
    f.shard.pass(200ms);
    CHECK(f.s->ended());
    CHECK(f.shard.closed(close_reason::ping_timeout) == 1);
}

TEST_CASE("in protocol 3 a pong is the server's to say", "[session][unit]")
{
    session_v3_fixture f{{3}};
    f.wire->say("3");
    CHECK(f.shard.closed(close_reason::parse_error) == 1);
}

TEST_CASE("binary goes out as the client takes it", "[session][unit]")
{
    struct {
        eio::dialect speaks;
        std::string expected;
    } const clients[] = {
        {{4}, "b\1\2"}, {{3}, "b\4\1\2"}, {{4, true}, "bAQI="}, {{3, true}, "b4AQI="}};
    for (auto const& client : clients) {
        session_v3_fixture f{client.speaks};
        f.s->send(frame::binary("\1\2"));
        CHECK(f.heard() == strings{client.expected});
    }
}

TEST_CASE("a session of protocol 3 moves from polling to WebSocket", "[session][unit]")
{
    memory_shard shard;
    recording_application application;
    boost::intrusive_ptr<memory_polling> const polling{new memory_polling};
    session_ptr const s = shard.open(polling, application, {3});
    polling->post("6:4hello");
    CHECK(application.log == strings{"text hello"});
    polling->get();
    boost::intrusive_ptr<memory_websocket> const wire{new memory_websocket};
    REQUIRE(s->try_upgrade(wire));
    wire->carry(*s);
    wire->say("2probe");
    CHECK(wire->heard() == strings{"3probe"});
    CHECK(polling->body() == "1:6");
    s->send(frame::text("4a"));
    wire->say("5");
    shard.end_turn();
    CHECK(wire->heard() == strings{"4a"});
    wire->say("2");
    shard.end_turn();
    CHECK(wire->heard() == strings{"3"});
}
