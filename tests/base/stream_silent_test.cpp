// SPDX-License-Identifier: MIT
//
// Whether a connection that rests may be used again: what was said on it and not
// read may be in the kernel, or already within TLS.
#include "base/stream.hpp"

#include "support/await.hpp"
#include "support/certificate.hpp"
#include "support/temp_dir.hpp"

#include "support/catch.hpp"
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <netinet/tcp.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

using namespace notify;
using namespace std::chrono_literals;
using notify::test::await;
using notify::test::run_until;

namespace {

using tls_peer = net::ssl::stream<tcp::socket>;

// A server that speaks TLS, and a client of it that is connected.
struct tls_pair {
    tls_pair()
    {
        auto const cert = test::make_certificate("DNS:localhost");
        settings.use_certificate(net::buffer(cert.pem), net::ssl::context::pem);
        settings.use_private_key(net::buffer(cert.key_pem), net::ssl::context::pem);
        net::co_spawn(loop, accept(), net::detached);
        stream_address address;
        address.how = stream_address::kind::tls;
        address.host = "localhost";
        address.port = acceptor.local_endpoint().port();
        address.ca_file = directory.write("ca.pem", cert.pem);
        REQUIRE(await(loop, client.connect(address, 5s)));
        REQUIRE(run_until(loop, [&] { return accepted; }));
    }

    net::awaitable<void> accept()
    {
        server.emplace(co_await acceptor.async_accept(net::use_awaitable), settings);
        co_await server->async_handshake(net::ssl::stream_base::server, net::use_awaitable);
        accepted = true;
    }

    // Sends each text as a record of its own, all in one segment.
    void say(std::initializer_list<std::string_view> records)
    {
        cork(1);
        for (auto const& r : records) net::write(*server, net::buffer(r));
        cork(0);
    }

    void cork(int on)
    {
        auto const fd = server->lowest_layer().native_handle();
        REQUIRE(::setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on) == 0);
    }

    std::string hear(std::size_t n)
    {
        std::string text(n, ' ');
        auto const read = [&]() -> net::awaitable<std::size_t> {
            co_return co_await net::async_read(client, net::buffer(text), net::use_awaitable);
        };
        await(loop, read());
        return text;
    }

    // Silence that lasts, since what was sent is on its way for a moment.
    bool stays_silent()
    {
        return !run_until(
            loop, [&] { return !client.silent(); }, 100ms);
    }
    bool gets_loud()
    {
        return run_until(loop, [&] { return !client.silent(); });
    }

    net::io_context loop;
    tcp::acceptor acceptor{loop, {net::ip::address_v4::loopback(), 0}};
    test::temp_dir directory;
    net::ssl::context settings{net::ssl::context::tls_server};
    std::optional<tls_peer> server;
    bool accepted = false;
    stream client{loop.get_executor()};
};

}  // namespace

TEST_CASE_METHOD(tls_pair, "a TLS stream of which all was read is silent, again and again",
                 "[base][stream]")
{
    CHECK(stays_silent());
    say({"one"});
    CHECK(hear(3) == "one");
    CHECK(stays_silent());
    say({"two"});
    CHECK(hear(3) == "two");
    CHECK(stays_silent());
}

TEST_CASE_METHOD(tls_pair, "a second TLS record of one segment is not silence", "[base][stream]")
{
    say({"one", "another"});
    CHECK(hear(3) == "one");
    CHECK_FALSE(client.silent());
}

TEST_CASE_METHOD(tls_pair, "the rest of a TLS record is not silence", "[base][stream]")
{
    say({"one and another"});
    CHECK(hear(3) == "one");
    CHECK_FALSE(client.silent());
}

TEST_CASE_METHOD(tls_pair, "the beginning of a TLS record is not silence", "[base][stream]")
{
    net::write(server->next_layer(), net::buffer(std::string_view{"\x17\x03\x03\x00\x40half", 9}));
    CHECK(gets_loud());
}

TEST_CASE_METHOD(tls_pair, "a TLS record that comes while a stream rests is not silence",
                 "[base][stream]")
{
    say({"unasked"});
    CHECK(gets_loud());
}

TEST_CASE_METHOD(tls_pair, "the end of a TLS stream is not silence", "[base][stream]")
{
    server->lowest_layer().close();
    CHECK(gets_loud());
}

TEST_CASE("a plain stream is silent until something comes, or it ends", "[base][stream]")
{
    net::io_context loop;
    tcp::acceptor acceptor{loop, {net::ip::address_v4::loopback(), 0}};
    stream client{loop.get_executor()};
    CHECK_FALSE(client.silent());  // not open
    stream_address address;
    address.host = "127.0.0.1";
    address.port = acceptor.local_endpoint().port();
    REQUIRE(await(loop, client.connect(address, 5s)));
    auto server = acceptor.accept();
    CHECK(client.silent());
    SECTION("something comes") { net::write(server, net::buffer("x", 1)); }
    SECTION("it ends") { server.close(); }
    CHECK(run_until(loop, [&] { return !client.silent(); }));
}
