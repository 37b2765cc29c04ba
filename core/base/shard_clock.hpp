// SPDX-License-Identifier: MIT
//
// The time of one shard, and all of its deadlines (base/timer_wheel).
//
// The time stands still between two ticks, 20 ms apart. That is exact enough for a deadline, and no
// packet asks the operating system for the time.
//
// Owned and touched by one thread. It reads no clock of the system: the shard's engine_server
// advances it from one Asio timer. A test advances it by hand, and waits for nothing.
#pragma once

#include "base/timer_wheel.hpp"

namespace notify {

class shard_clock {
public:
    // Returns the time of the last tick.
    [[nodiscard]] time_ms now() const { return now_; }

    // Returns the time that is `in` from now. REQUIRES: in is not negative.
    [[nodiscard]] time_ms after(milliseconds in) const
    {
        return now_ + static_cast<time_ms>(in.count());
    }

    // Has t fire when `in` has passed, or at the time `due`. A timer that is armed already is
    // moved. It fires in a later tick than this one, never early, and up to a tick late. The clock
    // does not own t; a timer that is destroyed disarms itself.
    void arm(timer& t, milliseconds in) { arm_at(t, after(in)); }
    void arm_at(timer& t, time_ms due) { wheel_.arm(t, due); }

    // Returns how often advance() should be called.
    [[nodiscard]] milliseconds tick() const { return wheel_.tick(); }

    // Sets the time and fires what is due, before it returns. Ticks may have been missed, when the
    // process was stopped for instance. REQUIRES: now does not go back; not called by a timer.
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
