// SPDX-License-Identifier: MIT
//
// The floor's connections: a slot of 16 bytes for each descriptor, in use or not. The clients of a
// channel are a linked list of slots. Few clients have an incomplete packet or bytes that wait to
// be sent; maps beside the slots hold these.
#pragma once

#include "floor_channels.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace notify::bench {

struct floor_client {
    enum class state : std::uint8_t { closed, upgrading, open, subscribing, subscribed };

    int next = -1;  // descriptors of its neighbours in the list; -1: there is none
    int previous = -1;
    floor_channels::index channel = floor_channels::none;
    state now = state::closed;
    bool cut = false;      // has an incomplete packet, which is kept
    bool delayed = false;  // has bytes that the kernel did not take yet
};

class floor_clients {
public:
    explicit floor_clients(int epoll) : epoll_{epoll} {}

    // REQUIRES: fd < size(). Valid until the next open().
    floor_client& operator[](int fd) { return slots_[static_cast<std::size_t>(fd)]; }
    [[nodiscard]] int size() const { return static_cast<int>(slots_.size()); }

    void open(int fd)
    {
        if (size() <= fd) slots_.resize(static_cast<std::size_t>(fd) + 1);
        (*this)[fd].now = floor_client::state::upgrading;
        watch(fd, EPOLLIN, EPOLL_CTL_ADD);
    }

    // REQUIRES: it is in no list.
    void close(int fd)
    {
        floor_client& c = (*this)[fd];
        if (c.cut) kept_.erase(fd);
        if (c.delayed) delayed_.erase(fd);
        c = {};
        ::close(fd);
    }

    // Inserts it at the front of the list that begins with first.
    void link(int fd, int& first)
    {
        if (first >= 0) (*this)[first].previous = fd;
        (*this)[fd].next = std::exchange(first, fd);
    }

    void unlink(int fd, int& first)
    {
        floor_client& c = (*this)[fd];
        if (c.next >= 0) (*this)[c.next].previous = c.previous;
        (c.previous >= 0 ? (*this)[c.previous].next : first) = c.next;
        c.next = c.previous = -1;
    }

    // Sends bytes. What the kernel has no room for is sent when it has. A broken connection is not
    // closed here, while the caller walks a list, but when epoll reports it.
    void send(int fd, std::string_view bytes)
    {
        if ((*this)[fd].delayed) return delay(fd, bytes);
        ssize_t const n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN) return;
        auto const sent = static_cast<std::size_t>(n < 0 ? 0 : n);
        if (sent < bytes.size()) delay(fd, bytes.substr(sent));
    }

    void on_writable(int fd)
    {
        floor_client& c = (*this)[fd];
        if (!std::exchange(c.delayed, false)) return;
        std::string const bytes = std::move(delayed_.extract(fd).mapped());
        send(fd, bytes);
        if (!c.delayed) watch(fd, EPOLLIN, EPOLL_CTL_MOD);
    }

    // Keeps an incomplete packet.
    void keep(int fd, std::span<char const> bytes)
    {
        (*this)[fd].cut = true;
        kept_[fd].assign(bytes.data(), bytes.size());
    }

    // Returns the bytes that were kept, if any, and forgets them.
    std::string take_kept(int fd)
    {
        if (!std::exchange((*this)[fd].cut, false)) return {};
        return std::move(kept_.extract(fd).mapped());
    }

private:
    void delay(int fd, std::string_view bytes)
    {
        delayed_[fd].append(bytes);
        if (!std::exchange((*this)[fd].delayed, true)) watch(fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    }

    void watch(int fd, std::uint32_t events, int how)
    {
        epoll_event e{};
        e.events = events;
        e.data.fd = fd;
        ::epoll_ctl(epoll_, how, fd, &e);
    }

    int const epoll_;
    std::vector<floor_client> slots_;
    std::unordered_map<int, std::string> kept_;
    std::unordered_map<int, std::string> delayed_;
};

}  // namespace notify::bench
