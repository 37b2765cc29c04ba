// SPDX-License-Identifier: MIT
//
// Decides when to log something that may happen a million times: once a second at most, with the
// number of times that were left out. A client that can cause an error at will can otherwise fill
// the disk with it.
//
// It writes nothing itself. Belongs to one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace notify {

class paced_line {
public:
    using clock = std::chrono::steady_clock;

    // Called each time that it happens. Returns nothing if it is to be left out; otherwise it is to
    // be logged now, and the result is how many were left out since the last line.
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
    clock::time_point next_{};  // no line before this
    std::uint64_t unsaid_ = 0;  // left out since the last line
};

}  // namespace notify
