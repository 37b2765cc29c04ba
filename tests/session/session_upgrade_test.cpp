// SPDX-License-Identifier: MIT
//
// How a session moves from polling to WebSocket.
#include "session/session.hpp"

#include "support/catch.hpp"
#include "support/memory_polling.hpp"
#include "support/memory_shard.hpp"
#include "support/memory_websocket.hpp"
#include "support/recording_application.hpp"

#include <deque>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using eio::close_reason;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;
using websocket_ptr = boost::intrusive_ptr<memory_websocket>;

// A session over polling, and a WebSocket that would like to have it.
struct session_upgrade_fixture {
    explicit session_upgrade_fixture(eio::engine_options const& options = {}) : shard{options} {}

    memory_shard shard;
    recording_application application;
    boost::intrusive_ptr<memory_polling> polling{new memory_polling};
    session_ptr s = shard.open(polling, application);
    websocket_ptr candidate = try_upgrade();

    // A new WebSocket if it may try, else null.
    websocket_ptr try_upgrade()
    {
        websocket_ptr w{new memory_websocket};
        s->on_request();
        if (!s->try_upgrade(w)) return nullptr;
        w->carry(*s);
        return w;
    }

    void send(std::string_view packet)
    {
        s->send(frame::text(packet));
        shard.end_turn();
    }

    // That polling carries the session, and another WebSocket may try.
    void check_polling_goes_on()
    {
        CHECK(s->open());
        CHECK(s->carried_by(*polling));
        CHECK_FALSE(s->upgrading());
        send("4on and on");
        if (!polling->waiting()) polling->get();
        CHECK(polling->body() == "4on and on");
        candidate = try_upgrade();
        REQUIRE(candidate);
        candidate->say("2probe");
        candidate->say("5");
        CHECK(s->carried_by(*candidate));
    }
};

}  // namespace

TEST_CASE("a WebSocket takes over after probe, answer and upgrade", "[session][unit]")
{
    session_upgrade_fixture f;
    f.polling->get();
    CHECK(f.polling->waiting());
    f.candidate->say("2probe");
    CHECK(f.candidate->heard() == strings{"3probe"});
    CHECK(f.polling->body() == "6");  // so that the GET ends
    CHECK(f.s->carried_by(*f.polling));

    f.candidate->say("5");
    CHECK(f.s->carried_by(*f.candidate));
    f.send("4out");
    f.candidate->say("4in");
    CHECK(f.candidate->heard() == strings{"4out"});
    CHECK(f.application.log == strings{"text in"});
    f.shard.pass(20s);
    CHECK(f.s->open());  // the deadline of the upgrade is over
}

TEST_CASE("no GET waits between probe and upgrade", "[session][unit]")
{
    session_upgrade_fixture f;
    f.candidate->say("2probe");
    f.polling->get();  // it was on its way while the client was answered
    CHECK(f.polling->body() == "6");
}

TEST_CASE("a GET waits while a WebSocket has not probed yet", "[session][unit]")
{
    session_upgrade_fixture f;
    f.polling->get();
    CHECK(f.polling->waiting());
    f.shard.pass(5s);
    CHECK(f.polling->waiting());
}

TEST_CASE("until the upgrade packets go by polling, and the rest by WebSocket", "[session][unit]")
{
    session_upgrade_fixture f;
    f.polling->get();
    f.send("4a");
    CHECK(f.polling->body() == "4a");
    f.send("4b");
    f.candidate->say("2probe");
    f.send("4c");
    f.polling->get();
    CHECK(f.polling->body() == "4b\x1e"
                               "4c");
    f.send("4d");
    f.s->send(frame::text("4e"));
    f.candidate->say("5");
    f.s->send(frame::text("4f"));
    f.shard.end_turn();
    CHECK(f.candidate->heard() == strings{"3probe", "4d", "4e", "4f"});
}

