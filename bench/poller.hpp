// SPDX-License-Identifier: MIT
//
// The load generator's event loop: epoll and nothing else, since it shares the
// machine with what it measures. Level-triggered, one thread.
#pragma once

#include "base/unique_fd.hpp"

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>

namespace notify::bench {

// Throws std::system_error of errno if what a system call has returned is negative.
void check(int returned, char const* what);

class poller {
public:
    using milliseconds = std::chrono::milliseconds;

    // Owns nothing: it must be removed before it or its descriptor goes.
    class watcher {
    public:
        // events as of epoll(7). May remove and destroy itself or others; what
        // it throws comes out of run().
        virtual void on_ready(std::uint32_t events) = 0;

    protected:
        ~watcher() = default;
    };

    // From now on SIGINT and SIGTERM end run() with cli::failure, so that all
    // that was started is ended.
    poller();

    void add(int fd, std::uint32_t events, watcher& w);
    void change(int fd, std::uint32_t events, watcher& w);
    void remove(int fd, watcher& w);

    // Works, and calls step after each batch of events, until step returns true
    // (then true) or the time is over (then false).
    bool run(std::function<bool()> const& step, milliseconds limit);

    // Works for so long.
    void run_for(milliseconds time);

private:
    void turn(milliseconds wait);
    void watch_signals();
    [[noreturn]] void on_signal();

    unique_fd epoll_;
    unique_fd signals_;
    std::array<epoll_event, 2048> batch_;  // all that is ready of a thousand tabs
    std::span<epoll_event> pending_;       // of the batch, not dispatched yet
};

}  // namespace notify::bench
