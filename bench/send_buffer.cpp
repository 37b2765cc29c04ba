// SPDX-License-Identifier: MIT
#include "send_buffer.hpp"

#include <fmt/format.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace notify::bench {

void send_buffer::flush()
{
    while (sent_ < bytes_.size()) {
        ssize_t const n =
            ::send(fd_, bytes_.data() + sent_, bytes_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            throw std::runtime_error{fmt::format("cannot publish: {}", std::strerror(errno))};
        if (n < 0) return watch_writable(true);
        sent_ += static_cast<std::size_t>(n);
    }
    bytes_.clear();
    sent_ = 0;
    watch_writable(false);
}

void send_buffer::watch_writable(bool wanted)
{
    if (wanted == writable_watched_) return;
    writable_watched_ = wanted;
    loop_.change(fd_, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN, owner_);
}

}  // namespace notify::bench
