// SPDX-License-Identifier: MIT
//
// Says of something that may happen a million times that it happens: once a second,
// with how often it was left unsaid.
//
// Belongs to one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace notify {

class paced_line {
public:
    using clock = std::chrono::steady_clock;

    // Whether to say it now: how often it was left unsaid before, or nothing if it is
    // to be left unsaid.
    [[nodiscard]] std::optional<std::uint64_t> due(clock::time_point now = clock::now())
    {
        if (now < next_) {
            ++unsaid_;
            return std::nullopt;
        }
        next_ = now + std::chrono::seconds{1};
        return std::exchange(unsaid_, 0);
    }

private:
    clock::time_point next_{};
    std::uint64_t unsaid_ = 0;
};

}  // namespace notify
