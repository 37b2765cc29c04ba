// SPDX-License-Identifier: MIT
//
// The descriptors of a shard's WebSockets, in an epoll set of their own behind
// one Asio descriptor. Asio's state for each socket (0.6 KB and two handlers) is
// what hundreds of thousands of idle connections cannot afford; here one costs
// what its watcher is. See epoll(7); level-triggered.
//
// Belongs to one shard.
#pragma once

#include "base/net.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <sys/epoll.h>

namespace notify {

class epoll_set {
public:
    // Owns nothing: it must be removed before it or its descriptor goes.
    class watcher {
    public:
        // events as of epoll(7). The watcher may remove and destroy itself or others.
        // Must not throw: the others' events would be forgotten.
        virtual void on_ready(std::uint32_t events) = 0;

    protected:
        ~watcher() = default;
    };

    // Throws boost::system::system_error if the kernel has no more epoll sets.
    explicit epoll_set(net::io_context& loop);

    // Begins to watch fd, which must not block, for reading. False if the kernel refuses.
    [[nodiscard]] bool add(int fd, watcher& w);

    // Also tells when fd can be written to, or no longer does.
    void watch_writable(int fd, watcher& w, bool wanted);

    void remove(int fd, watcher& w);

    // Ends the wait on the loop, which has nothing more to do for this set then.
    void stop() { ready_.close(); }

private:
    void wait();
    void dispatch();

    net::posix::stream_descriptor ready_;
    std::array<epoll_event, 256> batch_;
    std::span<epoll_event> pending_;  // of the batch, not dispatched yet
};

}  // namespace notify
