// SPDX-License-Identifier: MIT
//
// A session on one wire. How it moves to another: session_upgrade_test.cpp.
#include "session/session.hpp"

#include "support/catch.hpp"
#include "support/memory_polling.hpp"
#include "support/memory_shard.hpp"
#include "support/memory_websocket.hpp"
#include "support/recording_application.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using eio::close_reason;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

// A session over WebSocket.
struct session_fixture {
    explicit session_fixture(eio::engine_options const& options = {}) : shard{options} {}

    memory_shard shard;
    recording_application application;
    boost::intrusive_ptr<memory_websocket> wire{new memory_websocket};
    session_ptr s = shard.open(wire, application);

    strings heard()
    {
        shard.end_turn();
        return wire->heard();
    }

    // Lets time pass to where the client hears a ping, at most one interval.
    void await_ping()
    {
        for (auto left = shard.context.options.ping_interval + 20ms; left > 0ms; left -= 20ms) {
            shard.pass(20ms);
            if (wire->heard() == strings{"2"}) return;
        }
        FAIL("no ping");
    }
};

frame const message = frame::text("4message");

eio::engine_options with_queue(std::size_t bytes)
{
    eio::engine_options options;
    options.max_queue = bytes;
    return options;
}

}  // namespace

TEST_CASE("messages go to the application", "[session][unit]")
{
    session_fixture f;
    f.wire->say("4hello");
    f.wire->say("4");
    f.wire->say_binary("\x01");
    f.wire->say("bAQ==");
    CHECK(f.application.log == strings{"text hello", "text ", "binary \x01", "binary \x01"});
}

TEST_CASE("what is sent in one turn leaves at its end, in order and in one go", "[session][unit]")
{
    session_fixture f;
    f.s->send(frame::text("4a"));
    f.s->send(frame::binary("\xff"));
    f.s->send(frame::text("4b"));
    CHECK(f.wire->heard().empty());
    CHECK(f.shard.turns_asked == 1);
    CHECK(f.heard() == strings{"4a", "b\xff", "4b"});
    CHECK(f.wire->flushes == 1);

    f.s->send(frame::text("4c"));
    CHECK(f.heard() == strings{"4c"});
}

TEST_CASE("what a slow wire does not take stays in order", "[session][unit]")
{
    session_fixture f;
    f.wire->room = 3;
    for (auto const packet : {"4a", "4b", "4c"}) f.s->send(frame::text(packet));
    CHECK(f.heard().empty());
    f.wire->room = 6;
    f.s->send(frame::text("4d"));
    CHECK(f.heard() == strings{"4a", "4b"});
    f.wire->room = 100;
    f.wire->flush();  // it has become writable
    CHECK(f.heard() == strings{"4c", "4d"});
}

