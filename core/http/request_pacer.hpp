// SPDX-License-Identifier: MIT
//
// Who may ask a server, and when: a bounded number at a time, and the others stand
// in a line in which turns go round among clients (fair_line.hpp) and each has a
// short one of its own. Whoever asks for ever delays another by a turn, and pushes
// out what is its own; a crowd of many, as after a restart, waits.
//
// A server that is down is asked by one at a time, with growing pauses. Whoever
// comes meanwhile waits for that try and shares its failure, so that a crowd that
// asks again and again costs a server that is starting no more than one request.
//
// Belongs to one shard.
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
    std::size_t at_once = 8;
    std::chrono::milliseconds max_wait{30'000};  // for a turn
    std::size_t max_waiting = 10'000;
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
    request_pacer(net::io_context& loop, pacer_options const& options)
        : loop_{loop},
          options_{options},
          pauses_{options.first_pause, options.longest_pause},
          pause_{loop}
    {
    }

    // Waits for a turn, as one of those that this client waits for. The error is half a
    // sentence, to go after whom it is about.
    [[nodiscard]] net::awaitable<result<void>> take_turn(std::uint64_t client);
    // REQUIRES: a turn was taken, and is not ended yet.
    void end_turn(ask_outcome how) noexcept;

    // Ends the turn that was taken, with what came of it.
    struct turn {
        explicit turn(request_pacer& p) : pacer{p} {}
        ~turn() { pacer.end_turn(outcome); }
        turn(turn const&) = delete;
        turn& operator=(turn const&) = delete;

        request_pacer& pacer;
        ask_outcome outcome = ask_outcome::failed;
    };

    // Lets all who wait fail.
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
    std::size_t asking_ = 0;
    std::size_t unreachable_ = 0;  // times in a row
    backoff pauses_;
    net::steady_timer pause_;  // until the next try while the server is down
    bool pausing_ = false;
    bool stopped_ = false;
    line waiting_;
};

}  // namespace notify
