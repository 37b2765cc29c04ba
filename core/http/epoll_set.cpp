// SPDX-License-Identifier: MIT
#include "http/epoll_set.hpp"

#include "base/until_memory.hpp"

#include <boost/system/system_error.hpp>

#include <cerrno>

namespace notify {

namespace {

int make_epoll()
{
    int const fd = ::epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0)
        throw boost::system::system_error{errno, boost::system::system_category(),
                                          "cannot make an epoll set"};
    return fd;
}

// The watcher itself is what the kernel gives back with an event: no table from descriptor to
// watcher is needed.
epoll_event interest(std::uint32_t events, epoll_set::watcher& w)
{
    epoll_event e{};
    e.events = events;
    e.data.ptr = &w;
    return e;
}

}  // namespace

epoll_set::epoll_set(net::io_context& loop) : ready_{loop, make_epoll()} { wait(); }

bool epoll_set::add(int fd, watcher& w)
{
    epoll_event e = interest(EPOLLIN | EPOLLRDHUP, w);
    return ::epoll_ctl(ready_.native_handle(), EPOLL_CTL_ADD, fd, &e) == 0;
}

void epoll_set::watch_writable(int fd, watcher& w, bool wanted)
{
    epoll_event e = interest(EPOLLIN | EPOLLRDHUP | (wanted ? EPOLLOUT : 0u), w);
    ::epoll_ctl(ready_.native_handle(), EPOLL_CTL_MOD, fd, &e);
}

void epoll_set::remove(int fd, watcher& w)
{
    ::epoll_ctl(ready_.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
    // What the kernel has reported already must not reach a watcher that is gone. Linear in the
    // rest of the batch, which is 256 at most.
    for (epoll_event& e : pending_)
        if (e.data.ptr == &w) e.data.ptr = nullptr;
}

// One wait of Asio's for the whole set. Without memory for it, all WebSockets of the shard would be
// deaf for good; so it is tried until there is some.
void epoll_set::wait()
{
    auto const on_ready = [this](error_code ec) {
        if (ec) return;
        dispatch();
        if (ready_.is_open()) wait();
    };
    until_memory([&] { ready_.async_wait(net::posix::stream_descriptor::wait_read, on_ready); });
}

// Calls the watchers of one batch. One batch per turn of the loop, so that Redis and HTTP get
// theirs; for the rest the set is still readable.
//
// pending_ shrinks before a watcher is called, and is a member: remove() has to find the events
// that are not dispatched yet, because a watcher may destroy others.
void epoll_set::dispatch()
{
    int const n =
        ::epoll_wait(ready_.native_handle(), batch_.data(), static_cast<int>(batch_.size()), 0);
    if (n <= 0) return;
    pending_ = std::span{batch_}.first(static_cast<std::size_t>(n));
    while (!pending_.empty()) {
        epoll_event const e = pending_.front();
        pending_ = pending_.subspan(1);
        if (e.data.ptr) static_cast<watcher*>(e.data.ptr)->on_ready(e.events);
    }
}

}  // namespace notify
