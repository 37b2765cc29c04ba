// SPDX-License-Identifier: MIT
//
// How long to wait before the next try: twice as long each time, up to a limit. Half of
// it is certain and half is by lot, so that the many who lost the same server in the same
// moment do not all come back in one.
#pragma once

#include "base/random.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace notify {

class backoff {
public:
    using milliseconds = std::chrono::milliseconds;

    backoff(milliseconds first, milliseconds longest)
        : first_{first}, longest_{longest}, length_{std::min(first, longest)}
    {
    }

    // Something from half of the present length up to all of it. The length doubles.
    [[nodiscard]] milliseconds next()
    {
        auto const whole = std::exchange(length_, std::min(length_ * 2, longest_));
        auto const half = static_cast<std::uint32_t>(whole.count() / 2);
        return whole - milliseconds{random_below(half + 1)};
    }

    // The last try was worth the wait: begins anew.
    void reset() { length_ = std::min(first_, longest_); }

private:
    milliseconds first_;
    milliseconds longest_;
    milliseconds length_;
};

}  // namespace notify
