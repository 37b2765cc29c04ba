// SPDX-License-Identifier: MIT
//
// A time limit on operations that have none of their own, as those of a socket:
// when the time is over it cuts them short, and it can say afterwards that the
// time was the reason.
//
// Lives around the operations, in the coroutine that awaits them, on the
// executor's thread.
#pragma once

#include "base/net.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace notify {

class watchdog {
public:
    using clock = std::chrono::steady_clock;

    // Calls cut once when it is `until`, unless destroyed before; cut then makes the
    // operations end, as by closing their socket. REQUIRES: cut does not destroy
    // the watchdog, and does not throw.
    watchdog(net::any_io_executor const& executor, clock::time_point until,
             std::function<void()> cut);
    ~watchdog();
    watchdog(watchdog const&) = delete;
    watchdog& operator=(watchdog const&) = delete;

    // True once cut has been called: what failed since has failed for that.
    [[nodiscard]] bool expired() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace notify
