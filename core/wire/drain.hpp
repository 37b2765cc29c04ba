// SPDX-License-Identifier: MIT
//
// How fast a shard that is about to end closes its sessions: evenly over a time, so that another
// process can take their clients over one after the other, and not all in one moment.
//
// A plain value, and time is an argument.
#pragma once

#include "base/timer_wheel.hpp"

#include <cstddef>

namespace notify {

class drain {
public:
    // So many sessions are open at this moment, and none is to be open after that time.
    // REQUIRES: within > 0.
    drain(std::size_t sessions, time_ms now, milliseconds within)
        : sessions_{sessions}, began_{now}, within_{static_cast<time_ms>(within.count())}
    {
    }

    // Returns how many may still be open. Those that have ended by themselves count too: while they
    // do so fast enough, none has to be closed. The first one is closed soon, and the last one long
    // enough before the end. REQUIRES: now does not go back.
    [[nodiscard]] std::size_t may_stay(time_ms now) const
    {
        time_ms const past = now - began_;
        return past >= within_ ? 0 : sessions_ * (within_ - past) / within_;
    }

private:
    std::size_t sessions_;
    time_ms began_;
    time_ms within_;
};

}  // namespace notify
