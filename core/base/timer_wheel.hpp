// SPDX-License-Identifier: MIT
//
// All deadlines of one shard: a hashed timing wheel (Varghese and Lauck, 1987).
//
// Time is cut into ticks, and the wheel has one list for each of the next `slots` ticks; a deadline
// further away shares the list of the tick that comes so many rounds earlier. Arming, moving and
// disarming a timer links or unlinks one element; one sweep per tick looks at one list. So a
// hundred thousand heartbeats, each of which is moved with every ping, need neither a timer of the
// operating system nor a heap whose every change costs the logarithm of their number.
//
// A timer is a base class (32 bytes), linked in place: to arm one takes no memory and cannot fail.
//
// Owned and touched by one thread. It reads no clock: time is an argument, in milliseconds of any
// monotonic count. shard_clock owns it.
//
// Invariant: an armed timer is linked into the slot of its due tick; a slot may also hold timers of
// later rounds, which a sweep puts back.
#pragma once

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace notify {

using milliseconds = std::chrono::milliseconds;

// Milliseconds since the shard began. Does not wrap around.
using time_ms = std::uint64_t;

// Base of what has a deadline. Disarms itself when destroyed, and may outlive its wheel. It cannot
// be copied or moved, since the wheel links to its address.
class timer : public boost::intrusive::list_base_hook<
                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    timer() = default;
    timer(timer const&) = delete;
    timer& operator=(timer const&) = delete;

    [[nodiscard]] bool armed() const { return is_linked(); }
    void disarm() { unlink(); }

protected:
    ~timer() = default;

private:
    friend class timer_wheel;

    // The time has come. The timer is disarmed already. It may arm, disarm or destroy any timer,
    // itself included. If there is no memory for what it has to do, it arms itself again and tries
    // later: an exception would stop the clock of the whole shard.
    virtual void on_timer(time_ms now) noexcept = 0;

    time_ms due_ = 0;  // in ticks, not in milliseconds; says in which round of its slot it is due
};

class timer_wheel {
public:
    // tick: how late a timer may be. slots * tick is one round, 41 s by default, which is above the
    // usual heartbeat of 25 s: most timers fire in their first round and are never put back. The
    // slots take 16 bytes each. REQUIRES: both above 0.
    explicit timer_wheel(milliseconds tick = milliseconds{20}, std::size_t slots = 2048);

    // Arms t; moves it if it is armed already. It fires in the first later sweep whose time is due
    // (rounded up to a tick) or more. So it is never early; and what on_timer() arms never fires in
    // the same sweep, even if it is overdue.
    void arm(timer& t, time_ms due);

    // Fires everything that is due at now, before it returns, in the order of ticks. Only after a
    // pause of more than a round may a later tick come before an earlier one. REQUIRES: now does
    // not go back; not called by on_timer().
    void sweep(time_ms now);

    [[nodiscard]] milliseconds tick() const { return milliseconds{tick_}; }

private:
    using slot = boost::intrusive::list<timer, boost::intrusive::constant_time_size<false>>;

    void fire(slot& s, time_ms now);

    time_ms const tick_;  // in milliseconds
    std::size_t const count_;
    std::unique_ptr<slot[]> slots_;
    time_ms swept_ = 0;  // number of the last tick that a sweep has begun or done
};

}  // namespace notify
