// SPDX-License-Identifier: MIT
//
// Accepts connections for one shard, and begins an http_connection for each.
//
// Every shard listens on the same port with a socket of its own, and the kernel spreads the
// connections over them (SO_REUSEPORT, socket(7)): no thread hands connections out, and no lock is
// shared. A session's later requests may arrive elsewhere; the endpoint moves them (shard_id.hpp).
//
// Accepting never stops for good. While places, descriptors or memory are missing it pauses, and
// clients wait in the kernel's queue.
//
// Belongs to one shard.
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
    // Binds and listens; accepts nothing before start(), but the kernel queues clients from now on.
    // Throws boost::system::system_error if that fails. May be called on any thread.
    // REQUIRES: context and routes outlive the listener.
    listener(http_context& context, router const& routes, tcp::endpoint const& at);

    // The port that was bound; the one asked for, unless that was 0.
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    // Accepts until stop(). Called once.
    void start();
    // Lets another process take over the port, then closes it, without resetting a client: no new
    // one is queued from now on, and half a second later all that were have been accepted. A client
    // that comes meanwhile gets no answer; its kernel tries again after a second (RFC 6298 section
    // 2), when others have the port. REQUIRES: start() was called.
    void hand_over();
    // Closes the port. The kernel resets clients that were not accepted yet; connections that have
    // begun go on. May be called again.
    void stop();
    [[nodiscard]] bool is_open() const { return acceptor_.is_open(); }

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
    net::steady_timer closing_;   // after hand_over()
    net::steady_timer rest_;      // while places, descriptors or memory are missing
    time_ms next_complaint_ = 0;  // the next line of the log about that, at the earliest
};

// Throws boost::system::system_error if the address is not ours to listen on or another process has
// the port. With `share`, a process that shares it, with SO_REUSEPORT, does not count. Without this
// check a gateway that was started twice by mistake would silently share the port, and half of the
// clients would reach a process that does not know their sessions. Binds for a moment; listens
// never.
void check_port_is_free(net::io_context& loop, tcp::endpoint const& at, bool share);

}  // namespace notify
