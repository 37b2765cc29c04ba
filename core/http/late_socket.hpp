// SPDX-License-Identifier: MIT
//
// A TCP socket that Asio learns of only when something of it has to be awaited.
//
// What a client sends first has mostly arrived when it is accepted, and its answer mostly fits into
// the kernel. A WebSocket then goes from the listener to its shard's epoll set without Asio, which
// would have cost four system calls to register the socket and to take it out again.
//
// A descriptor until awaited() is called, and Asio's socket from then on. Belongs to one thread.
//
// Invariant: at most one of fd_ and awaited_ is open.
#pragma once

#include "base/net.hpp"
#include "base/unique_fd.hpp"

#include <sys/types.h>

#include <cstddef>
#include <utility>

namespace notify {

class late_socket {
public:
    // Takes over a connected socket that does not block. No system call. REQUIRES: loop outlives
    // this.
    late_socket(net::io_context& loop, unique_fd fd) : fd_{std::move(fd)}, awaited_{loop} {}

    [[nodiscard]] bool is_open() const { return fd_ || awaited_.is_open(); }
    // The descriptor, which stays the socket's own; -1 once it is closed or released.
    [[nodiscard]] int fd();

    // As recv(2) and send(2), without waiting and without SIGPIPE: bytes, 0 at the peer's end, or
    // -1 with errno.
    [[nodiscard]] ssize_t try_receive(net::mutable_buffer space);
    ssize_t try_send(net::const_buffer bytes);

    // Returns the socket as Asio has it, to await something. If Asio cannot register it, the socket
    // is closed, and what is awaited fails: callers need no second path for that.
    [[nodiscard]] tcp::socket& awaited();

    // What Asio asks of an AsyncReadStream, for read_head() and read_body().
    template <class Token>
    auto async_read_some(net::mutable_buffer space, Token&& token)
    {
        return awaited().async_read_some(space, std::forward<Token>(token));
    }

    // Ends what is awaited, with operation_aborted; its handler runs later. The socket stays open.
    void cancel();
    // Closes the socket; what is awaited ends as with cancel(). May be called again.
    void close();
    // Gives the descriptor up to the caller, out of Asio if it is there. Empty if it is closed.
    // REQUIRES: nothing is awaited.
    [[nodiscard]] unique_fd release();

private:
    unique_fd fd_;  // until it is awaited
    tcp::socket awaited_;
};

}  // namespace notify
