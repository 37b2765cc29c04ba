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
    // Rounded up, so that it is never early. Never into a tick that is over: no sweep would look
    // there for a whole round. (due + tick_ - 1 could overflow: "never" is the largest due.)
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
    // Set before anything fires. What is armed from now on waits for the next sweep, so a timer
    // that arms itself for "now" cannot keep this one going forever.
    swept_ = std::max(swept_, now_tick);
    for (time_ms t = first; t <= now_tick; ++t) fire(slots_[t % count_], now);
}

void timer_wheel::fire(slot& s, time_ms now)
{
    // What fires may arm, disarm or destroy any timer, and no iterator would survive that. So the
    // slot's timers are moved to a list of their own, and taken from its head one by one. A timer
    // that is destroyed or moved meanwhile unlinks itself from whichever list it is in.
    time_ms const now_tick = now / tick_;
    slot due;
    due.swap(s);
    while (!due.empty()) {
        timer& t = due.front();
        due.pop_front();
        if (t.due_ > now_tick)
            s.push_back(t);  // of a later round
        else
            t.on_timer(now);
    }
}

}  // namespace notify
