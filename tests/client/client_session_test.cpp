// SPDX-License-Identifier: MIT
#include "client/client_session.hpp"

#include "support/catch.hpp"

#include <vector>

using namespace notify;
using namespace std::chrono_literals;

using kind = client_session::decision::kind;

namespace {

constexpr auto greeting =
    R"(0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})";
constexpr auto welcome = R"(40/io/user/notifications,{"sid":"t"})";
constexpr auto confirmed =
    R"(42/io/user/notifications,["internal",{"type":"success","code":"SUBSCRIPTION_OK","message":"ok"}])";

// A session whose clock the test turns.
struct tested_session {
    client_session::time_point now{};
    client_session session{R"({"uuid":"u"})", now};

    client_session::decision receive(std::string_view text)
    {
        return session.on_message({ws::event::kind::text, 0, text}, now);
    }

    // What the server reads of what we send; it refuses frames that are not masked.
    std::vector<std::string> sent()
    {
        auto bytes = session.take_output();
        std::vector<std::string> out;
        ws::frame_reader reader;
        for (std::span<char> input{bytes};;) {
            auto const e = reader.next(input, ws::role::server, 1'000'000);
            if (e.what == ws::event::kind::need_more) return out;
            REQUIRE(e.what != ws::event::kind::error);
            if (e.what == ws::event::kind::close) {
                out.push_back("close " + std::to_string(e.code));
                return out;
            }
            out.push_back((e.what == ws::event::kind::pong ? "pong " : "") +
                          std::string{e.payload});
        }
    }

    void subscribe()
    {
        for (auto const* text : {greeting, welcome, confirmed}) last = receive(text);
        REQUIRE(last.what == kind::subscribed);
        (void)sent();
    }

    client_session::decision last;
};

}  // namespace

TEST_CASE("a session asks for the namespace when it is greeted", "[client][unit]")
{
    tested_session t;
    CHECK(t.sent().empty());
    CHECK(t.receive(greeting).what == kind::none);
    CHECK(t.sent() == std::vector<std::string>{R"(40/io/user/notifications,{"uuid":"u"})"});
    CHECK(t.receive(welcome).what == kind::none);
    CHECK(t.receive(confirmed).what == kind::subscribed);
    CHECK(t.sent().empty());
}

TEST_CASE("a notification is passed on as text", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    auto const d =
        t.receive(R"(42/io/user/notifications,["notification",{"message":"Grüße\n\"x\""}])");
    CHECK(d.what == kind::notification);
    CHECK(d.told.message == "Grüße\n\"x\"");
}

TEST_CASE("what follows the message of a notification is left to later versions", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    auto const d = t.receive(
        R"(42/io/user/notifications,["notification",{"message":"Hey","id":"1-1"},"offset"])");
    CHECK(d.told.message == "Hey");
}

TEST_CASE("a notification in another form than the contract's is not swallowed", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    CHECK(t.receive(R"(42/io/user/notifications,["notification","plain"])").told.message ==
          "\"plain\"");
    CHECK(t.receive(R"(42/io/user/notifications,["notification",{"message":1}])").told.message ==
          R"({"message":1})");
    CHECK(t.receive(R"(42/io/user/notifications,["notification"])").what == kind::notification);
}

TEST_CASE("each error of the contract is a refusal, with its code", "[client][unit]")
{
    auto const code = GENERATE(as<std::string>{}, "USER_ID_RETRIEVAL_RETURNED_ERROR",
                               "USERID_IS_NULL", "SUBSCRIBE_BY_COOKIES_ERROR");
    tested_session t;
    (void)t.receive(greeting);
    (void)t.receive(welcome);
    auto const d = t.receive(R"(42/io/user/notifications,["internal",{"type":"error","code":")" +
                             code + R"(","message":"why"}])");
    CHECK(d.what == kind::refused);
    CHECK(d.text == code + ": why");
}

TEST_CASE("an error after the subscription ends the connection, not the watch", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    auto const d = t.receive(
        R"(42/io/user/notifications,["internal",{"type":"error","code":"X","message":"y"}])");
    CHECK(d.what == kind::lost);
    CHECK(d.text == "X: y");
}

