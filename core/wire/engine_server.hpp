// SPDX-License-Identifier: MIT
//
// One thread that serves Engine.IO over HTTP, for any application: its loop, its
// listener, its sessions and their clock. It knows nothing of what the sessions
// are for.
//
// Made and destroyed anywhere, but its parts belong to the thread in run().
#pragma once

#include "base/capacity.hpp"
#include "base/net.hpp"
#include "base/shard_clock.hpp"
#include "http/arrival.hpp"
#include "http/http_context.hpp"
#include "http/http_options.hpp"
#include "http/listener.hpp"
#include "http/origin_policy.hpp"
#include "http/router.hpp"
#include "session/engine_options.hpp"
#include "session/session_context.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace notify {

class engine_server {
public:
    // What else its thread has to do. All are called on that thread.
    struct duties {
        std::function<void()> tick = [] {};      // some times a second
        std::function<void()> stopping = [] {};  // stop() was called
        std::function<void()> stopped = [] {};   // all connections are closed; run() returns
                                                 // when nothing else is left on the loop
    };

    // Number number of count servers that share a port and hand connections to
    // each other and share limits. Binds the port; throws boost::system::system_error
    // if that fails. REQUIRES: limits outlive it.
    engine_server(eio::engine_options const& engine, http_options const& http, capacity& limits,
                  tcp::endpoint const& at, std::size_t number = 0, std::size_t count = 1);

    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

    // --- before run() ---

    [[nodiscard]] net::io_context& loop() { return loop_; }
    [[nodiscard]] shard_clock& clock() { return clock_; }
    [[nodiscard]] http_context& http() { return http_; }
    [[nodiscard]] eio::session_context& sessions() { return sessions_; }
    [[nodiscard]] router& routes() { return router_; }

    // Serves Engine.IO at path, with or without the slash that ends it, for pages
    // of these origins. REQUIRES: both references outlive the server.
    void serve(std::string path, eio::session_acceptor& application, origin_policy const& origins);

    void set_duties(duties d) { duties_ = std::move(d); }

    // Accepts and serves until stop() and all is closed.
    void run();

    // --- from any thread ---

    // Takes over a connection whose session is here.
    void adopt(arrival from);

    // Stops accepting, closes the sessions, and lets run() return within 4 seconds.
    void stop();

private:
    void tick();
    void wait_for_tick();
    void begin_stop();
    void continue_stop();
    void finish_stop();

    net::io_context loop_{1};
    net::executor_work_guard<net::io_context::executor_type> work_{loop_.get_executor()};
    std::chrono::steady_clock::time_point const began_ = std::chrono::steady_clock::now();
    shard_clock clock_;
    eio::session_context sessions_;
    http_context http_;
    router router_;
    listener listener_;
    net::steady_timer ticks_;
    duties duties_;
    time_ms stop_deadline_ = 0;
};

}  // namespace notify
