// SPDX-License-Identifier: MIT
//
// Ticks at a fixed rate, by a timer of the kernel: finer than the milliseconds
// of epoll_wait, and without spinning on a core that others need.
#pragma once

#include "base/unique_fd.hpp"
#include "poller.hpp"

#include <cstdint>
#include <functional>

namespace notify::bench {

class metronome final : poller::watcher {
public:
    // Called with the ticks that have passed since the last call; more than one
    // when we were late.
    using handler = std::function<void(std::uint64_t ticks)>;

    // Begins at once. REQUIRES: loop outlives this; per_second > 0.
    metronome(poller& loop, double per_second, handler h);
    metronome(metronome const&) = delete;
    metronome& operator=(metronome const&) = delete;
    ~metronome();

private:
    void on_ready(std::uint32_t events) override;

    poller& loop_;
    handler handler_;
    unique_fd timer_;
};

}  // namespace notify::bench
