// SPDX-License-Identifier: MIT
#include "base/stream.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/certificate.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

using namespace notify;
using namespace std::chrono_literals;
using notify::test::await;

namespace {

// Answers what it reads, once, in capitals as it were: with "got " before it.
template <class Peer>
net::awaitable<void> answer_once(Peer& peer)
{
    std::array<char, 100> buffer;
    auto const n = co_await peer.async_read_some(net::buffer(buffer), net::use_awaitable);
    std::string const text = "got " + std::string{buffer.data(), n};
    co_await net::async_write(peer, net::buffer(text), net::use_awaitable);
}

template <class Protocol>
net::awaitable<void> serve_plain(net::basic_socket_acceptor<Protocol>& acceptor)
{
    auto peer = co_await acceptor.async_accept(net::use_awaitable);
    co_await answer_once(peer);
}

net::awaitable<void> serve_tls(tcp::acceptor& acceptor, net::ssl::context& context)
{
    auto socket = co_await acceptor.async_accept(net::use_awaitable);
    net::ssl::stream<tcp::socket> peer{std::move(socket), context};
    co_await peer.async_handshake(net::ssl::stream_base::server, net::use_awaitable);
    co_await answer_once(peer);
}

// Connects and says "hello". Returns the answer, or why there is none.
net::awaitable<std::string> say_hello(stream_address address, std::chrono::milliseconds within)
{
    stream s{co_await net::this_coro::executor};
    auto const connected = co_await s.connect(address, within);
    if (!connected) co_return connected.error().message;
    std::string answer(9, ' ');
    std::string const hello = "hello";
    co_await net::async_write(s, net::buffer(hello), net::use_awaitable);
    co_await net::async_read(s, net::buffer(answer), net::use_awaitable);
    co_return answer;
}

stream_address to(tcp::acceptor const& acceptor, std::string host = "127.0.0.1")
{
    stream_address a;
    a.host = std::move(host);
    a.port = acceptor.local_endpoint().port();
    return a;
}

struct loopback {
    net::io_context context;
    tcp::acceptor acceptor{context, {net::ip::address_v4::loopback(), 0}};
};

struct tls_server : loopback {
    explicit tls_server(std::string const& name)
    {
        auto const cert = test::make_certificate(name);
        server.use_certificate(net::buffer(cert.pem), net::ssl::context::pem);
        server.use_private_key(net::buffer(cert.key_pem), net::ssl::context::pem);
        ca_file = directory.write("ca.pem", cert.pem);
        net::co_spawn(context, serve_tls(acceptor, server), net::detached);
    }

    std::string hello(std::string const& host, bool trusted)
    {
        auto address = to(acceptor, host);
        address.how = stream_address::kind::tls;
        if (trusted) address.ca_file = ca_file;
        return await(context, say_hello(address, 5s));
    }

    test::temp_dir directory;
    net::ssl::context server{net::ssl::context::tls_server};
    std::string ca_file;
};

}  // namespace

TEST_CASE_METHOD(loopback, "a stream connects over TCP, by address and by name", "[base][stream]")
{
    auto const host = GENERATE(as<std::string>{}, "127.0.0.1", "localhost");
    net::co_spawn(context, serve_plain(acceptor), net::detached);
    CHECK(await(context, say_hello(to(acceptor, host), 5s)) == "got hello");
}

TEST_CASE("a stream connects over a unix socket", "[base][stream]")
{
    net::io_context context;
    test::temp_dir const directory;
    net::local::stream_protocol::acceptor acceptor{context, {directory.file("socket")}};
    net::co_spawn(context, serve_plain(acceptor), net::detached);
    stream_address address;
    address.how = stream_address::kind::local;
    address.path = directory.file("socket");
    CHECK(await(context, say_hello(address, 5s)) == "got hello");
}

TEST_CASE("a TLS stream accepts a trusted certificate of the right name", "[base][stream]")
{
    CHECK(tls_server{"DNS:localhost"}.hello("localhost", true) == "got hello");
    CHECK(tls_server{"IP:127.0.0.1"}.hello("127.0.0.1", true) == "got hello");
}

