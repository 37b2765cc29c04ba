// SPDX-License-Identifier: MIT
//
// The floor's one connection to Redis, for subscriptions and commands alike. What goes wrong with
// it is thrown: without Redis there is nothing to measure.
#pragma once

#include "base/unique_fd.hpp"
#include "resp3.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace notify::bench {

class floor_redis {
public:
    // Connects to a unix socket.
    explicit floor_redis(std::string const& path);

    [[nodiscard]] int fd() const { return socket_.get(); }

    // Queues a command; flush() sends what is queued.
    void send(std::initializer_list<std::string_view> args);
    void flush();

    // Reads once, and tells on_reply(resp3_reply const&) of each reply that is complete.
    template <class Handler>
    void read(Handler const& on_reply);

private:
    unique_fd socket_;
    std::string out_;
    std::vector<char> in_ = std::vector<char>(256 * 1024);  // touched now, not while measured
    std::size_t kept_ = 0;                                  // of in_: a reply that is cut
};

inline floor_redis::floor_redis(std::string const& path)
    : socket_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    if (path.size() >= sizeof to.sun_path)
        throw std::runtime_error{"too long for a unix socket: " + path};
    path.copy(to.sun_path, path.size());
    if (::connect(fd(), reinterpret_cast<sockaddr const*>(&to), sizeof to) != 0)
        throw std::system_error{errno, std::system_category(), "cannot connect to " + path};
    send({"HELLO", "3"});
    flush();
}

inline void floor_redis::send(std::initializer_list<std::string_view> args)
{
    out_.append("*").append(std::to_string(args.size())).append("\r\n");
    for (std::string_view const a : args)
        out_.append("$").append(std::to_string(a.size())).append("\r\n").append(a).append("\r\n");
}

// Blocks while Redis is busy, which is as good as waiting for it in any other way.
inline void floor_redis::flush()
{
    for (std::size_t sent = 0; sent < out_.size();) {
        ssize_t const n = ::send(fd(), out_.data() + sent, out_.size() - sent, MSG_NOSIGNAL);
        if (n < 0) throw std::system_error{errno, std::system_category(), "lost Redis"};
        sent += static_cast<std::size_t>(n);
    }
    out_.clear();
}

template <class Handler>
void floor_redis::read(Handler const& on_reply)
{
    if (kept_ == in_.size()) in_.resize(2 * in_.size());
    ssize_t const n = ::recv(fd(), in_.data() + kept_, in_.size() - kept_, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) throw std::runtime_error{"lost Redis: it has closed the connection"};
    std::string_view bytes{in_.data(), kept_ + static_cast<std::size_t>(n)};
    resp3_reply reply;
    while (take_reply(bytes, reply)) {
        if (reply.type == '-')
            throw std::runtime_error{"Redis refused: " + std::string{reply.leaves[0]}};
        on_reply(reply);
    }
    kept_ = bytes.size();
    std::memmove(in_.data(), bytes.data(), kept_);
}

}  // namespace notify::bench
