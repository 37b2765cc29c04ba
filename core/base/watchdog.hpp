// SPDX-License-Identifier: MIT
//
// A time limit on operations that have none of their own, such as those of a socket. When the time
// is over it cuts them short, and afterwards it can say that the time was the reason: the operation
// itself fails with operation_aborted, as after any close.
//
//     watchdog const limit{executor, until, [&] { socket.close(); }};
//     auto const [ec, n] = co_await socket.async_read_some(buffer, as_result);
//     if (limit.expired()) …
//
// base/stream, http/http_client and client/websocket_stream have one around what they await;
// several operations may share one limit. Each costs an allocation and a timer of Asio's, which is
// fine for connections to a few servers. The timeouts of the gateway's many clients are in the
// timer_wheel.
//
// Lives in the coroutine that awaits the operations, on the executor's thread.
#pragma once

#include "base/net.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace notify {

class watchdog {
public:
    using clock = std::chrono::steady_clock;

    // Calls cut once when it is `until`, unless destroyed before, and never within the constructor,
    // even if that time has passed. cut makes the operations end, as by closing their socket; what
    // it refers to must outlive the watchdog. REQUIRES: cut does not destroy the watchdog, and does
    // not throw: the exception would leave the event loop.
    watchdog(net::any_io_executor const& executor, clock::time_point until,
             std::function<void()> cut);
    ~watchdog();
    watchdog(watchdog const&) = delete;
    watchdog& operator=(watchdog const&) = delete;

    // True once cut has been called: what fails after that fails because of it. An operation that
    // had succeeded just before may still report success.
    [[nodiscard]] bool expired() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace notify
