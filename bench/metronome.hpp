// SPDX-License-Identifier: MIT
//
// Ticks at a fixed rate by a timerfd. It is finer than the milliseconds of epoll_wait, and does not
// spin on a core that others need.
#pragma once

#include "base/unique_fd.hpp"
#include "poller.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <utility>

namespace notify::bench {

class metronome final : poller::watcher {
public:
    // Called with the number of ticks since the last call, which is more than one if we were late.
    using handler = std::function<void(std::uint64_t ticks)>;

    // Starts at once. REQUIRES: loop outlives this; per_second > 0.
    metronome(poller& loop, double per_second, handler h)
        : loop_{loop},
          handler_{std::move(h)},
          timer_{::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)}
    {
        long const period = std::lround(1e9 / per_second);
        timespec const every{period / 1'000'000'000, period % 1'000'000'000};
        itimerspec const spec{every, every};
        ::timerfd_settime(timer_.get(), 0, &spec, nullptr);
        loop_.add(timer_.get(), EPOLLIN, *this);
    }
    metronome(metronome const&) = delete;
    metronome& operator=(metronome const&) = delete;
    ~metronome() { loop_.remove(timer_.get(), *this); }

private:
    void on_ready(std::uint32_t) override
    {
        std::uint64_t ticks = 0;
        if (::read(timer_.get(), &ticks, sizeof ticks) == sizeof ticks) handler_(ticks);
    }

    poller& loop_;
    handler handler_;
    unique_fd timer_;
};

}  // namespace notify::bench
