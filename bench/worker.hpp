// SPDX-License-Identifier: MIT
//
// A process of the bench that holds a part of the clients, for more of them than
// one process may have descriptors. It works in steps: the bench lets it go on,
// and hears how the step went.
#pragma once

#include "base/unique_fd.hpp"
#include "poller.hpp"

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <functional>

namespace notify::bench {

// How a step went, as it goes through a socket.
struct step_report {
    std::uint64_t deliveries = 0;
    std::uint64_t flaws = 0;      // lost, doubled, out of order, strays, dropped
    std::array<char, 200> why{};  // it could not be finished; empty: it was
};

class worker {
public:
    using step = std::function<step_report()>;

    // Forks. The child makes its steps from its own loop and takes one for each
    // go(); it ends with the bench, whatever ends that.
    explicit worker(std::function<std::vector<step>(poller& loop)> const& make_steps);
    worker(worker&& other) noexcept;
    worker& operator=(worker&&) = delete;
    ~worker();

    void go();

    // Waits for the end of the step. Throws std::runtime_error with what the
    // worker says if it failed, or that it has ended.
    [[nodiscard]] step_report hear(poller& loop);

private:
    unique_fd line_;
    pid_t pid_ = -1;
};

}  // namespace notify::bench
