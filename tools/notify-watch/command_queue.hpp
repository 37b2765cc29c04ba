// SPDX-License-Identifier: MIT
//
// Runs a command for each notification (--exec): one at a time, in order, with the message on its
// standard input. No shell ever parses the message: the sender of a notification must not be able
// to run anything.
//
// A slow command delays only the commands after it. The queue is limited; a notification that does
// not fit is shown, but not given to the command.
//
// Standard output is for our results, so a command's output goes to standard error, like the report
// of one that fails. Used by one thread.
#pragma once

#include "base/net.hpp"
#include "received.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/writable_pipe.hpp>

#include <cstddef>
#include <deque>
#include <string>

#include <sys/types.h>

namespace notify {

class command_queue {
public:
    static constexpr std::size_t most_waiting = 1'000;
    static constexpr std::size_t most_bytes = 64 * 1024 * 1024;

    command_queue(net::any_io_executor const& executor, std::string command);

    // Returns false if there is no room for r.
    [[nodiscard]] bool try_push(received r);

    // How many commands have failed, or could not be run.
    [[nodiscard]] std::size_t failed() const { return failed_; }

    // Waits until the last command has ended.
    [[nodiscard]] net::awaitable<void> drained();

private:
    void run_next();
    void start(received r);
    void write_message();
    void await_end();
    void on_end(int status);
    void fail(std::string const& why);

    std::string const command_;
    net::signal_set child_ended_;
    net::steady_timer idle_;    // never expires; cancelled when the last command has ended
    net::writable_pipe input_;  // of the running command
    std::string message_;       // what is being written to input_
    std::deque<received> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::size_t failed_ = 0;
    pid_t child_ = 0;  // 0: none is running
};

}  // namespace notify
