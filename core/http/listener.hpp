// SPDX-License-Identifier: MIT
//
// Accepts connections for one shard. Every shard listens on the same port, and
// the kernel spreads the connections (SO_REUSEPORT, socket(7)).
#pragma once

#include "base/net.hpp"
#include "base/timer_wheel.hpp"
#include "base/unique_fd.hpp"
#include "http/http_context.hpp"
#include "http/router.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace notify {

class listener {
public:
    // Binds and listens. Throws boost::system::system_error if that fails.
    // REQUIRES: context and routes outlive the listener.
    listener(http_context& context, router const& routes, tcp::endpoint const& at);

    // The port that was bound; the one asked for, unless that was 0.
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    // Accepts until stop().
    void start();
    void stop();

private:
    void wait();
    void wait_after(std::chrono::milliseconds rest);
    [[nodiscard]] std::chrono::milliseconds take_waiting();
    [[nodiscard]] std::chrono::milliseconds complain(std::string_view why);
    [[nodiscard]] quota_share find_place() const;
    [[nodiscard]] bool try_take(arrival from) noexcept;

    http_context& context_;
    router const& routes_;
    tcp::acceptor acceptor_;
    net::steady_timer rest_;  // while descriptors or memory are missing
    time_ms next_complaint_ = 0;
};

// Throws boost::system::system_error if the address is not ours to listen on, or,
// unless it may be shared, another process has the port. Without this, SO_REUSEPORT
// would silently share it with a gateway started by mistake.
void check_port_is_free(net::io_context& loop, tcp::endpoint const& at, bool share);

}  // namespace notify