TEST_CASE("what no GET has taken leaves with the turn of the upgrade", "[session][unit]")
{
    session_upgrade_fixture f;
    f.candidate->say("2probe");
    f.send("4x");
    f.candidate->say("5");
    f.shard.end_turn();
    CHECK(f.candidate->heard() == strings{"3probe", "4x"});
}

TEST_CASE("a GET that waits in spite of the upgrade gets nothing of the queue", "[session][unit]")
{
    session_upgrade_fixture f;
    f.candidate->say("2probe");
    f.s->send(frame::text("4x"));
    f.candidate->say("5");
    f.polling->get();
    CHECK(f.polling->body() == "6");
    f.shard.end_turn();
    CHECK(f.candidate->heard() == strings{"3probe", "4x"});
}

TEST_CASE("the old wire has no more to say after the upgrade", "[session][unit]")
{
    session_upgrade_fixture f;
    auto const old = f.polling;
    f.candidate->say("2probe");
    f.candidate->say("5");
    f.s->on_packet(*old, {eio::packet_type::message, false, "late"});
    f.s->on_packet(*old, {eio::packet_type::close, false, ""});
    f.s->on_transport_end(*old, close_reason::transport_closed);
    CHECK(f.application.log.empty());
    CHECK(f.s->open());
}

TEST_CASE("a ping by polling may be answered by WebSocket", "[session][unit]")
{
    session_upgrade_fixture f;
    f.candidate->hang_up();
    f.polling->get();
    while (f.polling->waiting()) f.shard.pass(20ms);
    CHECK(f.polling->body() == "2");
    f.candidate = f.try_upgrade();
    f.candidate->say("2probe");
    f.candidate->say("5");
    f.candidate->say("3");
    f.shard.pass(24'980ms);
    CHECK(f.candidate->heard() == strings{"3probe"});
    f.shard.pass(40ms);
    CHECK(f.candidate->heard() == strings{"2"});
}

TEST_CASE("one WebSocket at a time may try", "[session][unit]")
{
    session_upgrade_fixture f;
    CHECK_FALSE(f.try_upgrade());
    f.candidate->say("2probe");
    CHECK_FALSE(f.try_upgrade());
    f.candidate->say("5");
    CHECK_FALSE(f.try_upgrade());  // there is no way up from a WebSocket
    CHECK(f.s->carried_by(*f.candidate));
}

TEST_CASE("a session that began on a WebSocket has nothing to upgrade", "[session][unit]")
{
    memory_shard shard;
    recording_application application;
    session_ptr const s = shard.open(websocket_ptr{new memory_websocket}, application);
    CHECK_FALSE(s->try_upgrade(new memory_websocket));
}

TEST_CASE("a session that has ended, or is about to, takes no WebSocket", "[session][unit]")
{
    eio::engine_options options;
    options.max_queue = 10;
    session_upgrade_fixture f{options};
    f.candidate->hang_up();
    for (int i = 0; i < 5; ++i) f.s->send(frame::text("4message"));
    CHECK_FALSE(f.try_upgrade());
    f.shard.end_turn();
    CHECK_FALSE(f.try_upgrade());
}

TEST_CASE("an upgrade that takes too long is given up, and polling goes on", "[session][unit]")
{
    for (bool const probed : {false, true}) {
        CAPTURE(probed);
        session_upgrade_fixture f;
        if (probed) f.candidate->say("2probe");
        f.shard.pass(9'980ms);
        CHECK(f.candidate->ended == std::nullopt);
        f.shard.pass(20ms);
        CHECK(f.candidate->ended == close_reason::upgrade_timeout);
        f.check_polling_goes_on();
        CHECK(f.shard.closed(close_reason::upgrade_timeout) == 0);  // no session ended
    }
}

TEST_CASE("a WebSocket that goes away leaves polling as it was", "[session][unit]")
{
    for (bool const probed : {false, true}) {
        CAPTURE(probed);
        session_upgrade_fixture f;
        if (probed) f.candidate->say("2probe");
        f.candidate->hang_up();
        f.polling->get();
        CHECK(f.polling->waiting());
        f.shard.pass(12s);
        CHECK(f.polling->waiting());
        f.check_polling_goes_on();
    }
}

TEST_CASE("a WebSocket that breaks while it answers leaves polling as it was", "[session][unit]")
{
    session_upgrade_fixture f;
    f.polling->get();
    f.candidate->broken = true;
    f.candidate->say("2probe");
    f.check_polling_goes_on();
}

TEST_CASE("a WebSocket that says anything else is sent away, and polling goes on",
          "[session][unit]")
{
    std::vector<strings> const talks{{"5"},
                                     {"4hello"},
                                     {"2"},
                                     {"2probe5"},
                                     {"3probe"},
                                     {"1"},
                                     {"0"},
                                     {"6"},
                                     {"garbage"},
                                     {"2probe", "4hello"},
                                     {"2probe", "2probe"},
                                     {"2probe", "2"}};
    for (strings const& talk : talks) {
        CAPTURE(talk);
        session_upgrade_fixture f;
        auto const candidate = f.candidate;
        for (std::string const& packet : talk) candidate->say(packet);
        CHECK(f.application.log.empty());
        candidate->say("5");
        f.check_polling_goes_on();
    }
}

TEST_CASE("a session that ends takes the WebSocket that was trying with it", "[session][unit]")
{
    for (bool const probed : {false, true}) {
        CAPTURE(probed);
        session_upgrade_fixture f;
        if (probed) f.candidate->say("2probe");
        f.polling->get();
        std::ignore = f.polling->body();
        if (probed) f.polling->get();
        f.s->close(close_reason::shutdown);
        CHECK(f.candidate->ended == close_reason::shutdown);
        CHECK(f.polling->ended == close_reason::shutdown);
        CHECK(f.application.log == strings{"close shutdown"});
        f.candidate->say("5");
        CHECK(f.application.log.size() == 1);
    }
}

TEST_CASE("a client may close by polling during its upgrade", "[session][unit]")
{
    session_upgrade_fixture f;
    f.candidate->say("2probe");
    f.polling->post("1");
    CHECK(f.candidate->ended == close_reason::client_closed);
    CHECK(f.application.log == strings{"close client_closed"});
}

TEST_CASE("when polling breaks during an upgrade the session ends", "[session][unit]")
{
    session_upgrade_fixture f;
    f.candidate->say("2probe");
    f.polling->hang_up();
    CHECK(f.candidate->ended == close_reason::transport_closed);
    CHECK(f.application.log == strings{"close transport_closed"});
}

TEST_CASE("a queue that overflows during the upgrade ends both wires", "[session][unit]")
{
    eio::engine_options options;
    options.max_queue = 20;
    session_upgrade_fixture f{options};
    f.candidate->say("2probe");
    for (int i = 0; i < 3; ++i) f.s->send(frame::text("4message"));
    f.candidate->say("5");
    f.shard.end_turn();
    CHECK(f.application.log == strings{"close slow_reader"});
    CHECK(f.candidate->ended == close_reason::slow_reader);
}

namespace {

// A client that upgrades by the rules, on a network that takes its time: what the
// server has sent arrives in a later step, and each wire keeps its own order.
class slow_client {
public:
    slow_client(session_upgrade_fixture& f, std::mt19937& random) : f_{f}, random_{random} {}

    strings messages;  // as they arrived, on whichever wire

    void step()
    {
        switch (random_() % 12) {
        case 0:
        case 1:
        case 2: return poll();
        case 3:
        case 4: return finish_get();
        case 5: return open_websocket();
        case 6: return hear_websocket();
        case 7: return upgrade();
        case 8:
            if (random_() % 8 == 0) break_websocket();
            return;
        case 9: return make_room();
        default: return;
        }
    }

    // Until nothing is on its way any more.
    void finish()
    {
        for (int i = 0; i < 10; ++i) {
            room_ = true;
            make_room();
            poll();
            finish_get();
            hear_websocket();
            upgrade();
            f_.shard.end_turn();
        }
    }

private:
    void poll()
    {
        if (upgraded_ || paused_ || getting_) return;
        getting_ = true;
        f_.polling->get();
    }

    void finish_get()
    {
        if (!getting_ || f_.polling->waiting()) return;
        getting_ = false;
        std::string const body = f_.polling->body().value();
        for (eio::payload_reader reader{body, eio::payload_form::separated}; !reader.done();) {
            auto const p = reader.next();
            REQUIRE(p);
            take("4" + std::string{p->data}, p->type);
        }
    }

    void open_websocket()
    {
        if (upgraded_ || ws_) return;
        ws_ = f_.try_upgrade();
        REQUIRE(ws_);
        ws_->room = 0;
        ws_->say("2probe");
    }

    void hear_websocket()
    {
        if (!ws_) return;
        if (ws_->ended) return forget_websocket();
        for (std::string const& packet : ws_->heard()) {
            if (packet == "3probe") {
                REQUIRE_FALSE(upgraded_);
                paused_ = true;
            } else {
                REQUIRE(upgraded_);
                take(packet, eio::parse_packet(packet)->type);
            }
        }
    }

    // The client's own rule: not before its GET has ended.
    void upgrade()
    {
        if (upgraded_ || !paused_ || getting_ || ws_->ended) return;
        upgraded_ = true;
        ws_->say("5");
    }

    void break_websocket()
    {
        if (!ws_ || upgraded_) return;
        ws_->hang_up();
        forget_websocket();
    }

    void forget_websocket()
    {
        REQUIRE_FALSE(upgraded_);
        ws_ = nullptr;
        paused_ = false;
    }

    // The WebSocket's kernel takes some more, at any byte.
    void make_room()
    {
        if (!ws_ || !upgraded_) return;
        ws_->room = room_ ? 1'000'000 : random_() % 40;
        ws_->flush();
    }

    void take(std::string const& packet, eio::packet_type type)
    {
        if (type == eio::packet_type::message) messages.push_back(packet);
        if (type == eio::packet_type::ping && upgraded_) ws_->say("3");
        if (type == eio::packet_type::ping && !upgraded_) f_.polling->post("3");
    }

    session_upgrade_fixture& f_;
    std::mt19937& random_;
    websocket_ptr ws_;
    bool getting_ = false;
    bool paused_ = false;
    bool upgraded_ = false;
    bool room_ = false;
};

}  // namespace

TEST_CASE("whatever happens when, packets leave in order and once across upgrades",
          "[session][unit]")
{
    int upgraded = 0;
    int upgraded_with_queue = 0;
    for (unsigned seed = 0; seed < 500; ++seed) {
        CAPTURE(seed);
        std::mt19937 random{seed};
        eio::engine_options options;
        options.ping_timeout = 1h;  // it is slow, not dead
        session_upgrade_fixture f{options};
        f.candidate->hang_up();
        slow_client client{f, random};
        strings sent;
        bool was_polling = true;
        for (int step = 0; step < 300; ++step) {
            switch (random() % 6) {
            case 0:
            case 1:
                sent.push_back("4" + std::to_string(sent.size()) + std::string(random() % 9, '.'));
                f.s->send(frame::text(sent.back()));
                break;
            case 2: f.shard.end_turn(); break;
            case 3:
                if (random() % 20 == 0) f.shard.pass(milliseconds{random() % 11'000});
                break;
            default: client.step();
            }
            bool const polls = f.s->carried_by(*f.polling);
            if (was_polling && !polls) {
                ++upgraded;
                if (!f.s->queue().empty()) ++upgraded_with_queue;
            }
            was_polling = polls;
        }
        f.shard.end_turn();
        client.finish();
        REQUIRE(f.s->open());
        REQUIRE(client.messages == sent);
    }
    CHECK(upgraded > 300);  // or the test has seen little
    CHECK(upgraded_with_queue > 100);
}