TEST_CASE("a namespace that is refused is a refusal", "[client][unit]")
{
    tested_session t;
    (void)t.receive(greeting);
    auto const d = t.receive(R"(44/io/user/notifications,{"message":"Invalid namespace"})");
    CHECK(d.what == kind::refused);
    CHECK(d.text == "Invalid namespace");
}

TEST_CASE("events and namespaces of others change nothing", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    for (auto const* text :
         {R"(42["notification",{"message":"not ours"}])", R"(42/io/user/notifications,["news",1])",
          R"(42/io/user/notifications,["internal"])", R"(43/io/user/notifications,1[])",
          R"(451-/io/user/notifications,["x",{"_placeholder":true,"num":0}])", "6", "3"}) {
        CAPTURE(text);
        CHECK(t.receive(text).what == kind::none);
    }
    CHECK(t.session.on_message({ws::event::kind::binary, 0, "attachment"}, t.now).what ==
          kind::none);
    CHECK(t.sent().empty());
}

TEST_CASE("a second confirmation is told too - the gateway had lost Redis", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    CHECK(t.receive(confirmed).what == kind::subscribed);
    CHECK(t.sent().empty());
}

TEST_CASE("pings of both protocols are answered", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    CHECK(t.receive("2").what == kind::none);
    CHECK(t.sent() == std::vector<std::string>{"3"});
    CHECK(t.session.on_message({ws::event::kind::ping, 0, "abc"}, t.now).what == kind::none);
    CHECK(t.sent() == std::vector<std::string>{"pong abc"});
}

TEST_CASE("each frame is masked with a key of its own", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    (void)t.receive("2");
    auto const one = t.session.take_output();
    (void)t.receive("2");
    CHECK(one.size() == t.session.take_output().size());
    (void)t.receive("2");
    CHECK(one != t.session.take_output());  // wrong once in four billion
}

TEST_CASE("a session that hears no ping in time is lost", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    CHECK(t.session.deadline() == t.now + 45s);
    t.now += 44s;
    (void)t.receive(R"(42/io/user/notifications,["notification",{"message":"Hey"}])");
    CHECK(t.session.deadline() == t.now + 1s);  // only pings are signs of life
    (void)t.receive("2");
    CHECK(t.session.deadline() == t.now + 45s);
    CHECK(t.session.on_silence().what == kind::lost);
    CHECK(t.session.on_silence().text == "no sign of life from the gateway for 45 s");
}

TEST_CASE("a gateway has ten seconds to greet, and ten to confirm", "[client][unit]")
{
    tested_session t;
    auto const start = t.now;
    CHECK(t.session.deadline() == start + 10s);
    CHECK(t.session.on_silence().text == "the gateway did not greet within 10 s");
    t.now += 3s;
    (void)t.receive(greeting);
    CHECK(t.session.deadline() == start + 10s);
    (void)t.receive(welcome);
    CHECK(t.session.deadline() == start + 13s);
    t.now += 9s;
    (void)t.receive("2");  // a ping does not prolong it
    CHECK(t.session.deadline() == start + 13s);
    CHECK(t.session.on_silence().text ==
          "the gateway did not confirm the subscription within 10 s");
}

TEST_CASE("a gateway that talks but does not get on is lost too", "[client][unit]")
{
    tested_session t;
    (void)t.receive(greeting);
    t.now += 10s;
    CHECK(t.receive("6").what == kind::lost);
}

TEST_CASE("a server that breaks the protocol is lost", "[client][unit]")
{
    auto const* const text = GENERATE(
        "", "7", "x", "2", R"(40/io/user/notifications,{"sid":"t"})", "0", "0[]", "0{",
        R"(0{"sid":"s"})", R"(0{"pingInterval":-1,"pingTimeout":20000})",
        R"(0{"pingInterval":"1","pingTimeout":20000})", R"(0{"pingInterval":0,"pingTimeout":0})",
        R"(0{"pingInterval":1e300,"pingTimeout":1})",
        R"(0{"pingInterval":9223372036854775807,"pingTimeout":9223372036854775807})");
    CAPTURE(text);
    tested_session t;
    CHECK(t.receive(text).what == kind::lost);
}

