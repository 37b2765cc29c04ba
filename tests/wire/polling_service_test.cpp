// SPDX-License-Identifier: MIT
//
// The requests of a session over long-polling, and their answers (docs/protocol.md,
// Engine.IO 4).
#include "wire/polling_service.hpp"

#include "support/catch.hpp"
#include "wire/wire_shard.hpp"

#include <fmt/format.h>

using namespace notify;
using namespace notify::test;
using namespace std::chrono_literals;
using eio::close_reason;
using strings = std::vector<std::string>;

namespace {

constexpr char bad_request[] = R"({"code":3,"message":"Bad request"})";
constexpr char session_unknown[] = R"({"code":1,"message":"Session ID unknown"})";

// One session over polling.
struct polling_fixture {
    explicit polling_fixture(eio::engine_options const& options = {}, std::string const& q = "4")
        : shard{options}, query{shard.open("", "EIO=" + q + "&transport=polling")}
    {
    }

    wire_answer get() { return shard.ask({query}); }
    wire_answer post(std::string const& body, std::string const& headers = "")
    {
        return shard.ask({query, headers, "POST", body});
    }

    // A connection on which a GET waits.
    wire_client waiting()
    {
        wire_client c = shard.connect();
        c.ask({query});
        REQUIRE(c.answer().status == 0);
        return c;
    }

    [[nodiscard]] std::uint64_t closed(close_reason why) const
    {
        return shard.sessions.closed[why];
    }

    wire_shard shard;
    std::string query;
};

struct short_polling : polling_fixture {
    short_polling() : polling_fixture{with_max_payload(100)} {}
};

struct old_polling : polling_fixture {
    old_polling() : polling_fixture{{}, "3"} {}
};

struct script_polling : polling_fixture {
    script_polling() : polling_fixture{{}, "4&j=12"} {}
};

}  // namespace

TEST_CASE_METHOD(polling_fixture, "a GET waits for packets, and has all that are there",
                 "[wire][unit]")
{
    wire_client c = waiting();
    shard.send("4one");
    auto const a = c.answer();
    CHECK(a.status == 200);
    CHECK(a.header("Content-Type") == "text/plain; charset=UTF-8");
    CHECK(a.body == "4one");
    shard.send("4two");
    shard.send("4three");
    c.ask({query});
    CHECK(c.answer().body == "4two\x1e"
                             "4three");
}

TEST_CASE_METHOD(polling_fixture, "a POST is answered with ok as text/html", "[wire][unit]")
{
    auto const a = post("4one\x1e"
                        "4two");
    CHECK(a.status == 200);
    CHECK(a.header("Content-Type") == "text/html");
    CHECK(a.body == "ok");
    CHECK(shard.application.log == strings{"text one", "text two"});
}

TEST_CASE_METHOD(polling_fixture, "a GET and a POST at the same time are as it should be",
                 "[wire][unit]")
{
    wire_client c = waiting();
    CHECK(post("4x").body == "ok");
    shard.send("4y");
    CHECK(c.answer().body == "4y");
}

TEST_CASE_METHOD(polling_fixture, "a second GET ends the session, and the first has the close",
                 "[wire][unit]")
{
    wire_client first = waiting();
    auto const a = get();
    CHECK(a.status == 400);
    CHECK(a.body == bad_request);
    CHECK(first.answer().body == "1");
    CHECK(get().body == session_unknown);
    CHECK(closed(close_reason::overlapping_poll) == 1);
}

TEST_CASE_METHOD(polling_fixture, "a second POST while one is read ends the session",
                 "[wire][unit]")
{
    wire_client first = shard.connect();
    first.send("POST /socket.io/?" + query +
               " HTTP/1.1\r\nHost: site.example\r\nContent-Length: 5\r\n\r\n4x");
    CHECK(post("4y").body == bad_request);
    CHECK(closed(close_reason::overlapping_poll) == 1);
    first.send("xxx");
    CHECK(first.answer().body == bad_request);
    CHECK(shard.application.log == strings{"close overlapping_poll"});
}

TEST_CASE_METHOD(short_polling, "a POST of just max_payload is read, and a longer one is refused",
                 "[wire][unit]")
{
    CHECK(post("4" + std::string(99, 'x')).body == "ok");
    CHECK(post("4" + std::string(100, 'x')).status == 413);
    wire_client chunked = shard.connect();
    chunked.send("POST /socket.io/?" + query +
                 " HTTP/1.1\r\nHost: site.example\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n4" +
                 std::string(100, 'x') + "\r\n0\r\n\r\n");
    CHECK(chunked.answer().status == 413);
    CHECK(post("4x").body == "ok");  // it costs the request, not the session
    CHECK(shard.http.refused[http_refusal::body_too_large] == 2);
}

