// SPDX-License-Identifier: MIT
#include "http/late_socket.hpp"

#include <sys/socket.h>

#include <tuple>

namespace notify {

int late_socket::fd() { return fd_ ? fd_.get() : awaited_.native_handle(); }

ssize_t late_socket::try_receive(net::mutable_buffer space)
{
    return ::recv(fd(), space.data(), space.size(), MSG_DONTWAIT);
}

ssize_t late_socket::try_send(net::const_buffer bytes)
{
    return ::send(fd(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

// The descriptor changes hands once; from then on Asio owns it.
tcp::socket& late_socket::awaited()
{
    if (fd_) {
        error_code ec;
        awaited_.assign(tcp::v4(), fd_.get(), ec);  // of IPv6 too: nothing here asks which
        if (ec)
            fd_ = unique_fd{};
        else
            std::ignore = fd_.release();
    }
    return awaited_;
}

void late_socket::cancel()
{
    error_code ignored;
    awaited_.cancel(ignored);
}

void late_socket::close()
{
    fd_ = unique_fd{};
    error_code ignored;
    awaited_.close(ignored);
}

unique_fd late_socket::release()
{
    if (fd_) return std::move(fd_);
    error_code ec;
    return unique_fd{awaited_.release(ec)};
}

}  // namespace notify
