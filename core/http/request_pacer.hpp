// SPDX-License-Identifier: MIT
//
// Who may ask a server, and when. http_client has one, so that ten thousand browsers that come back
// after a restart do not become ten thousand requests to the web app at once.
//
// A bounded number asks at a time. The others wait in a line in which turns go round among clients
// (fair_line.hpp), and in which each client may have a short line of its own. A client that asks
// without end delays another one by a turn and pushes out what is its own; a crowd of many waits.
//
// When the server was unreachable three times in a row, it counts as down. It is asked by one
// request at a time then, with growing pauses (base/backoff). Whoever comes meanwhile waits for
// that try and shares its failure: clients that try again and again cost a server that is just
// starting no more than one request. One answer, of whatever status but 502 to 504, ends that.
//
// Belongs to one shard. A gateway of N threads asks N times at_once at most.
#pragma once

#include "base/backoff.hpp"
#include "base/net.hpp"
#include "base/result.hpp"
#include "http/fair_line.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace notify {

struct pacer_options {
    std::size_t at_once = 8;                     // requests under way
    std::chrono::milliseconds max_wait{30'000};  // for a turn
    std::size_t max_waiting = 10'000;            // of all clients; bounds the memory of the line
    std::size_t max_waiting_each = 100;          // of one client
    std::chrono::milliseconds first_pause{100};  // between tries while the server is down
    std::chrono::milliseconds longest_pause{2'000};
};

// What came of a turn.
enum class ask_outcome {
    answered,
    failed,       // this once, which says nothing of the server
    unreachable,  // the server is not there, or silent
};

class request_pacer {
public:
    // REQUIRES: loop outlives this.
    request_pacer(net::io_context& loop, pacer_options const& options)
        : loop_{loop},
          options_{options},
          pauses_{options.first_pause, options.longest_pause},
          pause_{loop}
    {
    }

    // Waits for a turn on behalf of a client; returns at once if one is free. Each turn that was
    // taken must be ended: see `turn`.
    //
    // The error is half a sentence, to go after the name of the server: max_wait is over, this
    // request was crowded out, the server is down, or stop(). Throws std::bad_alloc, and nothing
    // was taken. REQUIRES: the pacer outlives the coroutine.
    [[nodiscard]] net::awaitable<result<void>> take_turn(std::uint64_t client);
    // Gives the turn back, and with it to the next in line, which resumes later. how: see
    // ask_outcome. REQUIRES: a turn was taken, and is not ended yet.
    void end_turn(ask_outcome how) noexcept;

    // Ends a turn that was taken when it goes out of scope. The outcome is `failed` unless the
    // owner says more, so an exception counts neither for nor against the server.
    struct turn {
        explicit turn(request_pacer& p) : pacer{p} {}
        ~turn() { pacer.end_turn(outcome); }
        turn(turn const&) = delete;
        turn& operator=(turn const&) = delete;

        request_pacer& pacer;
        ask_outcome outcome = ask_outcome::failed;
    };

    // Fails all who wait, and all who come later. Turns that were taken go on.
    void stop();

private:
    struct waiter;
    struct place;
    using line = fair_line<std::shared_ptr<waiter>>;

    [[nodiscard]] bool down() const;
    [[nodiscard]] bool may_ask() const;
    void grant_turns();
    void refuse_waiting();

    net::io_context& loop_;
    pacer_options const options_;
    std::size_t asking_ = 0;       // turns that are taken
    std::size_t unreachable_ = 0;  // outcomes in a row
    backoff pauses_;
    net::steady_timer pause_;  // until the next try while the server is down
    bool pausing_ = false;     // pause_ runs; nobody may ask
    bool stopped_ = false;
    line waiting_;  // those in state `waiting` only
};

}  // namespace notify
