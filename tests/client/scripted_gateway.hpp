// SPDX-License-Identifier: MIT
//
// A gateway on loopback that does what a test says, step by step: it accepts one
// connection after the other and gives each to the next of its scripts. A peer
// speaks in whole packets, or in raw bytes where a test wants to break something.
#pragma once

#include "base/net.hpp"
#include "client/gateway_url.hpp"
#include "client/websocket_handshake.hpp"
#include "protocol/websocket_accept.hpp"
#include "protocol/websocket_frame.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <fmt/format.h>

#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace notify::test {

class peer {
public:
    explicit peer(tcp::socket socket) : socket_(std::move(socket)) {}

    // Reads the request for the WebSocket.
    net::awaitable<void> read_request()
    {
        boost::beast::flat_buffer buffer;
        co_await boost::beast::http::async_read(socket_, buffer, request, net::use_awaitable);
    }

    // Reads it and answers it, with more behind the head.
    net::awaitable<void> accept(std::string more = {})
    {
        co_await read_request();
        auto const key = request[boost::beast::http::field::sec_websocket_key];
        co_await write(fmt::format("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                   "Connection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n{}",
                                   ws::accept_for({key.data(), key.size()}), more));
    }

    net::awaitable<void> write(std::string bytes)
    {
        co_await net::async_write(socket_, net::buffer(bytes), net::use_awaitable);
    }

    net::awaitable<void> send(std::string packet) { co_await write(frame(packet)); }

    // Returns the next message of the client, or "(end)".
    net::awaitable<std::string> receive()
    {
        for (;;) {
            auto const e = frames_.next(input_, ws::role::server, 1'000'000);
            if (e.what != ws::event::kind::need_more) co_return std::string{e.payload};
            error_code ec;
            auto const n = co_await socket_.async_read_some(
                net::buffer(bytes_), net::redirect_error(net::use_awaitable, ec));
            if (ec) co_return "(end)";
            input_ = std::span{bytes_}.first(n);
        }
    }

    // Greets and lets in. Returns the CONNECT of the client.
    net::awaitable<std::string> welcome(int ping_interval = 25'000, int ping_timeout = 20'000)
    {
        co_await accept();
        co_await send(fmt::format(R"(0{{"sid":"s","pingInterval":{},"pingTimeout":{}}})",
                                  ping_interval, ping_timeout));
        auto connect = co_await receive();
        co_await send(R"(40/io/user/notifications,{"sid":"t"})");
        co_return connect;
    }

    // welcome(), and the subscription confirmed.
    net::awaitable<std::string> subscribe(int ping_interval = 25'000, int ping_timeout = 20'000)
    {
        auto connect = co_await welcome(ping_interval, ping_timeout);
        co_await internal("success", "SUBSCRIPTION_OK");
        co_return connect;
    }

    net::awaitable<void> internal(std::string type, std::string code)
    {
        co_await send(fmt::format(
            R"(42/io/user/notifications,["internal",{{"type":"{}","code":"{}","message":"m"}}])",
            type, code));
    }

    net::awaitable<void> notify(std::string text)
    {
        co_await send(
            fmt::format(R"(42/io/user/notifications,["notification",{{"message":"{}"}}])", text));
    }

    // A server's text frame that holds packet.
    static std::string frame(std::string_view packet)
    {
        std::array<char, ws::max_header_size> head;
        auto const size = ws::write_header(head, ws::opcode::text, packet.size());
        return std::string{head.data(), size}.append(packet);
    }

    boost::beast::http::request<boost::beast::http::empty_body> request;

private:
    tcp::socket socket_;
    ws::frame_reader frames_;
    std::array<char, 4096> bytes_;
    std::span<char> input_;
};

class scripted_gateway {
public:
    using script = std::function<net::awaitable<void>(peer&)>;

    scripted_gateway(net::io_context& context, std::vector<script> scripts)
        : acceptor_(context, {net::ip::address_v4::loopback(), 0}), scripts_(std::move(scripts))
    {
        // A script that a test has abandoned ends with its context.
        net::co_spawn(context, run(), [](std::exception_ptr) {});
    }

    [[nodiscard]] gateway_url url() const
    {
        auto const port = acceptor_.local_endpoint().port();
        return parse_gateway_url(fmt::format("http://127.0.0.1:{}", port)).value();
    }

private:
    net::awaitable<void> run()
    {
        for (auto const& s : scripts_) {
            peer p{co_await acceptor_.async_accept(net::use_awaitable)};
            co_await s(p);
        }
        acceptor_.close();
    }

    tcp::acceptor acceptor_;
    std::vector<script> scripts_;
};

}  // namespace notify::test
