// SPDX-License-Identifier: MIT
//
// The floor's one connection to Redis, for subscriptions and commands alike. It speaks RESP 3:
// there messages (pushes) and answers share one connection, and their first byte tells them apart.
// Errors are thrown: without Redis there is nothing to measure.
#pragma once

#include "base/unique_fd.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace notify::bench {

// A reply as a flat list of its strings, which are views of the bytes that were read. A message
// costs no copy and no allocation, and a quarter of the time that redis::reply_reader takes.
struct resp3_reply {
    // A message has three strings; the rest of a longer reply (HELLO's) is left out.
    static constexpr std::size_t max_leaves = 4;

    char type = 0;  // its first byte: '>' a push, '$' a string, '_' nothing, '-' an error, …
    std::size_t size = 0;
    std::array<std::string_view, max_leaves> leaves;

    void add(std::string_view leaf)
    {
        if (size < max_leaves) leaves[size++] = leaf;
    }
};

// Takes one reply from the front of bytes. Returns false and takes nothing if it is not complete.
// It trusts Redis: other bytes than RESP 3 give nonsense.
inline bool take_reply(std::string_view& bytes, resp3_reply& out)
{
    char const* at = bytes.data();
    char const* const end = at + bytes.size();
    out.size = 0;
    for (std::size_t due = 1; due > 0; --due) {
        auto const left = static_cast<std::size_t>(end - at);
        auto const* const line_end = static_cast<char const*>(std::memchr(at, '\r', left));
        if (!line_end || line_end + 1 == end) return false;
        char const type = *at;
        std::string_view const rest{at + 1, line_end};
        std::size_t n = 0;
        std::from_chars(rest.data(), line_end, n);
        at = line_end + 2;
        switch (type) {
        case '>':
        case '*': due += n; break;
        case '%': due += 2 * n; break;
        case '$':
            if (static_cast<std::size_t>(end - at) < n + 2) return false;
            out.add({at, n});
            at += n + 2;
            break;
        default: out.add(rest);
        }
    }
    out.type = bytes.front();
    bytes.remove_prefix(static_cast<std::size_t>(at - bytes.data()));
    return true;
}

class floor_redis {
public:
    // Connects to a unix socket.
    explicit floor_redis(std::string const& path)
        : socket_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        sockaddr_un to{};
        to.sun_family = AF_UNIX;
        path.copy(to.sun_path, sizeof to.sun_path - 1);
        if (::connect(fd(), reinterpret_cast<sockaddr const*>(&to), sizeof to) != 0) lost();
        send({"HELLO", "3"});
        flush();
    }

    [[nodiscard]] int fd() const { return socket_.get(); }

    // Queues a command; flush() sends what is queued.
    void send(std::initializer_list<std::string_view> args)
    {
        out_.append("*").append(std::to_string(args.size())).append("\r\n");
        for (std::string_view const a : args)
            out_.append("$")
                .append(std::to_string(a.size()))
                .append("\r\n")
                .append(a)
                .append("\r\n");
    }

    // Blocks while Redis does not read: there is nothing else to do until it does.
    void flush()
    {
        for (std::size_t sent = 0; sent < out_.size();) {
            ssize_t const n = ::send(fd(), out_.data() + sent, out_.size() - sent, MSG_NOSIGNAL);
            if (n < 0) lost();
            sent += static_cast<std::size_t>(n);
        }
        out_.clear();
    }

    // Reads once, and calls on_reply(resp3_reply const&) for each complete reply.
    template <class Handler>
    void read(Handler const& on_reply)
    {
        if (kept_ == in_.size()) in_.resize(2 * in_.size());
        ssize_t const n = ::recv(fd(), in_.data() + kept_, in_.size() - kept_, MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) lost();
        std::string_view bytes{in_.data(), kept_ + static_cast<std::size_t>(n)};
        resp3_reply reply;
        while (take_reply(bytes, reply)) on_reply(reply);
        kept_ = bytes.size();
        std::memmove(in_.data(), bytes.data(), kept_);
    }

private:
    [[noreturn]] static void lost()
    {
        throw std::system_error{errno, std::system_category(), "lost Redis"};
    }

    unique_fd socket_;
    std::string out_;
    std::vector<char> in_ = std::vector<char>(256 * 1024);  // touched now, not while measured
    std::size_t kept_ = 0;                                  // bytes of in_: an incomplete reply
};

}  // namespace notify::bench
