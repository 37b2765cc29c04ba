// SPDX-License-Identifier: MIT
#include "base/timer_wheel.hpp"

#include <algorithm>

namespace notify {

timer_wheel::timer_wheel(milliseconds tick, std::size_t slots)
    : tick_{static_cast<time_ms>(tick.count())}, count_{slots}, slots_{new slot[slots]}
{
}

void timer_wheel::arm(timer& t, time_ms due)
{
    // Rounded up, never early; and never into a tick that is over, where no
    // sweep would look for a whole round. (due + tick_ - 1 could overflow.)
    time_ms const due_tick = std::max(due / tick_ + (due % tick_ != 0), swept_ + 1);
    t.unlink();
    t.due_ = due_tick;
    slots_[due_tick % count_].push_back(t);
}

void timer_wheel::sweep(time_ms now)
{
    time_ms const now_tick = now / tick_;
    // After a long pause each slot is visited once, not once per missed round.
    time_ms first = swept_ + 1;
    if (now_tick >= first + count_) first = now_tick - count_ + 1;
    // Set before anything fires: what is armed from now on waits for the next
    // sweep, so a timer that arms itself for "now" cannot keep this one going.
    swept_ = std::max(swept_, now_tick);
    for (time_ms t = first; t <= now_tick; ++t) fire(slots_[t % count_], now);
}

void timer_wheel::fire(slot& s, time_ms now)
{
    // What fires may arm, disarm or destroy any timer. So what is in the slot is
    // moved aside first, and taken from there one by one.
    time_ms const now_tick = now / tick_;
    slot due;
    due.swap(s);
    while (!due.empty()) {
        timer& t = due.front();
        due.pop_front();
        if (t.due_ > now_tick)
            s.push_back(t);
        else
            t.on_timer(now);
    }
}

}  // namespace notify
