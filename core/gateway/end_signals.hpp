// SPDX-License-Identifier: MIT
//
// The signals that end a gateway, and those that do not.
//
// SIGINT and SIGTERM end it. SIGHUP, SIGUSR1 and SIGUSR2 do not, unlike by default: logrotate,
// `systemctl reload` and a shell that goes away send them, and each would cut all clients at once.
// A gateway that runs in the foreground still ends with its terminal.
//
// Made and used by the main thread, before the shards start. How signals are handled is a property
// of the whole process, so there is one object.
#pragma once

#include "base/net.hpp"

#include <boost/asio/signal_set.hpp>

#include <string_view>

namespace notify {

class end_signals {
public:
    // From now on SIGHUP, SIGUSR1 and SIGUSR2 end nothing. SIGINT and SIGTERM end the process as
    // usual until wait() is called, so that a start that hangs can be ended.
    end_signals();

    // The loop that wait() runs, for what the waiting thread does besides.
    [[nodiscard]] net::io_context& loop() { return loop_; }

    // Runs loop() until SIGINT or SIGTERM comes, or the terminal to which the log goes is closed.
    // Returns which of these, as a phrase for the log.
    [[nodiscard]] std::string_view wait();

private:
    [[nodiscard]] bool terminal_is_closed() const;

    net::io_context loop_{1};
    net::signal_set signals_{loop_};
    bool const on_terminal_;  // stderr was a terminal at the start
};

}  // namespace notify