TEST_CASE("a server that breaks the protocol later is lost too", "[client][unit]")
{
    auto const* const text = GENERATE(
        "9", "", R"(0{"pingInterval":25000,"pingTimeout":20000})", "4", "47", "4x",
        R"(40/io/user/notifications,{"sid":"again"})", "42/io/user/notifications,",
        "42/io/user/notifications,{}", "42/io/user/notifications,[", "42/io/user/notifications,[]");
    CAPTURE(text);
    tested_session t;
    t.subscribe();
    CHECK(t.receive(text).what == kind::lost);
}

TEST_CASE("an event before the welcome breaks the protocol", "[client][unit]")
{
    tested_session t;
    (void)t.receive(greeting);
    CHECK(t.receive(confirmed).what == kind::lost);
}

TEST_CASE("a server that says goodbye is lost, in each of the three ways", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    SECTION("Engine.IO") { CHECK(t.receive("1").text == "the gateway ended the session"); }
    SECTION("Socket.IO")
    {
        CHECK(t.receive("41/io/user/notifications,").text == "the gateway closed the namespace");
    }
    SECTION("WebSocket")
    {
        auto const d = t.session.on_message({ws::event::kind::close, 1001, "bye"}, t.now);
        CHECK(d.what == kind::lost);
        CHECK(d.text == "the gateway closed the connection (1001 bye)");
        CHECK(t.sent() == std::vector<std::string>{"close 1001"});
    }
    SECTION("WebSocket, without a code")
    {
        (void)t.session.on_message({ws::event::kind::close, 1005, ""}, t.now);
        CHECK(t.sent() == std::vector<std::string>{"close 1005"});
    }
}

TEST_CASE("a broken WebSocket frame is answered with its close code", "[client][unit]")
{
    tested_session t;
    t.subscribe();
    auto const d = t.session.on_message({ws::event::kind::error, 1009, "too big"}, t.now);
    CHECK(d.what == kind::lost);
    CHECK(t.sent() == std::vector<std::string>{"close 1009"});
}

TEST_CASE("a notification that was too large ends no session", "[client][unit]")
{
    tested_session s;
    s.subscribe();
    auto const d = s.receive(
        R"(42/io/user/notifications,["internal",{"type":"error","code":"MESSAGE_TOO_LARGE","message":"m"}])");
    CHECK(d.what == kind::missed);
    CHECK(d.text == "m");
}

TEST_CASE("a session is told where it stands in the log", "[client][unit]")
{
    tested_session t;
    (void)t.receive(greeting);
    (void)t.receive(welcome);
    auto d = t.receive(R"(42/io/user/notifications,["notification",{"message":"Hey"},"1-1-5"])");
    CHECK(d.what == kind::notification);
    CHECK(d.told.where == position{1, 1, 5});
    d = t.receive(
        R"(42/io/user/notifications,["internal",{"type":"success","code":"READ","message":"m"},"1-2-6"])");
    CHECK(d.what == kind::none);
    CHECK(d.where == position{1, 2, 6});
    d = t.receive(
        R"(42/io/user/notifications,["internal",{"type":"success","code":"SUBSCRIPTION_OK","message":"ok"},"1-3-7"])");
    CHECK(d.what == kind::subscribed);
    CHECK(d.where == position{1, 3, 7});
}

TEST_CASE("a gap is no refusal before the confirmation, and no loss after it", "[client][unit]")
{
    constexpr auto gap =
        R"(42/io/user/notifications,["internal",{"type":"error","code":"GAP","message":"m"}])";
    tested_session t;
    (void)t.receive(greeting);
    (void)t.receive(welcome);
    CHECK(t.receive(gap).what == kind::gap);
    CHECK(t.receive(confirmed).what == kind::subscribed);
    CHECK(t.receive(gap).what == kind::gap);
}

TEST_CASE("what was missed may take its time, each for itself", "[client][unit]")
{
    tested_session t;
    (void)t.receive(greeting);
    (void)t.receive(welcome);
    for (int i = 0; i < 5; ++i) {
        t.now += 9s;
        CHECK(t.receive(R"(42/io/user/notifications,["notification",{"message":"Hey"},"1-1-5"])")
                  .what == kind::notification);
    }
    CHECK(t.session.deadline() == t.now + 10s);
    t.now += 9s;  // what is not of the log does not prolong it
    (void)t.receive(R"(42/io/user/notifications,["notification",{"message":"Hey"}])");
    CHECK(t.session.deadline() == t.now + 1s);
}
