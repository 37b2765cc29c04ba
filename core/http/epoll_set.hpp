// SPDX-License-Identifier: MIT
//
// The descriptors of a shard's WebSockets and of its lingering sockets, in an epoll set of their
// own (epoll(7)). Asio sees one descriptor, the set itself, and calls when it is readable.
//
// The reason is memory: Asio keeps 0.6 KB and two handlers for each socket, which hundreds of
// thousands of idle connections cannot afford. Here a connection costs its watcher and nothing
// else.
//
// Level-triggered: a watcher may read a part of what there is, and is called again for the rest.
//
// Belongs to one shard; one per http_context.
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
    // What is called when a descriptor is ready. The set does not own it. It must be removed before
    // it is destroyed and before its descriptor is closed: the kernel holds a pointer to it.
    class watcher {
    public:
        // events: EPOLLIN, EPOLLRDHUP, EPOLLOUT, EPOLLERR and EPOLLHUP of epoll(7). The watcher
        // may remove and destroy itself or others. It must not throw: the events of those after it
        // in the batch would be forgotten until the kernel reports them again.
        virtual void on_ready(std::uint32_t events) = 0;

    protected:
        ~watcher() = default;
    };

    // Begins to wait on loop. Throws boost::system::system_error if the kernel has no more epoll
    // sets or descriptors. REQUIRES: loop outlives this.
    explicit epoll_set(net::io_context& loop);

    // Begins to watch fd for reading and for the peer's end. Returns false if the kernel refuses,
    // for want of memory or because of fs.epoll.max_user_watches; w is not called then.
    // REQUIRES: fd does not block and is not in the set.
    [[nodiscard]] bool add(int fd, watcher& w);

    // Also reports when fd can be written to, or no longer does. A system call: callers keep in
    // mind what they asked for last. REQUIRES: fd was added with w.
    void watch_writable(int fd, watcher& w, bool wanted);

    // Stops watching fd. w is not called any more, not even for events that the kernel has reported
    // already. REQUIRES: fd is still open.
    void remove(int fd, watcher& w);

    // Closes the set. Nothing is reported any more, and the loop has no work left for it.
    void stop() { ready_.close(); }

private:
    void wait();
    void dispatch();

    net::posix::stream_descriptor ready_;  // the epoll set; readable while one in it is ready
    std::array<epoll_event, 256> batch_;   // 3 KB
    std::span<epoll_event> pending_;       // of the batch, not dispatched yet
};

}  // namespace notify
