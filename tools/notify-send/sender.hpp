// SPDX-License-Identifier: MIT
//
// Stores rows, or publishes them (--live), over one connection. It keeps a window of commands under
// way, and each reply makes room for the next: with one at a time, each row would cost a round
// trip.
#pragma once

#include "cli/exit_code.hpp"
#include "options.hpp"
#include "publish/publisher.hpp"
#include "report.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace notify {

class sender {
public:
    // REQUIRES: all three outlive it.
    sender(redis::redis_client& redis, send_options const& options, report& told);

    // Returns when the report has been told of every row: done, or unreachable if Redis was lost.
    [[nodiscard]] net::awaitable<cli::exit_code> run();

private:
    // Has Redis remember what is run for each row, so that the rows keep their order.
    [[nodiscard]] net::awaitable<void> prepare();
    void fill();
    void send(row const& r);
    void on_result(row const& r, std::optional<publish_error> const& failed);
    [[nodiscard]] bool room() const;

    redis::redis_client& redis_;
    publisher publisher_;
    send_options const& options_;
    std::vector<row> const& rows_;
    report& told_;
    net::steady_timer finished_;
    std::size_t next_ = 0;    // the first row that was not sent to Redis
    std::size_t on_way_ = 0;  // commands without a reply…
    std::size_t bytes_ = 0;   // …and their messages
    std::string lost_;        // why Redis is gone
};

// Runs notify-send: sends or checks the rows and reports. REQUIRES: both outlive it.
[[nodiscard]] net::awaitable<cli::exit_code> run_send(send_options const& options, report& told);

}  // namespace notify
