// SPDX-License-Identifier: MIT
//
// One thread that serves Engine.IO over HTTP, for any application: its loop, its listener, its
// sessions and their clock. It knows nothing of what the sessions are for: gateway/shard adds Redis
// and the users, and the conformance tests run it without either.
//
// A process has one for each thread, its shards. Each has all of its clients' state to itself, so
// nothing in here is locked. Shards share the port (listener.hpp), the limits (base/capacity), and
// hand connections to each other (adopt).
//
// Made and destroyed on any thread, but its parts belong to the thread in run().
//
// How it hands its clients over. drain() closes the port gently (listener::hand_over), takes no new
// session, and closes sessions and streams of events evenly over a time (drain.hpp). A new stream
// is served until it is its turn, since a browser's EventSource would give up if it was refused.
// The clients connect again, and reach another process that has the port or is behind the same
// proxy. A polling session ends earlier if its next request goes there: each answer is the last on
// its connection. Then somebody has to call stop().
//
// How it stops. stop() closes the port and ends all sessions, which tell their clients. HTTP
// requests under way may finish. When no socket is open any more, or after 3 seconds, the rest is
// cut, and run() returns.
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
#include "wire/drain.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace notify {

class engine_server {
public:
    // What else its thread has to do. All are called on that thread. What one throws is logged, and
    // the loop goes on.
    struct duties {
        std::function<void()> tick = [] {};      // with each tick of the clock, 20 ms apart
        std::function<void()> drained = [] {};   // the port is closed, and no session is left
        std::function<void()> stopping = [] {};  // stop() was called; sessions have ended
        // All connections are closed. run() returns when nothing else is left on the loop, so
        // whatever waits on it, such as a connection to Redis, has to be ended here.
        std::function<void()> stopped = [] {};
    };

    // The server with this number, from 0, of `count` servers that share a port and limits. Binds
    // the port, but accepts nothing before run(). Throws boost::system::system_error if the port
    // cannot be bound or the kernel has no more descriptors. REQUIRES: limits outlive it; count is
    // at most max_shards; number < count.
    engine_server(eio::engine_options const& engine, http_options const& http, capacity& limits,
                  tcp::endpoint const& at, std::size_t number = 0, std::size_t count = 1);

    // The port that was bound, also if 0 was asked for.
    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

    // --- before run(), or on its thread ---

    [[nodiscard]] net::io_context& loop() { return loop_; }
    [[nodiscard]] shard_clock& clock() { return clock_; }
    [[nodiscard]] http_context& http() { return http_; }
    [[nodiscard]] eio::session_context& sessions() { return sessions_; }
    [[nodiscard]] router& routes() { return router_; }

    // Serves Engine.IO at path, with or without its last slash, for pages of these origins.
    // REQUIRES: path ends with a slash; both references outlive the server.
    void serve(std::string path, eio::session_acceptor& application, origin_policy const& origins);

    void set_duties(duties d) { duties_ = std::move(d); }

    // Accepts and serves. Returns after stop(), when all is closed. Called once.
    void run();

    // --- from any thread ---

    // Takes over a connection whose session is here, and serves the request that was read of it. If
    // the server stops, the connection is closed. Throws std::bad_alloc, and it is closed then.
    void adopt(arrival from);

    // Hands the clients over within this time, and calls duties::drained then. Returns at once;
    // does nothing if it was called before, or after stop(). REQUIRES: within > 0.
    void drain(milliseconds within);

    // Stops accepting, closes the sessions, and lets run() return within 4 seconds. Returns at
    // once; a second call does nothing.
    void stop();

private:
    void tick();
    void wait_for_tick();
    // What a shard hands over: sessions and streams of events.
    [[nodiscard]] std::size_t clients() const
    {
        return sessions_.sessions.size() + http_.stream_count;
    }
    void begin_drain(milliseconds within);
    void continue_drain();
    void begin_stop();
    void continue_stop();
    void finish_stop();

    // In this order: what is below refers to what is above, and is destroyed first.
    net::io_context loop_{1};  // one thread, so Asio needs no locks
    // Keeps run() from returning before finish_stop().
    net::executor_work_guard<net::io_context::executor_type> work_{loop_.get_executor()};
    std::chrono::steady_clock::time_point const began_ = std::chrono::steady_clock::now();
    shard_clock clock_;
    eio::session_context sessions_;
    http_context http_;
    router router_;
    listener listener_;
    net::steady_timer ticks_;  // the one timer of Asio that drives clock_
    duties duties_;
    std::optional<notify::drain> drain_;  // until it is over
    time_ms stop_deadline_ = 0;           // while stopping: what is still open then is cut
};

}  // namespace notify
