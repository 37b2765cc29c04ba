// SPDX-License-Identifier: MIT
//
// A file descriptor with one owner, who closes it. For descriptors that no Asio object owns: those
// of idle WebSockets, of sockets on their way to another shard, of pipes. Moves like a unique_ptr;
// the errors of close() are not looked at, since nothing could be done about them.
#pragma once

#include <unistd.h>

#include <utility>

namespace notify {

class unique_fd {
public:
    unique_fd() = default;
    // Takes fd over; -1 is none, so what open() or accept() returns goes in as it is.
    explicit unique_fd(int fd) : fd_{fd} {}
    unique_fd(unique_fd&& other) noexcept : fd_{other.release()} {}
    unique_fd& operator=(unique_fd&& other) noexcept
    {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~unique_fd()
    {
        if (fd_ >= 0) ::close(fd_);
    }

    [[nodiscard]] int get() const { return fd_; }  // -1 if there is none
    // Returns the descriptor, which the caller has to close from now on.
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }
    [[nodiscard]] explicit operator bool() const { return fd_ >= 0; }

private:
    int fd_ = -1;
};

}  // namespace notify
