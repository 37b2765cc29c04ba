// SPDX-License-Identifier: MIT
//
// How long to wait before the next try to connect: twice as long each time, up
// to a limit, and never quite the same for two clients, so that those whom one
// restart has thrown out do not all come back in the same moment.
#pragma once

#include "base/random.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace notify {

class retry_pause {
public:
    using milliseconds = std::chrono::milliseconds;

    static constexpr milliseconds first{1'000};
    static constexpr milliseconds longest{30'000};

    // Returns something from half of the present length up to all of it.
    [[nodiscard]] milliseconds next()
    {
        auto const whole = std::exchange(length_, std::min(length_ * 2, longest));
        auto const half = static_cast<std::uint32_t>(whole.count() / 2);
        return whole - milliseconds{random_below(half + 1)};
    }

    // It was worth the wait: begin anew.
    void reset() { length_ = first; }

private:
    milliseconds length_ = first;
};

}  // namespace notify
