// SPDX-License-Identifier: MIT
//
// CONNECT that is answered later than it came.
#include "support/catch.hpp"
#include "support/socket_fixture.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using eio::close_reason;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

struct slow_fixture : socket_fixture {
    explicit slow_fixture(eio::engine_options const& options = {}, eio::dialect speaks = {})
        : socket_fixture{options, speaks}
    {
        chat.is_slow = true;
    }
};

std::string answer_of(sio::socket const& s, std::string const& more = "")
{
    return "40/chat,{\"sid\":\"" + std::string{s.id()} + "\"" + more + "}";
}

}  // namespace

TEST_CASE("a handler may answer CONNECT later, and what it emits before comes before",
          "[socketio][unit]")
{
    slow_fixture f;
    f.say("40/chat,{\"a\":1}");
    CHECK(f.chat.log == strings{"connect {\"a\":1}"});
    CHECK(f.heard().empty());
    sio::socket& s = *f.chat.last;
    CHECK_FALSE(s.welcomed());
    s.emit(json{"missed", 1});
    s.welcome();
    CHECK(s.welcomed());
    s.emit(json{"new", 2});
    CHECK(f.heard() == strings{"42/chat,[\"missed\",1]", answer_of(s), "42/chat,[\"new\",2]"});
}

TEST_CASE("the answer to CONNECT may hold a pid, and an id that the client had before",
          "[socketio][unit]")
{
    slow_fixture f;
    f.say("40/chat,");
    sio::socket& s = *f.chat.last;
    url_safe_id former;
    former.fill('x');
    s.restore(former);
    s.welcome("1.abc");
    CHECK(s.id() == std::string(20, 'x'));
    CHECK(f.heard() == strings{"40/chat,{\"sid\":\"xxxxxxxxxxxxxxxxxxxx\",\"pid\":\"1.abc\"}"});
}

TEST_CASE("other namespaces do not wait for the one whose answer is due", "[socketio][unit]")
{
    slow_fixture f;
    f.say("40/chat,");
    f.join_main().emit(json{"x"});
    f.say("420[\"y\"]");
    CHECK(f.main.log == strings{"event [\"y\"] ack 0"});
    CHECK(f.heard() == strings{"42[\"x\"]"});
}

TEST_CASE("a second CONNECT before the answer to the first ends the session", "[socketio][unit]")
{
    slow_fixture f;
    f.say("40/chat,");
    f.say("40/chat,");
    CHECK(f.wire->ended == close_reason::parse_error);
    CHECK(f.chat.log == strings{"connect {}", "disconnect parse_error"});
}

TEST_CASE("a client that does not wait for the answer is heard, and may leave", "[socketio][unit]")
{
    slow_fixture f;
    f.say("40/chat,");
    f.say("42/chat,[\"early\"]");
    f.say("41/chat,");
    CHECK(f.chat.log == strings{"connect {}", "event [\"early\"]", "disconnect client_closed"});
    f.say("40/chat,");
    CHECK(f.s->open());
    f.chat.last->welcome();
    CHECK(f.heard() == strings{answer_of(*f.chat.last)});
}

TEST_CASE("who waits for its answer has joined and needs no other deadline", "[socketio][unit]")
{
    eio::engine_options options;
    options.connect_timeout = 5s;
    slow_fixture f{options};
    f.say("40/chat,");
    f.shard.pass(6s);
    CHECK(f.s->open());
    f.chat.last->session().set_deadline(1s);
    f.shard.pass(2s);
    CHECK(f.wire->ended == close_reason::no_user);
}

TEST_CASE("clients of protocol 4 are answered at once", "[socketio][unit]")
{
    slow_fixture f{{}, eio::dialect{3}};
    f.heard();
    f.say("40/chat,");
    CHECK(f.heard() == strings{"40/chat,"});
    CHECK(f.chat.last->welcomed());
}

TEST_CASE("what a handler emits for a heartbeat leaves in front of the ping", "[socketio][unit]")
{
    slow_fixture f;
    f.chat.is_slow = false;
    f.join_main();
    f.join_chat();
    f.chat.then_ping = [](sio::socket& s) { s.emit(json{"here"}); };
    f.shard.pass(f.shard.context.options.ping_interval);
    CHECK(f.heard() == strings{"42/chat,[\"here\"]", "2"});
}
