// SPDX-License-Identifier: MIT
#include "wire/polling_transport.hpp"

#include "support/catch.hpp"
#include "support/memory_shard.hpp"
#include "support/memory_websocket.hpp"
#include "support/recording_application.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using eio::close_reason;
using eio::payload_form;

namespace {

struct polling_transport_fixture {
    explicit polling_transport_fixture(eio::dialect speaks = {})
        : s{shard.open(wire, application, speaks)}
    {
    }

    std::string next()
    {
        shard.end_turn();
        return wire->next_payload().body;
    }

    void send(int packets)
    {
        for (int i = 0; i < packets; ++i) s->send(frame::text("4" + std::to_string(sent++)));
    }

    memory_shard shard;
    recording_application application;
    boost::intrusive_ptr<polling_transport> wire{new polling_transport};
    session_ptr s;
    int sent = 0;
};

std::size_t packets_in(std::string const& body)
{
    return body.empty()
               ? 0
               : 1 + static_cast<std::size_t>(std::count(body.begin(), body.end(), '\x1e'));
}

}  // namespace

TEST_CASE_METHOD(polling_transport_fixture,
                 "an answer holds sixteen packets, and the rest waits for the next one",
                 "[wire][unit]")
{
    send(40);
    std::string all;
    for (std::size_t const n : {16u, 16u, 8u}) {
        std::string const body = next();
        CHECK(packets_in(body) == n);
        all += body + '\x1e';
    }
    std::string expected;
    for (int i = 0; i < 40; ++i) expected += "4" + std::to_string(i) + '\x1e';
    CHECK(all == expected);
    CHECK(next().empty());
}

TEST_CASE_METHOD(polling_transport_fixture, "the last answer holds all there is", "[wire][unit]")
{
    send(40);
    s->close(close_reason::shutdown);
    std::string const body = next();
    CHECK(packets_in(body) == 41);
    CHECK_THAT(body, Catch::EndsWith("\x1e"
                                     "1"));
    CHECK(next().empty());
}

TEST_CASE_METHOD(polling_transport_fixture, "who has closed its session is told so no more",
                 "[wire][unit]")
{
    CHECK(wire->take("1", payload_form::separated));
    CHECK(next() == "6");
    CHECK_FALSE(wire->take("4x", payload_form::separated));
}

TEST_CASE_METHOD(polling_transport_fixture, "while a WebSocket probes no GET waits", "[wire][unit]")
{
    CHECK(next().empty());
    boost::intrusive_ptr<memory_websocket> const candidate{new memory_websocket};
    REQUIRE(s->try_upgrade(candidate));
    candidate->carry(*s);
    CHECK(next().empty());  // it has said nothing yet
    candidate->say("2probe");
    CHECK(next() == "6");
    send(1);
    CHECK(next() == "40");  // a packet serves as well
    candidate->say("5");
    CHECK(next() == "6");
    CHECK(next().empty());
    CHECK_FALSE(wire->take("4x", payload_form::separated));
}

TEST_CASE_METHOD(polling_transport_fixture,
                 "a packet that is none ends the session, and those after it are not taken",
                 "[wire][unit]")
{
    CHECK_FALSE(wire->take("4a\x1e"
                           "9\x1e"
                           "4b",
                           payload_form::separated));
    CHECK(application.log == std::vector<std::string>{"text a", "close parse_error"});
}

TEST_CASE_METHOD(polling_transport_fixture, "a session that ends amid a POST takes no more of it",
                 "[wire][unit]")
{
    application.then = [](eio::session& session, std::string_view entry) {
        if (entry == "text a") session.close(close_reason::disconnected);
    };
    CHECK(wire->take("4a\x1e"
                     "4b",
                     payload_form::separated));
    CHECK(application.log == std::vector<std::string>{"text a", "close disconnected"});
}

TEST_CASE("a payload of protocol 3 is binary if one of its packets is", "[wire][unit]")
{
    polling_transport_fixture f{eio::dialect{3, false}};
    f.send(1);
    auto const text = f.wire->next_payload();
    CHECK(text.body == "2:40");
    CHECK_FALSE(text.is_binary);
    f.send(1);
    f.s->send(frame::binary("x"));
    CHECK(f.wire->next_payload().is_binary);
    f.s->close(close_reason::shutdown);
    CHECK(f.wire->next_payload().body == "1:1");
}
