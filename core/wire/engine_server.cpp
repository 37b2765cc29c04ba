// SPDX-License-Identifier: MIT
#include "wire/engine_server.hpp"

#include "base/paced_line.hpp"
#include "base/until_memory.hpp"
#include "http/http_connection.hpp"
#include "wire/engine_endpoint.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

namespace notify {

namespace {

// Sessions and connections have this long to end by themselves when the server stops. A socket
// lingers for two seconds at most (http/lingering_close), so what is still open then is a client
// that reads nothing, or a request that is not answered.
constexpr milliseconds patience{3'000};

}  // namespace

// Sessions ask for a flush by a posted function: all that is sent within one handler of the loop
// leaves together, one write for each client.
engine_server::engine_server(eio::engine_options const& engine, http_options const& http,
                             capacity& limits, tcp::endpoint const& at, std::size_t number,
                             std::size_t count)
    : sessions_{engine, limits, clock_,
                [this] { net::post(loop_, [this] { sessions_.flushes.flush(); }); }},
      http_{loop_, http, clock_, limits},
      listener_{http_, router_, at},
      ticks_{loop_}
{
    http_.shard = number;
    http_.shard_count = count;
}

// One endpoint for both spellings: clients leave the last slash out if they were configured so.
void engine_server::serve(std::string path, eio::session_acceptor& application,
                          origin_policy const& origins)
{
    auto const endpoint = std::make_shared<engine_endpoint>(http_, sessions_, application, origins);
    router_.add(path, endpoint);
    path.pop_back();
    router_.add(std::move(path), endpoint);
}

// What is done for one client fails for that client only (session::attempt, spawn). What fails all
// the same, by a bug or for want of memory, must not end the others: Asio lets run() be called
// again after an exception, and the handlers that were not run are still there. Paced, since a
// failure that comes with each tick would fill the log.
void engine_server::run()
{
    listener_.start();
    wait_for_tick();
    paced_line line;
    for (;;) {
        try {
            loop_.run();
            return;
        } catch (std::exception const& e) {
            if (auto const unsaid = line.due())
                spdlog::error("shard {}: a handler ended by an exception: {} (and {} before)",
                              http_.shard, e.what(), *unsaid);
        }
    }
}

// Waits for the next tick first: whatever becomes of this one, the clock goes on. Without it the
// shard would have no heartbeat and no deadline any more, and SIGTERM would not end it.
void engine_server::tick()
{
    wait_for_tick();
    auto const since =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began_);
    clock_.advance(static_cast<time_ms>(since.count()));
    // Sessions whose flush could not be posted for want of memory; nearly always none.
    sessions_.flushes.flush();
    duties_.tick();
    if (drain_) continue_drain();
    if (http_.stopping) continue_stop();
}

void engine_server::wait_for_tick()
{
    ticks_.expires_after(clock_.tick());
    auto const on_time = [this](error_code ec) {
        if (!ec) tick();
    };
    until_memory([&] { ticks_.async_wait(on_time); });
}

void engine_server::adopt(arrival from)
{
    // Posted functions must be copyable, and an arrival has one owner.
    auto const owned = std::make_shared<arrival>(std::move(from));
    net::post(loop_, [this, owned] {
        if (!http_.stopping) http_connection::begin(http_, router_, std::move(*owned));
    });
}

void engine_server::drain(milliseconds within)
{
    net::post(loop_, [this, within] { begin_drain(within); });
}

// Connections that have begun a request are served to its end. Idle ones are closed at once: a
// proxy that keeps them would send the handshakes of new clients here.
void engine_server::begin_drain(milliseconds within)
{
    if (http_.ends_connections()) return;
    http_.draining = true;
    drain_.emplace(clients(), clock_.now(), within);
    listener_.hand_over();
    for (listed_connection& c : http_.connections) c.cancel_if_idle();
}

// With each tick while draining: sessions first, then streams.
void engine_server::continue_drain()
{
    std::size_t const most = drain_->may_stay(clock_.now());
    if (std::size_t const open = clients(); open > most) {
        std::size_t const sessions = std::min(open - most, sessions_.sessions.size());
        for (auto const& s : sessions_.sessions.some(sessions))
            s->close(eio::close_reason::shutdown);
    }
    while (clients() > most && !http_.streams.empty()) http_.streams.front().end();
    if (listener_.is_open() || clients() > 0) return;
    drain_.reset();
    duties_.drained();
}

void engine_server::stop()
{
    net::post(loop_, [this] { begin_stop(); });
}

// Sessions first, with the words that they have for their clients; then the connections that nobody
// waits for. Requests that are being answered go on, and GETs that waited are answered by their
// session's end. The table is copied by all(), since closing a session takes it out.
void engine_server::begin_stop()
{
    if (http_.stopping) return;
    http_.stopping = true;
    drain_.reset();
    stop_deadline_ = clock_.after(patience);
    listener_.stop();
    until_memory([this] {
        for (auto const& s : sessions_.sessions.all()) s->close(eio::close_reason::shutdown);
    });
    for (listed_connection& c : http_.connections) c.stop_if_resting();
    duties_.stopping();
}

// With each tick while stopping. When patience is over, what is left is cut; coroutines see their
// sockets closed and end on the loop.
void engine_server::continue_stop()
{
    bool const done = http_.open == 0;
    if (!done && clock_.now() < stop_deadline_) return;
    for (listed_connection& c : http_.connections) c.cancel();
    finish_stop();
}

// Gives up all that keeps the loop from running out of work, so that run() returns.
void engine_server::finish_stop()
{
    http_.lingering.clear_and_dispose([](lingering* l) { delete l; });
    http_.wires.stop();
    duties_.stopped();
    ticks_.cancel();
    work_.reset();
}

}  // namespace notify
