// SPDX-License-Identifier: MIT
#include "socketio/socket.hpp"

#include "support/catch.hpp"
#include "support/socket_fixture.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using eio::close_reason;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

json binary(std::string_view text) { return json::binary({text.begin(), text.end()}); }

// Tells when it is destroyed.
struct mark final : sio::socket_data {
    explicit mark(bool& g) : gone{g} {}
    ~mark() override { gone = true; }
    bool& gone;
};

// A session's end as an application may bring it about from anywhere.
void end_session(sio::socket& s) { s.session().close(close_reason::too_many); }

}  // namespace

TEST_CASE("events are sent to the namespace of their socket", "[socketio][unit]")
{
    socket_fixture f;
    auto& main = f.join_main();
    auto& chat = f.join_chat();
    main.emit({"x", 1, {{"a", nullptr}}});
    chat.emit({"y"});
    CHECK(f.heard() == strings{R"(42["x",1,{"a":null}])", R"(42/chat,["y"])"});
}

TEST_CASE("a frame that was encoded once goes out as it is", "[socketio][unit]")
{
    socket_fixture f;
    auto& s = f.join_main();
    s.send(frame::text(R"(42["x"])"));
    CHECK(f.heard() == strings{R"(42["x"])"});
}

TEST_CASE("an event that asks for an answer gets it", "[socketio][unit]")
{
    socket_fixture f;
    auto& s = f.join_chat();
    strings answers;
    auto const note = [&answers](json args) { answers.push_back(to_text(args)); };
    s.emit({"a"}, note);
    s.emit({"b"}, note);
    CHECK(f.heard() == strings{R"(42/chat,0["a"])", R"(42/chat,1["b"])"});
    f.say(R"(43/chat,1["to b",2])");
    f.say("43/chat,0[]");
    CHECK(answers == strings{R"(["to b",2])", "[]"});
}

TEST_CASE("an answer that nobody asked for, or a second one, is nothing", "[socketio][unit]")
{
    socket_fixture f;
    auto& s = f.join_main();
    int answers = 0;
    f.say("430[]");  // before anything was asked
    s.emit({"a"}, [&answers](json) { ++answers; });
    f.say("430[]");
    f.say("430[]");
    f.say("437[]");
    f.say("4318446744073709551615[]");
    CHECK(answers == 1);
    CHECK(f.s->open());
}

TEST_CASE("each namespace counts its questions by itself", "[socketio][unit]")
{
    socket_fixture f;
    strings answers;
    f.join_main().emit({"a"}, [&](json) { answers.emplace_back("main"); });
    f.join_chat().emit({"b"}, [&](json) { answers.emplace_back("chat"); });
    f.say("43/chat,0[]");
    CHECK(answers == strings{"chat"});
    f.say("430[]");
    CHECK(answers == strings{"chat", "main"});
}

TEST_CASE("a client that leaves first never answers", "[socketio][unit]")
{
    socket_fixture f;
    bool answered = false;
    auto const held = std::make_shared<int>();
    f.join_chat().emit({"a"}, [&answered, held](json) { answered = true; });
    f.say("41/chat,");
    CHECK(held.use_count() == 1);
    f.say("40/chat,");
    f.say("43/chat,0[]");
    CHECK_FALSE(answered);
    CHECK(f.s->open());
}

TEST_CASE("an answer is sent with the id that asked for it", "[socketio][unit]")
{
    socket_fixture f;
    f.chat.then_event = [](sio::socket& s, sio::event e) {
        s.acknowledge(e.ack.value(), {"ok", e.data[1]});
    };
    f.join_chat();
    f.say(R"(42/chat,18446744073709551615["x",5])");
    CHECK(f.heard() == strings{R"(43/chat,18446744073709551615["ok",5])"});
}

TEST_CASE("binary values leave as attachments after their event", "[socketio][unit]")
{
    socket_fixture f;
    auto& s = f.join_chat();
    s.emit({"x", binary("\x01\xff"), {{"k", binary("")}}});
    CHECK(
        f.heard() ==
        strings{
            R"(452-/chat,["x",{"_placeholder":true,"num":0},{"k":{"_placeholder":true,"num":1}}])",
            "b\x01\xff", "b"});
}

TEST_CASE("binary values may be asked with and answered with", "[socketio][unit]")
{
    socket_fixture f;
    auto& s = f.join_main();
    json answer;
    s.emit({"x", binary("q")}, [&answer](json args) { answer = std::move(args); });
    CHECK(f.heard() == strings{R"(451-0["x",{"_placeholder":true,"num":0}])", "bq"});
    f.say(R"(461-0[{"_placeholder":true,"num":0}])");
    CHECK(answer.is_null());
    f.wire->say_binary("a");
    CHECK(answer == json::array({binary("a")}));

    s.acknowledge(4, json::array({binary("z")}));
    CHECK(f.heard() == strings{R"(461-4[{"_placeholder":true,"num":0}])", "bz"});
}

TEST_CASE("a server may end a socket and keep the session", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.join_chat().disconnect();
    CHECK(f.chat.log == strings{"disconnect disconnected"});
    CHECK(f.heard() == strings{"41/chat,"});
    CHECK(f.s->open());
    f.say(R"(42["x"])");
    CHECK(f.main.log == strings{R"(event ["x"])"});
    f.say("40/chat,");
    CHECK(f.chat.log.back() == "connect {}");
}