TEST_CASE("the first ping comes early, by a sixth to a half of the interval", "[session][unit]")
{
    session_fixture f;
    f.shard.pass(12'480ms);
    CHECK(f.heard().empty());
    f.shard.pass(8'380ms);
    CHECK(f.heard() == strings{"2"});
}

TEST_CASE("sessions that begin together are not pinged together", "[session][unit]")
{
    memory_shard shard;
    recording_application application;
    std::vector<boost::intrusive_ptr<memory_websocket>> wires;
    for (int i = 0; i < 1000; ++i) {
        wires.emplace_back(new memory_websocket);
        shard.open(wires.back(), application);
    }
    std::size_t most = 0;
    std::size_t all = 0;
    for (int second = 0; second < 26; ++second) {
        shard.pass(1s);
        std::size_t pinged = 0;
        for (auto const& wire : wires) pinged += wire->heard().size();
        most = std::max(most, pinged);
        all += pinged;
    }
    CHECK(all == 1000);
    CHECK(most < 200);  // 120 on average
}

TEST_CASE("a pong is followed by the next ping, one interval later", "[session][unit]")
{
    session_fixture f;
    f.await_ping();
    f.shard.pass(19'900ms);  // just in time
    f.wire->say("3");
    f.shard.pass(24'980ms);
    CHECK(f.heard().empty());
    f.shard.pass(40ms);
    CHECK(f.heard() == strings{"2"});
    CHECK(f.application.log.empty());
}

TEST_CASE("a ping that is not answered in time ends the session", "[session][unit]")
{
    session_fixture f;
    f.await_ping();
    f.shard.pass(19'960ms);
    CHECK(f.s->open());
    f.shard.pass(60ms);
    CHECK(f.application.log == strings{"close ping_timeout"});
    CHECK(f.wire->ended == close_reason::ping_timeout);
    CHECK(f.shard.closed(close_reason::ping_timeout) == 1);
}

TEST_CASE("a pong that nobody waits for changes nothing", "[session][unit]")
{
    session_fixture f;
    f.await_ping();
    f.wire->say("3");
    for (int i = 0; i < 24; ++i) {
        f.shard.pass(1s);
        f.wire->say("3");
    }
    CHECK(f.heard().empty());
    f.shard.pass(1020ms);  // so the ping is not put off
    CHECK(f.heard() == strings{"2"});
}

TEST_CASE("who sends while a pong is due has the time again, once", "[session][unit]")
{
    session_fixture f;
    f.await_ping();
    f.shard.pass(15s);
    f.wire->say("4still here");
    f.shard.pass(19'960ms);
    CHECK(f.s->open());
    f.wire->say("4and here");
    f.shard.pass(60ms);
    CHECK_FALSE(f.s->open());
    CHECK(f.wire->ended == close_reason::ping_timeout);
}

TEST_CASE("each ping's pong may be put off anew", "[session][unit]")
{
    session_fixture f;
    for (int i = 0; i < 3; ++i) {
        f.await_ping();
        f.shard.pass(15s);
        f.wire->say("4first");
        f.shard.pass(15s);
        f.wire->say("3");
    }
    CHECK(f.s->open());
}

TEST_CASE("in protocol 4 a client that pings breaks the rules", "[session][unit]")
{
    for (auto const ping : {"2", "2probe", "2x"}) {
        CAPTURE(ping);
        session_fixture f;
        f.wire->say(ping);
        CHECK(f.application.log == strings{"close parse_error"});
        CHECK(f.wire->ended == close_reason::parse_error);
    }
}

TEST_CASE("packets out of place are passed over", "[session][unit]")
{
    session_fixture f;
    for (auto const packet : {"0{}", "5", "6", "3probe"}) f.wire->say(packet);
    f.wire->say("4hello");
    CHECK(f.application.log == strings{"text hello"});
}

TEST_CASE("a packet that is none ends the session", "[session][unit]")
{
    session_fixture f;
    f.wire->say("abc");
    CHECK(f.application.log == strings{"close parse_error"});
}

TEST_CASE("a client may close its session", "[session][unit]")
{
    session_fixture f;
    f.wire->say("1");
    CHECK(f.application.log == strings{"close client_closed"});
    CHECK(f.wire->ended == close_reason::client_closed);
}

TEST_CASE("a session ends with its wire", "[session][unit]")
{
    session_fixture f;
    f.wire->hang_up();
    CHECK(f.application.log == strings{"close transport_closed"});
    CHECK(f.shard.context.sessions.size() == 0);
    CHECK(f.shard.closed(close_reason::transport_closed) == 1);
}

TEST_CASE("a session ends once, and then nothing happens to it", "[session][unit]")
{
    session_fixture f;
    f.application.then = [](eio::session& s, std::string_view) {
        s.send(frame::text("4too late"));
        s.set_deadline(1s);
        s.close(close_reason::parse_error);
    };
    f.s->set_deadline(5s);
    f.s->close(close_reason::shutdown);
    CHECK_FALSE(f.s->open());
    CHECK(f.shard.context.sessions.size() == 0);
    f.s->set_deadline(1s);
    f.s->on_packet(*f.wire, {eio::packet_type::message, false, "late"});
    f.s->on_transport_end(*f.wire, close_reason::transport_error);
    f.shard.pass(100s);
    CHECK(f.heard().empty());
    CHECK(f.application.log == strings{"close shutdown"});
    CHECK(f.shard.closed(close_reason::shutdown) == 1);
    CHECK(f.shard.closed(close_reason::parse_error) == 0);
}

TEST_CASE("a session's last packets go out before it ends", "[session][unit]")
{
    session_fixture f;
    f.s->send(frame::text("4farewell"));
    f.s->close(close_reason::shutdown);
    CHECK(f.heard() == strings{"4farewell"});
}

TEST_CASE("a session that has ended keeps no packets", "[session][unit]")
{
    session_fixture f;
    f.wire->room = 0;
    f.s->send(frame::text("4x"));
    f.s->close(close_reason::shutdown);
    CHECK(f.s->queue().empty());
}

TEST_CASE("an application may end the session from anywhere", "[session][unit]")
{
    for (std::string const at : {"text x", "binary x", "deadline"}) {
        CAPTURE(at);
        session_fixture f;
        f.application.then = [](eio::session& s, std::string_view entry) {
            if (!entry.starts_with("close")) s.close(close_reason::too_many);
        };
        auto* const wire = f.wire.get();
        f.s->set_deadline(1s);
        f.s = nullptr;  // only the table holds it
        if (at == "text x") wire->say("4x");
        if (at == "binary x") wire->say_binary("x");
        f.shard.pass(2s);
        CHECK(f.application.log == strings{at, "close too_many"});
    }
}

TEST_CASE("after the packet that ended the session, the rest of a body is nothing",
          "[session][unit]")
{
    memory_shard shard;
    recording_application application;
    boost::intrusive_ptr<memory_polling> const wire{new memory_polling};
    shard.open(wire, application);
    wire->post("4a\x1e"
               "1\x1e"
               "4b");
    CHECK(application.log == strings{"text a", "close client_closed"});
}

TEST_CASE("a deadline comes once, when it is due", "[session][unit]")
{
    session_fixture f;
    f.s->set_deadline(3s);
    f.shard.pass(2980ms);
    CHECK(f.application.log.empty());
    f.shard.pass(20ms);
    CHECK(f.application.log == strings{"deadline"});
    f.shard.pass(5s);
    CHECK(f.application.log == strings{"deadline"});
}

TEST_CASE("a new deadline replaces the old one, and clearing leaves none", "[session][unit]")
{
    session_fixture f;
    f.s->set_deadline(3s);
    f.s->set_deadline(6s);
    f.shard.pass(5s);
    CHECK(f.application.log.empty());
    f.s->set_deadline(500ms);
    f.shard.pass(500ms);
    CHECK(f.application.log.size() == 1);
    f.s->set_deadline(1s);
    f.s->clear_deadline();
    f.shard.pass(10s);
    CHECK(f.application.log.size() == 1);
}

TEST_CASE("an application may set its deadline again and again", "[session][unit]")
{
    session_fixture f;
    f.application.then = [](eio::session& s, std::string_view) { s.set_deadline(1s); };
    f.s->set_deadline(1s);
    f.shard.pass(5100ms);
    CHECK(f.application.log == strings(5, "deadline"));
}

TEST_CASE("deadlines do not disturb the heartbeat", "[session][unit]")
{
    session_fixture f;
    f.application.then = [](eio::session& s, std::string_view) { s.set_deadline(70ms); };
    f.s->set_deadline(70ms);
    f.await_ping();
    f.wire->say("3");
    f.shard.pass(24'900ms);
    CHECK(f.heard().empty());
    f.shard.pass(120ms);
    CHECK(f.heard() == strings{"2"});
    f.shard.pass(20'020ms);
    CHECK(f.wire->ended == close_reason::ping_timeout);
}

TEST_CASE("a session over polling that nobody asks for after its handshake ends", "[session][unit]")
{
    memory_shard shard;
    recording_application application;
    for (auto const version : {3, 4}) {
        CAPTURE(version);
        eio::dialect const speaks{static_cast<std::uint8_t>(version), false};
        boost::intrusive_ptr<memory_polling> const left{new memory_polling};
        boost::intrusive_ptr<memory_polling> const used{new memory_polling};
        shard.open(left, application, speaks);
        auto const stays = shard.open(used, application, speaks);
        shard.pass(4'900ms);
        CHECK(left->ended == std::nullopt);
        used->get();
        shard.pass(120ms);
        CHECK(left->ended == close_reason::no_poll);
        CHECK(used->ended == std::nullopt);
        shard.pass(6s);  // and from then on the heartbeat alone counts
        CHECK(stays->open());
        stays->close(close_reason::shutdown);
    }
    CHECK(shard.closed(close_reason::no_poll) == 2);
}

TEST_CASE("a WebSocket is asked for by being there", "[session][unit]")
{
    session_fixture f;
    f.shard.pass(6s);
    CHECK(f.s->open());
}

TEST_CASE("a session gives its place back when the last who holds it lets go", "[session][unit]")
{
    session_fixture f;
    quota const& places = f.shard.limits.sessions;
    CHECK(places.taken() == 1);
    f.s->close(close_reason::client_closed);
    CHECK(places.taken() == 1);
    f.s = nullptr;
    f.wire = nullptr;
    CHECK(places.taken() == 0);
}

TEST_CASE("a queue may be full to its limit", "[session][unit]")
{
    session_fixture f{with_queue(4 * message.memory())};
    for (int i = 0; i < 4; ++i) f.s->send(message);
    CHECK(f.s->open());
    CHECK(f.heard() == strings(4, "4message"));
    CHECK(f.s->open());
}

TEST_CASE("one frame past the limit ends the session, at the flush and not before",
          "[session][unit]")
{
    session_fixture f{with_queue(4 * message.memory())};
    f.wire->room = 0;
    for (int i = 0; i < 4; ++i) f.s->send(message);
    f.shard.end_turn();
    CHECK(f.s->open());
    f.s->send(frame::text("4"));
    f.s->send(frame::text("4"));
    CHECK_FALSE(f.s->open());
    CHECK(f.application.log.empty());  // nobody is called in the midst of a fan-out
    CHECK(f.wire->ended == std::nullopt);
    CHECK(f.shard.context.sessions.size() == 1);
    f.shard.end_turn();
    CHECK(f.application.log == strings{"close slow_reader"});
    CHECK(f.wire->ended == close_reason::slow_reader);
    CHECK(f.shard.context.sessions.size() == 0);
}

TEST_CASE("one frame larger than the limit passes when nothing else is queued", "[session][unit]")
{
    session_fixture f{with_queue(40)};
    std::string const large = "4" + std::string(1000, 'x');
    f.s->send(frame::text(large));
    CHECK(f.heard() == strings{large});
    CHECK(f.s->open());
    f.s->send(frame::text("4small"));
    f.s->send(frame::text(large));
    f.shard.end_turn();
    CHECK(f.wire->ended == close_reason::slow_reader);
}

TEST_CASE("a session may be ended from the midst of anything, with the next flush",
          "[session][unit]")
{
    session_fixture f;
    f.s->send(frame::text("4x"));
    f.s->close_soon(close_reason::unsubscribed);
    f.s->close_soon(close_reason::shutdown);  // the first reason stays
    f.s->send(frame::text("4too late"));
    CHECK_FALSE(f.s->open());
    CHECK(f.application.log.empty());
    CHECK(f.heard() == strings{"4x"});
    CHECK(f.application.log == strings{"close unsubscribed"});
    CHECK(f.shard.closed(close_reason::unsubscribed) == 1);
    f.s->close_soon(close_reason::shutdown);
    f.shard.end_turn();
    CHECK(f.application.log.size() == 1);
}

TEST_CASE("a session with nothing to send may be ended soon too", "[session][unit]")
{
    session_fixture f;
    f.s->close_soon(close_reason::too_many);
    f.shard.end_turn();
    CHECK(f.application.log == strings{"close too_many"});
}

TEST_CASE("a session that is closed before its flush keeps that reason", "[session][unit]")
{
    session_fixture f{with_queue(10)};
    for (int i = 0; i < 9; ++i) f.s->send(frame::text("4message"));
    f.wire->hang_up();
    f.shard.end_turn();
    CHECK(f.application.log == strings{"close transport_closed"});
}

TEST_CASE("a wire that breaks while it sends ends the session", "[session][unit]")
{
    session_fixture f;
    f.wire->broken = true;
    f.s->send(frame::text("4x"));
    f.shard.end_turn();
    CHECK(f.application.log == strings{"close transport_error"});
}

TEST_CASE("a session lasts as long as somebody holds it, and no longer", "[session][unit]")
{
    session_fixture f;
    auto* const s = f.s.get();
    f.s = nullptr;
    CHECK(f.shard.context.sessions.find(s->id()));
    f.s = f.shard.context.sessions.find(s->id());
    f.s->send(frame::text("4x"));  // the flush queue holds nothing
    f.wire->hang_up();
    CHECK(f.s->use_count() == 1);
    f.s = nullptr;
    f.shard.end_turn();
}

TEST_CASE("a shard may end with sessions that are open", "[session][unit]")
{
    recording_application application;
    boost::intrusive_ptr<memory_websocket> const wire{new memory_websocket};
    {
        memory_shard shard;
        shard.open(wire, application)->send(frame::text("4x"));
    }
    CHECK(application.log.empty());
}

TEST_CASE("a session knows the request that began it", "[session][unit]")
{
    memory_shard shard;
    boost::intrusive_ptr<memory_websocket> const wire{new memory_websocket};
    auto request = std::make_unique<eio::handshake>("Cookie: a=b\r\n", 0);
    session_ptr const with{new eio::session{shard.context, quota_share{shard.limits.sessions},
                                            random_id(), wire, std::move(request)}};
    CHECK(with->request().cookie() == "a=b");
    session_ptr const without{new eio::session{shard.context, quota_share{shard.limits.sessions},
                                               random_id(), wire, nullptr}};
    CHECK(without->request().empty());
}

TEST_CASE("every reason to close has a name of its own", "[session][unit]")
{
    strings names;
    for (std::size_t i = 0; i < eio::close_reason_count; ++i)
        names.emplace_back(eio::name_of(static_cast<close_reason>(i)));
    CHECK(std::count(names.begin(), names.end(), "unknown") == 0);
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}
