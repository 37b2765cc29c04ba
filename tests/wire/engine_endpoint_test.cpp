// SPDX-License-Identifier: MIT
//
// Handshakes, and the table of answers to requests that are not as they should be
// (docs/protocol.md, Engine.IO 4).
#include "wire/engine_endpoint.hpp"

#include "support/catch.hpp"
#include "wire/shard_id.hpp"
#include "wire/wire_shard.hpp"

#include <fmt/format.h>

using namespace notify;
using namespace notify::test;
using namespace std::chrono_literals;

namespace {

// An answer of Engine.IO's own: `400 3 Bad request`.
std::string told(wire_answer const& a)
{
    if (a.header("Content-Type") != "application/json") return fmt::format("{}", a.status);
    auto const message = a.body.find("\"message\":\"");
    return fmt::format("{} {} {}", a.status, a.body.at(8),
                       a.body.substr(message + 11, a.body.size() - message - 13));
}

std::string const on_websocket = "EIO=4&transport=websocket";

}  // namespace

TEST_CASE("a handshake is answered with the session's first packet", "[wire][unit]")
{
    eio::engine_options options;
    options.max_payload = 100'000;
    wire_shard shard{options};
    auto const a = shard.ask({"EIO=4&transport=polling&t=abc"});
    CHECK(a.status == 200);
    CHECK(a.header("Content-Type") == "text/plain; charset=UTF-8");
    CHECK(a.header("Cache-Control") == "no-store");
    CHECK(a.body == fmt::format(R"(0{{"sid":"{}","upgrades":["websocket"],"pingInterval":25000,)"
                                R"("pingTimeout":20000,"maxPayload":100000}})",
                                shard.only().id()));
    CHECK(a.sid().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789_-") == std::string::npos);
}

TEST_CASE("a WebSocket has its first packet with the answer, and nothing to upgrade to",
          "[wire][unit]")
{
    wire_shard shard;
    wire_client c = shard.connect();
    c.ask({on_websocket, websocket_headers});
    auto const a = c.answer();
    CHECK(a.status == 101);
    CHECK(a.header("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    CHECK(c.heard() == std::vector<std::string>{
                           fmt::format(R"(text 0{{"sid":"{}","upgrades":[],"pingInterval":25000,)"
                                       R"("pingTimeout":20000,"maxPayload":1000000}})",
                                       shard.only().id())});
}

TEST_CASE("a handshake that is not as it should be has its answer from the table", "[wire][unit]")
{
    wire_shard shard;
    auto const [query, expected] = GENERATE(table<std::string, std::string>({
        {"EIO=4", "400 0 Transport unknown"},
        {"EIO=4&transport=", "400 0 Transport unknown"},
        {"EIO=4&transport=carrier-pigeon", "400 0 Transport unknown"},
        {"EIO=4&transport=polling&transport=polling", "400 0 Transport unknown"},
        {"EIO=4&transport=constructor", "400 0 Transport unknown"},
        {"EIO=4&transport=polling&sid=unknown", "400 1 Session ID unknown"},
        {"EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", "400 1 Session ID unknown"},
        {"EIO=4&transport=polling&sid=ABAAAAAAAAAAAAAAAAAA", "400 1 Session ID unknown"},
        {"EIO=4&transport=polling&sid=__AAAAAAAAAAAAAAAAAA", "400 1 Session ID unknown"},
        {"EIO=4&transport=polling&sid=%00", "400 1 Session ID unknown"},
        {"EIO=4&transport=websocket", "400 3 Bad request"},
        {"transport=polling", "400 5 Unsupported protocol version"},
        {"EIO=5&transport=polling", "400 5 Unsupported protocol version"},
        {"EIO=44&transport=polling", "400 5 Unsupported protocol version"},
    }));
    CAPTURE(query);
    CHECK(told(shard.ask({query})) == expected);
    CHECK(shard.sessions.sessions.size() == 0);
}

TEST_CASE("a handshake is a GET", "[wire][unit]")
{
    wire_shard shard;
    auto const method = GENERATE(as<std::string>{}, "POST", "PUT", "DELETE");
    wire_request r;
    r.method = method;
    CHECK(told(shard.ask(r)) == "400 2 Bad handshake method");
    CHECK(shard.http.refused[http_refusal::bad_handshake_method] == 1);
}

TEST_CASE("a WebSocket that asks for polling, or for nobody's session, is none", "[wire][unit]")
{
    wire_shard shard;
    auto const [query, expected] = GENERATE(table<std::string, std::string>({
        {"EIO=4&transport=polling", "400 3 Bad request"},
        {"EIO=4&transport=websocket&sid=unknown", "400 1 Session ID unknown"},
        {"EIO=5&transport=websocket", "400 5 Unsupported protocol version"},
    }));
    CHECK(told(shard.ask({query, websocket_headers})) == expected);
}

TEST_CASE("a plain request may say Connection: upgrade all the same", "[wire][unit]")
{
    wire_shard shard;
    auto const header = GENERATE(as<std::string>{}, "Connection: upgrade", "Connection: Upgrade",
                                 "Connection: keep-alive, upgrade",
                                 "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c");
    CAPTURE(header);
    std::string const query = shard.open(header + "\r\n");
    CHECK(shard.ask({query, header + "\r\n", "POST", "4x"}).body == "ok");
}

TEST_CASE("Engine.IO 3 is served unless that was turned off", "[wire][unit]")
{
    eio::engine_options options;
    options.eio3 = GENERATE(true, false);
    wire_shard shard{options};
    auto const a = shard.ask({"EIO=3&transport=polling"});
    CHECK(told(a) == (options.eio3 ? "200" : "400 5 Unsupported protocol version"));
    if (options.eio3) CHECK_THAT(a.body, Catch::Contains(R"(:0{"sid":")"));
}

TEST_CASE("a request of a session goes over the wire that the session has", "[wire][unit]")
{
    wire_shard shard;
    wire_client c = shard.open_websocket();
    std::string const sid{shard.only().id()};
    CHECK(told(shard.ask({"EIO=4&transport=polling&sid=" + sid})) == "400 3 Bad request");
    CHECK(told(shard.ask({on_websocket + "&sid=" + sid})) == "400 3 Bad request");
    CHECK(told(shard.ask({"EIO=4&transport=polling&sid=" + sid, websocket_headers})) ==
          "400 3 Bad request");
    c.say("4still there");
    CHECK(shard.application.log == std::vector<std::string>{"text still there"});
}

TEST_CASE("a request of another shard's session goes there with all that was read of it",
          "[wire][unit]")
{
    wire_shard shard;
    shard.http.shard_count = 2;
    std::vector<std::pair<std::size_t, arrival>> handed;
    shard.http.hand_over = [&](std::size_t to, arrival a) {
        handed.emplace_back(to, std::move(a));
    };
    auto const id = random_id_of(1);
    wire_client c = shard.connect();
    c.ask({"EIO=4&transport=polling&sid=" + std::string{id.data(), id.size()}, "", "POST", "4x"});
    REQUIRE(handed.size() == 1);
    CHECK(handed[0].first == 1);
    CHECK(handed[0].second.request->get().method_string() == "POST");
    CHECK(handed[0].second.buffer.size() == 2);
    CHECK(handed[0].second.place);
    CHECK(c.answer().status == 0);

    // One that there is not is nobody's.
    auto const none = random_id_of(2);
    CHECK(told(shard.ask({"EIO=4&transport=polling&sid=" +
                          std::string{none.data(), none.size()}})) == "400 1 Session ID unknown");
}

TEST_CASE("sessions are as many as may be, and the next one is told to come later", "[wire][unit]")
{
    capacity_limits few;
    few.sessions = 2;
    wire_shard shard{{}, few};
    bool const is_websocket = GENERATE(false, true);
    std::string const first = shard.open();
    shard.open();
    wire_request const next{is_websocket ? on_websocket : "EIO=4&transport=polling",
                            is_websocket ? websocket_headers : ""};
    auto const a = shard.ask(next);
    CHECK(a.status == 503);
    CHECK_THAT(a.body, Catch::StartsWith("too_many_sessions: "));
    CHECK(shard.http.refused[http_refusal::too_many_sessions] == 1);
    shard.ask({first, "", "POST", "1"});
    CHECK(shard.ask(next).status == (is_websocket ? 101 : 200));
}

TEST_CASE("who comes as a guest has no session, and is told why", "[wire][unit]")
{
    capacity_limits few;
    few.connections = 1;
    wire_shard shard{{}, few};
    auto const query = GENERATE(as<std::string>{}, "EIO=4&transport=polling",
                                "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA");
    std::optional<wire_client> first = shard.connect();
    auto const a = shard.ask({query});
    CHECK(a.status == 503);
    CHECK_THAT(a.body, Catch::StartsWith("too_many_connections: "));
    CHECK(a.header("Connection") == "close");
    first->hang_up();
    shard.pass(3s);  // until its place is free again
    CHECK(shard.ask({"EIO=4&transport=polling"}).status == 200);
}

TEST_CASE("what is kept of requests that begin sessions is bounded", "[wire][unit]")
{
    capacity_limits few;
    few.kept = 1'000;
    wire_shard shard{{}, few};
    std::string const header = "Cookie: a=" + std::string(600, 'x') + "\r\n";
    std::string const first = shard.open(header);
    auto const a = shard.ask({wire_request{}.query, header});
    CHECK(a.status == 503);
    CHECK_THAT(a.body, Catch::StartsWith("too_much_kept: "));
    CHECK(shard.sessions.sessions.size() == 1);
    shard.open();  // of one that names nobody nothing is kept
    shard.ask({first, "", "POST", "1"});
    CHECK(shard.limits.kept.taken() == 0);
    shard.open(header);
}

TEST_CASE("a session has the headers that name its user, from a script none", "[wire][unit]")
{
    wire_shard shard;
    bool const is_script = GENERATE(false, true);
    shard.open("Cookie: sid=1\r\nUser-Agent: x\r\n",
               is_script ? "EIO=4&transport=polling&j=7" : "EIO=4&transport=polling");
    CHECK(shard.only().request().empty() == is_script);
    CHECK(shard.only().request().cookie() == (is_script ? "" : "sid=1"));
}

TEST_CASE("an application that cannot begin a session leaves none behind", "[wire][unit]")
{
    struct failing final : eio::session_acceptor {
        std::unique_ptr<eio::session_handler> accept(eio::session&) override
        {
            throw std::runtime_error{"no"};
        }
    };
    wire_shard shard;
    failing application;
    router broken;
    broken.add("/socket.io/", std::make_shared<engine_endpoint>(shard.http, shard.sessions,
                                                                application, shard.origins));
    socket_pair pair;
    arrival a;
    a.socket = std::move(pair.ours);
    a.place = quota_share{shard.limits.connections};
    http_connection::begin(shard.http, broken, std::move(a));
    wire_client c{shard, std::move(pair.theirs)};
    c.ask({});
    CHECK(c.answer().status == 0);
    CHECK(c.is_ended());
    CHECK(shard.sessions.sessions.size() == 0);
    CHECK(shard.limits.sessions.taken() == 0);
}

TEST_CASE("a session goes from polling to a WebSocket, with what waits", "[wire][unit]")
{
    wire_shard shard;
    std::string const query = shard.open();
    std::string const sid{shard.only().id()};
    wire_client poll = shard.connect();
    poll.ask({query});
    wire_client ws = shard.open_websocket(on_websocket + "&sid=" + sid);
    ws.say("2probe");
    CHECK(ws.heard() == std::vector<std::string>{"text 3probe"});
    CHECK(poll.answer().body == "6");
    shard.send("4waits");
    ws.say("5");
    CHECK(ws.heard() == std::vector<std::string>{"text 4waits"});
    CHECK(told(shard.ask({query})) == "400 3 Bad request");
}

TEST_CASE("of two WebSockets that want one session the second ends", "[wire][unit]")
{
    wire_shard shard;
    shard.open();
    std::string const sid{shard.only().id()};
    wire_client first = shard.open_websocket(on_websocket + "&sid=" + sid);
    wire_client second = shard.open_websocket(on_websocket + "&sid=" + sid);
    CHECK(second.is_ended());
    first.say("2probe");
    CHECK(first.heard() == std::vector<std::string>{"text 3probe"});
}

TEST_CASE("a shard that hands its clients over takes no new session, and serves those it has",
          "[wire][unit]")
{
    wire_shard shard;
    std::string const query = shard.open();
    wire_client c = shard.connect();
    c.ask({query});
    shard.http.draining = true;

    for (auto const& [handshake, headers] :
         {std::pair{wire_request{}.query, std::string{}}, {on_websocket, websocket_headers}}) {
        auto const a = shard.ask({handshake, headers});
        CHECK(a.status == 503);
        CHECK(a.header("Retry-After") == "1");
        CHECK(a.header("Connection") == "close");
        CHECK(a.body == "draining: this gateway is about to end; connect again for another one\n");
    }
    CHECK(shard.http.refused[http_refusal::draining] == 2);
    CHECK(shard.sessions.sessions.size() == 1);

    auto const posted = shard.ask({query, "", "POST", "4hey"});
    CHECK(posted.body == "ok");
    CHECK(posted.header("Connection") == "close");
    CHECK(shard.application.log == std::vector<std::string>{"text hey"});
    shard.send("4there");
    auto const got = c.answer();
    CHECK(got.body == "4there");
    CHECK(got.header("Connection") == "close");
    CHECK(c.is_ended());
    wire_client const upgraded =
        shard.open_websocket("EIO=4&transport=websocket" + query.substr(query.find("&sid=")));
}
