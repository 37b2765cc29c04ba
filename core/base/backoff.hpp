// SPDX-License-Identifier: MIT
//
// How long to wait before the next try: twice as long each time, up to a limit.
//
// Half of each pause is fixed and half is random. All clients of a gateway lose it in the same
// moment; with equal pauses all of them would come back in the same moment too, and do so again
// after each failure.
//
// Used towards Redis (redis_connection), the web app (request_pacer) and, by notify-watch,
// the gateway (notification_client). It has no timer: its owner waits. Belongs to one thread.
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

    // first: the longest that the first pause may be; longest: the same for all later ones.
    backoff(milliseconds first, milliseconds longest)
        : first_{first}, longest_{longest}, length_{std::min(first, longest)}
    {
    }

    // Returns the next pause: from half of the current length up to all of it, both included.
    // Then doubles the length. With 100 ms and 2 s: 50 to 100 ms, 100 to 200 ms, … 1 to 2 s.
    [[nodiscard]] milliseconds next()
    {
        auto const whole = std::exchange(length_, std::min(length_ * 2, longest_));
        auto const half = static_cast<std::uint32_t>(whole.count() / 2);
        return whole - milliseconds{random_below(half + 1)};
    }

    // Begins anew with the first pause. Called when a try has succeeded.
    void reset() { length_ = std::min(first_, longest_); }

private:
    milliseconds first_;
    milliseconds longest_;
    milliseconds length_;  // the longest that the next pause may be
};

}  // namespace notify