TEST_CASE("a socket's data lives until on_disconnect has returned", "[socketio][unit]")
{
    for (std::string const how : {"by the client", "by the server", "with the session"}) {
        CAPTURE(how);
        socket_fixture f;
        bool gone = false;
        bool gone_before = true;
        auto& s = f.join_chat();
        s.set_data(std::make_unique<mark>(gone));
        f.chat.then_disconnect = [&](sio::socket& leaving) {
            gone_before = gone;
            CHECK(leaving.data() != nullptr);
            CHECK(leaving.ns_name() == "/chat");
        };
        if (how == "by the client") f.say("41/chat,");
        if (how == "by the server") s.disconnect();
        if (how == "with the session") f.wire->hang_up();
        CHECK_FALSE(gone_before);
        CHECK(gone);
        CHECK(f.chat.log.size() == 1);
    }
}

TEST_CASE("what is emitted in on_disconnect is no harm", "[socketio][unit]")
{
    socket_fixture f;
    f.chat.then_disconnect = [](sio::socket& s) { s.emit({"farewell"}); };
    f.join_chat();
    f.say("41/chat,");
    CHECK(f.heard() == strings{R"(42/chat,["farewell"])"});
    f.join_chat();
    f.wire->hang_up();
    CHECK(f.heard().empty());
}

TEST_CASE("a handler may end its socket in on_connect", "[socketio][unit]")
{
    eio::engine_options options;
    options.connect_timeout = 5s;
    socket_fixture f{options};
    f.chat.then_connect = [](sio::socket& s, json const&) { s.disconnect(); };
    f.say("40/chat,");
    CHECK(f.chat.log == strings{"connect {}", "disconnect disconnected"});
    auto const packets = f.heard();
    REQUIRE(packets.size() == 2);
    CHECK(packets[1] == "41/chat,");
    f.shard.pass(5s);
    CHECK(f.wire->ended == close_reason::no_connect);
}

TEST_CASE("a handler may end the session in on_connect", "[socketio][unit]")
{
    socket_fixture f;
    f.join_main();
    f.chat.then_connect = [](sio::socket& s, json const&) { end_session(s); };
    f.say("40/chat,");
    CHECK(f.chat.log == strings{"connect {}", "disconnect too_many"});
    CHECK(f.main.log == strings{"disconnect too_many"});
}

TEST_CASE("a handler may end its socket or the session in on_event", "[socketio][unit]")
{
    for (bool const session : {false, true}) {
        for (auto const packet :
             {R"(42/chat,1["x",[1,2,3]])", R"(451-/chat,1["x",{"_placeholder":true,"num":0}])"}) {
            CAPTURE(session, packet);
            socket_fixture f;
            json after;
            f.chat.then_event = [&](sio::socket& s, sio::event e) {
                if (session)
                    end_session(s);
                else
                    s.disconnect();
                after = std::move(e.data);  // it is still there
            };
            f.join_main();
            f.join_chat();
            f.say(packet);
            f.wire->say_binary("zero");
            CHECK(after[0] == "x");
            CHECK(f.chat.log.back() ==
                  (session ? "disconnect too_many" : "disconnect disconnected"));
        }
    }
}

TEST_CASE("an answer may end its socket or the session", "[socketio][unit]")
{
    for (bool const session : {false, true}) {
        CAPTURE(session);
        socket_fixture f;
        auto& s = f.join_chat();
        s.emit({"x"}, [&s, session](json) {
            if (session)
                end_session(s);
            else
                s.disconnect();
        });
        f.say("43/chat,0[]");
        CHECK(f.chat.log == strings{session ? "disconnect too_many" : "disconnect disconnected"});
    }
}

TEST_CASE("a handler may ask again in an answer", "[socketio][unit]")
{
    socket_fixture f;
    auto& s = f.join_main();
    int answers = 0;
    std::function<void(json)> again = [&](json) {
        if (++answers < 3) s.emit({"x"}, again);
    };
    s.emit({"x"}, again);
    for (auto const packet : {"430[]", "431[]", "432[]"}) f.say(packet);
    CHECK(answers == 3);
}

TEST_CASE("a handler may end anything in on_disconnect, over and over", "[socketio][unit]")
{
    for (std::string const how : {"by the client", "by the server", "with the session"}) {
        CAPTURE(how);
        socket_fixture f;
        auto& main = f.join_main();
        auto& chat = f.join_chat();
        f.chat.then_disconnect = [&main](sio::socket& s) {
            s.disconnect();
            main.disconnect();
            end_session(s);
            s.disconnect();
        };
        f.main.then_disconnect = [](sio::socket& s) {
            s.disconnect();
            end_session(s);
        };
        if (how == "by the client") f.say("41/chat,");
        if (how == "by the server") chat.disconnect();
        if (how == "with the session") f.wire->hang_up();
        CHECK(f.main.log.size() == 1);
        CHECK(f.chat.log.size() == 1);
        CHECK_FALSE(f.s->open());
    }
}

TEST_CASE("on_disconnect may end a socket that has not been told yet", "[socketio][unit]")
{
    socket_fixture f;
    auto& main = f.join_main();
    auto& chat = f.join_chat();
    f.main.then_disconnect = [&chat](sio::socket&) { chat.disconnect(); };
    f.chat.then_disconnect = [&main](sio::socket&) { main.disconnect(); };
    f.wire->hang_up();
    CHECK(f.main.log == strings{"disconnect transport_closed"});
    CHECK(f.chat.log == strings{"disconnect transport_closed"});
}

TEST_CASE("a handler that emits too much is stopped at the flush", "[socketio][unit]")
{
    eio::engine_options options;
    options.max_queue = 1000;
    socket_fixture f{options};
    f.main.then_event = [](sio::socket& s, sio::event) {
        for (int i = 0; i < 1000; ++i) s.emit({"x", binary("attachment")});
    };
    f.join_main();
    f.say(R"(42["go"])");
    CHECK(f.main.log == strings{R"(event ["go"])"});
    f.shard.end_turn();
    CHECK(f.main.log.back() == "disconnect slow_reader");
}
