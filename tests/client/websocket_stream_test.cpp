// SPDX-License-Identifier: MIT
#include "client/websocket_stream.hpp"

#include "client/scripted_gateway.hpp"
#include "support/await.hpp"
#include "support/catch.hpp"

using namespace notify;
using namespace std::chrono_literals;
using notify::test::await;
using notify::test::peer;
using notify::test::scripted_gateway;

namespace {

struct websocket_stream_fixture {
    net::io_context context;
    websocket_stream stream{context.get_executor()};

    static websocket_stream::clock::time_point soon(std::chrono::milliseconds time = 5s)
    {
        return websocket_stream::clock::now() + time;
    }

    // Why the handshake failed; empty if it did not.
    std::string open(scripted_gateway const& gateway, std::chrono::milliseconds within = 5s,
                     std::string cookie = {})
    {
        auto const opened =
            await(context, stream.open(gateway.url(), std::move(cookie), soon(within)));
        return opened ? "" : opened.error().message;
    }

    // The next message, or why there is none.
    std::string read(std::chrono::milliseconds within = 5s)
    {
        auto const message = await(context, stream.read(soon(within)));
        return message ? std::string{message->payload} : message.error().message;
    }
};

}  // namespace

TEST_CASE("messages that come with the head of the handshake are not lost", "[client][unit]")
{
    websocket_stream_fixture f;
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.accept(peer::frame("one") + peer::frame("two") + "\x81\x05th");
        co_await p.write("ree");
        co_await p.receive();
    };
    scripted_gateway const gateway{f.context, {script}};
    CHECK(f.open(gateway) == "");
    CHECK(f.read() == "one");
    CHECK(f.read() == "two");
    CHECK(f.read() == "three");
}

TEST_CASE("a connection that ended within a frame leaves nothing to the next", "[client][unit]")
{
    websocket_stream_fixture f;
    auto const cut = [](peer& p) -> net::awaitable<void> { co_await p.accept("\x81\x05th"); };
    auto const whole = [](peer& p) -> net::awaitable<void> {
        co_await p.accept(peer::frame("whole"));
        co_await p.receive();
    };
    scripted_gateway const gateway{f.context, {cut, whole}};
    CHECK(f.open(gateway) == "");
    CHECK(f.read() == "the gateway closed the connection");
    CHECK(f.open(gateway) == "");
    CHECK(f.read() == "whole");
}

TEST_CASE("a message may come in pieces", "[client][unit]")
{
    websocket_stream_fixture f;
    std::string const text(70'000, 'x');
    auto const script = [&text](peer& p) -> net::awaitable<void> {
        co_await p.accept();
        co_await p.send(text);
        co_await p.receive();
    };
    scripted_gateway const gateway{f.context, {script}};
    CHECK(f.open(gateway) == "");
    CHECK(f.read() == text);
}

TEST_CASE("the handshake carries the cookies", "[client][unit]")
{
    websocket_stream_fixture f;
    std::string seen;
    auto const script = [&seen](peer& p) -> net::awaitable<void> {
        co_await p.accept();
        seen = p.request[boost::beast::http::field::cookie];
        co_await p.receive();
    };
    scripted_gateway const gateway{f.context, {script}};
    CHECK(f.open(gateway, 5s, "sessionid=abc") == "");
    CHECK(seen == "sessionid=abc");
}

TEST_CASE("a server that refuses the WebSocket is quoted", "[client][unit]")
{
    websocket_stream_fixture f;
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.read_request();
        co_await p.write("HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n"
                         "Content-Length: 7\r\n\r\n{\"a\":1}");
        co_await p.receive();
    };
    scripted_gateway const gateway{f.context, {script}};
    CHECK(f.open(gateway) == "the gateway answered 403 Forbidden: \"{\"a\":1}\"");
}

TEST_CASE("of a server that refuses with a long page the status is told", "[client][unit]")
{
    websocket_stream_fixture f;
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.read_request();
        co_await p.write("HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n"
                         "Content-Length: 99999999999\r\n\r\nNo");
        co_await p.receive();
    };
    scripted_gateway const gateway{f.context, {script}};
    CHECK(f.open(gateway) == "the gateway answered 403 Forbidden");
}

TEST_CASE("a server that speaks no HTTP is an error", "[client][unit]")
{
    websocket_stream_fixture f;
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.read_request();
        co_await p.write("SSH-2.0-OpenSSH_9.2\r\n");
        co_await p.receive();
    };
    scripted_gateway const gateway{f.context, {script}};
    CHECK(f.open(gateway) == "bad version");
}

TEST_CASE("a handshake without an answer ends in time", "[client][unit]")
{
    websocket_stream_fixture f;
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.read_request();
        co_await p.receive();
    };
    scripted_gateway const gateway{f.context, {script}};
    CHECK(f.open(gateway, 100ms) == "the gateway did not answer in time");
}

TEST_CASE("a read ends at its deadline, or when the server goes", "[client][unit]")
{
    websocket_stream_fixture f;
    auto const wait = [](peer& p) -> net::awaitable<void> {
        co_await p.accept();
        co_await p.receive();
    };
    auto const go = [](peer& p) -> net::awaitable<void> { co_await p.accept(); };
    scripted_gateway const gateway{f.context, {wait, go}};
    CHECK(f.open(gateway) == "");
    CHECK(f.read(100ms) == "the gateway did not answer in time");
    CHECK(f.open(gateway) == "");
    CHECK(f.read() == "the gateway closed the connection");
}

TEST_CASE("a message over the limit is refused by its header alone", "[client][unit]")
{
    websocket_stream_fixture f;
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.accept();
        co_await p.write(std::string("\x81\x7f\0\0\0\0\x01\0\0\x01", 10));  // 16 MiB and 1
        co_await p.receive();
    };
    scripted_gateway const gateway{f.context, {script}};
    CHECK(f.open(gateway) == "");
    auto const message = await(f.context, f.stream.read(websocket_stream_fixture::soon()));
    REQUIRE(message.has_value());
    CHECK(message->what == ws::event::kind::error);
    CHECK(message->code == 1009);
}
