// SPDX-License-Identifier: MIT
#include "wire/engine_server.hpp"

#include "support/catch.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <new>
#include <string>
#include <tuple>
#include <vector>

#include <poll.h>
#include <sys/socket.h>

using namespace notify;

TEST_CASE("the clock of a shard goes on after a tick that has failed", "[wire][unit]")
{
    capacity limits;
    engine_server server{{}, {}, limits, {net::ip::address_v4::loopback(), 0}};
    int ticks = 0;
    server.set_duties({.tick = [&] {
        if (++ticks == 1) throw std::bad_alloc{};
        if (ticks == 3) server.stop();
    }});
    server.run();
    CHECK(ticks > 3);
}

TEST_CASE("clients in the queue of a port that is handed over are served before it is closed",
          "[wire][unit]")
{
    capacity limits;
    engine_server server{{}, {}, limits, {net::ip::address_v4::loopback(), 0}};
    tcp::endpoint const at{net::ip::address_v4::loopback(), server.port()};
    net::io_context clients;
    std::vector<tcp::socket> queued;
    for (int i = 0; i < 200; ++i) {
        queued.emplace_back(clients).connect(at);
        std::string const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        net::write(queued.back(), net::buffer(request));
    }
    // Who comes while the port is being closed gets no answer from this process.
    tcp::socket early{clients};
    early.open(tcp::v4());
    early.non_blocking(true);
    int ticks = 0;
    bool is_answered = true;
    auto const try_early = [&] {
        if (++ticks != 5) return;
        ::connect(early.native_handle(), at.data(), static_cast<socklen_t>(at.size()));
        pollfd ready{early.native_handle(), POLLOUT, 0};
        is_answered = ::poll(&ready, 1, 0) != 0;
    };
    int drained = 0;
    server.set_duties({.tick = try_early, .drained = [&] {
                           ++drained;
                           server.stop();
                       }});
    // There is no session to wait for: it is over as soon as the port is closed.
    server.drain(milliseconds{20'000});
    server.run();
    CHECK(drained == 1);
    CHECK_FALSE(is_answered);
    for (tcp::socket& s : queued) {
        std::string answer;
        error_code ec;
        std::ignore = net::read(s, net::dynamic_buffer(answer), ec);
        CHECK(answer.starts_with("HTTP/1.1 404"));
        CHECK(answer.find("\r\nConnection: close\r\n") != answer.npos);
    }
    error_code ec;
    tcp::socket late{clients};
    late.connect(at, ec);
    CHECK(ec == net::error::connection_refused);
}
