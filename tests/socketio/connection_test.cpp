// SPDX-License-Identifier: MIT
#include "socketio/connection.hpp"

#include "support/catch.hpp"
#include "support/socket_fixture.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using eio::close_reason;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

using strings = std::vector<std::string>;

json bytes(std::string_view text) { return json::binary({text.begin(), text.end()}); }

}  // namespace

TEST_CASE("a client joins the main namespace", "[socketio][unit]")
{
    socket_fixture f;
    f.say("40");
    CHECK(f.main.log == strings{"connect {}"});
    CHECK(f.main.last->ns_name() == "/");
    CHECK(f.heard() == strings{"40{\"sid\":\"" + std::string{f.main.last->id()} + "\"}"});
}

TEST_CASE("a client joins a main namespace that nobody offers, and gets acknowledgements there",
          "[socketio][unit]")
{
    socket_fixture f{{}, {}, false};
    f.say(R"(40{"uuid":"x"})");
    auto const answer = f.heard();
    REQUIRE(answer.size() == 1);
    CHECK(answer[0].starts_with(R"(40{"sid":")"));
    f.say(R"(42["to","nobody"])");
    f.say(R"(427["to","nobody",{"a":1}])");
    f.say(R"(451-8["to","nobody",{"_placeholder":true,"num":0}])");
    f.wire->say_binary("x");
    f.say("435[]");
    CHECK(f.heard() == strings{"437[]", "438[]"});
    f.say("41");
    f.say("40");
    CHECK(f.heard().size() == 1);
    CHECK(f.s->open());
    f.say("40");
    CHECK(f.wire->ended == close_reason::parse_error);
}

TEST_CASE("who is in a main namespace that nobody offers has not joined", "[socketio][unit]")
{
    eio::engine_options options;
    options.connect_timeout = 5s;
    socket_fixture f{options, {}, false};
    f.shard.pass(2s);
    f.say("40");
    f.shard.pass(2s);
    for (auto const packet : {"41", "40"}) f.say(packet);  // gives no more time
    f.shard.pass(980ms);
    CHECK(f.s->open());
    f.shard.pass(20ms);
    CHECK(f.wire->ended == close_reason::no_connect);
}

TEST_CASE("the main namespace that nobody offers is no reason to go, or to stay",
          "[socketio][unit]")
{
    eio::engine_options options;
    options.connect_timeout = 5s;
    options.max_namespaces = 1;
    socket_fixture f{options, {}, false};
    f.say("40");
    f.say("40/chat,");
    f.shard.pass(10s);
    CHECK(f.s->open());
    f.say("41/chat,");
    f.shard.pass(4'980ms);
    CHECK(f.s->open());
    f.shard.pass(20ms);
    CHECK(f.wire->ended == close_reason::no_connect);
}

TEST_CASE("a client joins a namespace with its auth", "[socketio][unit]")
{
    socket_fixture f;
    f.say(R"(40/chat,{"uuid":"x"})");
    CHECK(f.chat.log == strings{R"(connect {"uuid":"x"})"});
    CHECK(f.heard() == strings{"40/chat,{\"sid\":\"" + std::string{f.chat.last->id()} + "\"}"});
    CHECK(f.main.log.empty());
}

TEST_CASE("a socket's id is not its session's, which is a secret", "[socketio][unit]")
{
    socket_fixture f;
    std::string const a{f.join_main().id()};
    std::string const b{f.join_chat().id()};
    CHECK(a.size() == 20);
    CHECK(a != b);
    CHECK(a != f.s->id());
    CHECK(b != f.s->id());
}

TEST_CASE("events go to the namespace that they name", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.join_chat();
    f.say(R"(42["x",1,{"a":[]}])");
    f.say(R"(42/chat,["y"])");
    f.say(R"(42/chat,7["z"])");
    f.say(R"(42[5,"a number for a name"])");
    CHECK(f.main.log == strings{R"(event ["x",1,{"a":[]}])", R"(event [5,"a number for a name"])"});
    CHECK(f.chat.log == strings{R"(event ["y"])", R"(event ["z"] ack 7)"});
}

TEST_CASE("an event knows its name, unless that is a number", "[socketio][unit]")
{
    socket_fixture f;
    strings names;
    f.main.then_event = [&](sio::socket&, sio::event e) { names.emplace_back(e.name()); };
    f.join_main();
    for (auto const packet : {R"(42["message"])", R"(42[1,"x"])", R"(42[""])"}) f.say(packet);
    CHECK(names == strings{"message", "", ""});
}

TEST_CASE("an answer to CONNECT leaves before what on_connect sends", "[socketio][unit]")
{
    socket_fixture f;
    f.main.then_connect = [](sio::socket& s, json const&) { s.emit({"welcome"}); };
    f.say("40");
    auto const packets = f.heard();
    REQUIRE(packets.size() == 2);
    CHECK(packets[0].starts_with("40{"));
    CHECK(packets[1] == R"(42["welcome"])");
}

TEST_CASE("an event may follow its CONNECT at once", "[socketio][unit]")
{
    socket_fixture f;
    f.say("40");
    f.say(R"(42["x"])");
    CHECK(f.main.log == strings{"connect {}", R"(event ["x"])"});
}

TEST_CASE("a namespace that is not offered is refused, and another try is allowed",
          "[socketio][unit]")
{
    socket_fixture f;
    for (std::string const ns : {"/nowhere", "/Chat", "/chat/", "/chat?x=y", "//", "/__proto__"}) {
        CAPTURE(ns);
        f.say("40" + ns + ",{}");
        CHECK(f.heard() == strings{"44" + ns + R"(,{"message":"Invalid namespace"})"});
    }
    f.say("40/chat,");
    CHECK(f.chat.log == strings{"connect {}"});
}

TEST_CASE("whom a namespace refuses is told why, and may try again", "[socketio][unit]")
{
    eio::engine_options options;
    options.connect_timeout = 5s;
    socket_fixture f{options};
    f.chat.refusal = "log in \"first\"";
    f.say("40/chat,");
    CHECK(f.chat.log == strings{"refused {}"});
    CHECK(f.heard() == strings{R"(44/chat,{"message":"log in \"first\""})"});
    f.say(R"(40/chat,{"a":1})");
    CHECK(f.chat.log.back() == R"(refused {"a":1})");
    f.heard();
    f.chat.refusal.reset();
    f.say("40/chat,");
    CHECK(f.chat.log.back() == "connect {}");

    socket_fixture never{options};
    never.chat.refusal = "no";
    never.say("40/chat,");
    never.shard.pass(5s);
    CHECK(never.chat.log == strings{"refused {}"});
    CHECK(never.wire->ended == close_reason::no_connect);
}

TEST_CASE("a namespace joined twice ends the session", "[socketio][unit]")
{
    socket_fixture f;
    f.join_chat();
    f.say("40/chat,");
    CHECK(f.chat.log == strings{"disconnect parse_error"});
    CHECK(f.wire->ended == close_reason::parse_error);
}

TEST_CASE("no packet but CONNECT comes before a namespace is joined", "[socketio][unit]")
{
    for (auto const packet : {R"(42["x"])", R"(42/chat,["x"])", "41", "41/chat,", "430[]",
                              R"(44{"message":"no"})", "42/nowhere,[\"x\"]"}) {
        CAPTURE(packet);
        socket_fixture f;
        f.say(packet);
        CHECK(f.wire->ended == close_reason::parse_error);
        CHECK(f.main.log.empty());
        CHECK(f.chat.log.empty());
    }
}

TEST_CASE("a namespace that is not joined is not, though others are", "[socketio][unit]")
{
    for (auto const packet : {R"(42/chat,["x"])", "41/chat,", "43/chat,0[]",
                              R"(44/chat,{"message":"no"})", R"(44{"message":"no"})"}) {
        CAPTURE(packet);
        socket_fixture f;
        f.join_main();
        f.say(packet);
        CHECK(f.main.log == strings{"disconnect parse_error"});
        CHECK(f.chat.log.empty());
    }
}

TEST_CASE("what is no packet ends the session", "[socketio][unit]")
{
    for (auto const packet : {"4", "4x", "47", "42", "42{}", "42[]", R"(42["connect"])", "42[{}]",
                              "42[\"x\"", "43[]", "43", "40[]", "41{}", "450-[\"x\"]"}) {
        CAPTURE(packet);
        socket_fixture f;
        f.join_main();
        f.say(packet);
        CHECK(f.main.log == strings{"disconnect parse_error"});
        CHECK(f.wire->ended == close_reason::parse_error);
    }
}

TEST_CASE("half a surrogate pair, which browsers send, is U+FFFD", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.say(R"(42["x","\ud800","\uD83D\uDE00"])");
    CHECK(f.main.log == strings{"event [\"x\",\"\ufffd\",\"\U0001f600\"]"});
}

TEST_CASE("JSON that is too deep ends the session", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.say("42[\"x\"," + std::string(100'000, '[') + std::string(100'000, ']') + "]");
    CHECK(f.main.log == strings{"disconnect parse_error"});
}

TEST_CASE("a connection joins as many namespaces as are allowed and no more", "[socketio][unit]")
{
    socket_fixture f;
    for (auto const packet : {"40", "40/chat,", "40/a,", "40/b,"}) f.say(packet);
    CHECK(f.heard().size() == 4);
    CHECK(f.s->open());
    f.say("40/nowhere,");  // is not one
    CHECK(f.s->open());
    f.say("40/c,");
    CHECK(f.wire->ended == close_reason::too_many);
    CHECK(f.main.log.back() == "disconnect too_many");
    CHECK(f.chat.log.back() == "disconnect too_many");
    CHECK(f.others.log ==
          strings{"connect {}", "connect {}", "disconnect too_many", "disconnect too_many"});
}

TEST_CASE("a namespace that was left makes room for another", "[socketio][unit]")
{
    socket_fixture f;
    for (auto const packet : {"40", "40/chat,", "40/a,", "40/b,", "41/a,", "40/c,"}) f.say(packet);
    CHECK(f.s->open());
}

TEST_CASE("a client leaves a namespace and joins it again", "[socketio][unit]")
{
    socket_fixture f;
    std::string const first{f.join_chat().id()};
    f.say("41/chat,");
    CHECK(f.chat.log == strings{"disconnect client_closed"});
    CHECK(f.heard().empty());
    f.say("40/chat,");
    CHECK(f.chat.log.back() == "connect {}");
    CHECK(f.chat.last->id() != first);
    f.say(R"(42/chat,["x"])");
    CHECK(f.chat.log.back() == R"(event ["x"])");
}

TEST_CASE("leaving one namespace leaves the others alone", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.join_chat();
    f.say("41/chat,");
    f.say(R"(42["x"])");
    CHECK(f.main.log == strings{R"(event ["x"])"});
    f.shard.pass(60s);  // and no CONNECT is waited for; but a ping is not answered
    CHECK(f.main.log.back() == "disconnect ping_timeout");
}

TEST_CASE("a session without CONNECT is closed in time", "[socketio][unit]")
{
    eio::engine_options options;
    options.connect_timeout = 5s;
    socket_fixture f{options};
    f.say("40/nowhere,");
    f.shard.pass(4'980ms);
    CHECK(f.s->open());
    f.shard.pass(20ms);
    CHECK(f.wire->ended == close_reason::no_connect);
    CHECK(f.shard.closed(close_reason::no_connect) == 1);
}

TEST_CASE("a session that has joined is not closed for want of CONNECT", "[socketio][unit]")
{
    eio::engine_options options;
    options.connect_timeout = 5s;
    socket_fixture f{options};
    f.shard.pass(4'900ms);
    f.say("40/chat,");
    f.shard.pass(10s);
    CHECK(f.s->open());
}

TEST_CASE("who has left the last namespace has time to join another", "[socketio][unit]")
{
    eio::engine_options options;
    options.connect_timeout = 5s;
    for (bool const by_server : {false, true}) {
        CAPTURE(by_server);
        socket_fixture f{options};
        auto& s = f.join_chat();
        f.shard.pass(8s);
        if (by_server)
            s.disconnect();
        else
            f.say("41/chat,");
        f.shard.pass(4'900ms);
        CHECK(f.s->open());
        f.say("40/chat,");
        f.shard.pass(2s);
        CHECK(f.s->open());
        f.say("41/chat,");
        f.shard.pass(5'020ms);
        CHECK(f.wire->ended == close_reason::no_connect);
    }
}

TEST_CASE("a session's end tells each of its namespaces, once", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.join_chat();
    f.wire->hang_up();
    CHECK(f.main.log == strings{"disconnect transport_closed"});
    CHECK(f.chat.log == strings{"disconnect transport_closed"});
}

TEST_CASE("binary arguments arrive in their places", "[socketio][unit]")
{
    socket_fixture f;
    json got;
    f.chat.then_event = [&](sio::socket&, sio::event e) { got = e.data; };
    f.join_chat();
    f.say(R"(452-/chat,3["x",{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}],"y"])");
    CHECK(f.chat.log.empty());
    f.wire->say_binary("zero\0"s);
    CHECK(f.chat.log.empty());
    f.say("b"
          "b25l");  // as a client without binary frames sends `one`
    CHECK(got == json({"x", bytes("one"), json::array({bytes("zero\0"s)}), "y"}));
    CHECK(f.chat.log.size() == 1);
    f.say(R"(42/chat,["z"])");
    CHECK(f.chat.log.back() == R"(event ["z"])");
}

TEST_CASE("an attachment may be empty", "[socketio][unit]")
{
    socket_fixture f;
    json got;
    f.main.then_event = [&](sio::socket&, sio::event e) { got = e.data; };
    f.join_main();
    f.say(R"(451-["x",{"_placeholder":true,"num":0}])");
    f.wire->say_binary("");
    CHECK(got == json({"x", bytes("")}));
}

TEST_CASE("a placeholder in an event without attachments is an object like others",
          "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.say(R"(42["x",{"_placeholder":true,"num":0}])");
    CHECK(f.main.log == strings{R"(event ["x",{"_placeholder":true,"num":0}])"});
}

TEST_CASE("where an attachment is due, text ends the session", "[socketio][unit]")
{
    for (auto const packet : {R"(42["x"])", "41", "40/chat,", R"(451-["x"])"}) {
        CAPTURE(packet);
        socket_fixture f;
        f.join_main();
        f.say(R"(452-["x",{"_placeholder":true,"num":0}])");
        f.wire->say_binary("zero");
        f.say(packet);
        CHECK(f.main.log == strings{"disconnect parse_error"});
    }
}

TEST_CASE("where no attachment is due, binary ends the session", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.say(R"(451-["x",{"_placeholder":true,"num":0}])");
    f.wire->say_binary("zero");
    f.wire->say_binary("one");
    CHECK(f.main.log.size() == 2);
    CHECK(f.main.log.back() == "disconnect parse_error");

    socket_fixture before;
    before.wire->say_binary("zero");
    CHECK(before.wire->ended == close_reason::parse_error);
}

TEST_CASE("a heartbeat may come between attachments", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.say(R"(451-["x",{"_placeholder":true,"num":0}])");
    f.say("3");
    f.wire->say_binary("zero");
    CHECK(f.main.log.size() == 1);
    CHECK(f.s->open());
}

TEST_CASE("placeholders that fit no attachment end the session", "[socketio][unit]")
{
    for (std::string const placeholder :
         {R"({"_placeholder":true,"num":1})", R"({"_placeholder":true,"num":-1})",
          R"({"_placeholder":true,"num":"0"})", R"({"_placeholder":true})",
          R"({"_placeholder":true,"num":0},{"_placeholder":true,"num":0})"}) {
        CAPTURE(placeholder);
        socket_fixture f;
        f.join_main();
        f.say("451-[\"x\"," + placeholder + "]");
        f.wire->say_binary("zero");
        CHECK(f.main.log == strings{"disconnect parse_error"});
    }
}

TEST_CASE("a message with its attachments is as long as one without may be", "[socketio][unit]")
{
    std::string const event =
        R"(452-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])";
    eio::engine_options options;
    options.max_payload = event.size() + 9;  // less its Engine.IO type
    socket_fixture f{options};
    f.join_main();
    f.say(event);
    f.wire->say_binary("zero");
    f.wire->say_binary("first.");
    CHECK_FALSE(f.wire->ended);
    CHECK(f.main.log.size() == 1);
    f.say(event);
    f.wire->say_binary("zero");
    f.wire->say_binary("second.");
    CHECK(f.wire->ended == close_reason::too_large);
}

TEST_CASE("too many attachments are refused before they come", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.say(R"(451000000000-["x",{"_placeholder":true,"num":0}])");
    CHECK(f.wire->ended == close_reason::parse_error);
}

TEST_CASE("a binary packet is checked before its attachments come", "[socketio][unit]")
{
    for (auto const packet : {R"(451-["connect"])", "451-{}", "451-[\"x\"", "461-[]"}) {
        CAPTURE(packet);
        socket_fixture f;
        f.join_main();
        f.say(packet);
        if (f.s->open()) f.wire->say_binary("zero");  // an ack needs an id, known at the end
        CHECK(f.main.log == strings{"disconnect parse_error"});
    }
}

TEST_CASE("a binary event of a namespace that is not joined ends the session", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.say(R"(451-/chat,["x",{"_placeholder":true,"num":0}])");
    f.wire->say_binary("zero");
    CHECK(f.main.log == strings{"disconnect parse_error"});
}

TEST_CASE("a session may end while attachments are due", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.say(R"(451-["x",{"_placeholder":true,"num":0}])");
    f.wire->hang_up();
    CHECK(f.main.log == strings{"disconnect transport_closed"});
}
