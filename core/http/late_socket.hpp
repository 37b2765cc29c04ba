// SPDX-License-Identifier: MIT
//
// A TCP socket that Asio learns of when something of it has to be awaited. What a
// client sends first is mostly there when it is accepted; a WebSocket then goes
// from the listener to its shard's epoll set without four system calls of Asio's.
#pragma once

#include "base/net.hpp"
#include "base/unique_fd.hpp"

#include <sys/types.h>

#include <cstddef>
#include <utility>

namespace notify {

class late_socket {
public:
    // Takes over a connected socket that does not block. REQUIRES: loop outlives this.
    late_socket(net::io_context& loop, unique_fd fd) : fd_{std::move(fd)}, awaited_{loop} {}

    [[nodiscard]] bool is_open() const { return fd_ || awaited_.is_open(); }
    // -1 once it is closed or released.
    [[nodiscard]] int fd();

    // As recv(2) and send(2), without waiting.
    [[nodiscard]] ssize_t try_receive(net::mutable_buffer space);
    ssize_t try_send(net::const_buffer bytes);

    // The socket as Asio has it, to await something. If Asio cannot take it, it is
    // a closed one, and what is awaited fails.
    [[nodiscard]] tcp::socket& awaited();

    // What read_head() and read_body() read from.
    template <class Token>
    auto async_read_some(net::mutable_buffer space, Token&& token)
    {
        return awaited().async_read_some(space, std::forward<Token>(token));
    }

    // Ends what is awaited, with an error.
    void cancel();
    void close();
    [[nodiscard]] unique_fd release();

private:
    unique_fd fd_;  // until it is awaited
    tcp::socket awaited_;
};

}  // namespace notify
