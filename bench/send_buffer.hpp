// SPDX-License-Identifier: MIT
//
// What is to go out on a socket: all that the kernel takes at once, and the rest
// when it is writable again, for which its owner is called.
#pragma once

#include "poller.hpp"

#include <cstddef>
#include <string>

namespace notify::bench {

class send_buffer {
public:
    // REQUIRES: loop watches fd for owner, and all three outlive this.
    send_buffer(poller& loop, int fd, poller::watcher& owner) : loop_{loop}, fd_{fd}, owner_{owner}
    {
    }

    // Where to append.
    [[nodiscard]] std::string& bytes() { return bytes_; }

    // Also to be called at EPOLLOUT. Throws std::runtime_error if the peer takes no more.
    void flush();

private:
    void watch_writable(bool wanted);

    poller& loop_;
    int fd_;
    poller::watcher& owner_;
    std::string bytes_;
    std::size_t sent_ = 0;  // of bytes_
    bool writable_watched_ = false;
};

}  // namespace notify::bench
