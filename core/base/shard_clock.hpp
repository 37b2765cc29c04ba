// SPDX-License-Identifier: MIT
//
// The time of one shard, and all of its deadlines. It stands still between two
// ticks: as exact as a deadline needs, without asking a clock for each packet.
//
// Owned and touched by one thread. It knows no clock of the system: whoever owns it
// says how late it is.
#pragma once

#include "base/timer_wheel.hpp"

namespace notify {

class shard_clock {
public:
    [[nodiscard]] time_ms now() const { return now_; }

    // The time that comes so much later.
    [[nodiscard]] time_ms after(milliseconds in) const
    {
        return now_ + static_cast<time_ms>(in.count());
    }

    // Arms t, again if it is armed already. It fires in a later tick than this one, and
    // up to a tick late.
    void arm(timer& t, milliseconds in) { arm_at(t, after(in)); }
    void arm_at(timer& t, time_ms due) { wheel_.arm(t, due); }

    // How far apart ticks should be.
    [[nodiscard]] milliseconds tick() const { return wheel_.tick(); }

    // Moves on, and fires what is due. REQUIRES: now does not go back; not called by a timer.
    void advance(time_ms now)
    {
        now_ = now;
        wheel_.sweep(now);
    }

private:
    time_ms now_ = 0;
    timer_wheel wheel_;
};

}  // namespace notify
