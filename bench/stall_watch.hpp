// SPDX-License-Identifier: MIT
//
// Notices that a count has stopped growing.
#pragma once

#include <chrono>
#include <cstdint>

namespace notify::bench {

class stall_watch {
public:
    using clock = std::chrono::steady_clock;

    explicit stall_watch(std::chrono::seconds patience) : patience_{patience} {}

    // True if the count has been this for longer than one waits.
    [[nodiscard]] bool stalled(std::uint64_t count)
    {
        if (count != last_) {
            last_ = count;
            since_ = clock::now();
        }
        return clock::now() - since_ > patience_;
    }

private:
    std::chrono::seconds const patience_;
    std::uint64_t last_ = 0;
    clock::time_point since_ = clock::now();
};

}  // namespace notify::bench
