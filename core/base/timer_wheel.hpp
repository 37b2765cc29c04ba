// SPDX-License-Identifier: MIT
//
// All deadlines of one shard: a hashed timing wheel (Varghese and Lauck, 1987).
// Arming, moving and disarming a timer costs two pointer writes; one sweep per
// tick finds what is due. A hundred thousand heartbeats need no timer of the
// operating system each.
//
// Owned and touched by one thread. It knows no clock: time is an argument, in
// milliseconds of any monotonic count.
//
// Invariant: an armed timer is linked into the slot of its due tick; a slot may
// also hold timers of later rounds, which a sweep passes over.
#pragma once

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace notify {

using milliseconds = std::chrono::milliseconds;

// Milliseconds since the shard began.
using time_ms = std::uint64_t;

// Base of what has a deadline. Disarms itself when destroyed.
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

    // The time has come. The timer is disarmed already; it may arm itself or
    // others again, and may destroy itself or others. What cannot be done for want of
    // memory it tries again later: an exception would stop the clock of the shard.
    virtual void on_timer(time_ms now) noexcept = 0;

    time_ms due_ = 0;
};

class timer_wheel {
public:
    // One tick is how late a timer may be; slots * tick is one round.
    explicit timer_wheel(milliseconds tick = milliseconds{20}, std::size_t slots = 2048);

    // Arms t, again if it is armed already. It fires in the first sweep after this
    // call that ends at least at due, which is rounded up to a tick; so what
    // on_timer() arms never fires in the same sweep.
    void arm(timer& t, time_ms due);

    // Fires everything due at now, tick by tick; only after a pause of more than a
    // round may a later tick come before an earlier one. REQUIRES: now does not go
    // back; not called by on_timer().
    void sweep(time_ms now);

    [[nodiscard]] milliseconds tick() const { return milliseconds{tick_}; }

private:
    using slot = boost::intrusive::list<timer, boost::intrusive::constant_time_size<false>>;

    void fire(slot& s, time_ms now);

    time_ms const tick_;
    std::size_t const count_;
    std::unique_ptr<slot[]> slots_;
    time_ms swept_ = 0;  // the last tick that a sweep has taken on
};

}  // namespace notify
