// SPDX-License-Identifier: MIT
//
// The signals that end a gateway, and those that do not: logrotate, `systemctl
// reload` and a shell that goes away send SIGHUP, and others SIGUSR1, to a process
// that serves many. The system's default would cut all of its clients at once.
//
// One thread makes it and waits.
#pragma once

#include "base/net.hpp"

#include <boost/asio/signal_set.hpp>

#include <string_view>

namespace notify {

class end_signals {
public:
    // From now on SIGHUP, SIGUSR1 and SIGUSR2 end nothing.
    end_signals();

    // For what the waiting thread does besides.
    [[nodiscard]] net::io_context& loop() { return loop_; }

    // Waits for SIGINT or SIGTERM, or until the terminal that the log went to is
    // closed. Returns which, for the log.
    [[nodiscard]] std::string_view wait();

private:
    [[nodiscard]] bool terminal_is_closed() const;

    net::io_context loop_{1};
    net::signal_set signals_{loop_};
    bool const on_terminal_;
};

}  // namespace notify
