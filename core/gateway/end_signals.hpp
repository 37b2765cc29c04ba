// SPDX-License-Identifier: MIT
//
// The signals that end a gateway, and those that do not.
//
// SIGINT and SIGTERM end it, the latter gently (gateway::hand_over). SIGHUP, SIGUSR1 and SIGUSR2 do
// not, unlike by default: logrotate, `systemctl reload` and a shell that goes away send them, and
// each would cut all clients at once. A gateway that runs in the foreground still ends with its
// terminal.
//
// Made and used by the main thread, before the shards start. How signals are handled is a property
// of the whole process, so there is one object.
#pragma once

#include "base/net.hpp"

#include <boost/asio/signal_set.hpp>

#include <cstdint>
#include <string_view>

namespace notify {

enum class end_signal : std::uint8_t {
    interrupt,        // SIGINT: somebody sits there and waits
    terminate,        // SIGTERM
    terminal_closed,  // to which the log goes
    none,             // give_up() was called
};

// Returns a phrase for the log, such as "SIGTERM"; a literal.
[[nodiscard]] std::string_view name_of(end_signal s);

class end_signals {
public:
    // From now on SIGHUP, SIGUSR1 and SIGUSR2 end nothing. SIGINT and SIGTERM end the process as
    // usual until wait() is called, so that a start that hangs can be ended.
    end_signals();

    // The loop that wait() runs, for what the waiting thread does besides.
    [[nodiscard]] net::io_context& loop() { return loop_; }

    // Runs loop() until SIGINT or SIGTERM comes, or the terminal to which the log goes is closed,
    // or give_up() is called. Returns which of these. May be called again, for the next signal.
    [[nodiscard]] end_signal wait();
    // Lets wait() return without a signal. Called from within loop().
    void give_up() { given_up_ = true; }

private:
    [[nodiscard]] bool terminal_is_closed() const;

    net::io_context loop_{1};
    net::signal_set signals_{loop_};
    int caught_ = 0;  // the newest signal; 0: none since the last wait()
    bool given_up_ = false;
    bool const on_terminal_;  // stderr was a terminal at the start
};

}  // namespace notify
