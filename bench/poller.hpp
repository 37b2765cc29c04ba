// SPDX-License-Identifier: MIT
//
// The load generator's event loop: bare epoll, level-triggered, one thread. It must be cheap, since
// it shares the machine with the server that it measures.
#pragma once

#include "base/unique_fd.hpp"

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>

namespace notify::bench {

// Throws std::system_error with errno if a system call's result is negative.
void check(int returned, char const* what);

class poller {
public:
    using milliseconds = std::chrono::milliseconds;

    // The poller does not own it: remove() it before it is destroyed or its descriptor is closed.
    class watcher {
    public:
        // events as of epoll(7). May remove and destroy itself or others; what
        // it throws comes out of run().
        virtual void on_ready(std::uint32_t events) = 0;

    protected:
        ~watcher() = default;
    };

    // From now on SIGINT and SIGTERM make run() throw cli::failure, so that destructors end all
    // programs that were started.
    poller();

    void add(int fd, std::uint32_t events, watcher& w);
    void change(int fd, std::uint32_t events, watcher& w);
    void remove(int fd, watcher& w);

    // Handles events, and calls step after each batch. Returns true when step does, false when the
    // time is over.
    bool run(std::function<bool()> const& step, milliseconds limit);

    // Handles events for this time.
    void run_for(milliseconds time);

private:
    void turn(milliseconds wait);
    void watch_signals();
    [[noreturn]] void on_signal();

    unique_fd epoll_;
    unique_fd signals_;
    std::array<epoll_event, 2048> batch_;  // room for a thousand tabs that are ready at once
    std::span<epoll_event> pending_;       // of the batch, not dispatched yet
};

}  // namespace notify::bench