TEST_CASE("a TLS stream refuses a certificate of another name or authority", "[base][stream]")
{
    using Catch::Contains;
    CHECK_THAT(tls_server{"DNS:example.org"}.hello("localhost", true),
               Contains("the certificate was not accepted: hostname mismatch"));
    CHECK_THAT(tls_server{"IP:127.0.0.2"}.hello("127.0.0.1", true),
               Contains("the certificate was not accepted: IP address mismatch"));
    CHECK_THAT(tls_server{"DNS:localhost"}.hello("localhost", false),
               Contains("the certificate was not accepted: self-signed certificate"));
}

TEST_CASE_METHOD(loopback, "a TLS stream says that a server speaks no TLS", "[base][stream]")
{
    net::co_spawn(context, serve_plain(acceptor), net::detached);
    auto address = to(acceptor);
    address.how = stream_address::kind::tls;
    CHECK_THAT(await(context, say_hello(address, 5s)), Catch::Contains("does not speak TLS"));
}

TEST_CASE_METHOD(loopback, "a refused connection names its address", "[base][stream]")
{
    auto const address = to(acceptor);
    acceptor.close();
    CHECK(await(context, say_hello(address, 5s)) ==
          "cannot connect to " + address.to_string() + ": Connection refused");
}

TEST_CASE("what cannot be an address is refused with a sentence", "[base][stream]")
{
    net::io_context context;
    stream_address address;
    address.host = "no-such-host.invalid";
    address.port = 1;
    CHECK_THAT(await(context, say_hello(address, 10s)),
               Catch::Contains("cannot connect to no-such-host.invalid:1: "));
    address.how = stream_address::kind::local;
    address.path = "/no/such/socket";
    CHECK(await(context, say_hello(address, 5s)) ==
          "cannot connect to /no/such/socket: No such file or directory");
    address.path = std::string(200, 'x');
    CHECK_THAT(await(context, say_hello(address, 5s)), Catch::Contains("the path has 200 bytes"));
}

TEST_CASE_METHOD(loopback, "a silent server costs no more than the deadline", "[base][stream]")
{
    auto address = to(acceptor);  // the kernel accepts; nobody answers the TLS hello
    address.how = stream_address::kind::tls;
    CHECK(await(context, say_hello(address, 50ms)) ==
          "no answer from " + address.to_string() + " within 50 ms");
}

TEST_CASE_METHOD(loopback, "close() ends a connect() that is under way", "[base][stream]")
{
    auto address = to(acceptor);
    address.how = stream_address::kind::tls;
    stream s{context.get_executor()};
    net::steady_timer soon{context, 10ms};
    soon.async_wait([&](error_code) { s.close(); });
    auto const connected = await(context, s.connect(address, 10s));
    REQUIRE_FALSE(connected);
    CHECK(connected.error().message == "cannot connect to " + address.to_string() + ": given up");
}

TEST_CASE_METHOD(loopback, "a stream can be connected again after it was closed", "[base][stream]")
{
    stream s{context.get_executor()};
    REQUIRE(await(context, s.connect(to(acceptor), 5s)));
    s.close();
    CHECK_FALSE(s.is_open());
    REQUIRE(await(context, s.connect(to(acceptor), 5s)));
    CHECK(s.is_open());
}

TEST_CASE("a stream that spoke TLS can speak plainly afterwards", "[base][stream]")
{
    tls_server server{"DNS:localhost"};
    tcp::acceptor plain{server.context, {net::ip::address_v4::loopback(), 0}};
    net::co_spawn(server.context, serve_plain(plain), net::detached);
    auto secret = to(server.acceptor, "localhost");
    secret.how = stream_address::kind::tls;
    secret.ca_file = server.ca_file;
    auto const both = [&]() -> net::awaitable<std::string> {
        stream s{server.context.get_executor()};
        std::string all;
        std::string const hello = "hello";
        for (auto const& address : {secret, to(plain)}) {
            auto const connected = co_await s.connect(address, 5s);
            if (!connected) co_return connected.error().message;
            std::string answer(9, ' ');
            co_await net::async_write(s, net::buffer(hello), net::use_awaitable);
            co_await net::async_read(s, net::buffer(answer), net::use_awaitable);
            all += answer + ";";
        }
        co_return all;
    };
    CHECK(await(server.context, both()) == "got hello;got hello;");
}
