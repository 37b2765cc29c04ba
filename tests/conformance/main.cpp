// SPDX-License-Identifier: MIT
//
// echo_server: the Socket.IO layer of core alone, without Redis, users or a web
// app. What others wrote to test Socket.IO, Engine.IO and WebSocket servers runs
// against it.
#include "cli/run.hpp"
#include "echo_namespace.hpp"
#include "echo_sessions.hpp"
#include "http/origin_policy.hpp"
#include "options.hpp"
#include "socketio/offered_namespaces.hpp"
#include "websocket_echo.hpp"
#include "wire/engine_server.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

namespace notify::conformance {

namespace {

class echo_server {
public:
    explicit echo_server(echo_options const& options) : options_{options}
    {
        std::ignore = anybody_.allow("*");
        for (auto const* name : {"/", "/custom"}) socket_io_.offer(name, echo_);
        if (options.sio)
            listen(*options.sio, "Socket.IO").serve("/socket.io/", socket_io_, anybody_);
        if (options.eio)
            listen(*options.eio, "Engine.IO").serve("/engine.io/", engine_io_, anybody_);
        if (options.ws) {
            auto const service = std::make_shared<websocket_echo>(options.max_message);
            engine_server& server = listen(*options.ws, "WebSocket");
            server.routes().add("*", service);
            server.set_duties(
                {.tick = [] {}, .stopping = [service] { service->stop(); }, .stopped = [] {}});
        }
    }

    // Until SIGINT or SIGTERM.
    void run()
    {
        net::io_context loop;
        net::signal_set signals{loop, SIGINT, SIGTERM};
        std::vector<std::thread> threads;
        for (auto const& s : servers_) threads.emplace_back([&s] { s->run(); });
        std::fflush(stdout);
        signals.async_wait([this](error_code, int) {
            for (auto const& s : servers_) s->stop();
        });
        loop.run();
        for (std::thread& t : threads) t.join();
    }

private:
    engine_server& listen(std::uint16_t port, char const* what)
    {
        tcp::endpoint const at{net::ip::address_v4::loopback(), port};
        servers_.push_back(
            std::make_unique<engine_server>(options_.engine, http_options{}, capacity_, at));
        fmt::print("{} listens on http://127.0.0.1:{}\n", what, servers_.back()->port());
        return *servers_.back();
    }

    echo_options const options_;
    capacity capacity_;
    origin_policy anybody_;
    echo_namespace echo_;
    echo_sessions engine_io_;
    sio::offered_namespaces socket_io_;
    std::vector<std::unique_ptr<engine_server>> servers_;
};

}  // namespace

}  // namespace notify::conformance

int main(int argc, char** argv)
{
    return notify::cli::run("echo_server", [&] {
        notify::conformance::echo_server server{notify::conformance::parse_options(argc, argv)};
        server.run();
        return notify::cli::exit_code::done;
    });
}