TEST_CASE_METHOD(polling_fixture, "a body that breaks off ends the session", "[wire][unit]")
{
    wire_client c = shard.connect();
    c.send("POST /socket.io/?" + query +
           " HTTP/1.1\r\nHost: site.example\r\nContent-Length: 5\r\n\r\n4x");
    c.hang_up();
    CHECK(closed(close_reason::transport_closed) == 1);
    CHECK(shard.application.log == strings{"close transport_closed"});
}

TEST_CASE_METHOD(polling_fixture, "protocol 4 has no binary bodies", "[wire][unit]")
{
    CHECK(post("4x", "Content-Type: application/octet-stream\r\n").body == bad_request);
    CHECK(closed(close_reason::parse_error) == 1);
}

TEST_CASE_METHOD(polling_fixture, "a POST with a packet that is none ends the session",
                 "[wire][unit]")
{
    auto const body = GENERATE(as<std::string>{}, "", "9", "x", "\x1e", "4x\x1e", "b!");
    CAPTURE(body);
    CHECK(post(body).body == bad_request);
    CHECK(get().body == session_unknown);
    CHECK(closed(close_reason::parse_error) == 1);
}

TEST_CASE_METHOD(polling_fixture, "packets before one that is none are taken", "[wire][unit]")
{
    post("4x\x1e"
         "9");
    CHECK(shard.application.log == strings{"text x", "close parse_error"});
}

TEST_CASE_METHOD(polling_fixture, "a client's close ends its waiting GET with a noop",
                 "[wire][unit]")
{
    wire_client c = waiting();
    CHECK(post("1").body == "ok");
    CHECK(c.answer().body == "6");
    CHECK(get().body == session_unknown);
}

TEST_CASE_METHOD(polling_fixture, "other methods are bad requests, and the session goes on",
                 "[wire][unit]")
{
    for (auto const method : {"PUT", "DELETE", "PATCH"})
        CHECK(shard.ask({query, "", method}).body == bad_request);
    CHECK(post("4x").body == "ok");
}

TEST_CASE_METHOD(polling_fixture, "a waiting GET whose connection breaks ends the session",
                 "[wire][unit]")
{
    waiting().hang_up();
    CHECK(closed(close_reason::transport_closed) == 1);
    CHECK(post("4x").body == session_unknown);
}

TEST_CASE_METHOD(polling_fixture, "a client that does not answer the heartbeat is let go",
                 "[wire][unit]")
{
    wire_client c = waiting();
    shard.pass(25'100ms);
    CHECK(c.answer().body == "2");
    post("3");
    c.ask({query});
    shard.pass(25'100ms);
    CHECK(c.answer().body == "2");  // and no answer now
    c.ask({query});
    shard.pass(20'100ms);
    CHECK(c.answer().body == "1");
    CHECK(closed(close_reason::ping_timeout) == 1);
}

TEST_CASE_METHOD(polling_fixture, "a session that nobody asks for after its handshake ends",
                 "[wire][unit]")
{
    shard.pass(5'100ms);
    CHECK(closed(close_reason::no_poll) == 1);
    CHECK(get().body == session_unknown);
}

TEST_CASE_METHOD(old_polling, "protocol 3 counts its packets, and has binary ones as bytes",
                 "[wire][unit]")
{
    CHECK(post("2:4x3:4yz").body == "ok");
    CHECK(shard.application.log == strings{"text x", "text yz"});
    wire_client c = waiting();
    shard.send("4one");
    auto const text = c.answer();
    CHECK(text.header("Content-Type") == "text/plain; charset=UTF-8");
    CHECK(text.body == "4:4one");

    shard.only().send(frame::binary("\x05"));
    auto const bytes = get();
    CHECK(bytes.header("Content-Type") == "application/octet-stream");
    CHECK(bytes.body == std::string{"\x01\x02\xff\x04\x05", 5});
    std::string const sent{"\x01\x02\xff\x04z", 5};
    CHECK(post(sent, "Content-Type: application/octet-stream\r\n").body == "ok");
    CHECK(shard.application.log.back() == "binary z");
}

TEST_CASE_METHOD(script_polling, "a script has its packets as a call of the page's function",
                 "[wire][unit]")
{
    shard.send("4\"<");
    auto const a = get();
    CHECK(a.header("Content-Type") == "text/javascript; charset=UTF-8");
    CHECK(a.header("X-Content-Type-Options") == "nosniff");
    CHECK_THAT(a.body, Catch::StartsWith("___eio[12](\"4\\\"") && Catch::EndsWith("\");"));
    CHECK(post("d=4a%22b").body == "ok");
    CHECK(shard.application.log == strings{"text a\"b"});
}
