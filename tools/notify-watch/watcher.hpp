// SPDX-License-Identifier: MIT
//
// The work of notify-watch: shows each notification, keeps where it stands (--resume), gives it to
// the command, and reports on standard error what happens to the connection. It ends after --count
// notifications, when what is stored has been shown (--history), when the time is up, or when
// nobody reads standard output any more.
//
// Used by one thread.
#pragma once

#include "base/net.hpp"
#include "cli/run.hpp"
#include "client/notification_client.hpp"
#include "command_queue.hpp"
#include "options.hpp"
#include "output_watch.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

class watcher : private notification_listener {
public:
    watcher(net::any_io_executor const& executor, watch_options options);

    // Watches until the end. Throws cli::failure. REQUIRES: called once.
    [[nodiscard]] net::awaitable<cli::exit_code> run();

private:
    void on_subscribed() override;
    void on_notification(notification n) override;
    void on_position(position const& where) override;
    void on_gap() override;
    void on_missed(std::string const& why) override;
    void on_lost(std::string const& why, std::chrono::milliseconds pause) override;

    void on_time_up();
    void run_command(received r);
    void keep(position const& where);
    void lack_positions();
    void finish(cli::exit_code code);
    void status(std::string_view line) const;
    [[nodiscard]] cli::failure unreachable(std::string const& why) const;

    enum class contact : std::uint8_t { none, up, lost };

    std::optional<position_file> resume_;
    watch_options const options_;
    notification_client client_;
    command_queue commands_;
    output_watch output_;
    net::steady_timer time_limit_;
    contact contact_ = contact::none;
    bool has_position_ = false;  // the gateway has said where we stand
    std::uint64_t seen_ = 0;
    std::uint64_t left_out_ = 0;          // notifications that did not fit into the command queue
    std::optional<cli::exit_code> code_;  // once it is ending
};

// Runs notify-watch. Throws cli::failure.
[[nodiscard]] net::awaitable<cli::exit_code> watch(watch_options options);

}  // namespace notify
